"""The Kaggle set landlord/handwriting-recognition, read exactly as it ships."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from hwr_core.alphabet import FOLDED, Alphabet
from hwr_core.data.samples import DataError, LeftOut, Sample
from hwr_core.spelling import canonical

SPLITS = ("train", "validation", "test")
# Labels that say something about the picture, not what is written in it.
REMARKS = {
    "EMPTY": "EMPTY",
    "UNREADABLE": "UNREADABLE",
    "NONE": "NONE",
    "NOM": "field name",
    "PRENOM": "field name",
}


def samples(folder: Path, left_out: LeftOut, alphabet: Alphabet = FOLDED) -> Iterator[Sample]:
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
        yield from _split(folder, split, left_out, alphabet)


def _labels(folder: Path, split: str) -> Path:
    return folder / f"written_name_{split}_v2.csv"


def _split(folder: Path, split: str, left_out: LeftOut, alphabet: Alphabet) -> Iterator[Sample]:
    """One split's usable samples."""
    pictures = folder / f"{split}_v2" / split
    if not pictures.is_dir():
        message = f"{pictures}: the pictures of {_labels(folder, split).name} are not there"
        raise DataError(message)
    for name, raw in _rows(_labels(folder, split)):
        label = canonical(raw)
        if reason := _unusable(label, alphabet):
            left_out.add(split, reason, name)
        else:
            yield Sample(name, pictures / name, label, split, "kaggle", folded=True)


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    """(file name, raw label) of each line.

    By csv, not by pandas, for which the surname NA is a missing value.
    """
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines, restkey="surplus")
        try:
            if not {"FILENAME", "IDENTITY"} <= set(columns := reader.fieldnames or ()):
                found = ",".join(columns)
                message = f"{path}: line 1 must name the columns FILENAME,IDENTITY, not {found!r}"
                raise DataError(message)
            for row in reader:
                if not row["FILENAME"] or row["IDENTITY"] is None or "surplus" in row:
                    message = f"{path}: line {reader.line_num} is not FILENAME,IDENTITY"
                    raise DataError(message)
                yield row["FILENAME"], row["IDENTITY"]
        except (UnicodeDecodeError, csv.Error) as error:
            message = f"{path}: not CSV in UTF-8 after line {reader.line_num} ({error})"
            raise DataError(message) from None


def _unusable(label: str, alphabet: Alphabet) -> str | None:
    """Why a label cannot be learned from, or None."""
    if not label:
        return "missing label"
    if label in REMARKS:
        return REMARKS[label]
    if alphabet.unknown(label):
        return "character outside the alphabet"
    return None
