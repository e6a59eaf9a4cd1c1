"""Augmentation of ink strips, a batch at a time and on its device, as its generator draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Generator, Tensor

from hwr_core.data.augment.amounts import AugmentSettings, draw
from hwr_core.data.augment.camera import haze, jpeg, noise, soften
from hwr_core.data.augment.ink import contrast, fade, patchy, run_dry, thickness
from hwr_core.data.augment.marks import comma, dots, lines
from hwr_core.data.augment.shape import ROOM, margin, move

__all__ = ["ROOM", "AugmentSettings", "augment", "change"]

# (n, 1, H, W) ink 0 to 1, (n,) amounts, for the details a generator -> as much ink, 0 to 1
Change = Callable[[Tensor, Tensor, Generator], Tensor]

# In the order in which they befall a name: on the sheet, under the pen, before the camera.
BEFORE: dict[str, Change] = {"margin": margin, "thickness": thickness}
AFTER: dict[str, Change] = {
    "run_dry": run_dry,
    "patchy": patchy,
    "comma": comma,
    "dots": dots,
    "lines": lines,
    "contrast": contrast,
    "haze": haze,
    "soften": soften,
    "fade": fade,
    "noise": noise,
    "jpeg": jpeg,
}


def augment(images: Tensor, settings: AugmentSettings, generator: Generator) -> Tensor:
    """Each strip changed by its own draw: (B, 1, H, W) ink 0 to 1 -> (B, 1, H, W + 2 * ROOM).

    No letter leaves the strip, or its label would no longer be true.
    """
    return change(images, draw(settings, len(images), generator), generator)


def change(images: Tensor, amounts: Mapping[str, Tensor], generator: Generator) -> Tensor:
    """`augment` with the amounts given: (B,) each, as `draw` names them."""
    # Looked up once: on a GPU every look at a value waits for all that was asked before.
    touched = torch.stack(list(amounts.values())).ne(0).cpu()
    rows = {name: row.nonzero().flatten() for name, row in zip(amounts, touched, strict=True)}
    for name, one in BEFORE.items():
        images = _on(images, rows[name], one, amounts[name], generator)
    images = move(images, amounts, generator)
    for name, one in AFTER.items():
        images = _on(images, rows[name], one, amounts[name], generator)
    return images.clamp(0, 1)


def _on(images: Tensor, rows: Tensor, one: Change, amount: Tensor, generator: Generator) -> Tensor:
    """`images` with one change made to those `rows`; what touches few strips costs little."""
    if not len(rows):
        return images
    if len(rows) == len(images):
        return one(images, amount, generator)
    rows = rows.to(images.device, non_blocking=True)
    return images.index_copy(0, rows, one(images[rows], amount[rows], generator))
