"""Words that people bear as names: how often each is met, and how it is written."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hwr_core.decoding.score import DecodingError


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Folded words in order with their shares, and the accented forms that some are written in."""

    words: list[str]  # sorted, different
    log_shares: NDArray[np.float32]  # nats, of all words met
    accented: Mapping[str, str]  # folded word -> its usual form with accents, in small letters

    @classmethod
    def of(cls, counts: Mapping[str, float], accented: Mapping[str, str] | None = None) -> Lexicon:
        """A lexicon of folded words, by how often each is met.

        Raises:
            DecodingError: there is no word, or a count is not above 0.
        """
        words = sorted(counts)
        shares = np.array([counts[word] for word in words], float)
        if not words or not (shares > 0).all():
            message = "expected a lexicon of at least one word, each met more than 0 times"
            raise DecodingError(message)
        return cls(words, np.log(shares / shares.sum()).astype(np.float32), accented or {})

    def share(self, word: str) -> float:
        """How often a folded word is met among all, 0 to 1; 0 for a word that is not here."""
        place = bisect_left(self.words, word)
        if place == len(self.words) or self.words[place] != word:
            return 0.0
        return float(self._shares[place])

    def has(self, text: str) -> bool:
        """Whether all words of a folded text are here."""
        return all(map(self.share, re.split("[ -]", text)))

    @cached_property
    def _shares(self) -> NDArray[np.float32]:
        shares: NDArray[np.float32] = np.exp(self.log_shares)
        return shares
