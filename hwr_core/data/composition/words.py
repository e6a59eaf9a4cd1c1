"""Real UNIPEN words as their writers wrote them, alone or set side by side as compound names.

These writers choose their own text: real joined writing cannot be asked to say anything else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hwr_core.data.composition.accents import drawn
from hwr_core.data.composition.penline import X_HEIGHT, drawing
from hwr_core.data.composition.writing import CannotWrite, Written
from hwr_core.data.composition.zones import rise_and_fall
from hwr_core.data.samples import LeftOut
from hwr_core.data.sources import unipen
from hwr_core.data.sources.unipen import Record
from hwr_core.strokes import Stroke

COMPOUND = 0.4  # share of pictures with two or three words of one writer
THREE = 0.3  # share of these with three
HYPHENATED = 0.45  # share of the joints that are hyphens, not spaces
LONGEST = 28  # characters; a longer name would be squeezed into its strip
SPACE = (0.8, 1.7)  # x-heights between two words
HYPHEN_GAP = (0.15, 0.5)  # x-heights on each side of a hyphen


class Words:
    """Writes real words; what was asked for is not what is written."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = tuple(records)
        by_writer: defaultdict[str, list[Record]] = defaultdict(list)
        for record in self._records:
            by_writer[record.writer].append(record)
        self._by_writer = dict(by_writer)

    @classmethod
    def load(cls, folder: Path, split: str, left_out: LeftOut) -> Self:
        """The words of one side of UNIPEN's split, "train" or "validation".

        Raises:
            DataError: UNIPEN's words are not below the folder, or are damaged.
        """
        records = unipen.records(folder / unipen.WORDS, left_out)
        return cls(record for record in records if record.split == split)

    def write(self, text: str, rng: np.random.Generator) -> Written:  # noqa: ARG002 - see above
        """Write a word, or two or three of one writer; `Written.text` says which.

        `text` is only there because every writer is asked for one.

        Raises:
            CannotWrite: there is no word at all.
        """
        if not self._records:
            message = "there are no words on this side of the split"
            raise CannotWrite(message)
        first = self._records[rng.integers(len(self._records))]
        words = [first, *self._more(first, rng)]
        joints = ["-" if rng.random() < HYPHENATED else " " for _ in words[1:]]
        strokes = _side_by_side(words, joints, rng)
        pieces = [part for pair in zip(words, [*joints, ""], strict=True) for part in pair]
        written = "".join(part.text if isinstance(part, Record) else part for part in pieces)
        lengths = [len(stroke) for stroke in strokes]
        return Written(drawing(np.concatenate(strokes), lengths), first.writer, written)

    def _more(self, first: Record, rng: np.random.Generator) -> list[Record]:
        """The words that follow the first in a compound; none if the name would get too long."""
        if rng.random() >= COMPOUND:
            return []
        own = self._by_writer[first.writer]
        count = 2 if rng.random() < THREE else 1
        words = [own[n] for n in rng.integers(len(own), size=count)]
        length = len(first.text) + sum(1 + len(word.text) for word in words)
        return words if length <= LONGEST and words[-1] is not first else []


def _side_by_side(words: list[Record], joints: list[str], rng: np.random.Generator) -> list[Stroke]:
    """The strokes of some words on one line, in pixels, with what stands between them."""
    size = X_HEIGHT * np.exp(rng.normal(0, 0.12))
    strokes: list[Stroke] = []
    x = 0.0  # x-heights
    for word, joint in zip(words, ["", *joints], strict=True):
        if joint == "-":
            hyphen = drawn("-", 0, rng)
            left, right = rng.uniform(*HYPHEN_GAP, 2)
            strokes += [stroke + _at(x + left) for stroke in hyphen.strokes]
            x += left + hyphen.width + right
        elif joint:
            x += rng.uniform(*SPACE)
        placed = _on_line(word)
        strokes += [stroke + _at(x) for stroke in placed]
        x += max(float(stroke[:, 0].max()) for stroke in placed)
    return [(stroke * size).astype(np.float32) for stroke in strokes]


def _on_line(word: Record) -> list[Stroke]:
    """A word's strokes in x-heights: from x = 0, its line at y = 0."""
    points = np.concatenate(word.strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    rise, fall = rise_and_fall(word.text)
    # A word of dashes or dots has no height of its own: its width tells its size then.
    height = max(float(high[1] - low[1]), 0.1 * float(high[0] - low[0]), 1e-6)
    scale = np.float32((rise + fall) / height)
    return [(stroke - low) * scale - _at(0, rise) for stroke in word.strokes]


def _at(x: float, y: float = 0) -> NDArray[np.float32]:
    return np.array([x, y], np.float32)
