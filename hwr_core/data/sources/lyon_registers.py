"""Name lines of the tables of Lyon's civil registers, 1902 to 1913, in few, old, cursive hands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hwr_core.data.samples import LeftOut, Sample
from hwr_core.data.sources.labelfiles import pictures, usable
from hwr_core.spelling import written


def samples(folder: Path, left_out: LeftOut) -> Iterator[Sample]:
    """The usable lines below `folder`, all of them for training: the hands are too few to split.

    Raises:
        DataError: labels.csv is missing or of another layout, or a picture is not there.
    """
    found = (
        Sample(
            name=row.name,
            picture=row.picture,
            label=written(row.values["text"]),  # composes the accents, which ship decomposed
            split="train",
            source="lyon-registers",
            writer=row.values["page"].removesuffix(".xml"),  # a page has one hand
        )
        for row in pictures(folder, "text", "page")
    )
    return usable(found, left_out)
