"""Anyone's own pictures: a folder with `labels.csv`, its columns `file` and `text`."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from PIL import Image

from hwr_core.bundle import files
from hwr_core.data.samples import SPLITS, DataError, LeftOut, Sample
from hwr_core.data.sources.labelfiles import LABELS, Row, pictures, unusable, usable
from hwr_core.spelling import written

NAME = "folder"
PICTURES = frozenset(Image.registered_extensions())  # the ends of their names
JUDGES = 10  # one writer in so many validates, or one picture where nobody says who wrote


def samples(folder: Path, left_out: LeftOut) -> Iterator[Sample]:
    """The usable pictures below `folder`, in the order of labels.csv.

    Its columns `writer` and `split` may be missing: then nobody is known to have written two of
    the pictures, and a tenth of the writers or pictures, always the same ones and at least one,
    are validation. A row without a split has that of its writer's other rows.

    Raises:
        DataError: labels.csv is missing or of another layout, too many pictures are not there, or
            all are of one writer, whom no split may tear apart.
    """
    if not (folder / LABELS).is_file():
        message = f"{folder / LABELS}: not there; check the path, or write it: file,text"
        raise DataError(message)
    rows = list(pictures(folder, "text", left_out=left_out))
    for name in _others(folder, {row.name for row in rows}):
        left_out.add("no split", f"not in {LABELS}", name)
    fit = [row for row in rows if not unusable(written(row.values["text"]))]
    told = {_hand(row): split for row in rows if (split := row.values.get("split"))}
    hands = {_hand(row) for row in fit} - told.keys()
    if len(fit) > 1 and len(hands) == 1 and not told:
        message = (
            f"{folder / LABELS}: one hand wrote all, so none is left to validate; add a column"
            " `split` (train, validation), or leave out the column `writer`"
        )
        raise DataError(message)
    drawn = dict.fromkeys(_judges(hands), "validation") | told
    return usable((_sample(folder, row, drawn) for row in rows), left_out)


def _others(folder: Path, named: Collection[str]) -> list[str]:
    """The pictures below the folder that no row names, by their names' ends."""
    found = (path for path in files(folder) if path.suffix.lower() in PICTURES)
    names = (path.relative_to(folder).as_posix() for path in found)
    return [name for name in names if name not in named]


def _hand(row: Row) -> str:
    """Who wrote it, or where nobody says so, the picture."""
    return row.values.get("writer") or row.name


def _sample(folder: Path, row: Row, drawn: Mapping[str, str]) -> Sample:
    writer = row.values.get("writer") or None
    split = row.values.get("split") or drawn.get(_hand(row), "train")
    if split not in SPLITS:
        none = f"the split {split!r}, none of {', '.join(SPLITS)}"
        message = f"{folder / LABELS}: line {row.line} names {none}"
        raise DataError(message)
    return Sample(row.name, row.picture, written(row.values["text"]), split, NAME, writer)


def _judges(hands: Collection[str]) -> set[str]:
    """The hands that validate: drawn by their digests, whoever else there is; one at least."""
    numbers = {hand: int.from_bytes(hashlib.sha256(hand.encode()).digest()[:8]) for hand in hands}
    drawn = {hand for hand, number in numbers.items() if number % JUDGES == 0}
    return drawn if 0 < len(drawn) < len(hands) else set(sorted(hands, key=numbers.__getitem__)[:1])
