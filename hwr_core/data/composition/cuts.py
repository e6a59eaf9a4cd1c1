"""Real letters cut out of scans, set anew: by one hand, with what it lacks from its look-alikes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hwr_core.data.composition.cutting import Ink
from hwr_core.data.composition.hands import Hand, load
from hwr_core.data.composition.writing import CannotWrite, Written
from hwr_core.spelling import fold

ANCHORS = 24  # hands drawn, of which the one with most of a text's letters writes it
ALIKE = 12  # hands most like it, of which the one with most of the missing letters lends them
RIM = 8  # pixels of paper around the name
SOME = 200  # hands with a missing letter that are looked at, so that not always the same lend it
# In line heights:
GAP = (0.25, 0.9)  # between letters: 90 % of hands on the scans leave 0.27 to 0.92
UNEVEN = 0.12  # standard deviation of the gaps of one name
OVERLAP = 0.05  # how far a letter reaches over the next at most
WORD_GAP = (0.8, 1.8)  # between words, on top of the gap between letters
APOSTROPHE = 0.4  # how much of an L serves as one
JITTER = 0.04  # standard deviation of a letter's height on the line
SLOPE = 0.03  # rise of the line, both ways


@dataclass(frozen=True)
class OnLine:
    """A letter's ink (h, w), 0 paper to 255 ink, and how far it goes below the line, pixels."""

    ink: Ink
    bottom: int


@dataclass(frozen=True)
class Cuts:
    """A writer of folded capitals in letters cut from the scans of one side of the split.

    What an É was cut from is labelled E, so the text is always folded.
    """

    side: tuple[Hand, ...]  # of the split
    looks: NDArray[np.float64]  # (hands, 4) in standard deviations
    owners: dict[str, NDArray[np.intp]]  # the hands that have each letter

    @classmethod
    def load(cls, path: Path, split: str) -> Self:
        """The hands of "train" or "validation" in a file of cut scans.

        Raises:
            DataError: not such a file, or no hand on this side.
        """
        return cls.of(load(path, split))

    @classmethod
    def of(cls, hands: Sequence[Hand]) -> Self:
        """A writer with these hands, who all make an apostrophe from their L."""
        hands = [_with_apostrophe(hand) for hand in hands]
        looks = np.stack([hand.look() for hand in hands])
        owners = defaultdict[str, list[int]](list)
        for number, hand in enumerate(hands):
            for char in {letter.char for letter in hand.letters}:
                owners[char].append(number)
        return cls(
            tuple(hands),
            (looks - looks.mean(axis=0)) / (looks.std(axis=0) + 1e-9),
            {char: np.array(numbers) for char, numbers in owners.items()},
        )

    def write(self, text: str, rng: np.random.Generator) -> Written:
        """Write `text` in folded capitals.

        Raises:
            CannotWrite: no hand here has one of its letters, or it has none.
        """
        folded = fold(text)
        if not folded.strip():
            message = f"there are no letters in {text!r}"
            raise CannotWrite(message)
        if missing := sorted(set(folded) - {" "} - self.owners.keys()):
            message = f"no scan lends {missing} for {text!r}"
            raise CannotWrite(message)
        main, lent = self._letters(sorted(set(folded) - {" "}), rng)
        height = self.side[main].height
        ink = _set([lent.get(char, []) for char in folded], height, rng)
        return Written(255 - ink, self.side[main].name, folded, folded=True)

    def _letters(
        self, chars: list[str], rng: np.random.Generator
    ) -> tuple[int, dict[str, list[OnLine]]]:
        """The main hand, and for each of `chars` what one hand has of it."""
        drawn = rng.integers(len(self.side), size=ANCHORS)
        main = hand = self._best(drawn, chars)
        lent: dict[str, list[OnLine]] = {}
        while missing := [char for char in chars if char not in lent]:
            if lent or not self._count(hand, missing):
                hand = self._alike(main, missing, rng)
            for letter in self.side[hand].letters:
                if letter.char in missing:
                    bottom = letter.top + len(letter.ink) - self.side[hand].height
                    lent.setdefault(letter.char, []).append(OnLine(letter.ink, bottom))
        return main, lent

    def _alike(self, main: int, missing: list[str], rng: np.random.Generator) -> int:
        """A hand that looks like `main` and has the rarest of the missing letters, and others."""
        having = min((self.owners[char] for char in missing), key=len)
        drawn = np.unique(having[rng.integers(len(having), size=SOME)])
        away = np.square(self.looks[drawn] - self.looks[main]).sum(axis=1)
        return self._best(drawn[np.argsort(away, kind="stable")[:ALIKE]], missing)

    def _best(self, hands: NDArray[np.intp], chars: list[str]) -> int:
        """The hand that has the most of `chars`, the first of equals."""
        return int(max(hands.tolist(), key=lambda hand: self._count(hand, chars)))

    def _count(self, hand: int, chars: list[str]) -> int:
        return len({letter.char for letter in self.side[hand].letters}.intersection(chars))


def _with_apostrophe(hand: Hand) -> Hand:
    """The hand with the upper part of its L, a short upright stroke, for an apostrophe.

    Six of ten thousand labels of the scans have a real one.
    """
    strokes = tuple(
        replace(letter, char="'", ink=letter.ink[: max(3, round(hand.height * APOSTROPHE))])
        for letter in hand.letters
        if letter.char == "L"
    )
    return replace(hand, letters=hand.letters + strokes)


def _set(text: list[list[OnLine]], height: int, rng: np.random.Generator) -> Ink:
    """Set one of each place's letters, none for a space, on a line; (h, w) 0 to 255 ink."""
    usual, slope = rng.uniform(*GAP), rng.uniform(-SLOPE, SLOPE)
    x, placed = float(RIM), []
    for choices in text:
        if choices:
            letter = choices[int(rng.integers(len(choices)))]
            drop = letter.bottom + slope * x + height * rng.normal(0, JITTER)
            placed.append((round(x), round(drop), letter.ink))
            x += letter.ink.shape[1] - 2 + height * max(-OVERLAP, rng.normal(usual, UNEVEN))
        else:
            x += height * rng.uniform(*WORD_GAP)
    return _pasted(placed)


def _pasted(placed: list[tuple[int, int, Ink]]) -> Ink:
    """Letters at (left, bottom) on paper that holds them all, the darker ink where two meet."""
    top = min(bottom - len(ink) for _, bottom, ink in placed) - RIM
    low = max(bottom for _, bottom, _ in placed) + RIM
    right = max(left + ink.shape[1] for left, _, ink in placed) + RIM
    paper = np.zeros((low - top, right), np.uint8)
    for left, bottom, ink in placed:
        h, w = ink.shape
        spot = paper[bottom - h - top : bottom - top, left : left + w]
        np.maximum(spot, ink, out=spot)
    return paper
