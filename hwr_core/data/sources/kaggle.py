"""The Kaggle set landlord/handwriting-recognition, read exactly as it ships."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hwr_core.alphabet import FOLDED
from hwr_core.data.samples import SPLITS, DataError, LeftOut, Sample
from hwr_core.data.sources.labelfiles import table, too_many
from hwr_core.spelling import canonical

COLUMNS = ("FILENAME", "IDENTITY")
# Labels that say something about the picture, not what is written in it.
REMARKS = {
    "EMPTY": "EMPTY",
    "UNREADABLE": "UNREADABLE",
    "NONE": "NONE",
    "NOM": "field name",
    "PRENOM": "field name",
}


def samples(folder: Path, left_out: LeftOut) -> Iterator[Sample]:
    """The usable samples of every split present below `folder`, in the order of the label files.

    What is not usable is counted in `left_out`.

    Raises:
        DataError: no split is there, or a label file has another layout.
    """
    present = [split for split in SPLITS if _labels(folder, split).is_file()]
    if not present:
        missing = f"no {_labels(folder, 'train').name} and no other split"
        message = f"{folder}: {missing}; give the folder Kaggle's zip unpacks to"
        raise DataError(message)
    for split in present:
        yield from _split(folder, split, left_out)


def _labels(folder: Path, split: str) -> Path:
    return folder / f"written_name_{split}_v2.csv"


def _split(folder: Path, split: str, left_out: LeftOut) -> Iterator[Sample]:
    """One split's usable samples."""
    pictures = folder / f"{split}_v2" / split
    if not pictures.is_dir():
        message = f"{pictures}: the pictures of {_labels(folder, split).name} are not there"
        raise DataError(message)
    rows = list(_rows(_labels(folder, split)))
    there = {path.name for path in pictures.iterdir()}
    gone = sum(name not in there for name, _ in rows)
    if too_many(gone, len(rows)):
        lack = f"{gone:,} of {len(rows):,} pictures are not there"
        message = f"{pictures}: {lack}; unpack Kaggle's zip again"
        raise DataError(message)
    seen = set[str]()
    for name, raw in rows:
        label = canonical(raw)
        if reason := "named twice" if name in seen else _unusable(label):
            left_out.add(split, reason, name)
        else:
            yield Sample(name, pictures / name, label, split, "kaggle", folded=True)
        seen.add(name)


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    """(file name, raw label) of each line."""
    for number, row in table(path, COLUMNS):
        if not row["FILENAME"]:
            message = f"{path}: line {number} is not {','.join(COLUMNS)}"
            raise DataError(message)
        yield row["FILENAME"], row["IDENTITY"]


def _unusable(label: str) -> str | None:
    """Why a label cannot be learned from, or None."""
    if not label:
        return "missing label"
    if label in REMARKS:
        return REMARKS[label]
    if FOLDED.unknown(label):
        return "character outside the alphabet"
    return None
