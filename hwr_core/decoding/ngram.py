"""A character n-gram model of names: how probable each letter is after those before it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from hwr_core.decoding.score import DecodingError

EDGE = 0  # the symbol before a word's first letter and after a text's last
SEPARATORS = " -"  # a new word begins after them, whatever came before
BITS = 8  # of one symbol in the number of an n-gram
MOST = 7  # symbols of an n-gram, so that its number fits in 63 bits

Texts = Mapping[str, float]  # how often each is seen


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
    def _shares(self) -> NDArray[np.float64]:
        return np.exp(self.log_probs.astype(np.float64))

    @cached_property
    def _known(self) -> dict[bytes, NDArray[np.float64]]:
        """What `after` has found so far; it fills up with the strings of the names that are read."""
        return {}

    def after(self, word: bytes) -> NDArray[np.float64]:
        """The probability of each symbol after the beginning of a `word`, (V + 1,), sum 1."""
        return self._row((bytes([EDGE]) + word)[-(self.order - 1) :] if self.order > 1 else b"")

    def _row(self, history: bytes) -> NDArray[np.float64]:
        row = self._known.get(history)
        if row is None:
            if len(self._known) > 50_000:  # some 20 MB
                self._known.clear()
            row = self._known[history] = self._backed_off(history)
        return row

    def _backed_off(self, history: bytes) -> NDArray[np.float64]:
        size = len(self.characters) + 1
        shorter = self._row(history[1:]) if history else np.full(size, 1 / size)
        node = self.node(history)
        first, end = self._firsts[node : node + 2] if node is not None else (0, 0)
        if first == end:
            return shorter
        seen = np.frombuffer(self.symbols, np.uint8, end - first, first)
        shares = self._shares[first:end]
        unseen = 1 - float(shorter[seen].sum())
        if unseen < 1e-9:  # every symbol was seen here
            shares = shares / shares.sum()
        row = shorter * (max(0.0, 1 - float(shares.sum())) / max(unseen, 1e-9))
        row[seen] = shares
        return row

    def node(self, string: bytes) -> int | None:
        """The node of a string of symbols, if it is in the trie."""
        node = 0
        for symbol in string:
            node = self.symbols.find(symbol, *self._firsts[node : node + 2])
            if node < 0:
                return None
        return node

    def log_probability(self, text: str) -> float:
        """Nats of a whole text with its end.

        Raises:
            DecodingError: a character the model does not know.
        """
        classes = encode(text, self.characters)
        rows = (self.after(word_of(classes[:i], self.separators)) for i in range(len(classes) + 1))
        ends = (*classes, EDGE)
        return sum(math.log(row[symbol]) for row, symbol in zip(rows, ends, strict=True))

    @cached_property
    def separators(self) -> bytes:
        """The symbols after which a word begins."""
        return bytes(self.characters.index(c) + 1 for c in SEPARATORS if c in self.characters)


def encode(text: str, characters: str) -> bytes:
    """The symbols of a text.

    Raises:
        DecodingError: a character is not among the characters.
    """
    if unknown := sorted(set(text) - set(characters)):
        message = f"{text!r} has {unknown}; the language model knows {characters!r}"
        raise DecodingError(message)
    return bytes(characters.index(character) + 1 for character in text)


def word_of(symbols: bytes, separators: bytes) -> bytes:
    """The symbols after the last separator."""
    return symbols[max((symbols.rfind(s) for s in separators), default=-1) + 1 :]


def train(texts: Texts, characters: str, order: int = 6, least: float = 0.0) -> Ngram:
    """Count n-grams and smooth them (Witten & Bell 1991: interpolated, by kinds of followers).

    Of the c times that a string was followed by any of t kinds of symbols, t count as new to
    it: P(x | h) = (c(hx) + t(h) P(x | h')) / (c(h) + t(h)), where h' is h without its first.

    Args:
        texts: how often each is seen; names people bear often tell little more than rare ones,
            so counts are best tempered.
        characters: of all texts.
        order: symbols of an n-gram, 1 to 7.
        least: n-grams seen less often are left out, and backed off to; the rest keeps its sums.

    Raises:
        DecodingError: no text, an unknown character, or an order that is not 1 to 7.
    """
    if not 1 <= order <= MOST or not texts:
        message = f"expected texts and an order of 1 to {MOST}, got {len(texts)} and {order}"
        raise DecodingError(message)
    stream, depth, weight = _stream(texts, characters)
    shares = np.full(1, 1 / (len(characters) + 1))  # of the strings one shorter, at first of none
    kept, numbers = [np.zeros(1, np.int64)], np.zeros(len(stream), np.int64)
    levels: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = []
    shorter = kept[0]
    for n in range(1, order + 1):
        numbers |= np.roll(stream, n - 1) << (BITS * (n - 1))
        strings, counts = _counts(numbers[depth >= n - 1], weight[depth >= n - 1])
        shares = _smoothed(strings, counts, n, shorter, shares)
        shorter = strings
        enough = (counts >= least) | (n == 1)
        levels.append((strings[enough], shares[enough]))
    return _trie(levels, characters)


def _stream(
    texts: Texts, characters: str
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """All words end to end, each after an edge: symbols, how many lie before each, how often.

    A name is followed by another often enough on paper, so the end shares its count with the
    separators (`FOLLOWED`). Edges before words are no events: their count is 0, their depth -1.
    """
    separators = bytes(characters.index(c) + 1 for c in SEPARATORS if c in characters)
    symbols, depths, counts = bytearray(), [], []
    for text, count in texts.items():
        whole = encode(text, characters)
        depth = 0
        symbols.append(EDGE)
        depths.append(-1)
        counts.append(0.0)
        for symbol in (*whole, EDGE):
            symbols.append(symbol)
            depth += 1
            depths.append(depth)
            counts.append(count)
            if symbol in separators:
                symbols.append(EDGE)
                depths.append(-1)
                counts.append(0.0)
                depth = 0
    stream = np.frombuffer(bytes(symbols), np.uint8).astype(np.int64)
    return stream, np.array(depths), np.array(counts)


def _counts(
    numbers: NDArray[np.int64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The different strings in order, and how often each was seen."""
    strings, places = np.unique(numbers, return_inverse=True)
    return strings, np.bincount(places, weight, len(strings))


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


def _trie(
    levels: list[tuple[NDArray[np.int64], NDArray[np.float64]]], characters: str
) -> Ngram:
    """The levels as one trie."""
    below = [np.zeros(1, np.int64), *(strings for strings, _ in levels)]
    children = [
        np.bincount(np.searchsorted(parents, strings >> BITS), minlength=len(parents))
        for parents, strings in zip(below, below[1:], strict=False)
    ]
    last = np.zeros(len(below[-1]), np.int64)
    return Ngram(
        characters,
        len(levels),
        np.concatenate(below).astype(np.uint8).tobytes(),  # the lowest bits
        np.concatenate([*children, last]).astype(np.uint8),
        np.log(np.concatenate([np.ones(1), *(shares for _, shares in levels)])).astype(np.float32),
    )
