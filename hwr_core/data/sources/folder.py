"""Anyone's own pictures: a folder with `labels.csv`, its columns `file` and `text`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from hwr_core.data.samples import SPLITS, DataError, LeftOut, Sample
from hwr_core.data.sources.labelfiles import LABELS, Row, pictures, usable
from hwr_core.spelling import written

NAME = "folder"
JUDGES = 10  # one writer in so many validates, or one picture where nobody says who wrote


def samples(folder: Path, left_out: LeftOut) -> Iterator[Sample]:
    """The usable pictures below `folder`, in the order of labels.csv.

    Its columns `writer` and `split` may be missing: then nobody is known to have written two of
    the pictures, and a tenth of the writers or pictures, always the same ones, are validation.

    Raises:
        DataError: labels.csv is missing or of another layout, or a picture is not there.
    """
    return usable((_sample(folder, row) for row in pictures(folder, "text")), left_out)


def _sample(folder: Path, row: Row) -> Sample:
    writer = row.values.get("writer") or None
    split = row.values.get("split") or _drawn(writer or row.name)
    if split not in SPLITS:
        message = f"{folder / LABELS}: the split {split!r} is none of {', '.join(SPLITS)}"
        raise DataError(message)
    return Sample(row.name, row.picture, written(row.values["text"]), split, NAME, writer)


def _drawn(name: str) -> str:
    """The split that the digest of a name draws, whatever stands beside it."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])
    return "train" if number % JUDGES else "validation"
