"""Lines of Copiste d'un jour: words that were written one after the other, joined again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hwr_core.data.samples import LeftOut, Sample
from hwr_core.data.sources import copiste
from hwr_core.data.sources.labelfiles import unusable
from hwr_core.imagefile import PictureError, open_upright

WORDS = (2, 3)  # of a phrase
# "img/imp_wikitexte_0022_000001_1.jpg" is the second word of its line.
PLACE = re.compile(r"(?P<line>.+)_(?P<number>\d+)\.\w+")
MARGIN = 8  # columns of paper behind a word, the narrowest space
COMMA = ","  # behind a name it is no part of it, and the alphabet has none


def samples(folder: Path, left_out: LeftOut) -> Iterator[Sample]:
    """Every two and three words below `folder` that follow each other in a line.

    The words were cut from their line at its full height, so that side by side they are on it
    again, in one hand.

    Raises:
        DataError: labels.csv is missing or of another layout, or a picture is not there.
    """
    found = copiste.words(folder)
    return copiste.other_hands(_phrases(found, left_out), found, left_out)


def _phrases(found: list[Sample], left_out: LeftOut) -> Iterator[Sample]:
    """The phrases of all lines."""
    for line, words in groupby(found, lambda word: _place(word)[0]):
        if not line:  # the set has names of several words ("..._n1.jpg"), cut a second time
            for word in words:
                left_out.add(word.split, "not one word of a line", word.name)
            continue
        pictures = [(word, _picture(word)) for word in words]
        for size in WORDS:
            for first in range(len(pictures) - size + 1):
                yield from _phrase(pictures[first : first + size], left_out)


def _phrase(
    parts: list[tuple[Sample, NDArray[np.uint8] | None]], left_out: LeftOut
) -> Iterator[Sample]:
    """The phrase of these words and pictures, unless there is a fault, which is counted."""
    words, pictures = zip(*parts, strict=True)
    first, name = words[0], f"{words[0].name}+{len(words) - 1}"
    label = " ".join(word.label for word in words).removesuffix(COMMA)
    if fault := _fault(words, pictures):
        left_out.add(first.split, fault, name)
        return
    yield replace(
        first, name=name, picture=np.hstack(pictures), label=label, source="copiste-phrases"
    )


def _fault(words: tuple[Sample, ...], pictures: tuple[NDArray[np.uint8] | None, ...]) -> str | None:
    """Why these words are no phrase to learn from, or None."""
    numbers = [_place(word)[1] for word in words]
    if numbers != list(range(numbers[0], numbers[0] + len(words))):
        return "a word between is missing"
    *labels, last = [word.label for word in words]
    for label in (*labels, last.removesuffix(COMMA)):
        if reason := unusable(label):
            return reason
    heights = {0 if picture is None else len(picture) for picture in pictures}
    if 0 in heights:
        return "unreadable picture"
    return "words cut at different heights" if len(heights) > 1 else None


def _place(word: Sample) -> tuple[str, int]:
    """A word's line and its number there; "" and 0 for what is no word of a line."""
    place = PLACE.fullmatch(word.name)
    return (place["line"], int(place["number"])) if place else ("", 0)


def _picture(word: Sample) -> NDArray[np.uint8] | None:
    """(H, W) a word and paper behind it, 0 ink to 255 paper; None if it cannot be read."""
    assert isinstance(word.picture, Path)  # noqa: S101 -- what `copiste.words` yields
    try:
        grey = np.asarray(open_upright(word.picture)[0].convert("L"))
    except PictureError:
        return None
    return np.pad(grey, ((0, 0), (0, MARGIN)), constant_values=255)
