"""Copiste d'un jour: words cut from texts that volunteers in Quebec copied by hand, in French."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from hwr_core.data.samples import DataError, LeftOut, Sample
from hwr_core.data.sources.labelfiles import LABELS, Row, pictures, usable
from hwr_core.spelling import written

SPLITS = {"train": "train", "dev": "validation"}
SAME_HAND = "its writer is in validation"


def samples(folder: Path, left_out: LeftOut) -> Iterator[Sample]:
    """The usable words below `folder`, in the order of labels.csv.

    Raises:
        DataError: labels.csv is missing or of another layout, or a picture is not there.
    """
    found = words(folder)
    return other_hands(usable(found, left_out), found, left_out)


def words(folder: Path) -> list[Sample]:
    """All words below `folder`, usable or not, in the order of labels.csv.

    Raises:
        DataError: labels.csv is missing or of another layout, or a picture is not there.
    """
    rows = list(pictures(folder, "text", "page", "split"))
    if unknown := {row.values["split"] for row in rows} - SPLITS.keys():
        message = f"{folder / LABELS}: the split {min(unknown)!r} is none of {', '.join(SPLITS)}"
        raise DataError(message)
    return [_sample(row) for row in rows]


def other_hands(
    samples: Iterable[Sample], found: list[Sample], left_out: LeftOut
) -> Iterator[Sample]:
    """Those for training only if their writer has none of the validation words in `found`.

    The set's own split is by page, and 12 volunteers have a page on either side.
    """
    held_out = {sample.writer for sample in found if sample.split == "validation"}
    for sample in samples:
        if sample.split == "train" and sample.writer in held_out:
            left_out.add(sample.split, SAME_HAND, sample.name)
        else:
            yield sample


def volunteer(page: str) -> str:
    """Who wrote a page: "wikitexte_0201_2.xml" is the second page of the writer of text 0201.

    Two texts were copied by two volunteers; the second one's pages are called "_double".
    """
    return re.sub(r"(_\d)?\.xml$", "", page)


def _sample(row: Row) -> Sample:
    split, writer = SPLITS[row.values["split"]], volunteer(row.values["page"])
    return Sample(row.name, row.picture, written(row.values["text"]), split, "copiste", writer)
