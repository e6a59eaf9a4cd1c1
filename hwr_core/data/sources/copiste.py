"""Copiste d'un jour: words cut from texts that volunteers in Quebec copied by hand, in French."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hwr_core.data.samples import DataError, LeftOut, Sample
from hwr_core.data.sources.labelfiles import LABELS, Row, pictures, usable
from hwr_core.spelling import written

SPLITS = {"train": "train", "dev": "validation"}
SAME_HAND = "its writer is in validation"


def samples(folder: Path, left_out: LeftOut) -> Iterator[Sample]:
    """The usable words below `folder`, in the order of labels.csv.

    The set's own split is by page, and 12 volunteers have a page on either side: what they wrote
    for training is left out.

    Raises:
        DataError: labels.csv is missing or of another layout, or a picture is not there.
    """
    rows = list(pictures(folder, "text", "page", "split"))
    if unknown := {row.values["split"] for row in rows} - SPLITS.keys():
        message = f"{folder / LABELS}: the split {min(unknown)!r} is none of {', '.join(SPLITS)}"
        raise DataError(message)
    found = [_sample(row) for row in rows]
    held_out = {sample.writer for sample in found if sample.split == "validation"}
    for sample in usable(found, left_out):
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
