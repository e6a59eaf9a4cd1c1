"""The hands of UNIPEN's letters: each writer's letters at their true size, and who looks alike.

UNIPEN's letters come stretched to one height of 256 units, so an e is as tall as an l. But tablets
were coarse: the points of a stretched letter lie on the lines of its tablet's grid, and their
distance tells how tall it was on the tablet. Measured so, an l is 1.85 times an e (median; 1.6 to
2.2 are the quartiles). Where the grid is too fine to show, and where a size is beyond belief (a
writer's second session on another scale), a letter gets its usual height.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hwr_core.data.composition.glyphs import Glyph, smooth
from hwr_core.data.composition.zones import HEIGHTS, placed
from hwr_core.data.samples import LeftOut
from hwr_core.data.sources import unipen
from hwr_core.data.sources.unipen import Record

FINEST = 230  # grid lines over a letter's height; above it, rounding to whole units hides them
COARSE, MEDIUM = 40, 100  # grid lines, below which stairs show
ODD = 3.5  # robust standard deviations of a letter's width over height, beyond which it is debris
FEWEST = 8  # different letters of a writer who counts as a hand


@dataclass(frozen=True, eq=False)
class Letter:
    """A letter as stored."""

    record: Record

    @cached_property
    def lines(self) -> int:
        """The fewest grid lines over its height that all its points lie on; 0: cannot be told."""
        y = np.concatenate([stroke[:, 1] for stroke in self.record.strokes]).astype(int)
        height = int(y.max())
        if not 64 < height <= 256 or y.min() < 0:  # a flat line, or not stretched
            return 0
        lines = int(_grids(height)[:, y].all(axis=1).argmax())
        return lines if lines < FINEST else 0

    def glyph(self, unit: float) -> Glyph:
        """The letter on its line, by the x-height of its hand in grid lines."""
        passes = 0 if not self.lines or self.lines > MEDIUM else 1 if self.lines > COARSE else 2
        strokes = [smooth(stroke, passes) for stroke in self.record.strokes]
        return placed(self.record.text, strokes, self.lines / unit if unit else 0)


@dataclass(frozen=True, eq=False)
class Hand:
    """One writer's letters."""

    writer: str
    letters: dict[str, tuple[Letter, ...]]
    slant: float  # x that a step down moves the pen, in its length; upright is 0
    look: NDArray[np.float64]  # (3,) slant, width and pen lifts, each in standard deviations

    @cached_property
    def unit(self) -> float:
        """The x-height in grid lines; 0 where none can be told."""
        heights = [
            letter.lines / HEIGHTS[character]
            for character, letters in self.letters.items()
            for letter in letters
            if letter.lines
        ]
        return float(np.median(heights)) if heights else 0.0

    def write(self, character: str, rng: np.random.Generator) -> Glyph:
        """One of this hand's ways of writing a letter it has."""
        choices = self.letters[character]
        return _glyph(choices[rng.integers(len(choices))], self.unit)


def read_hands(folder: Path, split: str, left_out: LeftOut) -> tuple[Hand, ...]:
    """The hands of one split, in the order of their names.

    Letters of an odd shape for what they are, and writers of fewer than eight different letters,
    are counted in `left_out`.

    Raises:
        DataError: UNIPEN's letters are not below the folder, or are damaged.
    """
    records = unipen.records(folder / unipen.LETTERS, left_out)
    letters = [record for record in records if record.split == split and record.text in HEIGHTS]
    shapes = _Shapes.of(letters)
    by_writer: defaultdict[str, list[int]] = defaultdict(list)
    for number, record in enumerate(letters):
        if shapes.odd[number]:
            left_out.add(split, "odd shape for its letter", record.name)
        else:
            by_writer[record.writer].append(number)
    kept = {}
    for writer, numbers in sorted(by_writer.items()):
        if len({letters[n].text for n in numbers}) < FEWEST:
            left_out.add(split, "writer of fewer than eight different letters", writer)
        else:
            kept[writer] = numbers
    looks = np.array([shapes.look(numbers) for numbers in kept.values()]).reshape(-1, 3)
    scaled = (looks - looks.mean(axis=0)) / (looks.std(axis=0) + 1e-6) if len(looks) else looks
    return tuple(
        Hand(writer, _by_character(letters[n] for n in numbers), float(look[0]), place)
        for (writer, numbers), look, place in zip(kept.items(), looks, scaled, strict=True)
    )


def _by_character(records: Iterable[Record]) -> dict[str, tuple[Letter, ...]]:
    """A writer's letters by character."""
    letters: defaultdict[str, list[Letter]] = defaultdict(list)
    for record in records:
        letters[record.text].append(Letter(record))
    return {character: tuple(same) for character, same in letters.items()}


@dataclass(frozen=True)
class _Shapes:
    """What all letters look like, each array over the letters."""

    odd: NDArray[np.bool_]
    across: NDArray[np.float64]  # x gone over steep steps; over `down`, the slant
    down: NDArray[np.float64]  # y gone over steep steps
    width: NDArray[np.float64]  # log of width over height, less what is usual for the letter
    lifts: NDArray[np.float64]  # strokes, less the usual

    @classmethod
    def of(cls, records: Sequence[Record]) -> _Shapes:
        """Measure the letters."""
        strokes = [stroke for record in records for stroke in record.strokes]
        counts = np.array([len(record.strokes) for record in records], int)
        lengths = np.array([len(stroke) for stroke in strokes], int)
        points = np.concatenate([np.zeros((0, 2), np.float32), *strokes]).astype(np.float64)
        owner = np.repeat(np.repeat(np.arange(len(records)), counts), lengths)
        starts = np.flatnonzero(np.diff(owner, prepend=-1))
        size = np.maximum.reduceat(points, starts) - np.minimum.reduceat(points, starts) + 1
        steps = np.diff(points, axis=0)
        steps[np.cumsum(lengths)[:-1] - 1] = 0  # the pen is lifted
        steps[steps[:, 1] < 0] *= -1  # a line has one slant, up and down
        steps[abs(steps[:, 0]) > steps[:, 1]] = 0  # only the steep tell it
        across, down = (
            np.bincount(owner[1:], part, len(records)).astype(np.float64) for part in steps.T
        )
        width, lifts = np.log(size[:, 0] / size[:, 1]), counts.astype(np.float64)
        odd = np.zeros(len(records), bool)
        texts = np.array([record.text for record in records])
        for text in np.unique(texts):
            same = texts == text
            width[same] -= np.median(width[same])
            odd[same] = abs(width[same]) > ODD * 1.4826 * np.median(abs(width[same])) + 0.3
            lifts[same] -= lifts[same].mean()
        return cls(odd, across, down, width, lifts)

    def look(self, numbers: list[int]) -> tuple[float, float, float]:
        """The slant, width and pen lifts of one writer's letters."""
        slant = self.across[numbers].sum() / max(self.down[numbers].sum(), 1)
        return float(slant), float(self.width[numbers].mean()), float(self.lifts[numbers].mean())


@lru_cache(maxsize=256)
def _grids(height: int) -> NDArray[np.bool_]:
    """(lines + 1, height + 1) whether a grid of so many lines has a line at a whole height."""
    grids = np.zeros((height + 1, height + 1), bool)
    for lines in range(3, height + 1):
        grids[lines, np.rint(np.arange(lines + 1) * height / lines).astype(int)] = True
    return grids


@lru_cache(maxsize=60_000)  # nearly all; about 100 MB
def _glyph(letter: Letter, unit: float) -> Glyph:
    """The letter on its line, kept for the next time."""
    return letter.glyph(unit)
