"""Packing: every picture of a source decoded once, in parallel, into a store."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import feather
from tqdm import tqdm

from hwr_core.data.samples import DataError, LeftOut, Sample
from hwr_core.data.store import ABOUT, FORMAT, FRAME, INDEX, LOSES_INK, STRIPS, Store
from hwr_core.decoding.score import frames_needed
from hwr_core.picture import PictureError, PictureSpec, prepare

CHUNK = 64  # pictures sent to a process at once
INDEX_TYPES = {
    "name": pa.string(),
    "label": pa.string(),
    "split": pa.string(),
    "source": pa.string(),
    "writer": pa.string(),
    "width": pa.int32(),
    "offset": pa.int64(),
}


@dataclass(frozen=True)
class Packed:
    """One prepared strip on its way from a worker."""

    ink: bytes  # (H, width) uint8
    width: int  # pixels
    lost: float  # share of stroke pixels outside the canvas


def pack(samples: Iterable[Sample], out: Path, spec: PictureSpec, left_out: LeftOut) -> Store:
    """Prepare every sample's picture and write the store as a whole or not at all.

    Pictures that cannot be used are counted in `left_out`, which the store keeps.

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
        _write(list(samples), partly, spec, left_out)
        partly.rename(out)
    finally:
        shutil.rmtree(partly, ignore_errors=True)
    return Store.open(out)


def _write(samples: list[Sample], folder: Path, spec: PictureSpec, left_out: LeftOut) -> None:
    """Write the strips, their index, and what the store says of itself."""
    began, cut = time.monotonic(), LeftOut()
    index, digest = _write_strips(folder / STRIPS, samples, spec, left_out, cut)
    seconds, size = time.monotonic() - began, (folder / STRIPS).stat().st_size
    if not index:
        message = "no picture could be used: " + "; ".join(left_out.lines())
        raise DataError(message)
    columns = {name: pa.array([row[name] for row in index], t) for name, t in INDEX_TYPES.items()}
    feather.write_feather(pa.table(columns), folder / INDEX, compression="uncompressed")
    about = {
        "format": FORMAT,
        "picture": spec.model_dump(),
        "splits": dict(Counter(row["split"] for row in index)),
        "left_out": left_out.splits,
        "loses_ink": cut.splits,
        "digest": digest,
        "bytes": size,
        "bytes_per_picture": round(size / len(index)),
        "pictures_per_second": round(len(samples) / seconds),
    }
    (folder / ABOUT).write_text(json.dumps(about, indent=1, ensure_ascii=False), encoding="utf-8")


def _write_strips(
    path: Path, samples: list[Sample], spec: PictureSpec, left_out: LeftOut, cut: LeftOut
) -> tuple[list[dict[str, Any]], str]:
    """Write the strips end to end.

    Returns:
        The rows of their index, and the SHA-256 of strips and labels.
    """
    digest, index, offset = hashlib.sha256(), list[dict[str, Any]](), 0
    with path.open("wb") as strips:
        for sample, packed in zip(samples, _prepared(samples, spec), strict=True):
            if isinstance(packed, str):
                left_out.add(sample.split, packed, sample.name)
                continue
            if packed.lost > LOSES_INK:
                cut.add(sample.split, "loses ink", sample.name)
            strips.write(packed.ink)
            digest.update(packed.ink + sample.label.encode())
            index.append({**vars(sample), "width": packed.width, "offset": offset})
            offset += len(packed.ink)
    return index, digest.hexdigest()


def _prepared(samples: list[Sample], spec: PictureSpec) -> Iterator[Packed | str]:
    """Each sample's strip, or the reason it has none, in order, with a progress bar."""
    work = partial(_prepare, spec=spec)
    # Spawned: a forked process would wait for ever on a lock that another thread held.
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        many = len(samples) > CHUNK  # a single chunk would only wait for another process
        results = pool.map(work, samples, chunksize=CHUNK) if many else map(work, samples)
        yield from tqdm(results, "prepare", len(samples), unit=" pictures", mininterval=0.5)


def _prepare(sample: Sample, spec: PictureSpec) -> Packed | str:
    """The strip of one sample, or why it is left out."""
    try:
        strip = prepare(sample.path, spec)
    except PictureError:
        return "unreadable picture" if sample.path.is_file() else "missing picture"
    width = strip.ink.shape[1]
    if frames_needed([ord(letter) for letter in sample.label]) > width // FRAME:
        return "label longer than the frames allow"
    return Packed(np.rint(strip.ink * 255).astype(np.uint8).tobytes(), width, strip.lost)
