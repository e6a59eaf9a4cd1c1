"""UNIPEN train_r01_v07: pen strokes of words and of single letters from many institutions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hwr_core.data.samples import DataError, LeftOut, Sample
from hwr_core.data.sources.labelfiles import json_lines, unusable
from hwr_core.spelling import written
from hwr_core.strokes import Drawing, Stroke

WORDS, LETTERS = "words_train.jsonl.gz", "chars_train.jsonl.gz"
# Whole institutions, the same for words and letters, so that no writer, tablet or word list of
# validation was ever trained on: art prints, also in capitals; kai prints, joins and begins
# words with capitals; not joins, on a coarse tablet. Together 3,793 words and 13,967 letters.
VALIDATION = frozenset({"art", "kai", "not"})
# Strokes were lost when its letters were cut apart: 5.5 % of them, other than i, j, l and I, are a
# bare line, against 0.1 % elsewhere, and an E may lack two bars. Its words are whole.
TORN_LETTERS = "ibm"
# Wrote the first half of the words asked for in capitals in small letters.
SMALL_CAPITALS = "phi-427e75e5"


@dataclass(frozen=True)
class Record:
    """A word or letter as the pen wrote it."""

    name: str  # "words_train.jsonl.gz:123", file and line
    text: str
    writer: str  # "hpp-1f3a09c2": the institution's code and the writer's digest
    split: str  # "train" or "validation"
    strokes: tuple[Stroke, ...]  # in the tablet's units, y down


def institution(writer: str) -> str:
    """The three letters that UNIPEN gave the donor's collection."""
    return writer.partition("-")[0]


def side(writer: str) -> str:
    """The split that everything of this writer is on."""
    return "validation" if institution(writer) in VALIDATION else "train"


def words(folder: Path, left_out: LeftOut) -> Iterator[Sample]:
    """The usable words below `folder`."""
    return _samples(folder / WORDS, "unipen-words", left_out)


def letters(folder: Path, left_out: LeftOut) -> Iterator[Sample]:
    """The usable single letters below `folder`."""
    return _samples(folder / LETTERS, "unipen-letters", left_out)


def records(path: Path, left_out: LeftOut) -> Iterator[Record]:
    """The usable records of a file, in its order; the others are counted in `left_out`.

    Raises:
        DataError: a damaged file, or a line of another layout.
    """
    for number, values in json_lines(path):
        try:
            record = _record(f"{path.name}:{number}", values)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            form = '{"text", "writer", "strokes": [[x, y, x, y, ...], ...]}'
            message = f"{path}: line {number} is not {form} ({error})"
            raise DataError(message) from None
        if reason := unusable(record.text) or _untrue(record):
            left_out.add(record.split, reason, record.name)
        else:
            yield record


def _samples(path: Path, source: str, left_out: LeftOut) -> Iterator[Sample]:
    """The usable records of a file, drawn as if on the pad."""
    for record in records(path, left_out):
        picture = Drawing.of(record.strokes)
        yield Sample(record.name, picture, record.text, record.split, source, record.writer)


def _record(name: str, values: dict[str, Any]) -> Record:
    """The record of one line."""
    text, writer = written(values["text"]), values["writer"]
    strokes = tuple(np.asarray(flat, np.float32).reshape(-1, 2) for flat in values["strokes"])
    if not all(len(stroke) and np.isfinite(stroke).all() for stroke in strokes):
        message = "a stroke has no points, or one out of range"
        raise ValueError(message)
    return Record(name, text, writer, side(writer), strokes)


def _untrue(record: Record) -> str | None:
    """Why the strokes do not show the text, or None."""
    if not record.strokes:
        return "no strokes"
    if not np.ptp(np.concatenate(record.strokes), axis=0).any():
        return "a single point"
    if len(record.text) == 1 and institution(record.writer) == TORN_LETTERS:
        return "an institution whose letters lack strokes"
    small = record.writer == SMALL_CAPITALS and record.text.isupper()
    return "capitals written as small letters" if small else None
