"""The packed store: ink strips decoded once into a memory-mapped file, with an index that opens in milliseconds."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import feather
from tqdm import tqdm

from hwr_core.alphabet import FOLDED
from hwr_core.data.samples import DataError, LeftOut, Sample
from hwr_core.decoding.score import frames_needed
from hwr_core.picture import PictureError, PictureSpec, prepare

FORMAT = 1
FRAME = 4  # pixels of strip a CTC frame spans in every network here
LOSES_INK = 0.02  # share of stroke pixels outside the canvas at which a picture counts as cut
STRIPS, INDEX, ABOUT = "strips.u8", "index.arrow", "store.json"
COLUMNS = ("name", "label", "split", "source", "writer", "width", "offset")


@dataclass(frozen=True)
class Store:
    """Strips and their labels; `strips` is uint8, 0 paper to 255 ink, mapped and not read."""

    path: Path
    spec: PictureSpec
    index: pa.Table  # COLUMNS; `width` in pixels, `offset` in bytes
    strips: NDArray[np.uint8]
    about: dict[str, Any]

    @classmethod
    def open(cls, path: Path) -> Store:
        """Map a store that `pack` wrote.

        Raises:
            DataError: nothing there, another format, or a strip file of another length.
        """
        try:
            about = json.loads((path / ABOUT).read_text(encoding="utf-8"))
            index = feather.read_table(path / INDEX, memory_map=True)
            strips = np.memmap(path / STRIPS, np.uint8, "r")
        except (OSError, ValueError, pa.ArrowInvalid) as error:
            message = f"{path}: not a store ({error}); make one with: python -m hwr_core prepare kaggle DIR --out {path}"
            raise DataError(message) from None
        if about.get("format") != FORMAT or len(strips) != about.get("bytes"):
            message = f"{path}: a store of another format or cut short; prepare it again"
            raise DataError(message)
        return cls(path, PictureSpec.parse(about["picture"], str(path)), index, strips, about)

    @property
    def digest(self) -> str:
        """SHA-256 of strips and labels, taken when the store was packed."""
        return str(self.about["digest"])

    def rows(self, split: str) -> NDArray[np.int64]:
        """The row numbers of a split.

        Raises:
            DataError: the store has no such split.
        """
        splits = np.asarray(self.index["split"].to_pylist())
        rows = np.flatnonzero(splits == split)
        if not rows.size:
            message = f"{self.path}: no split {split!r}; it has {sorted(set(splits.tolist()))}"
            raise DataError(message)
        return rows

    def column(self, name: str) -> list[Any]:
        """One column of the index, a value a row."""
        values: list[Any] = self.index[name].to_pylist()
        return values

    @cached_property
    def widths(self) -> NDArray[np.int32]:
        """The width of every strip, pixels."""
        widths: NDArray[np.int32] = self.index["width"].to_numpy()
        return widths

    @cached_property
    def _offsets(self) -> NDArray[np.int64]:
        offsets: NDArray[np.int64] = self.index["offset"].to_numpy()
        return offsets

    def strip(self, row: int) -> NDArray[np.uint8]:
        """(H, W) uint8, 0 paper to 255 ink, a view of the mapped file."""
        height, width, offset = self.spec.height, int(self.widths[row]), int(self._offsets[row])
        return self.strips[offset : offset + height * width].reshape(height, width)


def pack(
    samples: Iterable[Sample],
    out: Path,
    spec: PictureSpec,
    left_out: LeftOut,
    workers: int | None = None,
) -> Store:
    """Prepare every sample's picture, in parallel, and write the store as a whole or not at all.

    Raises:
        DataError: `out` exists, or no sample is usable.
    """
    if out.exists():
        message = f"{out} exists already; remove it or name another folder with --out"
        raise DataError(message)
    partly = out.with_name(out.name + ".partly")
    shutil.rmtree(partly, ignore_errors=True)
    partly.mkdir(parents=True)
    try:
        about = _write(list(samples), partly, spec, left_out, workers)
        (partly / ABOUT).write_text(
            json.dumps(about, indent=1, ensure_ascii=False), encoding="utf-8"
        )
        partly.rename(out)
    finally:
        shutil.rmtree(partly, ignore_errors=True)
    return Store.open(out)


def _write(
    samples: list[Sample], folder: Path, spec: PictureSpec, left_out: LeftOut, workers: int | None
) -> dict[str, Any]:
    """Write strips and index; return what the store says of itself."""
    began, digest, cut = time.monotonic(), hashlib.sha256(), LeftOut()
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    offset = 0
    with (folder / STRIPS).open("wb") as strips:
        for sample, packed in zip(samples, _prepared(samples, spec, workers), strict=True):
            if isinstance(packed, str):
                left_out.add(packed, sample.name)
                continue
            if packed.lost > LOSES_INK:
                cut.add("loses ink", sample.name)
            strips.write(packed.data)
            digest.update(packed.data + sample.label.encode())
            row = (
                sample.name,
                sample.label,
                sample.split,
                sample.source,
                sample.writer,
                packed.width,
                offset,
            )
            for name, value in zip(COLUMNS, row, strict=True):
                columns[name].append(value)
            offset += len(packed.data)
    if not columns["name"]:
        message = f"no picture could be used; left out: {dict(left_out.counts)}"
        raise DataError(message)
    types = {"width": pa.int32(), "offset": pa.int64()}
    arrays = [pa.array(columns[name], types.get(name, pa.string())) for name in COLUMNS]
    feather.write_feather(
        pa.table(arrays, names=list(COLUMNS)), folder / INDEX, compression="uncompressed"
    )
    number, seconds = len(columns["name"]), time.monotonic() - began
    return {
        "format": FORMAT,
        "picture": spec.model_dump(),
        "splits": dict(Counter(columns["split"])),
        "left_out": left_out.as_json(),
        "loses_ink": cut.as_json(),
        "digest": digest.hexdigest(),
        "bytes": offset,
        "bytes_per_picture": round(offset / number),
        "pictures_per_second": round(len(samples) / seconds),
    }


@dataclass(frozen=True)
class _Packed:
    """One prepared strip on its way from a worker."""

    data: bytes
    width: int
    lost: float


def _prepared(
    samples: list[Sample], spec: PictureSpec, workers: int | None
) -> Iterator[_Packed | str]:
    """Each sample's strip, or the reason it has none, in order, with a progress bar."""
    work: Callable[[Sample], _Packed | str] = partial(_prepare, spec=spec)
    with ProcessPoolExecutor(workers or os.cpu_count()) as pool:
        results = pool.map(work, samples, chunksize=64)
        yield from tqdm(
            results, total=len(samples), unit=" pictures", desc="prepare", mininterval=0.5
        )


