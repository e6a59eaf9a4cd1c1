"""Packing: every picture of a source decoded, or composed, once, in parallel, into a store."""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from tqdm import tqdm

from hwr_core.data.samples import DataError, LeftOut, Sample
from hwr_core.data.store import FORMAT, FRAME, LOSES_INK, STRIPS, Store, new_store, write_index
from hwr_core.decoding.score import frames_needed
from hwr_core.picture import PictureError, PictureSpec, prepare

CHUNK = 64  # pictures sent to a process at once
MOST_WORKERS = 8  # of 100 MB each, and a container may have fewer processors than its machine
INDEX_TYPES = {
    "name": pa.string(),
    "label": pa.string(),
    "split": pa.string(),
    "source": pa.string(),
    "writer": pa.string(),
    "folded": pa.bool_(),
    "width": pa.int32(),
    "offset": pa.int64(),
}
SAID = tuple(INDEX_TYPES)[:6]  # by a sample; the rest is found out here


@dataclass(frozen=True)
class Packed:
    """One prepared strip and what is known of it, on its way from a worker."""

    about: dict[str, str | bool | None]  # the columns of the index that a sample fills
    ink: bytes  # (H, width) uint8
    width: int  # pixels
    lost: float  # share of stroke pixels outside the canvas


@dataclass(frozen=True)
class Refused:
    """A picture that cannot be used, and why."""

    split: str
    reason: str
    name: str


Outcome = Packed | Refused
Item = TypeVar("Item")


def pack(samples: Iterable[Sample], out: Path, spec: PictureSpec, left_out: LeftOut) -> Store:
    """Prepare every sample's picture and write the store as a whole or not at all.

    Pictures that cannot be used are counted in `left_out`, which the store keeps.

    Raises:
        DataError: `out` exists, or no sample is usable.
    """
    return pack_all(list(samples), partial(pack_sample, spec=spec), out, spec, left_out)


def pack_all(
    items: Sequence[Item],
    work: Callable[[Item], Outcome],
    out: Path,
    spec: PictureSpec,
    left_out: LeftOut,
) -> Store:
    """Do `work` on every item, in parallel and with a progress bar, and keep what comes of it.

    Raises:
        DataError: `out` exists, or nothing came of any item.
    """
    with new_store(out) as folder:
        _write(_outcomes(items, work), folder, spec, left_out)
    return Store.open(out)


def _outcomes(items: Sequence[Item], work: Callable[[Item], Outcome]) -> Iterator[Outcome]:
    """What comes of each item, in order."""
    # Spawned: a forked process would wait for ever on a lock that another thread held.
    workers = min(MOST_WORKERS, os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        many = len(items) > CHUNK  # a single chunk would only wait for another process
        results = pool.map(work, items, chunksize=CHUNK) if many else map(work, items)
        yield from tqdm(results, "prepare", len(items), unit=" pictures", mininterval=0.5)


def _write(outcomes: Iterable[Outcome], folder: Path, spec: PictureSpec, left_out: LeftOut) -> None:
    """Write the strips, their index, and what the store says of itself."""
    began, cut = time.monotonic(), LeftOut()
    index, digest = _write_strips(folder / STRIPS, outcomes, left_out, cut)
    seconds, size = time.monotonic() - began, (folder / STRIPS).stat().st_size
    if not index:
        message = "no picture could be used: " + ("; ".join(left_out.lines()) or "there is none")
        raise DataError(message)
    columns = {name: pa.array([row[name] for row in index], t) for name, t in INDEX_TYPES.items()}
    about = {
        "format": FORMAT,
        "picture": spec.model_dump(),
        "splits": dict(Counter(row["split"] for row in index)),
        "left_out": left_out.splits,
        "loses_ink": cut.splits,
        "digest": digest,
        "bytes": size,
        "bytes_per_picture": round(size / len(index)),
        "pictures_per_second": round(len(index) / seconds),
    }
    write_index(folder, pa.table(columns), about)


def _write_strips(
    path: Path, outcomes: Iterable[Outcome], left_out: LeftOut, cut: LeftOut
) -> tuple[list[dict[str, Any]], str]:
    """Write the strips end to end.

    Returns:
        The rows of their index, and the SHA-256 of strips and labels.
    """
    digest, index, offset = hashlib.sha256(), list[dict[str, Any]](), 0
    with path.open("wb") as strips:
        for outcome in outcomes:
            if isinstance(outcome, Refused):
                left_out.add(outcome.split, outcome.reason, outcome.name)
                continue
            about = outcome.about
            if outcome.lost > LOSES_INK:
                cut.add(str(about["split"]), "loses ink", str(about["name"]))
            strips.write(outcome.ink)
            digest.update(outcome.ink + str(about["label"]).encode())
            index.append({**about, "width": outcome.width, "offset": offset})
            offset += len(outcome.ink)
    return index, digest.hexdigest()


def pack_sample(sample: Sample, spec: PictureSpec) -> Outcome:
    """The strip of one sample, or why it is left out."""
    refused = partial(Refused, sample.split, name=sample.name)
    try:
        strip = prepare(sample.picture, spec)
    except PictureError:
        gone = isinstance(sample.picture, Path) and not sample.picture.is_file()
        return refused("missing picture" if gone else "unreadable picture")
    width = strip.ink.shape[1]
    if frames_needed([ord(letter) for letter in sample.label]) > width // FRAME:
        return refused("label longer than the frames allow")
    about = {field: getattr(sample, field) for field in SAID}
    return Packed(about, np.rint(strip.ink * 255).astype(np.uint8).tobytes(), width, strip.lost)
