"""Names in the letters of one UNIPEN writer, printed or joined, set on a line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from hwr_core.data.composition.accents import OVERLAP, Spelling, accented, drawn, spell
from hwr_core.data.composition.glyphs import Glyph
from hwr_core.data.composition.penhands import Hand, read_hands
from hwr_core.data.composition.penline import set_line
from hwr_core.data.composition.writing import CannotWrite, Written
from hwr_core.data.composition.zones import HEIGHTS
from hwr_core.data.samples import LeftOut

LETTERS = "".join(HEIGHTS)
BORROWED = 0.25  # largest share of a name's letters from look-alike hands; one letter is always let
ALIKE = 4  # a missing letter comes from one of so many nearest hands that have it


class Letters:
    """Writes any name of the alphabet with pen strokes."""

    def __init__(self, hands: tuple[Hand, ...]) -> None:
        self._hands = hands
        rows = [[letter not in hand.letters for letter in LETTERS] for hand in hands]
        self._lacks = np.array(rows, np.float32).reshape(-1, len(LETTERS))  # (hands, letters) 0, 1
        having = (np.flatnonzero(lacks == 0) for lacks in self._lacks.T)
        self._having = dict(zip(LETTERS, having, strict=True))  # the numbers of their hands
        self._looks = np.array([hand.look for hand in hands]).reshape(-1, 3)

    @classmethod
    def load(cls, folder: Path, split: str, left_out: LeftOut) -> Self:
        """The hands of one side of UNIPEN's split, "train" or "validation".

        Raises:
            DataError: UNIPEN's letters are not below the folder, or are damaged.
        """
        return cls(read_hands(folder, split, left_out))

    def write(self, text: str, rng: np.random.Generator) -> Written:
        """Write `text` in one hand; a few letters it lacks come from hands that look like it.

        Raises:
            CannotWrite: a character nobody can write, or letters that no one hand mostly has.
        """
        spelled = _spelled(text)
        number = self._choose(text, spelled, rng)
        hand = self._hands[number]
        scribe = _Scribe(hand, self._lenders(number, spelled, rng), rng)
        glyphs = [scribe.glyph(character, spelled.get(character)) for character in text]
        return Written(set_line(glyphs, [c.islower() for c in text], rng), hand.writer, text)

    def _choose(self, text: str, spelled: dict[str, Spelling], rng: np.random.Generator) -> int:
        """The number of a hand that has most of the letters."""
        needed = Counter(letter for c in text if c != " " for letter in spelled[c].letters)
        counts = np.array([needed[letter] for letter in LETTERS], np.float32)
        lacking = self._lacks @ counts  # (hands,)
        able = np.flatnonzero(lacking <= max(1, int(BORROWED * needed.total())))
        if not able.size or not all(self._having[letter].size for letter in needed):
            message = f"no hand has enough of the letters {''.join(sorted(needed))!r} of {text!r}"
            raise CannotWrite(message)
        return int(able[rng.integers(len(able))])

    def _lenders(
        self, number: int, spelled: dict[str, Spelling], rng: np.random.Generator
    ) -> dict[str, Hand]:
        """For each letter, the hand it is taken from: the chosen one, or a look-alike."""
        hand, lenders = self._hands[number], {}
        for letter in dict.fromkeys("".join(spelling.letters for spelling in spelled.values())):
            if letter in hand.letters:
                lenders[letter] = hand
            else:
                lenders[letter] = self._alike(hand, letter, rng)
        return lenders

    def _alike(self, hand: Hand, letter: str, rng: np.random.Generator) -> Hand:
        """One of the hands that look most like a hand and have the letter it lacks."""
        having = self._having[letter]
        apart = ((self._looks[having] - hand.look) ** 2).sum(axis=1)
        nearest = having[np.argsort(apart)[:ALIKE]]
        return self._hands[int(nearest[rng.integers(len(nearest))])]


@dataclass(frozen=True)
class _Scribe:
    """One hand at work on one name."""

    hand: Hand
    lenders: dict[str, Hand]
    rng: np.random.Generator

    def glyph(self, character: str, spelling: Spelling | None) -> Glyph | None:
        """A character on its line; None is a space."""
        if spelling is None:
            return None
        if not spelling.letters:
            return drawn(character, self.hand.slant, self.rng)
        first, *second = (self._letter(letter) for letter in spelling.letters)
        whole = first.merged(second[0], OVERLAP[character]) if second else first
        if not spelling.marks:
            return whole
        return accented(whole, spelling.marks, self.hand.slant, self.rng)

    def _letter(self, letter: str) -> Glyph:
        """A letter, its slant brought to the hand's if it is borrowed."""
        lender = self.lenders[letter]
        glyph = lender.write(letter, self.rng)
        return glyph if lender is self.hand else glyph.sheared(self.hand.slant - lender.slant)


def _spelled(text: str) -> dict[str, Spelling]:
    """How each character of a text but the space is written.

    Raises:
        CannotWrite: nobody can write one, or there is nothing to write.
    """
    spelled = {character: spell(character) for character in text if character != " "}
    strange = [character for character, spelling in spelled.items() if spelling is None]
    if strange or not spelled:
        message = f"no hand can write {''.join(strange)!r} of {text!r}"
        raise CannotWrite(message)
    return {character: spelling for character, spelling in spelled.items() if spelling}