def _prepare(sample: Sample, spec: PictureSpec) -> _Packed | str:
    """The strip of one sample, or why it is left out."""
    try:
        strip = prepare(sample.path, spec)
    except PictureError:
        return "unreadable picture" if sample.path.is_file() else "missing picture"
    h, w = strip.ink.shape
    if frames_needed(FOLDED.encode(sample.label)) > w // FRAME:
        return "label longer than the frames allow"
    return _Packed(np.rint(strip.ink * 255).astype(np.uint8).tobytes(), w, strip.lost)


def describe(store: Store) -> Iterator[str]:
    """What the store holds and what was left out, for people, a line each."""
    about, number = store.about, len(store.index)
    splits = ", ".join(f"{count:,} {split}" for split, count in about["splits"].items())
    cut = sum(entry["count"] for entry in about["loses_ink"].values())
    yield f"{store.path}: {number:,} strips ({splits})"
    yield f"{about['bytes_per_picture']:,} bytes a picture, {about['pictures_per_second']:,} pictures/s"
    yield f"lose over {LOSES_INK:.0%} of their strokes at this canvas: {cut} of {number:,} ({cut / number:.3%})"
    for reason, entry in about["left_out"].items():
        more = ", ..." if entry["count"] > len(entry["files"]) else ""
        yield f"left out, {reason}: {entry['count']:,} ({', '.join(entry['files'])}{more})"
