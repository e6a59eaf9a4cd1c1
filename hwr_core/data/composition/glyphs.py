"""A letter as pen strokes on a baseline, and the shapes that a letter's neighbours must know.

Coordinates are in x-heights: the baseline is y = 0, y grows downwards, the ink begins at x = 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from hwr_core.strokes import Stroke

TOP, BAND, BANDS = -2.6, 0.2, 20  # x-heights: the zone in which neighbours keep their distance
MIDDLES = (TOP + BAND * (np.arange(BANDS) + 0.5)).astype(np.float32)  # of the bands, y
PIECES = 3  # points a pen's step is cut into, so that no band is jumped over

Points = NDArray[np.float32]
Span = tuple[int, int]  # first point of a stroke, and one past its last


@dataclass(frozen=True)
class Glyph:
    """A letter's strokes, and the room it takes."""

    points: Points  # (N, 2)
    spans: tuple[Span, ...]  # the strokes in writing order; points outside them are not drawn
    left: NDArray[np.float32]  # (BANDS,) first ink of each band of height, +inf where there is none
    right: NDArray[np.float32]  # (BANDS,) last ink, -inf where there is none
    width: float
    main: int  # the span of the longest stroke: the letter's body, which a join ends in or leaves

    @classmethod
    def of(cls, strokes: Sequence[Stroke]) -> Glyph:
        """The glyph of strokes that stand on the baseline, moved to x = 0."""
        points = np.concatenate(strokes).astype(np.float32)
        points[:, 0] -= points[:, 0].min()
        ends = list(accumulate(len(stroke) for stroke in strokes))
        spans = tuple(zip([0, *ends], ends, strict=False))
        left, right = _bands(points, ends)
        width = float(points[:, 0].max())
        return cls(points, spans, left, right, width, _longest(strokes))

    @property
    def body(self) -> Points:
        """(n, 2) the longest stroke."""
        start, end = self.spans[self.main]
        return self.points[start:end]

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """The strokes, each (n, 2)."""
        return tuple(self.points[start:end] for start, end in self.spans)

    def beside(self, other: Glyph) -> float:
        """The x at which `other` just touches this glyph, if it comes from the right."""
        touching = float((self.right - other.left).max())
        return max(touching, 0.6 * self.width)  # a letter may reach under a T, never past it

    def sheared(self, slant: float) -> Glyph:
        """This glyph slanted by the x that a step down moves the pen, in its length."""
        x = self.points[:, 0] + np.float32(slant) * self.points[:, 1]
        first = x.min()
        points = np.stack([x - first, self.points[:, 1]], axis=1)
        moved = np.float32(slant) * MIDDLES - first
        left, right = self.left + moved, self.right + moved
        return replace(self, points=points, left=left, right=right, width=float(x.max() - first))

    def merged(self, other: Glyph, overlap: float) -> Glyph:
        """Both letters of an æ or œ as one; they overlap by a share of this one's width."""
        shift = np.array([self.beside(other) - overlap * self.width, 0], np.float32)
        return Glyph.of([*self.strokes, *(stroke + shift for stroke in other.strokes)])

    def apart(self, room: float) -> Glyph:
        """This glyph with free room on both sides, whatever the height of its neighbours' ink."""
        left = np.full(BANDS, -room, np.float32)
        return replace(self, left=left, right=-left + np.float32(self.width))

    def adding(self, strokes: Sequence[Stroke]) -> Glyph:
        """This glyph with more strokes, which take no room of their own: accents."""
        points = np.concatenate([self.points, *strokes])
        added = tuple(pairwise(accumulate(map(len, strokes), initial=len(self.points))))
        return replace(self, points=points, spans=self.spans + added)

    def dotless(self) -> Glyph:
        """An i or j whose dot, if it is a stroke of its own, is lifted off."""
        dots = dots_of(self.strokes)
        kept = [number for number in range(len(self.spans)) if number not in dots]
        spans = tuple(self.spans[number] for number in kept)
        return replace(self, spans=spans, main=kept.index(self.main))


def dots_of(strokes: Sequence[Stroke]) -> frozenset[int]:
    """The numbers of the strokes that are small and lie above the longest one."""
    main = _longest(strokes)
    top, bottom = strokes[main][:, 1].min(), strokes[main][:, 1].max()
    return frozenset(
        number
        for number, stroke in enumerate(strokes)
        if number != main
        and max(np.ptp(stroke[:, 0]), np.ptp(stroke[:, 1])) < 0.5 * (bottom - top)
        and stroke[:, 1].mean() < top + 0.15 * (bottom - top)
    )


def _longest(strokes: Sequence[Stroke]) -> int:
    """The number of the stroke with the longest way."""
    return int(np.argmax([np.abs(stroke[1:] - stroke[:-1]).sum() for stroke in strokes]))


def smooth(stroke: Stroke, passes: int) -> Stroke:
    """(N, 2) points without the stairs of a coarse tablet; both ends stay."""
    for _ in range(passes if len(stroke) > 2 else 0):
        between = stroke[:-2] / 4 + stroke[1:-1] / 2 + stroke[2:] / 4
        stroke = np.concatenate([stroke[:1], between, stroke[-1:]])
    return stroke


def dense(corners: NDArray[np.floating], pieces: int = 5) -> Stroke:
    """(N, 2) corners to points on the lines between them, `pieces` a line."""
    steps = np.arange((len(corners) - 1) * pieces + 1) / pieces
    number = np.arange(len(corners))
    columns = [np.interp(steps, number, corners[:, axis]) for axis in (0, 1)]
    return np.stack(columns, axis=1).astype(np.float32)


def _bands(points: Points, ends: Sequence[int]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The first and last x of the ink in each band of height and the bands next to it."""
    steps = np.diff(points, axis=0)
    steps[np.asarray(ends[:-1], int) - 1] = 0  # the pen is lifted between strokes
    parts = (np.arange(PIECES, dtype=np.float32) / PIECES)[:, None, None]
    fine = np.concatenate([(points[:-1] + parts * steps).reshape(-1, 2), points[-1:]])
    band = np.clip((fine[:, 1] - TOP) / BAND, 1, BANDS - 2).astype(int)
    left = np.full(BANDS, np.inf, np.float32)
    right = np.full(BANDS, -np.inf, np.float32)
    for near in (band - 1, band, band + 1):  # ink above or below is close too
        np.minimum.at(left, near, fine[:, 0])
        np.maximum.at(right, near, fine[:, 0])
    return left, right
