"""A character n-gram model of words: how probable each letter is after those before it."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from hwr_core.decoding.backing import BITS, Trie
from hwr_core.decoding.score import DecodingError

EDGE = 0  # the symbol before a word's first letter and after its last
MOST = 7  # symbols of an n-gram, so that its number fits in 63 bits

Level = tuple[NDArray[np.int64], NDArray[np.float64]]  # numbers of strings, their probabilities

Words = Mapping[str, float]  # how often each is seen
KEPT = 50_000  # rows, some 20 MB

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")


def kept(rows: dict[Key, Found], key: Key, make: Callable[[Key], Found]) -> Found:
    """What was made of `key`, made once; `rows` are emptied before they take much memory."""
    row = rows.get(key)
    if row is None:
        if len(rows) > KEPT:
            rows.clear()
        row = rows[key] = make(key)
    return row


@dataclass(frozen=True, eq=False)
class Ngram:
    """A trie of n-grams, level by level, each level in alphabetical order; node 0 is its root.

    A node is a string of symbols, and holds the probability of its last one after the others.
    Strings that are not in the trie have their shorter end's probability, lowered so that the
    probabilities after any string sum to one (backing off, Katz 1987).
    """

    characters: str  # character i is symbol i + 1
    order: int  # symbols of the longest string, at least 1
    symbols: bytes  # (N,) the last symbol of each node
    children: NDArray[np.uint8]  # (N,) how many strings go on from each
    log_probs: NDArray[np.float32]  # (N,) nats

    @cached_property
    def _firsts(self) -> list[int]:
        """The first child of each node, and N."""
        return [1, *(1 + np.cumsum(self.children, dtype=np.int64)).tolist()]

    @cached_property
    def _nats(self) -> memoryview:
        return self.log_probs.data  # of an array itself, one number takes twice as long

    @cached_property
    def backing_off(self) -> tuple[memoryview, memoryview]:
        """The node that each backs off to, and the nats that this lowers probabilities by."""
        shares = np.exp(self.log_probs.astype(np.float64))
        trie = Trie(np.frombuffer(self.symbols, np.uint8), self.children, shares)
        ends, nats = trie.backed_off(self._uniform)
        return ends.data, nats.data

    @property
    def _uniform(self) -> float:
        return 1 / (len(self.characters) + 1)

    @cached_property
    def _known(self) -> dict[int, NDArray[np.float64]]:
        """What `log_shares` has found so far; filled by the names that are read."""
        return {}

    def after(self, word: bytes) -> NDArray[np.float64]:
        """The probability of each symbol after the beginning of a `word`, (V + 1,), sum 1."""
        return np.exp(self.log_shares(self.end(bytes([EDGE]) + word)))

    def log_shares(self, node: int) -> NDArray[np.float64]:
        """The nats of each symbol after the string of a node, (V + 1,)."""
        return kept(self._known, node, self._row)

    def end(self, string: bytes) -> int:
        """The node of the longest end of a string that is in the trie; the root, if none is."""
        return self.walk(0, string)[0]

    def walk(self, node: int, string: bytes) -> tuple[int, float]:
        """The node that a string leads to from a node, and the string's nats there.

        Nodes are the states of an automaton, and those they back off to its failure links (Aho
        and Corasick 1975): the node found is the longest end of all that was gone through.
        Quicker than `log_shares`, which finds what no string goes on with, too.
        """
        total, find, firsts, (ends, nats) = 0.0, self.symbols.find, self._firsts, self.backing_off
        for symbol in string:
            while (child := find(symbol, firsts[node], firsts[node + 1])) < 0 and node:
                total += nats[node]
                node = ends[node]
            total += self._nats[child] if child > 0 else nats[0] + math.log(self._uniform)
            node = max(child, 0)
        return node, total

    def log_probability(self, word: bytes) -> float:
        """Nats of a whole word with its end."""
        edge = bytes([EDGE])
        return self.walk(self.end(edge), word + edge)[1]

    def cut(self, order: int) -> Ngram:
        """The same model without its longer strings; shorter ones keep their probabilities."""
        ends = [1]  # of each level, from the root's on
        while len(ends) <= order:
            ends.append(self._firsts[ends[-1]])
        end, children = ends[-1], self.children.copy()
        children[ends[-2] :] = 0
        return Ngram(
            self.characters, order, self.symbols[:end], children[:end], self.log_probs[:end]
        )

    def _row(self, node: int) -> NDArray[np.float64]:
        ends, nats = self.backing_off
        size = len(self.characters) + 1
        row = self.log_shares(ends[node]) if node else np.full(size, math.log(self._uniform))
        row = row + nats[node]
        children = slice(*self._firsts[node : node + 2])
        row[np.frombuffer(self.symbols[children], np.uint8)] = self.log_probs[children]
        return row


def encode(text: str, characters: str) -> bytes:
    """The symbols of a text.

    Raises:
        DecodingError: a character is not among the characters.
    """
    if unknown := sorted(set(text) - set(characters)):
        message = f"{text!r} has {unknown}; the language model knows {characters!r}"
        raise DecodingError(message)
    return bytes(characters.index(character) + 1 for character in text)


def train(words: Words, characters: str, order: int = 6, least: float = 0.0) -> Ngram:
    """Count n-grams and smooth them (Witten & Bell 1991: interpolated, by kinds of followers).

    Of the c times that a string was followed by any of t kinds of symbols, t count as new to
    it: P(x | h) = (c(hx) + t(h) P(x | h')) / (c(h) + t(h)), where h' is h without its first.

    Args:
        words: how often each is seen; counts of people are best tempered, for the many who bear
            one name tell nothing of others.
        characters: of all words.
        order: symbols of an n-gram, 1 to 7.
        least: n-grams seen less often are left out, and backed off to; the rest keeps its sums.

    Raises:
        DecodingError: no word, an unknown character, or an order that is not 1 to 7.
    """
    if not 1 <= order <= MOST or not words:
        message = f"expected words and an order of 1 to {MOST}, got {len(words)} and {order}"
        raise DecodingError(message)
    stream, depth, weight = _stream(words, characters)
    numbers = np.zeros(len(stream), np.int64)
    shorter, shares = np.zeros(1, np.int64), np.full(1, 1 / (len(characters) + 1))
    levels: list[Level] = []
    for n in range(1, order + 1):
        numbers |= np.roll(stream, n - 1) << (BITS * (n - 1))
        long = depth >= n - 1
        strings, counts = _counts(numbers[long], weight[long])
        shorter, shares = strings, _smoothed(strings, counts, n, shorter, shares)
        enough = (counts >= least) | (n == 1)
        levels.append((strings[enough], shares[enough]))
    return trie(levels, characters)


def _stream(
    words: Words, characters: str
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """All words end to end, each between edges: symbols, symbols before each, how often.

    The edge before a word is no event; -1 symbols lie before it.
    """
    coded = [bytes([EDGE]) + encode(word, characters) + bytes([EDGE]) for word in words]
    lengths = np.array([len(word) for word in coded])
    stream = np.frombuffer(b"".join(coded), np.uint8).astype(np.int64)
    depth = np.arange(len(stream)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    depth[depth == 0] = -1
    counts = np.array(list(words.values()), np.float64)
    return stream, depth, np.repeat(counts, lengths)


def _counts(
    numbers: NDArray[np.int64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The different strings in order, and how often each was seen."""
    strings, places = np.unique(numbers, return_inverse=True)
    return strings, np.bincount(places, weight, len(strings)).astype(np.float64)


def _smoothed(
    strings: NDArray[np.int64],
    counts: NDArray[np.float64],
    n: int,
    shorter: NDArray[np.int64],
    shares: NDArray[np.float64],
) -> NDArray[np.float64]:
    """P(x | h) of the strings hx of n symbols, from those one shorter."""
    _, places = np.unique(strings >> BITS, return_inverse=True)
    total, kinds = np.bincount(places, counts)[places], np.bincount(places)[places]
    ending = strings & ((1 << (BITS * (n - 1))) - 1)
    below = shares[np.searchsorted(shorter, ending)] if n > 1 else shares[0]
    smoothed: NDArray[np.float64] = (counts + kinds * below) / (total + kinds)
    return smoothed


def trie(levels: list[Level], characters: str) -> Ngram:
    """Strings of 1, 2, ... symbols in order, and their probabilities, as one model."""
    below = [np.zeros(1, np.int64), *(strings for strings, _ in levels)]
    children = [
        np.bincount(np.searchsorted(parents, strings >> BITS), minlength=len(parents))
        for parents, strings in pairwise(below)
    ]
    last = np.zeros(len(below[-1]), np.int64)
    return Ngram(
        characters,
        len(levels),
        np.concatenate(below).astype(np.uint8).tobytes(),  # the lowest bits
        np.concatenate([*children, last]).astype(np.uint8),
        np.log(np.concatenate([np.ones(1), *(shares for _, shares in levels)])).astype(np.float32),
    )
