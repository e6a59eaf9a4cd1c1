"""Cutting: a scan whose letters are known, taken apart into its letters and its empty form."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hwr_core.data.composition.blobs import Blobs

Ink = NDArray[np.uint8]

FAINT = 20  # ink, 0 to 255, below this is the ringing of JPEG
LINE = (8, 44)  # pixels a line of capitals is tall on the scans, at least and at most
MOST = 0.7  # share of the letters found at least, or it was not the name's line
WIDEST = 2.0  # line heights a letter is wide at most; wider is a stroke through the name


@dataclass(frozen=True)
class Place:
    """The rows of a line of writing and the columns it takes, pixels, ends exclusive."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True)
class Letter:
    """One letter cut out, with its place on the line."""

    char: str
    ink: Ink  # (h, w) 0 paper to 255 ink
    left: int  # pixels from the left of the scan
    top: int  # pixels below the top of the line, so above it if negative


@dataclass(frozen=True)
class Cut:
    """A scan taken apart."""

    line: Place
    letters: tuple[Letter, ...]  # from left to right; touching ones may be missing
    form: Ink  # (h, w) the scan without the name


def ink_of(grey: NDArray[np.float32]) -> Ink:
    """(h, w) grey, 0 black to 1 white, to 0 paper to 255 ink; the paper is the commonest tone."""
    paper = float(np.median(grey))
    ink = np.rint(np.clip(1 - grey / max(paper, 0.1), 0, 1) * 255).astype(np.uint8)
    return np.where(ink < FAINT, 0, ink).astype(np.uint8)


def cut(ink: Ink, text: str, marks: NDArray[np.float64]) -> Cut | None:
    """Take a scan apart, or None where it cannot be done cleanly.

    Args:
        ink: (h, w) 0 paper to 255 ink.
        text: the letters from left to right, without spaces, at least two.
        marks: (letters,) an x in each letter, rising, pixels.

    Whole blobs go to the letter whose mark they lie around, else to the nearest. A blob around
    two marks is cut along the column of least ink between them.
    """
    if len(text) < 2 or not ink.any():
        return None
    blobs = _separated(Blobs.of(ink), marks)
    if (line := _line(blobs, marks)) is None:
        return None
    owners = _owners(blobs, marks, line)  # (K,)
    letters = tuple(
        letter for i, char in enumerate(text) if (letter := _letter(blobs, owners == i, char, line))
    )
    if len(letters) < MOST * len(text):
        return None
    name = blobs.mask(np.flatnonzero(owners >= 0))
    return Cut(line, letters, np.where(name, 0, ink).astype(np.uint8))


def _separated(blobs: Blobs, marks: NDArray[np.float64]) -> Blobs:
    """The same ink with a cut of one column through every blob around two neighbouring marks."""
    open_ink = blobs.ink.copy()
    for left, right in pairwise(marks):
        around = (blobs.boxes[:, 0] < left) & (blobs.boxes[:, 2] > right)
        for number in np.flatnonzero(around) + 1:
            first = int(left) + 1
            piece = np.where(blobs.number == number, blobs.ink, 0)[:, first : int(right)]
            if piece.shape[1]:
                column = first + int(piece.sum(axis=0, dtype=np.int64).argmin())
                open_ink[blobs.number[:, column] == number, column] = 0
    return blobs if (open_ink == blobs.ink).all() else Blobs.of(open_ink)


def _line(blobs: Blobs, marks: NDArray[np.float64]) -> Place | None:
    """Where the name's letters stand: the lowest line with ink at nearly every mark.

    Printed titles stand above the name, and the border cuts through the line below it.
    """
    left, top, right, bottom = blobs.boxes.T
    # The border cuts neighbouring lines off, mostly to slices lower than any letter.
    inside = (top > 0) & (bottom < len(blobs.ink)) & (bottom - top >= LINE[0] - 2)  # (K,)
    at = (left[:, None] - 1 <= marks) & (marks <= right[:, None]) & inside[:, None]  # (K, letters)
    rows = np.arange(len(blobs.ink))
    tall = (top[:, None] <= rows) & (rows < bottom[:, None])  # (K, h)
    shared = (at.T.astype(np.int64) @ tall > 0).sum(axis=0)  # (h,) marks with ink around the row
    if (best := _lowest_run(shared >= 0.8 * len(marks))) is None:
        return None
    row = best.start + int(np.median(np.flatnonzero(shared[best] == shared[best].max())))
    body = at.any(axis=1) & tall[:, row]
    edges = (int(np.median(edge[body])) for edge in (top, bottom))
    first, last = edges
    if not LINE[0] <= last - first <= LINE[1]:
        return None
    return Place(int(left[body].min()), first, int(right[body].max()), last)


def _lowest_run(rows: NDArray[np.bool_]) -> slice | None:
    """The last unbroken run of rows, None if there is none."""
    if not rows.any():
        return None
    end = int(np.flatnonzero(rows)[-1]) + 1
    gaps = np.flatnonzero(~rows[:end])
    return slice(int(gaps[-1]) + 1 if gaps.size else 0, end)


def _owners(blobs: Blobs, marks: NDArray[np.float64], line: Place) -> NDArray[np.intp]:
    """The letter each blob belongs to, -1 for those that are not the name's; (K,)."""
    left, top, right, bottom = blobs.boxes.T
    height, pitch = line.bottom - line.top, float(np.median(np.diff(marks)))
    away = np.maximum(left[:, None] - marks, marks - right[:, None])  # (K, letters)
    nearest = away.argmin(axis=1)
    body = (np.minimum(bottom, line.bottom) - np.maximum(top, line.top)) * 2 > bottom - top
    accent = (bottom <= line.top + 0.3 * height) & (bottom >= line.top - 0.25 * height) & (top > 0)
    accent &= (bottom - top < 0.4 * height) & (right - left < height)
    # More small pieces above the letters than accents and dots can be are a line of print.
    accent &= (accent & (away.min(axis=1) < 0)).sum() <= max(2, len(marks) // 3)
    near = away.min(axis=1) < np.where(body, min(0.6 * pitch, height), 1)
    return np.where(near & (body | accent), nearest, -1)


def _letter(blobs: Blobs, own: NDArray[np.bool_], char: str, line: Place) -> Letter | None:
    """One letter, or None if it is missing, too wide or too low."""
    if not own.any():
        return None
    boxes, height = blobs.boxes[own], line.bottom - line.top
    (left, top), (right, bottom) = boxes[:, :2].min(axis=0) - 1, boxes[:, 2:].max(axis=0) + 1
    left, top = max(0, int(left)), max(0, int(top))
    if right - left > WIDEST * height or (char.isalpha() and bottom - top < 0.5 * height):
        return None
    ink = np.where(blobs.mask(np.flatnonzero(own)), blobs.ink, 0)[top:bottom, left:right]
    return Letter(char, ink.astype(np.uint8), left, top - line.top)
