"""New texts like the labels of a data set, spelled letter by letter as its n-grams go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from hwr_core.data.samples import DataError
from hwr_core.data.store import Store
from hwr_core.decoding.ngram import EDGE, Ngram, train

ORDER = 6  # of DHSD's street names 5 give "Schlüßstraße" and 6 "Möllnitzer Dorfstraße"


@dataclass(frozen=True)
class Likeness:
    """Draws texts that could be labels of a set; some are."""

    ngram: Ngram

    @classmethod
    def of(cls, labels: Iterable[str]) -> Self:
        """The likeness of these labels, at least one."""
        counts = Counter(labels)
        return cls(train(counts, "".join(sorted(set().union(*counts))), ORDER))

    @classmethod
    def load(cls, path: Path) -> Self:
        """The likeness of a store's training labels; those of other splits are not looked at.

        Raises:
            DataError: no store there, without training pictures, or with folded labels.
        """
        store = Store.open(path)
        rows = store.rows("train").tolist()
        labels, folded = store.column("label"), store.column("folded")
        if any(folded[row] for row in rows):
            message = f"{path}: its labels are folded; texts are drawn as written, name another"
            raise DataError(message)
        return cls.of(labels[row] for row in rows)

    def draw(self, rng: np.random.Generator) -> str:
        """A text of any length."""
        symbols = b""
        while True:
            shares = self.ngram.after(symbols)  # (V + 1,)
            drawn = int(np.searchsorted(shares.cumsum(), rng.random() * shares.sum(), "right"))
            if drawn == EDGE:
                return "".join(self.ngram.characters[symbol - 1] for symbol in symbols)
            symbols += bytes([drawn])
