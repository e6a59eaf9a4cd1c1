"""Whether letters are printed: type stands on its line, and is as tall, to a part of a pixel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FEWEST = 4  # letters standing apart; three of a hand may agree by chance
STROKE = 0.5  # ink where the edge of a letter is measured
APART = 0.35  # ink that joins neighbours
LOWEST = 0.2  # of a line's height; a lower spot is a dot or a hyphen
# Of a line's height; a quarter and a fifth of a pixel where lines are 32 tall. What they do to
# handwriting and to print is counted in results/challenge.md.
# Half the feet stand this close to the middle one, ...
FEET = 1 / 140
HEADS = 1 / 160  # ... and half the heads this close to another letter's head


def printed(ink: NDArray[np.float32], centres: Sequence[float], line: float) -> bool:
    """Whether the letters read in a strip (H, W) are too regular to be written by hand.

    Only letters that are read are looked at, since scans of handwriting show printed forms, too.

    Args:
        ink: 0 paper to 1 ink.
        centres: of the letters that were read, pixels from the left.
        line: how tall a line of writing is drawn, pixels.
    """
    found = [edges for edges in _letters(ink, centres, LOWEST * line) if edges]
    if len(found) < FEWEST:
        return False
    heads, feet = np.array(found).T  # (N,) each
    apart = np.abs(heads[:, None] - heads)
    np.fill_diagonal(apart, np.inf)
    level = np.median(np.abs(feet - np.median(feet))) <= FEET * line
    return bool(level and np.median(apart.min(axis=1)) <= HEADS * line)


def _letters(
    ink: NDArray[np.float32], centres: Sequence[float], lowest: float
) -> list[tuple[float, float] | None]:
    """Head and foot of each piece of writing that stands apart and was read as letters."""
    inked = np.flatnonzero(np.diff(ink.max(axis=0) > APART, prepend=False, append=False))
    pieces = inked.reshape(-1, 2)  # columns from, to
    if not len(pieces) or not len(centres):
        return []
    x = np.array(centres)[:, None]
    away = np.maximum(pieces[:, 0] - x, x - pieces[:, 1])  # (letters, pieces)
    read = pieces[np.unique(away.argmin(axis=1))]
    wide = np.pad(ink, ((1, 1), (0, 2)))
    pairs = (wide[:, 1:] + wide[:, :-1]) / 2  # a pixel wide tip of a stroke is half as dark
    dark = np.maximum.reduceat(pairs, read.ravel(), axis=1)[:, ::2]  # (H + 2, pieces)
    mass = np.add.reduceat(wide, read.ravel(), axis=1)[:, ::2]
    return [_edges(*columns, lowest) for columns in zip(dark.T, mass.T, strict=True)]


def _edges(
    dark: NDArray[np.float32], mass: NDArray[np.float32], lowest: float
) -> tuple[float, float] | None:
    """Where a piece begins and ends, rows with their fractions; None of what is too low.

    Of several parts above each other, such as a cut-off line of print, the one with most ink.

    Args:
        dark: (H + 2,) the darkest spot of each row, paper above and below.
        mass: (H + 2,) the ink of each row.
        lowest: rows, of the least piece.
    """
    parts = np.flatnonzero(np.diff(dark > STROKE)).reshape(-1, 2).tolist()  # row before, last row
    before, last = max(parts, key=lambda p: mass[p[0] : p[1] + 1].sum(), default=(0, 0))
    if last - before < lowest:
        return None
    head = before + (STROKE - dark[before]) / (dark[before + 1] - dark[before])
    foot = last + (dark[last] - STROKE) / (dark[last] - dark[last + 1])
    return float(head), float(foot)
