"""Blobs: the connected pieces of ink of a picture, and where each lies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

STROKE = 64  # ink, 0 to 255, at least this dark counts as a stroke


@dataclass(frozen=True)
class Blobs:
    """The K pieces of ink of one picture, which touch at no side or corner."""

    ink: NDArray[np.uint8]  # (h, w) 0 paper to 255 ink
    number: NDArray[np.int32]  # (h, w) 0 paper, else 1 to K

    @classmethod
    def of(cls, ink: NDArray[np.uint8]) -> Blobs:
        """The blobs of (h, w) ink, 0 paper to 255 ink."""
        return cls(ink, _numbered(ink >= STROKE))

    @cached_property
    def boxes(self) -> NDArray[np.intp]:
        """(K, 4) left, top, right, bottom of each blob, pixels, ends exclusive."""
        y, x = np.nonzero(self.number)
        owner = self.number[y, x] - 1
        h, w = self.number.shape
        boxes = np.tile(np.array([w, h, 0, 0]), (self.number.max(initial=0), 1))
        for column, values, extreme in (
            (0, x, np.minimum),
            (1, y, np.minimum),
            (2, x + 1, np.maximum),
            (3, y + 1, np.maximum),
        ):
            extreme.at(boxes[:, column], owner, values)
        return boxes

    def mask(self, chosen: NDArray[np.intp]) -> NDArray[np.bool_]:
        """The pixels (h, w) of the blobs with these row numbers, and their grey rim."""
        core = np.isin(self.number, chosen + 1)
        near = core.copy()
        for axis in (0, 1):
            ahead, behind = _shifted(near, axis)
            near = near | ahead | behind
        mask: NDArray[np.bool_] = core | (near & (self.number == 0))
        return mask


def _shifted(mask: NDArray[np.bool_], axis: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """`mask` one pixel on and one pixel back along `axis`; what leaves the picture is lost."""
    lines = np.moveaxis(mask, axis, 0)
    none = np.zeros_like(lines[:1])
    ahead, behind = np.concatenate([none, lines[:-1]]), np.concatenate([lines[1:], none])
    return np.moveaxis(ahead, 0, axis), np.moveaxis(behind, 0, axis)


def _numbered(strokes: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Each 8-connected piece of (h, w) strokes numbered from 1, by runs of pixels in a row."""
    h, w = strokes.shape
    edges = np.diff(np.pad(strokes, ((0, 0), (1, 1))).astype(np.int8), axis=1)  # (h, w + 1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]  # exclusive
    roots = _joined(rows.tolist(), starts.tolist(), ends.tolist())
    numbers = np.unique(roots, return_inverse=True)[1] + 1  # (runs,)
    number = np.zeros((h, w), np.int32)
    number[strokes] = np.repeat(numbers, ends - starts)
    return number


def _joined(rows: list[int], starts: list[int], ends: list[int]) -> list[int]:
    """A common number for all runs that hang together."""
    parent = list(range(len(rows)))

    def root(run: int) -> int:
        while parent[run] != run:
            parent[run] = run = parent[parent[run]]
        return run

    above = 0  # the first run that may still touch the present one from the row above
    for run, row in enumerate(rows):
        while rows[above] < row - 1 or (rows[above] == row - 1 and ends[above] < starts[run]):
            above += 1
        other = above
        while rows[other] == row - 1 and starts[other] <= ends[run]:
            parent[root(other)] = root(run)
            other += 1
    return [root(run) for run in range(len(rows))]
