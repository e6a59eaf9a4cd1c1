"""Contact sheets: many strips on one page, each with its label, for people to judge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from hwr_core.data.samples import DataError
from hwr_core.data.store import Store

GAP = 8  # pixels between strips
SMALL = 11  # pixels, the print
# Faces with accented letters, where systems have them; Pillow's own has none but is always there.
FACES = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "arial.ttf")


def store_sheet(
    path: Path,
    out: Path,
    *,
    source: str | None = None,
    split: str | None = None,
    number: int = 40,
    seed: int = 0,
) -> str:
    """Draw `number` strips of a store at random, save their sheet, and say what it shows.

    Raises:
        DataError: no such store, or no strip of that source and split in it.
    """
    store = Store.open(path)
    rows = pick(store, source, split, number, np.random.default_rng(seed))
    labels = store.column("label")
    page = sheet([store.strip(row) for row in rows], [labels[row] for row in rows])
    save(page, out)
    return f"{out}: {len(rows)} of {len(labels):,} strips, {out.stat().st_size / 1000:.0f} kB"


def pick(
    store: Store, source: str | None, split: str | None, number: int, rng: np.random.Generator
) -> list[int]:
    """Up to `number` rows of that source and split (None: of any), in random order.

    Raises:
        DataError: there is none; the message lists what there is.
    """
    pairs = list(zip(store.column("source"), store.column("split"), strict=True))
    fits = [row for row, (a, b) in enumerate(pairs) if source in {None, a} and split in {None, b}]
    if not fits:
        known = ", ".join(f"{a} {b}" for a, b in sorted(set(pairs)))
        message = f"{store.path}: no strip of source {source}, split {split}; it has {known}"
        raise DataError(message)
    rows: list[int] = rng.permutation(fits)[:number].tolist()
    return rows


def sheet(
    strips: Sequence[NDArray[np.uint8]], labels: Sequence[str], columns: int = 4
) -> Image.Image:
    """Black on white, row by row, the label of each strip under it in small print.

    Args:
        strips: (H, W) uint8 each, 0 paper to 255 ink; of any size.
        labels: as many.
        columns: strips side by side.
    """
    face, line = _face(), SMALL + 5  # pixels
    cell_h = max(len(strip) for strip in strips) + line + GAP
    cell_w = max(strip.shape[1] for strip in strips) + GAP
    lines = -(-len(strips) // columns)
    page = Image.new("L", (columns * cell_w + GAP, lines * cell_h + GAP), 255)
    pen = ImageDraw.Draw(page)
    for number, (strip, label) in enumerate(zip(strips, labels, strict=True)):
        x, y = GAP + number % columns * cell_w, GAP + number // columns * cell_h
        page.paste(Image.fromarray(255 - strip), (x, y))
        pen.text((x + 2, y + len(strip)), label, font=face, fill=96)
        pen.line((x, y + cell_h - GAP // 2, x + cell_w - GAP, y + cell_h - GAP // 2), fill=221)
    return page


def save(page: Image.Image, path: Path) -> None:
    """Write a PNG of 16 greys, the smallest that still shows soft strokes and grain."""
    path.parent.mkdir(parents=True, exist_ok=True)
    greys = Image.fromarray(np.rint(np.asarray(page) / 17).astype(np.uint8), "P")
    greys.putpalette([17 * level for level in range(16) for _ in "rgb"])
    greys.save(path, "PNG", bits=4, optimize=True)


def _face() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The first of the faces that this system has."""
    for name in FACES:
        try:
            return ImageFont.truetype(name, SMALL)
        except OSError:
            continue
    return ImageFont.load_default(SMALL)
