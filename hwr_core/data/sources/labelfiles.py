"""Label files, read strictly: tables of pictures in CSV, and records in gzipped JSON lines."""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from hwr_core.alphabet import AS_WRITTEN
from hwr_core.data.samples import DataError, LeftOut, Sample

LABELS = "labels.csv"
MISSING = "missing picture"
# A few pictures may be missing, each counted; more than a tenth were never there.
FEW, TENTH = 10, 0.1


@dataclass(frozen=True)
class Row:
    """One line of a table of pictures."""

    line: int  # its number in the file
    name: str  # the picture's path below the folder
    picture: Path
    values: dict[str, str]  # the other columns


def table(path: Path, columns: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The line number and the values of each row of a CSV file that has at least `columns`.

    By csv, not by pandas, for which the surname NA is a missing value; strict, or a quote that
    is never closed would swallow the rows behind it. Semicolons part the values as well, as some
    countries' spreadsheets have it.

    Raises:
        DataError: no such file, not CSV in UTF-8, a column missing, or a row of another length.
    """
    names = ",".join(columns)
    with _present(path).open(encoding="utf-8-sig", newline="") as lines:
        try:
            first = lines.readline()
            lines.seek(0)
            sign = ";" if ";" in first and "," not in first else ","
            reader = csv.DictReader(lines, restkey="surplus", strict=True, delimiter=sign)
            if not set(names.split(",")) <= set(reader.fieldnames or ()):
                found = ",".join(reader.fieldnames or ())
                message = f"{path}: line 1 must name the columns {names}, not {found!r}"
                raise DataError(message)
            for row in reader:
                if "surplus" in row or None in row.values():
                    message = f"{path}: line {reader.line_num} is not {names}"
                    raise DataError(message)
                yield reader.line_num, row
        except UnicodeDecodeError as error:
            message = f"{path}: not in UTF-8 ({error}); save it as CSV in UTF-8"
            raise DataError(message) from None
        except csv.Error as error:
            message = f"{path}: not CSV after line {reader.line_num} ({error}); mend that line"
            raise DataError(message) from None


def pictures(folder: Path, *columns: str, left_out: LeftOut | None = None) -> Iterator[Row]:
    """The rows of `folder`/labels.csv, each of which names its picture in the column `file`.

    Args:
        folder: where the table lies.
        columns: that it must have.
        left_out: counts the pictures that are not there or are named twice, where people write
            the table; without it there must be none.

    Raises:
        DataError: a damaged table, or such pictures: one, or with `left_out`, too many.
    """
    path, seen, gone = folder / LABELS, set[str](), 0
    for number, row in table(path, ("file", *columns)):
        name, picture = row["file"], folder / row["file"]
        fault = "named twice" if name in seen else None if picture.is_file() else MISSING
        seen.add(name)
        if not fault:
            yield Row(number, name, picture, row)
        elif left_out is None:
            what = "which is not there" if fault == MISSING else "a second time"
            message = f"{path}: line {number} names {name!r}, {what}; mend or delete the line"
            raise DataError(message)
        else:
            left_out.add("no split", fault, name)
            gone += fault == MISSING
    if too_many(gone, len(seen)) or 0 < gone == len(seen):
        message = f"{path}: {gone:,} of its {len(seen):,} pictures are not there; check their paths"
        raise DataError(message)


def too_many(gone: int, every: int) -> bool:
    """Whether so many missing pictures are no mishap."""
    return gone > max(FEW, TENTH * every)


def json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The line number and the object of each line of a gzipped file of JSON lines.

    Raises:
        DataError: no such file, not gzip or cut short, or a line that is no JSON object.
    """
    number = 0
    try:
        with gzip.open(_present(path), "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                yield number, _object(path, number, line)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        message = f"{path}: damaged after line {number} ({error}); fetch the source again"
        raise DataError(message) from None


def usable(samples: Iterable[Sample], left_out: LeftOut) -> Iterator[Sample]:
    """The samples whose labels can be learned as written; the others are counted."""
    for sample in samples:
        if reason := unusable(sample.label):
            left_out.add(sample.split, reason, sample.name)
        else:
            yield sample


def unusable(label: str) -> str | None:
    """Why a label as written cannot be learned from, or None."""
    if not label:
        return "missing label"
    if AS_WRITTEN.unknown(label):
        return "character outside the alphabet"
    return None if any(map(str.isalpha, label)) else "no letter"


def _present(path: Path) -> Path:
    """The same path, if there is a file."""
    if not path.is_file():
        message = f"{path}: not there; check the path"
        raise DataError(message)
    return path


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    """The JSON object of one line."""
    try:
        value = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        message = f"{path}: line {number} is not a JSON object"
        raise DataError(message)
    return value


def _refuse(constant: str) -> NoReturn:
    """NaN and Infinity are no JSON, though Python's reader takes them."""
    raise ValueError(constant)
