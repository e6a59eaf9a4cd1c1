"""The letters that are taken for each other, as a matrix in which look-alikes stand together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hwr_core.evaluation.errors import NOTHING, pairs

STRENGTH = 5.0  # letters added to each letter's number: rare ones must not seem alike by chance


@dataclass(frozen=True, eq=False)
class Confusion:
    """How often each letter of the labels was read as which.

    `NOTHING` is the last row and column: a letter that was read where none is, or was not read.
    """

    letters: tuple[str, ...]  # look-alikes side by side, NOTHING last
    counts: NDArray[np.int64]  # (K, K): label, read; the diagonal was read right

    @property
    def shares(self) -> NDArray[np.float64]:
        """(K, K): the share of each letter of the labels that was read as which, 0 to 1.

        The last row, which no letter of a label leads to, is of all letters that were inserted.
        """
        totals = self.counts.sum(axis=1, keepdims=True)
        shares: NDArray[np.float64] = self.counts / np.maximum(totals, 1)
        return shares


def confusion(predictions: pd.DataFrame, found: pd.DataFrame) -> Confusion:
    """The confusions of all pictures.

    Args:
        predictions: all of them, also those read right.
        found: their `steps`.
    """
    wrong = pairs(found)
    support = Counter("".join(predictions["truth"]))
    letters = sorted({*support, *found["label"], *found["read"]} - {NOTHING})
    place = {letter: number for number, letter in enumerate([*letters, NOTHING])}
    counts = np.zeros((len(place), len(place)), np.int64)
    for label, read, number in wrong.itertuples(index=False):
        counts[place[label], place[read]] = number
    for letter, number in support.items():
        counts[place[letter], place[letter]] = number - counts[place[letter]].sum()
    order = [*arranged(counts[:-1, :-1]), len(letters)]
    return Confusion(tuple([*letters, NOTHING][k] for k in order), counts[np.ix_(order, order)])


def arranged(counts: NDArray[np.int64]) -> list[int]:
    """An order of K letters in which those taken for each other most are neighbours.

    The likest two are joined first, then the likest ends of the chains there are, until one chain
    is left: a path through the strongest links, as Kruskal's tree is a tree of them.

    Args:
        counts: (K, K) label, read.
    """
    chains = {number: [number] for number in range(len(counts))}
    for left, right in _links(counts):
        one, other = chains[left], chains[right]
        if one is not other and left in (one[0], one[-1]) and right in (other[0], other[-1]):
            joined = _joined(one, other, left, right)
            chains.update(dict.fromkeys(joined, joined))
    return next(iter(chains.values()), [])


def _links(counts: NDArray[np.int64]) -> Sequence[tuple[int, int]]:
    """All pairs of letters, the likest first."""
    totals = counts.sum(axis=1) + STRENGTH
    likeness = (counts + counts.T) / np.sqrt(np.outer(totals, totals))  # (K, K)
    links = combinations(range(len(counts)), 2)
    return sorted(links, key=lambda link: -likeness[link])


def _joined(one: list[int], other: list[int], left: int, right: int) -> list[int]:
    """Two chains as one, with the ends `left` and `right` side by side."""
    first = one if one[-1] == left else one[::-1]
    second = other if other[0] == right else other[::-1]
    return [*first, *second]
