"""Every augmentation at both of its ends, all others off, and all together, as a contact sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Generator, Tensor
from torch.nn import functional as F

from hwr_core.data.augment import ROOM, augment, change
from hwr_core.data.augment.amounts import AugmentSettings, ranges
from hwr_core.data.sheets import pick, save, sheet
from hwr_core.data.store import Store

Strip = NDArray[np.uint8]  # (H, W), 0 paper to 255 ink

SHOWN = 6  # strips: the narrowest of four times as many, or the page would be too wide
BOTH_SIDES = -1.0, 1.0  # of the range
BY_SIZE = 0.5, 1.0  # where only the size of an amount counts: half, and all of it
SIZES = {"width", "fade", "noise", "patchy", "comma", "haze", "soften", "jpeg", "warp"}


def extremes_sheet(
    path: Path, out: Path, source: str | None = None, split: str | None = None, seed: int = 0
) -> str:
    """Save that sheet of a few strips of a store, drawn at random, and say so.

    Raises:
        DataError: no such store, or no strip of that source and split in it.
    """
    store = Store.open(path)
    rows = pick(store, source, split, 4 * SHOWN, np.random.default_rng(seed))
    rows = sorted(rows, key=lambda row: int(store.widths[row]))[:SHOWN]
    save(augment_sheet([store.strip(row) for row in rows], AugmentSettings(), seed), out)
    return f"{out}: {len(rows)} strips, {out.stat().st_size / 1000:.0f} kB"


def augment_sheet(strips: Sequence[Strip], settings: AugmentSettings, seed: int = 0) -> Image.Image:
    """Strips untouched; then a row a kind, its one end on the first half, its other on the same.

    The last rows are what training gives (`augment`), and that with every change on every strip.
    """
    images, columns = batch(strips), len(strips) // 2 * 2
    half = images[: columns // 2]
    rows = [F.pad(images[:columns], (ROOM, ROOM))]
    labels = ["as prepared"] * columns
    for kind, (limit, _) in ranges(settings).items():
        for share in ends(kind):
            rows.append(extreme(half, kind, share * limit, seed))
            labels += [f"{kind} {share * limit:+.2g}"] * (columns // 2)
    for text, drawn in (("as in training", settings), ("all", _all(settings))):
        rows.append(augment(images[:columns], drawn, Generator().manual_seed(seed)))
        labels += [text] * columns
    ink = (torch.cat(rows)[:, 0] * 255).round().byte().numpy()  # (all, H, W)
    return sheet(list(ink), labels, columns)


def ends(kind: str) -> tuple[float, float]:
    """The ends to show, as shares of the kind's limit."""
    return BY_SIZE if kind in SIZES else BOTH_SIDES


def extreme(images: Tensor, kind: str, amount: float, seed: int) -> Tensor:
    """`images` changed in one kind only, all by the same amount."""
    none = torch.zeros(len(images))
    amounts = dict.fromkeys(ranges(AugmentSettings()), none) | {kind: none + amount}
    return change(images, amounts, Generator().manual_seed(seed))


def batch(strips: Sequence[Strip]) -> Tensor:
    """(B, 1, H, W) ink 0 to 1, padded with paper to the widest."""
    W = max(strip.shape[1] for strip in strips)
    padded = [np.pad(strip, ((0, 0), (0, W - strip.shape[1]))) for strip in strips]
    return torch.from_numpy(np.stack(padded)[:, None] / np.float32(255))


def _all(settings: AugmentSettings) -> AugmentSettings:
    return settings.model_copy(update={"share": 1.0, "thickness": 1.0})
