"""Hands: the letters and the empty form of each scan taken apart, in one compact file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import feather

from hwr_core.data.composition.blobs import STROKE
from hwr_core.data.composition.cutting import Ink, Letter, Place
from hwr_core.data.samples import DataError

FORMAT = b"1"
HELD_OUT = 10  # every tenth picture, by its name's digest, is a hand of the validation side
LEVEL = 17  # ink is kept in steps of it: 16 levels, which compress to a third
SCHEMA = pa.schema(
    {
        "picture": pa.string(),
        "line": pa.list_(pa.int16()),  # left, top, right, bottom of the name, pixels
        "chars": pa.string(),
        "boxes": pa.list_(pa.int16()),  # left, top, width, height of each letter, pixels
        "ink": pa.large_binary(),  # the letters end to end, row by row, 0 paper to 255 ink
        "form": pa.large_binary(),  # the scan without the name, null if nothing else is on it
        "form_width": pa.int16(),
    },
    metadata={"format": FORMAT},
)


class Row(TypedDict):
    """A line of the file; the schema says what each value is."""

    picture: str
    line: list[int]
    chars: str
    boxes: list[int]
    ink: bytes
    form: bytes | None
    form_width: int


@dataclass(frozen=True)
class Hand:
    """The letters of one scan, and the empty form around them if there is one."""

    name: str
    line: Place  # of the name on the form
    letters: tuple[Letter, ...]  # from left to right
    form: Ink | None = None  # (h, w) 0 paper to 255 ink

    @property
    def height(self) -> int:
        """How tall the capitals are, pixels."""
        return self.line.bottom - self.line.top

    def look(self) -> NDArray[np.float64]:
        """What hands are compared by: letter height, darkness, stroke width, slant; (4,)."""
        inks = [letter.ink.astype(np.float64) for letter in self.letters]
        strokes = np.concatenate([ink[ink >= STROKE] for ink in inks])
        edges = sum(float(np.abs(np.diff(ink, axis=1, prepend=0, append=0)).sum()) for ink in inks)
        width = 2 * sum(float(ink.sum()) for ink in inks) / edges  # a stroke has two edges a row
        slant = float(np.median([_slant(ink) for ink in inks]))
        return np.array([self.height, float(strokes.mean()), width, slant])


def _slant(ink: NDArray[np.float64]) -> float:
    """How far a letter (h, w) leans, pixels of x per pixel of height, by its second moments."""
    y, x = np.indices(ink.shape)
    dy = np.average(y, weights=ink) - y
    return float((ink * dy * x).sum() / max(float((ink * dy * dy).sum()), 1.0))


def split_of(picture: str) -> str:
    """The side of the split a picture is on, by a digest of its name: train or validation."""
    digest = hashlib.sha256(picture.encode()).digest()
    return "train" if int.from_bytes(digest[:4], "big") % HELD_OUT else "validation"


def save(hands: Iterable[Hand], path: Path) -> None:
    """Write hands of both sides of the split."""
    table = pa.Table.from_pylist([_row(hand) for hand in hands], schema=SCHEMA)
    feather.write_feather(table, path, compression="zstd", compression_level=19)


def load(path: Path, split: str) -> list[Hand]:
    """The hands of one side of the split, in the order of the file.

    Raises:
        DataError: not a file that `save` wrote, or it has no hand on this side.
    """
    remedy = "cut the scans again with: python -m hwr_core cut"
    try:
        table = feather.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        message = f"{path}: no letters cut from scans ({error}); {remedy}"
        raise DataError(message) from None
    if (table.schema.metadata or {}).get(b"format") != FORMAT or table.schema != SCHEMA:
        message = f"{path}: letters in another format; {remedy}"
        raise DataError(message)
    rows = (cast(Row, row) for row in table.to_pylist() if split_of(row["picture"]) == split)
    if not (hands := [_hand(row) for row in rows]):
        message = f"{path}: no letters for {split!r}; {remedy}"
        raise DataError(message)
    return hands


def _row(hand: Hand) -> Row:
    line, form = hand.line, hand.form
    return {
        "picture": hand.name,
        "line": [line.left, line.top, line.right, line.bottom],
        "chars": "".join(letter.char for letter in hand.letters),
        "boxes": [n for a in hand.letters for n in (a.left, a.top, *a.ink.shape[::-1])],
        "ink": b"".join(_levels(letter.ink) for letter in hand.letters),
        "form": None if form is None else _levels(form),
        "form_width": 0 if form is None else form.shape[1],
    }


def _levels(ink: Ink) -> bytes:
    return ((ink.astype(np.uint16) + LEVEL // 2) // LEVEL * LEVEL).astype(np.uint8).tobytes()


def _hand(row: Row) -> Hand:
    form = row["form"]
    return Hand(
        row["picture"],
        Place(*row["line"]),
        tuple(_letters(row)),
        None if form is None else np.frombuffer(form, np.uint8).reshape(-1, row["form_width"]),
    )


def _letters(row: Row) -> Iterator[Letter]:
    start = 0
    for char, box in zip(row["chars"], np.reshape(row["boxes"], (-1, 4)).tolist(), strict=True):
        left, top, w, h = box
        ink = np.frombuffer(row["ink"], np.uint8, w * h, start).reshape(h, w)
        yield Letter(char, ink, left, top)
        start += w * h
