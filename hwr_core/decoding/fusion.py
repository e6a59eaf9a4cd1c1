"""What is known of names, weighed against the picture: language model, lexicon, length."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from hwr_core.alphabet import BLANK, Alphabet
from hwr_core.config import Settings
from hwr_core.decoding.beam import THRESHOLD, WIDTH
from hwr_core.decoding.condense import FLOOR
from hwr_core.decoding.lexicon import Lexicon
from hwr_core.decoding.ngram import EDGE, Ngram, kept

# What follows a word of a name, as shares; the n-grams only know that it ends.
FOLLOWERS = {" ": 0.15, "-": 0.05}
ENDS = 1 - sum(FOLLOWERS.values())
UNKNOWN = 1e-4  # share of a character that the language model has never seen


class DecodingSettings(Settings):
    """How texts are searched for; the weights are those that `tune` chose for a model."""

    width: int = Field(default=WIDTH, ge=1, le=256)  # texts kept from frame to frame at most
    threshold: float = Field(default=THRESHOLD, gt=0)  # nats below the best to give a text up at
    floor: float = Field(default=FLOOR, ge=0, lt=1)  # share below which no letter is considered
    language: float = Field(default=0.0, ge=0, le=2)  # weight of the language model's nats
    lexicon: float = Field(default=0.0, ge=0, lt=1)  # share of words that come from the lexicon
    letter: float = Field(default=0.0, ge=-5, le=5)  # nats for each letter: models favour short

    @property
    def plain(self) -> bool:
        """Whether the picture alone decides."""
        return not self.language and not self.letter


@dataclass(frozen=True, eq=False)
class Kind:
    """Texts of one kind, such as streets: how they are spelled, and which words are usual."""

    share: float  # of all texts, above 0
    ngram: Ngram
    lexicon: Lexicon


@dataclass(frozen=True, eq=False)
class Knowledge:
    """The adviser of a search over an alphabet of folded letters (shallow fusion)."""

    kinds: tuple[Kind, ...]  # at least one; the n-grams of the first guide the search
    alphabet: Alphabet
    settings: DecodingSettings

    def __call__(self, classes: bytes) -> NDArray[np.float64]:
        """What the n-grams say of what follows a text so far, (C,) nats; class 0 is its end."""
        one, alike = self._parting
        word = classes[-self.ngram.order :].translate(alike).rpartition(one)[2]
        return kept(self._rows, word, self._row)

    def final(self, classes: bytes) -> float:
        """What is added to a whole text at its end, nats: it may be of any of the kinds.

        A text is of one kind throughout (a mixture of whole texts, Iyer and Ostendorf 1999), so
        its beginning tells of its end. What the search has counted already is taken off.
        """
        gains = [kept(self._gained, word, self._gain) for word in self._words(classes)]
        of_kinds: list[float] = [
            math.log(kind.share) + sum(each)
            for kind, each in zip(self.kinds, zip(*gains, strict=True), strict=True)
        ]
        best = max(of_kinds)
        share = sum(math.exp(nats - best) for nats in of_kinds)
        return self.settings.language * (best + math.log(share))

    def spelled(self, classes: bytes) -> float:
        """What the n-grams say of a whole text, weighted nats, with the bonus for its letters."""
        ends = enumerate((*classes, BLANK))
        return float(sum(self(classes[:place])[number] for place, number in ends))

    @cached_property
    def ngram(self) -> Ngram:
        """What guides the search."""
        return self.kinds[0].ngram

    @property
    def lexicon(self) -> Lexicon:
        """Which words are usual, of whatever kind."""
        return self.kinds[0].lexicon

    def _gain(self, word: bytes) -> tuple[float, ...]:
        """By how many nats each kind thinks more of a word than what guides the search.

        Of a kind, a word is drawn from the lexicon or spelled by the n-grams: it gains by how
        often it is met, and one that is not in the lexicon loses next to nothing.
        """
        drawn = self.settings.lexicon
        if not word:  # two hyphens in a row
            return (math.log1p(-drawn),) * len(self.kinds)
        text, symbols = self.alphabet.decode(word), self._symbols_of(word)
        spelled = [kind.ngram.log_probability(symbols) for kind in self.kinds]
        shares = [kind.lexicon.share(text) for kind in self.kinds]
        # A word in no lexicon may be so long that its probability is below the least float.
        ratios = [s and s / math.exp(nats) for s, nats in zip(shares, spelled, strict=True)]
        return tuple(
            nats - spelled[0] + math.log1p(drawn * (ratio - 1))
            for nats, ratio in zip(spelled, ratios, strict=True)
        )

    def _row(self, word: bytes) -> NDArray[np.float64]:
        node = self.ngram.end(bytes([EDGE]) + self._symbols_of(word))
        weights, added = self._linear
        nats: NDArray[np.float64] = self.ngram.log_shares(node).take(self._symbols, mode="clip")
        return weights * nats + added

    def _symbols_of(self, word: bytes) -> bytes:
        """A word in the n-grams' symbols; what they do not know is left out."""
        return word.translate(*self._known)

    @cached_property
    def _rows(self) -> dict[bytes, NDArray[np.float64]]:
        return {}

    @cached_property
    def _gained(self) -> dict[bytes, tuple[float, ...]]:
        return {}

    @cached_property
    def _symbols(self) -> NDArray[np.intp]:
        """(C,) the n-grams' symbol of each class; the end and what parts words are their edge."""
        known = {char: number + 1 for number, char in enumerate(self.ngram.characters)}
        known |= dict.fromkeys(FOLLOWERS, EDGE)
        unknown = len(self.ngram.characters) + 1
        return np.array([EDGE, *(known.get(char, unknown) for char in self.alphabet.characters)])

    @cached_property
    def _linear(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(C,) what the n-grams' nats of each class are multiplied by, and what is added."""
        known = self._symbols <= len(self.ngram.characters)
        weights = np.where(known, self.settings.language, 0.0)
        factors = self._factors * np.where(known, 1, UNKNOWN)
        added: NDArray[np.float64] = self.settings.language * np.log(factors)
        added[BLANK + 1 :] += self.settings.letter
        return weights, added

    @cached_property
    def _known(self) -> tuple[bytes, bytes]:
        """A table from classes to symbols, and the classes that have none."""
        table = np.zeros(256, np.uint8)
        table[: len(self._symbols)] = self._symbols
        unknown = np.flatnonzero(self._symbols > len(self.ngram.characters))
        return table.tobytes(), unknown.astype(np.uint8).tobytes()

    @cached_property
    def _factors(self) -> NDArray[np.float64]:
        """(C,) what to multiply the share of each class's symbol by."""
        return np.array([ENDS, *(FOLLOWERS.get(char, 1) for char in self.alphabet.characters)])

    @cached_property
    def _parting(self) -> tuple[bytes, bytes]:
        """A class that parts words, and a table that makes all that do the same; blanks do not."""
        found = bytes(self.alphabet.encode("".join(set(FOLLOWERS) & set(self.alphabet.characters))))
        one = found[:1] or bytes([BLANK])
        return one, bytes.maketrans(found, one * len(found))

    def _words(self, classes: bytes) -> list[bytes]:
        one, alike = self._parting
        return classes.translate(alike).split(one)
