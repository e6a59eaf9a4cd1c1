"""Files that hold pictures: a zip, a PDF or TIFF of pages, or one picture; nothing is unpacked."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hwr_core import pages
from hwr_core.imagefile import LOCKED, MAX_BYTES, PictureError, PictureSource, unopened

MAX_MEMBERS = 2_000
MAX_ENTRIES = 3 * MAX_MEMBERS  # of a zip: folders count, and the hidden twin a Mac gives each file
MAX_UNPACKED = 500_000_000  # bytes
MAX_FILE = 100_000_000  # bytes of the zip or PDF itself
DEEPEST = 3  # folders within a zip
MAX_INDEX = 2_000_000  # bytes of a zip's list of entries: a path of 300 letters for each
CROWDED = f"This zip has over {MAX_ENTRIES:,} files, hidden ones counted; send less at once."
UNDRAWN = "This page of the file could not be drawn."
UNCOMMON = "This file in the zip is packed in a rare way; pack the zip again as usual."
# Deflate is unpacked piece by piece; of what bzip2 and LZMA give Python takes it all at once.
USUAL = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What reading a zip raises; a RuntimeError: it is encrypted.
DAMAGED = (*pages.DAMAGED, zipfile.BadZipFile, zlib.error)


class _Listed(io.FileIO):
    """A zip file whose index is too short to fill the memory; zipfile reads it in one go."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > MAX_INDEX:
            raise PictureError(CROWDED)
        return super().read(size)


@dataclass(frozen=True)
class Bundle:
    """An opened file of pictures."""

    name: str  # as the user knows it
    path: Path
    kind: str  # "zip", "pages" or "picture"
    members: tuple[str, ...]  # the names of its pictures

    @classmethod
    def open(cls, path: Path, name: str) -> Bundle:
        """Look into a file.

        Raises:
            PictureError: too large, damaged, or a zip that no honest person packs.
        """
        if not path.is_file() or path.stat().st_size > MAX_FILE:
            message = f"This file is not there or over {MAX_FILE // 10**6} MB; send less at once."
            raise PictureError(message)
        if _is_zip(path):
            return cls(name, path, "zip", _zipped(path))
        try:
            count = pages.count(path, MAX_MEMBERS)
        except pages.PageError as error:
            raise PictureError(LOCKED) from error
        except OSError as error:
            raise unopened(path, error) from error
        if count is None:
            return cls(name, path, "picture", (name,))
        if count > MAX_MEMBERS:
            raise PictureError(_too_many(count))
        return cls(name, path, "pages", tuple(f"{name}, page {1 + i}" for i in range(count)))

    def pictures(self, start: int, stop: int) -> Iterator[tuple[str, PictureSource | PictureError]]:
        """The names and pictures from `start` on, to before `stop`, in order."""
        if self.kind == "zip":
            yield from self._unzipped(start, stop)
        elif self.kind == "picture":
            yield from [(self.name, self.path)][start:stop]
        else:
            yield from self._pages(start, stop)

    def _pages(self, start: int, stop: int) -> Iterator[tuple[str, PictureSource | PictureError]]:
        """Once a page took too much, those after it are not tried: all may be as bad."""
        data, heavy = self.path.read_bytes(), False
        for number, name in list(enumerate(self.members))[start:stop]:
            picture: PictureSource | PictureError = PictureError(UNDRAWN)
            try:
                picture = picture if heavy else pages.page(data, number)
            except pages.PageError as error:
                heavy = isinstance(error, pages.HeavyPageError)
            yield name, picture

    def _unzipped(
        self, start: int, stop: int
    ) -> Iterator[tuple[str, PictureSource | PictureError]]:
        with zipfile.ZipFile(self.path) as archive:
            for info in _visible(archive.infolist())[start:stop]:
                yield info.filename, _member(archive, info)


def files(path: Path) -> Iterator[Path]:
    """The path, or the files below it in alphabetical order, hidden ones excepted."""
    if not os.path.isdir(path):  # noqa: PTH112 - a name too long is none, and no error
        yield path
        return
    below = (p.relative_to(path) for p in path.rglob("*") if p.is_file())
    visible = (p for p in below if not any(part.startswith(".") for part in p.parts))
    yield from (path / p for p in sorted(visible))


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> PictureSource | PictureError:
    """A member's bytes; no more than a picture may have, whatever the zip's index claims."""
    if info.compress_type not in USUAL:
        return PictureError(UNCOMMON)
    try:
        with archive.open(info) as member:
            data = member.read(MAX_BYTES + 1)
    except DAMAGED:
        return PictureError("This file in the zip is damaged or locked by a password.")
    if data.startswith(b"PK\x03\x04"):
        return PictureError("A zip within a zip is not opened; pack the pictures themselves.")
    with suppress(pages.PageError):  # whoever opens it will be told
        if (pages.count(data, 1) or 1) > 1:
            return PictureError("This file in the zip has several pages; send it by itself.")
    return data


def _is_zip(path: Path) -> bool:
    """Whether the file ends as a zip does."""
    try:
        return zipfile.is_zipfile(path)
    except zipfile.BadZipFile:  # as a part of one
        return False


def _entries(path: Path) -> list[zipfile.ZipInfo]:
    """What a zip's index lists."""
    try:
        with _Listed(path) as file, zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
    except PictureError:
        raise
    except DAMAGED as error:
        message = "This zip is damaged; pack it again."
        raise PictureError(message) from error
    if len(infos) > MAX_ENTRIES:
        raise PictureError(CROWDED)
    return infos


def _zipped(path: Path) -> tuple[str, ...]:
    """The names of a zip's files, hidden ones excepted."""
    infos = _entries(path)
    shown = _visible(infos)
    if len(shown) > MAX_MEMBERS:
        raise PictureError(_too_many(len(shown)))
    if sum(info.file_size for info in shown) > MAX_UNPACKED:
        message = f"This zip unpacks to over {MAX_UNPACKED // 10**6} MB; send less at once."
        raise PictureError(message)
    if any(map(_strays, infos)) or any(len(_parts(info)) > DEEPEST + 1 for info in shown):
        message = "This zip names files outside itself or folders too deep; pack it flat."
        raise PictureError(message)
    if not shown:
        message = "There is no file in this zip; pack some pictures."
        raise PictureError(message)
    return tuple(info.filename for info in shown)


def _too_many(count: int) -> str:
    return f"There are {count:,} pictures in this file; the limit is {MAX_MEMBERS:,} at once."


def _parts(info: zipfile.ZipInfo) -> list[str]:
    """A member's folders and its name; pathlib would take ten times as long."""
    return [part for part in info.filename.replace("\\", "/").split("/") if part not in {"", "."}]


def _strays(info: zipfile.ZipInfo) -> bool:
    """Whether a member's path leaves its zip."""
    return info.filename.startswith(("/", "\\")) or ".." in _parts(info)


def _visible(infos: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Without folders, and files that a system hides, such as __MACOSX/._name.jpg."""
    return [info for info in infos if not info.is_dir() and not any(map(_hides, _parts(info)))]


def _hides(part: str) -> bool:
    """Whether a system hides files and folders of this name."""
    return part.startswith(".") or part == "__MACOSX"
