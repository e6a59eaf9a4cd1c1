"""N-gram models in the ARPA format, as SRILM and KenLM write them: a character is a word there."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

import numpy as np

from hwr_core.decoding.backing import BITS
from hwr_core.decoding.ngram import EDGE, MOST, Level, Ngram, encode, trie
from hwr_core.decoding.score import DecodingError

BEGIN, END, UNKNOWN, SPACE = "<s>", "</s>", "<unk>", "<space>"
NEVER = -99.0  # what the format has for the logarithm of 0


def dump(model: Ngram) -> Iterator[str]:
    """The lines of a model: base-10 logarithms, a back-off weight for all but the longest."""
    levels = list(_levels(model))
    yield "\\data\\"
    for n, strings in enumerate(levels, start=1):
        yield f"ngram {n}={len(strings) + (n == 1)}"
    for n, strings in enumerate(levels, start=1):
        yield f"\n\\{n}-grams:"
        if n == 1:
            yield f"{NEVER}\t{BEGIN}\t{_back_off(model, model.end(bytes([EDGE]))):.9f}"
        for node, string in strings:
            value = float(model.log_probs[node]) / math.log(10)  # float32 would round it again
            last = n == model.order or string[-1] == EDGE
            weight = "" if last else f"\t{_back_off(model, node):.9f}"
            yield f"{value:.12f}\t{' '.join(_words(string, model.characters))}{weight}"
    yield "\n\\end\\"


def load(lines: Iterable[str], characters: str) -> Ngram:
    """A model from its lines; back-off weights follow from the probabilities and are not read.

    Args:
        lines: of the file; words of one character, `<s>`, `</s>`, `<space>`, and `<unk>`, which
            is left out.
        characters: of the model; those without a unigram share what the others leave.

    Raises:
        DecodingError: a line that is none of the format's, or whose n-gram goes on from none
            of the file's, by its number; no n-gram.
    """
    found: list[dict[int, float]] = []
    for number, raw in enumerate(lines, start=1):
        line = raw.strip()
        if re.fullmatch(r"\\\d+-grams:", line):
            found.append({})
        elif line == "\\end\\":
            break
        elif found and line:
            _take(line, number, found, characters)
    if not found or not found[0] or len(found) > MOST:
        message = f"expected an ARPA file of 1- to {MOST}-grams, got {len(found)} kinds"
        raise DecodingError(message)
    return trie([_level(strings) for strings in found], characters)


def _take(line: str, number: int, found: list[dict[int, float]], characters: str) -> None:
    """Read one n-gram into the last of those `found`."""
    order = len(found)
    value, *words = line.split()
    try:
        share = 10 ** float(value)
        fits = len(words) in {order, order + 1} and 0 < share <= 1
        if fits and (UNKNOWN in words[:order] or words[order - 1] == BEGIN):
            return
        float(words[order] if len(words) > order else 0)  # a back-off weight is a number
        symbols = [_symbol(word, characters) for word in words[:order]]
    except (ValueError, IndexError, OverflowError):
        fits = False
    if not fits:
        message = (
            f"line {number}: expected a logarithm from -99 to 0, {order} characters and perhaps "
            f"a back-off weight, got {line!r}"
        )
        raise DecodingError(message)
    string = int.from_bytes(symbols)
    if order > 1 and string >> BITS not in found[-2]:
        message = f"line {number}: {line!r} goes on from no n-gram of the file; list that one, too"
        raise DecodingError(message)
    found[-1][string] = share


def _symbol(word: str, characters: str) -> int:
    if word in {BEGIN, END}:
        return EDGE
    [symbol] = encode(" " if word == SPACE else word, characters)  # longer words: a ValueError
    return symbol


def _level(strings: dict[int, float]) -> Level:
    numbers = np.array(sorted(strings), np.int64)
    return numbers, np.array([strings[number] for number in numbers.tolist()])


def _levels(model: Ngram) -> Iterator[list[tuple[int, bytes]]]:
    """The nodes of each level with their strings."""
    level, first = [(0, b"")], 1
    for _ in range(model.order):
        below: list[tuple[int, bytes]] = []
        for node, string in level:
            children = range(first, first + int(model.children[node]))
            below += [(child, string + model.symbols[child : child + 1]) for child in children]
            first += int(model.children[node])
        yield below
        level = below


def _back_off(model: Ngram, node: int) -> float:
    """The base-10 logarithm of what a node's string backs off with."""
    return model.backing_off[1][node] / math.log(10)


def _words(string: bytes, characters: str) -> Iterator[str]:
    for place, symbol in enumerate(string):
        if symbol == EDGE:
            yield BEGIN if place == 0 and len(string) > 1 else END
        else:
            character = characters[symbol - 1]
            yield SPACE if character == " " else character
