"""Names with something dark around them: how many are read as on their paper alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from hwr_core.data.samples import LeftOut
from hwr_core.data.sources import kaggle
from hwr_core.evaluation.development import PICTURES, SCANS
from hwr_core.evaluation.table import share_of
from hwr_core.imagefile import open_upright
from hwr_core.recognizer import Recognizer

DESK = (40, 110)  # grey values of 255; its grain has a standard deviation of
GRAIN = 8
AROUND = (0.2, 1.0)  # of the name's height, that the desk goes beyond the sheet
TURNED = 4.0  # degrees, both ways
EDGE = (1, 30)  # pixels of a frame, or of the black beside a scan

Laid = Callable[[Image.Image, np.random.Generator], Image.Image]


def turned(name: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Not straight, on white paper: what is lost by that alone."""
    return _laid(name, rng, 255, 0)


def on_desk(name: Image.Image, rng: np.random.Generator) -> Image.Image:
    """The sheet turned likewise, on something dark with a grain."""
    return _laid(name, rng, rng.uniform(*DESK), GRAIN)


def framed(name: Image.Image, rng: np.random.Generator) -> Image.Image:
    """In a black frame."""
    return ImageOps.expand(name, int(rng.integers(*EDGE)), 0)


def beside(name: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Black along one side, as where a scanner's lid was open."""
    edges = [0, 0, 0, 0]
    edges[int(rng.integers(4))] = int(rng.integers(*EDGE))
    return ImageOps.expand(name, (edges[0], edges[1], edges[2], edges[3]), 10)


KINDS: dict[str, Laid] = {
    "turned, on white paper": turned,
    "turned, on a dark desk": on_desk,
    "in a black frame": framed,
    "black along one side": beside,
}


def surrounded(recognizer: Recognizer, shipped: Path, seed: int) -> Iterator[str]:
    """Read the validation scans alone and in each of `KINDS`; a table, line by line.

    Args:
        recognizer: to be judged.
        shipped: the folder with the pictures that ship.
        seed: of what is laid around them.

    Raises:
        DataError: the pictures are missing or damaged.
    """
    found = kaggle.samples(shipped / PICTURES, LeftOut())
    paths = [sample.picture for sample in found if sample.split == SCANS[0]]
    names = [open_upright(path)[0].convert("L") for path in paths if isinstance(path, Path)]
    plain, rng = _texts(recognizer, names), np.random.default_rng(seed)
    yield "\nThe scans of validation, with something around them:\n"
    yield "| pictures | n | read as alone |"
    yield "|---|---:|---|"
    for kind, lay in KINDS.items():
        read = _texts(recognizer, (lay(name, rng) for name in names))
        alike = sum(one == other for one, other in zip(plain, read, strict=True))
        yield f"| {kind} | {len(names):,} | {share_of(alike, len(names))} |"


def _texts(recognizer: Recognizer, pictures: Iterable[Image.Image]) -> list[str]:
    return [recognizer.read(picture, top=0).folded for picture in pictures]


def _laid(name: Image.Image, rng: np.random.Generator, tone: float, grain: float) -> Image.Image:
    """The name turned a little, in the middle of a ground of this tone."""
    degrees, more = rng.uniform(-TURNED, TURNED), round(name.height * rng.uniform(*AROUND))
    sheet = name.convert("LA").rotate(degrees, Image.Resampling.BICUBIC, expand=True)
    size = sheet.height + 2 * more, sheet.width + 2 * more
    ground = Image.fromarray(rng.normal(tone, grain, size).clip(0, 255).astype(np.uint8))
    ground.paste(sheet.getchannel("L"), (more, more), sheet.getchannel("A"))
    return ground
