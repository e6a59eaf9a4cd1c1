"""Choosing the weights of language model and lexicon, by rescoring what a wide search found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from hwr_core.alphabet import Alphabet
from hwr_core.decoding.beam import search
from hwr_core.decoding.condense import condense
from hwr_core.decoding.folding import fold_lattice
from hwr_core.decoding.fusion import DecodingSettings, Knowledge
from hwr_core.evaluation.cases import Case
from hwr_core.language import Language
from hwr_core.spelling import fold

WIDE = 32  # texts a search; two searches a case, with and without advice
LANGUAGE = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
LETTER = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)  # nats a letter, per unit of the language weight
LEXICON = (0.0, 0.3, 0.6, 0.9)
LOSS = 0.005  # share of the names outside the lexicon that may be lost at most


@dataclass(frozen=True, eq=False)
class Lists:
    """N cases, their M texts each (fewer are padded), and what speaks for each text."""

    picture: NDArray[np.float64]  # (N, M) nats; -inf pads
    language: NDArray[np.float64]  # (N, M) nats, not weighted
    letters: NDArray[np.float64]  # (N, M) characters
    lexicon: NDArray[np.float64]  # (LEXICON, N, M) nats that each share of the lexicon adds
    right: NDArray[np.bool_]  # (N, M)
    known: NDArray[np.bool_]  # (N,) whether the lexicon has all words of the truth
    weight: NDArray[np.float64]  # (N,) of each case in the mean

    def part(self, cases: NDArray[np.bool_]) -> Lists:
        """Some of the cases."""
        return Lists(
            self.picture[cases],
            self.language[cases],
            self.letters[cases],
            self.lexicon[:, cases],
            self.right[cases],
            self.known[cases],
            self.weight[cases],
        )

    def exact(self, settings: DecodingSettings) -> NDArray[np.bool_]:
        """(N,) whether the best text of each case is right."""
        advice = self.language + self.lexicon[LEXICON.index(settings.lexicon)]
        scores = self.picture + settings.language * advice + settings.letter * self.letters
        best = scores.argmax(axis=1)
        right: NDArray[np.bool_] = self.right[np.arange(len(best)), best]
        return right


def choose(lists: Lists, lexicon: Sequence[float] = LEXICON) -> DecodingSettings:
    """The weights with most names right that lose at most `LOSS` outside the lexicon.

    Args:
        lists: to choose on, never to be judged on.
        lexicon: the shares to choose from.
    """
    plain = lists.exact(DecodingSettings())
    outside = ~lists.known
    least = plain[outside].mean() - LOSS if outside.any() else 0.0
    best, settings = -1.0, DecodingSettings()
    for language, letter, share in product(LANGUAGE, LETTER, lexicon):
        tried = DecodingSettings(language=language, letter=letter * language, lexicon=share)
        exact = lists.exact(tried)
        mean = float(np.average(exact, weights=lists.weight))
        if mean > best and (not outside.any() or exact[outside].mean() >= least):
            best, settings = mean, tried
    return settings


def lists(cases: Sequence[Case], letters: Alphabet, language: Language) -> Lists:
    """Search each case widely; one store, one kind of writing, weighs as much as another.

    Args:
        cases: of any stores.
        letters: the alphabet as written.
        language: to weigh.
    """
    guide = DecodingSettings(language=0.4, letter=0.8, lexicon=0.6)
    advised = Knowledge(language.kinds, letters.folded, guide)
    shares = [replace(advised, settings=_only(share)) for share in LEXICON]
    found = [_texts(case, letters, advised) for case in cases]
    shape = len(cases), max(map(len, found))
    picture, spoken, lengths = np.full(shape, -np.inf), np.zeros(shape), np.zeros(shape)
    lexicon, right = np.zeros((len(LEXICON), *shape)), np.zeros(shape, bool)
    for number, (case, texts) in enumerate(zip(cases, found, strict=True)):
        row = slice(len(texts))
        picture[number, row] = list(texts.values())
        spoken[number, row] = [shares[0].spelled(text) for text in texts]
        lengths[number, row] = list(map(len, texts))
        lexicon[:, number, row] = [[each.final(text) for text in texts] for each in shares]
        right[number, row] = [fold(letters.folded.decode(text)) == case.truth for text in texts]
    known = np.array([case.in_lexicon(language.lexicon, letters) for case in cases])
    names = [case.store for case in cases]
    weight = np.array([1 / names.count(name) for name in names])
    return Lists(picture, spoken, lengths, lexicon, right, known, weight)


def _only(share: float) -> DecodingSettings:
    """The lexicon's say at its full weight."""
    return DecodingSettings(language=1.0, lexicon=share)


def _texts(case: Case, letters: Alphabet, advised: Knowledge) -> dict[bytes, float]:
    """What is found with advice and without, and how probable it is to the picture, nats."""
    lattice = condense(fold_lattice(case.log_probs, letters)).log_probs
    found = (*search(lattice, WIDE), *search(lattice, WIDE, advised))
    return {candidate.classes: candidate.log_probability for candidate in found}
