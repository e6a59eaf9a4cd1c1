"""Backing off: what a trie of n-grams says of symbols that never followed a string (Katz 1987)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

BITS = 8  # of one symbol in the number of an n-gram
NEVER = 1e-12  # a share; less is left by rounding


@dataclass(frozen=True, eq=False)
class Trie:
    """Strings of symbols as nodes, level by level, each level in alphabetical order.

    The first node is the root, and each holds the share of its string's last symbol among all
    that follow the others.
    """

    symbols: NDArray[np.uint8]  # (N,) the last symbol of each node
    children: NDArray[np.uint8]  # (N,) how many strings go on from each
    shares: NDArray[np.float64]  # (N,) 0 to 1

    def backed_off(self, uniform: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Where each node backs off to, and the nats by which it lowers what follows there.

        A string backs off to its longest other end in the trie. What its children leave of 1 is
        shared among the symbols that no child has as they are shared after that end.

        Args:
            uniform: the share of each symbol where nothing is known, which the root backs off to.

        Returns:
            (N,) nodes, the root's itself; (N,) nats.
        """
        ends, nats = np.zeros(len(self.symbols), np.int64), np.zeros(len(self.symbols))
        above = slice(0, 1)
        while (level := self._below(above)).stop > level.start:
            parents, symbols = self._parents[level], self.symbols[level]
            lower = np.full(len(symbols), uniform)
            if above.start:
                ends[level], lower = self._found(ends[parents], symbols, ends, nats, uniform)
            of, size = parents - above.start, above.stop - above.start
            left = 1 - np.bincount(of, self.shares[level], size)
            missed = 1 - np.bincount(of, lower, size)
            asked = missed > NEVER  # where every symbol is a child's, nobody asks
            nats[above] = np.log(
                np.where(asked, np.maximum(left, NEVER) / np.maximum(missed, NEVER), 1)
            )
            above = level
        return ends, nats

    def _found(
        self,
        after: NDArray[np.int64],
        symbols: NDArray[np.uint8],
        ends: NDArray[np.int64],
        nats: NDArray[np.float64],
        uniform: float,
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The nodes (n,) of symbols after nodes, or after where these back off to; their shares."""
        after, lowered = after.copy(), np.zeros(len(after))
        found = self._child(after, symbols)
        # Counts know each end of a string they know; a file of another tool may lack one.
        while (lost := (found == 0) & (after > 0)).any():
            lowered[lost] += nats[after[lost]]
            after[lost] = ends[after[lost]]
            found[lost] = self._child(after[lost], symbols[lost])
        known = np.where(found > 0, self.shares[found], np.exp(nats[0]) * uniform)
        return found, np.exp(lowered) * known

    def _child(self, nodes: NDArray[np.int64], symbols: NDArray[np.uint8]) -> NDArray[np.int64]:
        """The child (n,) of each node that ends with a symbol; 0 where there is none."""
        wanted = nodes << BITS | symbols
        places = np.searchsorted(self._keys, wanted).clip(max=len(self._keys) - 1)
        return np.where(self._keys[places] == wanted, places + 1, 0)

    def _below(self, level: slice) -> slice:
        """The children of a level's nodes."""
        return slice(level.stop, level.stop + int(self.children[level].sum(dtype=np.int64)))

    @cached_property
    def _parents(self) -> NDArray[np.int64]:
        """(N,) the parent of each node; the root's is itself."""
        return np.append(0, np.repeat(np.arange(len(self.children)), self.children))

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        """(N - 1,) parent and symbol of each node but the root, as one number; they rise."""
        return (self._parents << BITS | self.symbols)[1:]
