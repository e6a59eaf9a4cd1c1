"""The development sets that ship: packed small from the whole sources, and unpacked again."""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from hwr_core.data.composition.lexicons import given_names, surnames
from hwr_core.data.pack import pack
from hwr_core.data.samples import DataError, LeftOut, Sample
from hwr_core.data.sources import SOURCES, unipen
from hwr_core.data.sources.labelfiles import LABELS, json_lines, table
from hwr_core.data.store import Store
from hwr_core.picture import PictureSpec
from hwr_core.spelling import fold
from hwr_core.whole import whole

SPLIT = "validation"
STROKES = "unipen-words"  # ships as the pen's strokes, so it is rendered anew each time
PHOTOGRAPHS = ("dhsd", "copiste", "full-names-fr")  # ship as they are, in an archive each
NAMES = "names.txt"


def ship(data: Path, out: Path) -> Iterator[str]:
    """Write every development set to `out`; a line each of what was written.

    Args:
        data: the folder of the whole sources, each in a folder of its name, and of `lexicons`.
        out: the folder; each set replaces the one that is there, whole or not at all.

    Raises:
        DataError: a source is missing or damaged.
    """
    words = _ship_strokes(data / "unipen" / unipen.WORDS, out / unipen.WORDS)
    yield f"{out / unipen.WORDS}: {len(words):,} words"
    names = words & _entries(data / "lexicons")
    (out / NAMES).write_text("".join(f"{name}\n" for name in sorted(names)), "utf-8")
    yield f"{out / NAMES}: {len(names):,} of their {len(words):,} different words are names"
    for name in PHOTOGRAPHS:
        yield _ship_photographs(name, data / name, out / f"{name}.zip")


def samples(folder: Path, work: Path) -> Iterator[tuple[str, LeftOut, Iterator[Sample]]]:
    """Every development set in `folder`: its name, what it leaves out, and its usable pictures.

    Args:
        folder: where the sets are.
        work: a folder for pictures that are packed; they must stay as long as they are read.

    Raises:
        DataError: a set is missing or damaged; `make development` packs them anew.
    """
    left_out = LeftOut()
    yield STROKES, left_out, unipen.words(folder, left_out)
    for name in PHOTOGRAPHS:
        left_out, pictures = LeftOut(), work / "pictures" / name
        _extract(folder / f"{name}.zip", pictures)
        yield name, left_out, SOURCES[name](pictures, left_out)


def unpack(folder: Path, work: Path, spec: PictureSpec) -> Iterator[Store]:
    """Every development set in `folder` as a store below `work`, on any canvas.

    Raises:
        DataError: as `samples`.
    """
    for name, left_out, usable in samples(folder, work):
        yield pack(usable, work / name, spec, left_out)


def names(folder: Path) -> frozenset[str]:
    """The folded words of `STROKES` that are entries of the name lexicons.

    Raises:
        DataError: the list is missing.
    """
    try:
        return frozenset((folder / NAMES).read_text("utf-8").splitlines())
    except OSError as error:
        message = f"{folder / NAMES}: {error.strerror}; `make development` writes it"
        raise DataError(message) from None


def _ship_strokes(path: Path, out: Path) -> frozenset[str]:
    """Copy the development records, whole and in their order; return their folded words.

    Raises:
        DataError: a damaged source.
    """
    words = set[str]()
    with whole(out) as partly, gzip.GzipFile("", "wb", 9, partly, mtime=0) as lines:
        for _, record in json_lines(path):
            if unipen.side(record["writer"]) == SPLIT:
                lines.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode())
                lines.write(b"\n")
                words.add(fold(record["text"]))
    return frozenset(words)


def _ship_photographs(name: str, folder: Path, out: Path) -> str:
    """Copy the development pictures and their rows of labels; say how many.

    Raises:
        DataError: a damaged source.
    """
    left_out = LeftOut()
    kept = {s.name for s in SOURCES[name](folder, left_out) if s.split == SPLIT}
    rows = [row for _, row in table(folder / LABELS, ("file",)) if row["file"] in kept]
    labels = StringIO()
    writer = csv.DictWriter(labels, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    # Stored, not deflated: the pictures are compressed as they are.
    with whole(out) as partly, ZipFile(partly, "w") as archive:
        archive.writestr(ZipInfo(LABELS), labels.getvalue(), ZIP_DEFLATED)
        for row in rows:
            archive.writestr(ZipInfo(row["file"]), (folder / row["file"]).read_bytes())
    unusable = sum(entry["count"] for entry in left_out.splits.get(SPLIT, {}).values())
    return (
        f"{out}: {len(rows):,} pictures, {unusable:,} left out, {out.stat().st_size / 1e6:.1f} MB"
    )


def _extract(archive: Path, out: Path) -> None:
    """Unpack a set of photographs.

    Raises:
        DataError: it is missing or damaged.
    """
    try:
        with ZipFile(archive) as pictures:
            pictures.extractall(out)
    except (OSError, BadZipFile, zlib.error) as error:
        message = f"{archive}: {error}; `make development` packs it anew"
        raise DataError(message) from None


def _entries(lexicons: Path) -> frozenset[str]:
    """Every given name and surname, folded; lexicons hold none of a single letter."""
    return frozenset(map(fold, (*given_names(lexicons).names, *surnames(lexicons).names)))
