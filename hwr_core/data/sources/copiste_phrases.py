"""Lines of Copiste d'un jour: words that were written one after the other, joined again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hwr_core.data.samples import LeftOut, Sample
from hwr_core.data.sources import copiste
from hwr_core.data.sources.labelfiles import unusable

WORDS = (2, 3)  # of a phrase
# "img/imp_wikitexte_0022_000001_1.jpg" is the second word of its line. The set has names of
# several words, too ("..._n1.jpg"), cut from the line a second time.
PLACE = re.compile(r"(?P<line>.+)_(?P<number>\d+)\.\w+")
MARGIN = 8  # columns of paper between two words: each was cut close to its ink
COMMA = ","  # behind a name it is no part of it, and the alphabet has none


def samples(folder: Path, left_out: LeftOut) -> Iterator[Sample]:
    """Every two and three words below `folder` that follow each other in a line.

    The words were cut from their line at its full height, so that side by side they are on it
    again, in one hand, with the spaces of that hand.

    Raises:
        DataError: labels.csv is missing or of another layout, or a picture is not there.
    """
    found = copiste.words(folder)
    apart = copiste.other_hands(filter(_place, found), found, left_out)
    for _, line in groupby(apart, lambda word: _part(word, "line")):
        words = list(line)
        for size in WORDS:
            for first in range(len(words) - size + 1):
                yield from _phrase(words[first : first + size], left_out)


def _phrase(words: list[Sample], left_out: LeftOut) -> Iterator[Sample]:
    """The phrase of these words, unless one between them is missing or cannot be learned."""
    first, last = words[0], words[-1]
    if int(_part(last, "number")) - int(_part(first, "number")) >= len(words):
        return  # a word between them is not in the set
    labels = [word.label for word in words[:-1]] + [last.label.removesuffix(COMMA)]
    name = f"{first.name}+{len(words) - 1}"
    pictures = [_with_margin(word) for word in words]
    faults = [fault for label in labels if (fault := unusable(label))]
    if len({len(picture) for picture in pictures}) > 1:
        faults.append("words cut at different heights")
    if faults:
        left_out.add(first.split, faults[0], name)
        return
    picture, label = np.hstack(pictures), " ".join(labels)
    yield replace(first, name=name, picture=picture, label=label, source="copiste-phrases")


def _place(word: Sample) -> re.Match[str] | None:
    return PLACE.fullmatch(word.name)


def _part(word: Sample, part: str) -> str:
    place = _place(word)
    return place[part] if place else ""


def _with_margin(word: Sample) -> NDArray[np.uint8]:
    """(H, W) the picture of a word and paper behind it, 0 ink to 255 paper."""
    assert isinstance(word.picture, Path)  # noqa: S101 -- what `copiste.words` yields
    with Image.open(word.picture) as picture:
        grey = np.asarray(picture.convert("L"))
    return np.pad(grey, ((0, 0), (0, MARGIN)), constant_values=255)
