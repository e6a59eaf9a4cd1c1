"""The tags of TIFF and EXIF, read within limits: a few bytes of them can ask for gigabytes."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import IO

from PIL.TiffImagePlugin import ImageFileDirectory_v2 as Directory
from PIL.TiffImagePlugin import TiffImageFile
from PIL.TiffTags import ASCII, BYTE, LONG, SHORT, UNDEFINED

TIMES, SPARE = 4, 65_536  # tags are read from a file so often, and so many bytes beside
READS = 500_000  # of the tags of all pages; two thousand pages take a quarter of it
NUMBERS = 500_000  # bytes; as objects of Python they take up to 50 times as many
SIDES = (322, 323)  # the tags of a tile's width and height
BIG = 43  # in the third byte of a BigTIFF, as Pillow tells one
_load = Directory.load


class Thrifty:
    """A file for tags, which may all name the same bytes; it is not read again for each of them."""

    def __init__(self, file: IO[bytes]) -> None:
        self.seek, self.tell, self._read = file.seek, file.tell, file.read
        here = file.tell()
        self._bytes, self._reads = TIMES * file.seek(0, io.SEEK_END) + SPARE, READS
        file.seek(here)

    def read(self, size: int) -> bytes:
        """As a file does.

        Raises:
            ValueError: too much was read; an OSError would be passed over, and pages with it.
        """
        data = self._read(size)
        self._bytes, self._reads = self._bytes - len(data), self._reads - 1
        if self._bytes < 0 or self._reads < 0:
            message = "the tags name more than the file holds"
            raise ValueError(message)
        return data


def limit() -> None:
    """Have Pillow keep to the limits wherever it reads tags; once, for the whole program.

    It does so as soon as it opens a TIFF, JPEG or AVIF file, so a look at the picture is too late.
    """
    Directory.load = _within_limits  # type: ignore[assignment,method-assign]


def _within_limits(self: Directory, file: IO[bytes]) -> None:
    """Instead of `Directory.load`; the pages of a file share their directory, and so the limits."""
    _load(self, vars(self).setdefault("thrifty", Thrifty(file)))
    texts = (BYTE, ASCII, UNDEFINED)
    numbers = (data for tag, data in self._tagdata.items() if self.tagtype[tag] not in texts)
    if sum(map(len, numbers)) > NUMBERS:
        message = "the tags hold more numbers than any picture needs"
        raise ValueError(message)


def tile_pixels(picture: TiffImageFile) -> int:
    """The pixels of one tile of a TIFF that is not decoded yet, 0 without; it is decoded whole.

    Of two tags of one number libtiff, which decodes, heeds the first and Pillow the last, and
    libtiff knows more kinds of numbers. So the tags are read here once more.

    Raises:
        ValueError: a tile's side is of a kind that no honest file has.
    """
    sides = dict.fromkeys(SIDES, 0)
    for order, tag, kind, value in _entries(picture):
        if tag in sides:
            sides[tag] = max(sides[tag], _number(order, kind, value))
    return sides[SIDES[0]] * sides[SIDES[1]]


def _entries(picture: TiffImageFile) -> Iterator[tuple[str, int, int, bytes]]:
    """The order of bytes, number, kind and value of each tag of the page, as the file has them."""
    if not picture.tile or picture.fp is None:  # decoded already
        return
    picture.fp.seek(0)
    head = picture.fp.read(4)
    order, large = "<" if head.startswith(b"II") else ">", head[2] == BIG
    entry = struct.Struct(order + ("HHQ8s" if large else "HHL4s"))
    picture.fp.seek(picture.tag_v2.offset)
    (count,) = struct.unpack(order + "HQ"[large], picture.fp.read(8 if large else 2))
    data = picture.fp.read(min(count, READS) * entry.size)
    whole = len(data) // entry.size * entry.size
    for tag, kind, _, value in entry.iter_unpack(data[:whole]):
        yield order, tag, kind, value


def _number(order: str, kind: int, value: bytes) -> int:
    """The number in a tag."""
    if kind not in (SHORT, LONG):
        message = f"a tile's side is of the kind {kind}"
        raise ValueError(message)
    (number,) = struct.unpack_from(order + "HL"[kind == LONG], value)
    return int(number)
