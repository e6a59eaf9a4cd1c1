"""Reading files and folders from the command line: a line a picture, in order, whatever happens."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from hwr_core.answer import as_record
from hwr_core.bundle import Bundle, files
from hwr_core.picture import PictureError, PictureSource
from hwr_core.recognizer import TUNED, Options, Recognizer

STDIN = Path("-")
COLUMNS = ("file", "text", "folded", "confidence", "accepted", "alternatives", "remarks", "error")
FORMULA = ("=", "+", "-", "@", "\t")  # how those of spreadsheets begin


def read_paths(
    paths: Sequence[Path], checkpoint: Path, form: str, top: int, options: Options = TUNED
) -> int:
    """Read every picture and write a line each to standard output.

    Args:
        paths: files, and folders that stand for every file below them, hidden ones excepted.
            Every page of a PDF is a picture, and every file of a zip. "-" is standard input,
            one picture.
        checkpoint: the model.
        form: "text", "jsonl" or "csv".
        top: alternatives a picture, at most.
        options: how to read.

    Returns:
        The exit status: 0, or 1 if a picture could not be read.

    Raises:
        CheckpointError: the model cannot be used.
    """
    everything = [file for path in paths for file in list(files(path)) or [path]]
    recognizer, failed = Recognizer.load(checkpoint), False
    recognizer.threshold(options)  # what it was never tuned to is refused before anything is read
    if isinstance(sys.stdout, TextIOWrapper):  # names and file names beyond what some systems write
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    write = FORMS[form](sys.stdout)
    for name, picture in pictures(everything):  # one by one: pages take much memory
        (outcome,) = recognizer.read_many([picture], top, options)
        failed |= isinstance(outcome, PictureError)
        write(as_record(name, outcome))
        sys.stdout.flush()
    return int(failed)


def pictures(paths: Iterable[Path]) -> Iterator[tuple[str, PictureSource | PictureError]]:
    """The pictures of files, each with its name; what holds none leaves its error."""
    for path in paths:
        if path == STDIN:
            yield str(path), sys.stdin.buffer.read()
            continue
        if os.path.isdir(path):  # noqa: PTH112 - a name too long is none, and no error
            yield str(path), PictureError("There is no file in this folder; put pictures there.")
            continue
        if not os.path.isfile(path):  # noqa: PTH113 - its reader says what is wrong
            yield str(path), path
            continue
        try:
            bundle = Bundle.open(path, str(path))
        except PictureError as error:
            yield str(path), error
            continue
        for name, picture in bundle.pictures(0, len(bundle.members)):
            yield f"{path}/{name}" if bundle.kind == "zip" else name, picture


def _json_lines(out: TextIO) -> Callable[[dict[str, Any]], None]:
    return lambda record: print(json.dumps(record, ensure_ascii=False), file=out)


def _csv(out: TextIO) -> Callable[[dict[str, Any]], None]:
    """CSV with a header line; alternatives are joined by vertical bars, and so are remarks."""
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()

    def write(record: dict[str, Any]) -> None:
        others = "|".join(other["text"] for other in record["alternatives"])
        remarks = "|".join(record["remarks"])
        joined = {**record, "alternatives": others, "remarks": remarks}
        writer.writerow({name: _cell(value) for name, value in joined.items()})

    return write


def _cell(value: object) -> object:
    """A value that no spreadsheet runs as a formula, as in the CSV of the page."""
    if not isinstance(value, str):
        return value
    line = value.replace("\r", "\\r")  # Python 3.11 writes it without quotes: it would end a row
    return f"'{line}" if line.startswith(FORMULA) else line


def _text(out: TextIO) -> Callable[[dict[str, Any]], None]:
    """A line for people."""

    def write(record: dict[str, Any]) -> None:
        if record["error"]:
            line = f"error: {record['error']}"
        else:
            reasons = ", ".join(["not sure", *record["remarks"]])
            doubt = "" if record["accepted"] else f"  ({reasons})"
            sure = min(record["confidence"], 0.99)  # never certain, as on the page
            line = f"{record['text'] or '(blank)'}  {sure:.0%}{doubt}"
        print(_printable(f"{record['file']}: {line}"), file=out)

    return write


def _printable(line: str) -> str:
    """The line with escapes for what would end it or speak to the terminal: names hold anything."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)


FORMS: dict[str, Callable[[TextIO], Callable[[dict[str, Any]], None]]] = {
    "jsonl": _json_lines,
    "csv": _csv,
    "text": _text,
}
