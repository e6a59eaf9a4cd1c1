"""The packed store: ink strips in a mapped file, and an index that opens in milliseconds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import feather

from hwr_core.data.samples import DataError, LeftOut
from hwr_core.picture import PictureSpec
from hwr_core.whole import whole_folder

FORMAT = 2
FRAME = 4  # pixels of strip a CTC frame spans at most: labels that fit such frames fit all
LOSES_INK = 0.02  # share of stroke pixels outside the canvas at which a picture counts as cut
STRIPS, INDEX, ABOUT = "strips.u8", "index.arrow", "store.json"


@contextmanager
def new_store(path: Path) -> Iterator[Path]:
    """The folder of a store to be written, whole or not at all.

    Raises:
        DataError: there is something already.
    """
    if path.exists():
        message = f"{path} exists already; remove it or name another folder with --out"
        raise DataError(message)
    with whole_folder(path) as folder:
        yield folder


def write_index(folder: Path, index: pa.Table, about: dict[str, Any]) -> None:
    """Write what stands beside the strips of a new store: the index, and what it says of itself."""
    feather.write_feather(index, folder / INDEX, compression="uncompressed")
    text = json.dumps(about, indent=1, ensure_ascii=False)
    (folder / ABOUT).write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Store:
    """Strips and their labels, as `pack` wrote them; strips are mapped, not read."""

    path: Path
    spec: PictureSpec
    index: pa.Table  # name, label, split, source, writer, folded, width (pixels), offset (bytes)
    strips: NDArray[np.uint8]  # all strips end to end, 0 paper to 255 ink
    about: dict[str, Any]

    @classmethod
    def open(cls, path: Path) -> Store:
        """Map a store.

        Raises:
            DataError: nothing there, another format, or a strip file of another length.
        """
        try:
            about = json.loads((path / ABOUT).read_text(encoding="utf-8"))
            index = feather.read_table(path / INDEX, memory_map=True)
            strips = np.memmap(path / STRIPS, np.uint8, "r")
            spec = PictureSpec.parse(about["picture"], ABOUT)
            whole = about["format"] == FORMAT and about["bytes"] == len(strips)
        except (OSError, ValueError, KeyError, TypeError) as error:
            remedy = f"make one with: python -m hwr_core prepare SOURCE DIR --out {path}"
            message = f"{path}: not a store ({error}); {remedy}"
            raise DataError(message) from None
        if not whole:
            message = f"{path}: a store of another format or cut short; prepare it again"
            raise DataError(message)
        return cls(path, spec, index, strips, about)

    def of(self, spec: PictureSpec) -> Self:
        """This store, if its strips are of the canvas `spec`.

        Raises:
            DataError: they are of another.
        """
        if self.spec != spec:
            message = f"{self.path} holds strips of {self.spec}, needed are {spec}; prepare some"
            raise DataError(message)
        return self

    @property
    def digest(self) -> str:
        """SHA-256 of strips and labels, taken when the store was packed."""
        return str(self.about["digest"])

    @property
    def identity(self) -> str:
        """SHA-256 of all that a training takes from here: the digest, and each picture's side."""
        sides = json.dumps([self.column("split"), self.column("folded")])
        return hashlib.sha256(f"{self.digest} {sides}".encode()).hexdigest()

    def rows(self, split: str) -> NDArray[np.int64]:
        """The row numbers of a split.

        Raises:
            DataError: the store has no such split.
        """
        splits = np.asarray(self.column("split"))
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

    def describe(self) -> Iterator[str]:
        """What the store holds and what was left out, for people, a line each."""
        about, number = self.about, len(self.index)
        splits = ", ".join(f"{count:,} {split}" for split, count in about["splits"].items())
        yield f"{self.path}: {number:,} strips ({splits})"
        rates = (about["bytes_per_picture"], about["pictures_per_second"])
        yield "{:,} bytes a picture, {:,} pictures/s".format(*rates)
        cut = sum(split["loses ink"]["count"] for split in about["loses_ink"].values())
        yield f"lose over {LOSES_INK:.0%} of their strokes here: {cut} ({cut / number:.3%})"
        yield from LeftOut(about["left_out"]).lines()
