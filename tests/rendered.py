"""Rendered names as a data set in the Kaggle layout, and as a store, for tests to learn from."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
from PIL import Image, ImageDraw, ImageFont

from hwr_core.data.pack import INDEX_TYPES, pack
from hwr_core.data.samples import LeftOut
from hwr_core.data.sources import kaggle
from hwr_core.data.store import Store
from hwr_core.picture import PictureSpec

Splits = dict[str, list[str]]  # split -> the names in it, a picture each
FOUR = ["ANNA", "BOB", "EVE", "OTTO"]
BY_HEART: Splits = {"train": FOUR, "validation": FOUR}


def picture(name: str) -> Image.Image:
    """Black letters of Pillow's own font on white paper."""
    font = ImageFont.load_default(28)
    left, top, right, bottom = font.getbbox(name)
    paper = Image.new("L", (round(right - left) + 16, round(bottom - top) + 12), 255)
    ImageDraw.Draw(paper).text((8 - left, 6 - top), name, font=font, fill=0)
    return paper


def pictures(folder: Path, splits: Splits) -> Path:
    """A folder as Kaggle's zip unpacks to."""
    for split, names in splits.items():
        inner = folder / f"{split}_v2" / split
        inner.mkdir(parents=True)
        rows = [(f"{split}-{number}.png", name) for number, name in enumerate(names)]
        for file, name in rows:
            picture(name).save(inner / file)
        with (folder / f"written_name_{split}_v2.csv").open(
            "w", encoding="utf-8", newline=""
        ) as lines:
            csv.writer(lines).writerows([("FILENAME", "IDENTITY"), *rows])
    return folder


def store(folder: Path, splits: Splits, spec: PictureSpec | None = None) -> Store:
    """A store of such pictures, packed as `python -m hwr_core prepare kaggle` does."""
    return packed(pictures(folder / "pictures", splits), folder / "store", spec)


def packed(folder: Path, out: Path, spec: PictureSpec | None = None) -> Store:
    """A store of a folder in the Kaggle layout."""
    left_out = LeftOut()
    return pack(kaggle.samples(folder, left_out), out, spec or PictureSpec(), left_out)


def in_memory(widths: Iterable[int], label: str = "A", height: int = 16) -> Store:
    """A store of strips full of ink, of these widths (pixels), that lies in no file."""
    sizes = list(widths)
    offsets = np.cumsum([0, *(height * width for width in sizes)])
    count = len(sizes)
    columns = {
        "name": [f"{number}.png" for number in range(count)],
        "label": [label] * count,
        "split": ["train"] * count,
        "source": ["test"] * count,
        "writer": [None] * count,
        "folded": [True] * count,
        "width": sizes,
        "offset": offsets[:-1].tolist(),
    }
    index = pa.table({name: pa.array(columns[name], kind) for name, kind in INDEX_TYPES.items()})
    spec = PictureSpec(height=height, width=max(32, *sizes), step=4)
    return Store(Path("nowhere"), spec, index, np.full(offsets[-1], 255, np.uint8), {})
