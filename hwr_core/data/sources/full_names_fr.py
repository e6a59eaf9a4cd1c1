"""Full names on the development pages of Copiste d'un jour, labels checked by eye."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hwr_core.data.samples import LeftOut, Sample
from hwr_core.data.sources.copiste import volunteer
from hwr_core.data.sources.labelfiles import pictures, usable
from hwr_core.spelling import written


def samples(folder: Path, left_out: LeftOut) -> Iterator[Sample]:
    """The names below `folder`, all of them for validation.

    A comma or full stop that ends the sentence on the paper is not part of the label.

    Raises:
        DataError: labels.csv is missing or of another layout, or a picture is not there.
    """
    found = (
        Sample(
            name=row.name,
            picture=row.picture,
            label=written(row.values["text"]),
            split="validation",
            source="full-names-fr",
            writer=volunteer(row.values["page"]),
        )
        for row in pictures(folder, "text", "page")
    )
    return usable(found, left_out)
