"""Corrections that visitors of the page agreed to leave, as `corrections export` writes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hwr_core.data.samples import DataError, LeftOut, Sample
from hwr_core.data.sources.labelfiles import pictures, usable
from hwr_core.spelling import written
from hwr_core.strokes import Drawing, DrawingError, parse

NAME = "corrections"


def samples(folder: Path, left_out: LeftOut) -> Iterator[Sample]:
    """All of them for training: their writers are not known, so none may judge."""
    rows = pictures(folder, "text")
    found = (
        Sample(row.name, _writing(row.picture), written(row.values["text"]), "train", NAME)
        for row in rows
    )
    return usable(found, left_out)


def _writing(path: Path) -> Path | Drawing:
    """A picture's file, or the strokes in it."""
    if path.suffix != ".json":
        return path
    try:
        return parse(path.read_text("utf-8"))
    except (DrawingError, UnicodeDecodeError) as error:
        message = f"{path}: not strokes ({error}); export the corrections again"
        raise DataError(message) from None
