"""The development sets that ship: packed small from the whole sources, and unpacked again."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from hwr_core.data.composition.lexicons import given_names, surnames
from hwr_core.data.pack import pack
from hwr_core.data.samples import DataError, LeftOut
from hwr_core.data.sources import unipen
from hwr_core.data.sources.labelfiles import json_lines
from hwr_core.data.store import Store
from hwr_core.data.travel import expand, shrink
from hwr_core.picture import PictureSpec
from hwr_core.spelling import fold

SPLIT = "validation"
STROKES = "unipen-words"  # ships as the pen's strokes, so it is rendered anew each time
STRIPS = ("dhsd", "copiste", "full-names-fr")  # photographs ship as strips, the ink in 4 bits
NAMES = "names.txt"


def ship(stores: Path, unipen_folder: Path, lexicons: Path, out: Path) -> Iterator[str]:
    """Write every development set to `out`; a line each of what was written.

    Args:
        stores: the folder of the stores of `STRIPS`.
        unipen_folder: where UNIPEN lies, whole.
        lexicons: the folder of the name lexicons.
        out: an existing folder, without the sets.

    Raises:
        DataError: a source is missing or damaged, or a set is there already.
    """
    words = _ship_strokes(unipen_folder / unipen.WORDS, out / unipen.WORDS)
    yield f"{out / unipen.WORDS}: {len(words):,} words"
    names = words & _entries(lexicons)
    (out / NAMES).write_text("".join(f"{name}\n" for name in sorted(names)), "utf-8")
    yield f"{out / NAMES}: {len(names):,} of their {len(words):,} different words are names"
    for name in STRIPS:
        yield shrink(part(Store.open(stores / name), SPLIT), out / f"{name}.small")


def unpack(folder: Path, work: Path, spec: PictureSpec) -> Iterator[Store]:
    """Every development set in `folder` as a store below `work`.

    Raises:
        DataError: a set is missing or damaged; `make development` packs them anew.
    """
    left_out = LeftOut()
    yield pack(unipen.words(folder, left_out), work / STROKES, spec, left_out)
    for name in STRIPS:
        yield expand(folder / f"{name}.small", work / name)


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


def part(store: Store, split: str) -> Store:
    """The strips of one split, in memory, and what the store says of them.

    Raises:
        DataError: the store has no such split.
    """
    rows = store.rows(split)
    strips = [store.strip(row).ravel() for row in rows]
    offsets = np.cumsum([0, *map(len, strips)])[:-1]
    place = store.index.schema.get_field_index("offset")
    index = store.index.take(rows).set_column(place, "offset", pa.array(offsets, pa.int64()))
    kept = {
        key: {split: store.about[key][split]} if split in store.about[key] else {}
        for key in ("left_out", "loses_ink")
    }
    size = sum(map(len, strips))
    sizes = {"bytes": size, "bytes_per_picture": round(size / len(rows))}
    about = {**store.about, **kept, **sizes, "splits": {split: len(rows)}}
    return replace(store, index=index, strips=np.concatenate(strips), about=about)


def _ship_strokes(path: Path, out: Path) -> frozenset[str]:
    """Copy the development records, whole and in their order; return their folded words.

    Raises:
        DataError: a damaged source, or `out` exists.
    """
    if out.exists():
        message = f"{out} exists already; remove it to pack it anew"
        raise DataError(message)
    words = set[str]()
    with out.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as lines:
        for _, record in json_lines(path):
            if unipen.side(record["writer"]) == SPLIT:
                lines.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode())
                lines.write(b"\n")
                words.add(fold(record["text"]))
    return frozenset(words)


def _entries(lexicons: Path) -> frozenset[str]:
    """Every given name and surname, folded; lexicons hold none of a single letter."""
    return frozenset(map(fold, (*given_names(lexicons).names, *surnames(lexicons).names)))
