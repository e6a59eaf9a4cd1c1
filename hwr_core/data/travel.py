"""A store made small for a machine that takes little: one file, the ink in 4 bits, compressed."""

from __future__ import annotations

import hashlib
import json
import lzma
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from pyarrow import feather

from hwr_core.data.samples import DataError
from hwr_core.data.store import ABOUT, INDEX, STRIPS, Store, new_store
from hwr_core.whole import whole

# A file is this mark and blocks, each its length (4 bytes, little-endian) and as many bytes:
# what the store says of itself (JSON), its index (Arrow), then CHUNK bytes of its strips each.
MARK = b"hwr travel 1\n"
CHUNK = 1 << 22  # bytes of strips: some seconds of compressing
STEP = 17  # of ink: 255 / 15
# LZMA2 without a container; real scans come out 14 % smaller than from zlib.
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 6, "pb": 0}]  # pb 0: no pattern of four bytes


def shrink(store: Store, out: Path) -> str:
    """Write the whole store as one small file, and say how small.

    Ink is rounded to 16 levels, which come back exactly; labels and all else of the index stay.

    Raises:
        DataError: `out` exists.
    """
    if out.exists():
        message = f"{out} exists already; remove it or name another file with --out"
        raise DataError(message)
    about = {**store.about, "digest": _digest(store), "shrunk_from": store.digest}
    with whole(out) as file:
        file.write(MARK)
        for block in (json.dumps(about).encode(), _index(store)):
            _write(file, lzma.compress(block))
        for start in range(0, len(store.strips), CHUNK):
            nibbles = _nibbles(store.strips[start : start + CHUNK])
            _write(file, lzma.compress(nibbles.tobytes(), lzma.FORMAT_RAW, filters=FILTERS))
    number, size = len(store.index), out.stat().st_size
    return f"{out}: {number:,} strips, {size / 1e6:.1f} MB, {size / number:,.0f} bytes a picture"


def expand(file: Path, out: Path) -> Store:
    """The store in a file that `shrink` wrote, as a whole or not at all.

    Raises:
        DataError: `out` exists; the file is none of that kind, cut short, or damaged.
    """
    with new_store(out) as folder:
        _expand(file, folder)
    return Store.open(out)


def _expand(file: Path, folder: Path) -> None:
    """Write the store's three files, and check that they hold what was packed."""
    try:
        with file.open("rb") as blocks:
            about = _unpack(blocks, folder)
    except (OSError, EOFError, ValueError, KeyError, TypeError, lzma.LZMAError) as error:
        message = f"{file}: damaged or cut short ({error}); copy it again"
        raise DataError(message) from None
    if _digest(Store.open(folder)) != about["digest"]:
        message = f"{file}: holds other strips or labels than were packed; copy it again"
        raise DataError(message)


def _unpack(blocks: BinaryIO, folder: Path) -> dict[str, Any]:
    """Write every block to where it belongs; the first is also returned."""
    if blocks.read(len(MARK)) != MARK:
        message = "not a store made to travel, or of another version"
        raise ValueError(message)
    about: dict[str, Any] = json.loads(lzma.decompress(_read(blocks)))
    (folder / ABOUT).write_text(json.dumps(about, indent=1, ensure_ascii=False), encoding="utf-8")
    index = feather.read_table(BytesIO(lzma.decompress(_read(blocks))))
    feather.write_feather(index, folder / INDEX, compression="uncompressed")
    with (folder / STRIPS).open("wb") as strips:
        for start in range(0, about["bytes"], CHUNK):
            nibbles = lzma.decompress(_read(blocks), lzma.FORMAT_RAW, filters=FILTERS)
            strips.write(_levels(nibbles)[: about["bytes"] - start].tobytes())
    return about


def _write(file: BinaryIO, block: bytes) -> None:
    file.write(len(block).to_bytes(4, "little") + block)


def _read(file: BinaryIO) -> bytes:
    """The next block.

    Raises:
        EOFError: the file ends before it does.
    """
    head = file.read(4)
    size = int.from_bytes(head, "little")
    block = file.read(size)
    if len(head) < 4 or len(block) < size:
        message = "it ends too early"
        raise EOFError(message)
    return block


def _index(store: Store) -> bytes:
    """The index as Arrow bytes."""
    file = BytesIO()
    feather.write_feather(store.index, file, compression="uncompressed")
    return file.getvalue()


def _nibbles(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Two pixels a byte, each rounded to 0 to 15; an odd end is filled with paper."""
    levels = _rounded(ink) // STEP
    levels = np.pad(levels, (0, len(levels) % 2))
    return levels[0::2] * np.uint8(16) + levels[1::2]


def _levels(nibbles: bytes) -> NDArray[np.uint8]:
    """The pixels of `_nibbles`, 0 to 255."""
    pairs = np.frombuffer(nibbles, np.uint8)
    return np.stack([pairs >> 4, pairs & 15], 1).ravel() * np.uint8(STEP)


def _rounded(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The nearest of the 16 levels, each its own nearest."""
    return np.rint(ink / np.float32(STEP)).astype(np.uint8) * np.uint8(STEP)


def _digest(store: Store) -> str:
    """SHA-256 of rounded strips and labels, as packing takes it of whole ones."""
    digest = hashlib.sha256()
    for row, label in enumerate(store.column("label")):
        digest.update(_rounded(store.strip(row)).tobytes() + label.encode())
    return digest.hexdigest()
