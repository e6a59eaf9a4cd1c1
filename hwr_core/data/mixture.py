"""Several stores as one: their rows numbered through, and how often an epoch passes each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hwr_core.data.samples import DataError
from hwr_core.data.store import Store
from hwr_core.picture import PictureSpec


@dataclass(frozen=True)
class Mixture:
    """Stores of one canvas; row r of store s is row `starts[s] + r` of the mixture."""

    stores: tuple[Store, ...]

    @classmethod
    def open(cls, paths: Sequence[Path], spec: PictureSpec) -> Mixture:
        """Map the stores.

        Raises:
            DataError: one is no store, or not of the canvas `spec`.
        """
        return cls(tuple(Store.open(path).of(spec) for path in paths))

    @cached_property
    def starts(self) -> list[int]:
        """The first row of each store, and behind the last one the number of all."""
        return list(accumulate((len(store.index) for store in self.stores), initial=0))

    @cached_property
    def widths(self) -> NDArray[np.int32]:
        """The width of every strip, pixels."""
        return np.concatenate([store.widths for store in self.stores])

    @property
    def height(self) -> int:
        """The height of every strip, pixels."""
        return self.stores[0].spec.height

    @property
    def digests(self) -> dict[str, str]:
        """SHA-256 of the strips and labels of each store."""
        return {str(store.path): store.digest for store in self.stores}

    @property
    def identities(self) -> dict[str, str]:
        """What tells each store from one that was prepared anew with other pictures or splits."""
        return {str(store.path): store.identity for store in self.stores}

    def column(self, name: str) -> list[Any]:
        """One column of the indices, a value a row."""
        return [value for store in self.stores for value in store.column(name)]

    def strip(self, row: int) -> NDArray[np.uint8]:
        """(H, W) uint8, 0 paper to 255 ink, a view of the mapped file."""
        number = bisect_right(self.starts, row) - 1
        return self.stores[number].strip(row - self.starts[number])

    def rows(self, split: str) -> list[NDArray[np.int64]]:
        """The rows of a split, an array a store; a store without it has an empty one.

        Raises:
            DataError: no store has such a split.
        """
        found = [
            start + np.flatnonzero(np.array(store.column("split")) == split)
            for start, store in zip(self.starts, self.stores, strict=False)
        ]
        if not any(map(len, found)):
            every = ", ".join(str(store.path) for store in self.stores)
            message = f"no split {split!r} in {every}; prepare a store that has it"
            raise DataError(message)
        return found


def epoch_rows(
    stores: Sequence[NDArray[np.int64]], passes: Sequence[float], seed: int, epoch: int
) -> NDArray[np.int64]:
    """The rows of one epoch: from each store the next window of its endless stream.

    A store's stream is one shuffled pass after the other, so every row comes once before any
    comes twice, however short its share of an epoch is.

    Args:
        stores: the training rows of each store.
        passes: how often an epoch passes each store; 0.1 takes a tenth of it.
        seed: of the run.
        epoch: counted from 0.
    """
    windows = []
    for number, (rows, share) in enumerate(zip(stores, passes, strict=True)):
        size = round(share * len(rows))
        windows.append(_window(rows, epoch * size, (epoch + 1) * size, (seed, number)))
    return np.concatenate(windows)


def _window(
    rows: NDArray[np.int64], first: int, last: int, seed: tuple[int, int]
) -> NDArray[np.int64]:
    """The part from `first` to `last` of the endless stream of shuffled passes over `rows`."""
    if first == last:
        return rows[:0]
    passes = range(first // len(rows), -(-last // len(rows)))
    stream = [np.random.default_rng((*seed, number)).permutation(rows) for number in passes]
    skip = first - passes.start * len(rows)
    return np.concatenate(stream)[skip : skip + last - first]
