"""Labelled lattices of development pictures: what decoding is tuned and compared on."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hwr_core.alphabet import Alphabet
from hwr_core.data.store import Store
from hwr_core.decoding.lexicon import Lexicon
from hwr_core.evaluation.predictions import strip_of
from hwr_core.recognizer import Recognizer
from hwr_core.spelling import fold

FOLDS = 5
SEED = 1  # of what is drawn from large stores


@dataclass(frozen=True, eq=False)
class Case:
    """A picture's lattice and its label."""

    log_probs: NDArray[np.float32]  # (T, C)
    label: str
    store: str
    variants: tuple[NDArray[np.float32], ...] = ()  # (T, C) each, of its copies

    @property
    def truth(self) -> str:
        """The label as readings are compared."""
        return fold(self.label)

    def in_lexicon(self, lexicon: Lexicon, letters: Alphabet) -> bool:
        """Whether all words of the label, in the letters of the search, are in a lexicon."""
        text = letters.fold_label(self.label)
        return text is not None and lexicon.has(text)

    @property
    def fold_number(self) -> int:
        """One of `FOLDS` parts; all pictures of one name are in the same."""
        return zlib.crc32(self.truth.encode()) % FOLDS


def gather(
    recognizer: Recognizer, stores: Sequence[Path], split: str, most: int, *, variants: bool = False
) -> list[Case]:
    """The cases of each store's split, `most` of it at most, drawn with a fixed seed.

    Raises:
        DataError: a store cannot be used, is of another canvas, or has no such split.
    """
    cases: list[Case] = []
    for path in stores:
        store = Store.open(path).of(recognizer.header.picture)
        rows = store.rows(split)
        if len(rows) > most:
            rows = np.sort(np.random.default_rng(SEED).choice(rows, most, replace=False))
        labels = store.column("label")
        strips = [strip_of(store.strip(row)) for row in rows.tolist()]
        lattices = recognizer.lattices(strips)
        others = recognizer.variants(strips) if variants else [()] * len(strips)
        cases += [
            Case(lattice, labels[row], path.name, tuple(copies))
            for lattice, row, copies in zip(lattices, rows.tolist(), others, strict=True)
        ]
    return cases
