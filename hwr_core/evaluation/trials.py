"""Ways of decoding that were tried and are no default: what each would gain, and cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hwr_core.alphabet import Alphabet
from hwr_core.data.composition.texts import label_counts
from hwr_core.data.vocabulary import words
from hwr_core.decoding.decode import decode
from hwr_core.decoding.fusion import DecodingSettings, Kind, Knowledge
from hwr_core.decoding.ngram import Ngram, train
from hwr_core.evaluation.cases import Case
from hwr_core.language import Language

CHANGED = {"width": (8, 16, 64), "threshold": (6.0, 8.0, 15.0, 1000.0)}  # of the search
ORDERS = (3, 4, 5)
INNER = (0.05, 0.1, 0.2)  # shares of the internal model's nats that are taken off
INNER_ORDER = 4  # symbols that a network of two layers is taken to remember of its labels
FAINTEST = 1e-6  # what it is taken never to have seen still has this probability


@dataclass(frozen=True, eq=False)
class Subtracting(Knowledge):
    """An adviser that takes off what the network itself has learned of names.

    The density ratio (McDermott et al., ASRU 2019): n-grams of the training labels stand for
    the network's own language model.
    """

    inner: Ngram
    share: float

    def _row(self, word: bytes) -> NDArray[np.float64]:
        learned = np.append(self.inner.after(self._symbols_of(word)), FAINTEST)
        nats = np.log(np.maximum(learned[self._symbols] * self._factors, FAINTEST))
        row: NDArray[np.float64] = super()._row(word) - self.share * nats
        return row


@dataclass(frozen=True, eq=False)
class Trial:
    """A way of reading lattices."""

    name: str
    alphabet: Alphabet
    settings: DecodingSettings
    knowledge: Knowledge

    def read(self, case: Case) -> str:
        """The best text, as written."""
        return decode(case.log_probs, self.alphabet, self.settings, self.knowledge).best.text


def trials(
    alphabet: Alphabet, language: Language, chosen: DecodingSettings, labels: Path
) -> Iterator[Trial]:
    """The chosen settings, and one thing changed at a time.

    Args:
        alphabet: as written.
        language: what is known of names.
        chosen: by `tune`, on all cases.
        labels: counts of the training labels.

    Raises:
        DataError: the counts are missing or damaged.
    """
    folded, every = alphabet.folded, language.kinds[0]

    def trial(
        name: str, settings: DecodingSettings, kinds: Iterable[Kind] = language.kinds
    ) -> Trial:
        return Trial(name, alphabet, settings, Knowledge(tuple(kinds), folded, settings))

    yield trial("as chosen", chosen)
    for key, values in CHANGED.items():
        for value in values:
            yield trial(f"{key} {value:g}", chosen.model_copy(update={key: value}))
    yield trial("all texts of one kind", chosen, [replace(every, share=1.0)])
    for order in ORDERS:
        shorter = (replace(kind, ngram=kind.ngram.cut(order)) for kind in language.kinds)
        yield trial(f"{order}-grams", chosen, shorter)
    yield trial("no bonus for a letter", chosen.model_copy(update={"letter": 0.0}))
    inner = train(dict(words(label_counts(labels))), folded.characters, INNER_ORDER)
    for share in INNER:
        knowledge = Subtracting(language.kinds, folded, chosen, inner, share)
        yield Trial(f"{share} of the labels' n-grams off", alphabet, chosen, knowledge)
