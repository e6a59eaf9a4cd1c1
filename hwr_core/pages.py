"""Files of several pages, PDF and TIFF: how many there are, and each as a picture."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import warnings
from pathlib import Path

from PIL import Image

from hwr_core import tags

SECONDS = 10.0  # to count pages or to draw one; some PDFs of a few bytes would take for ever
PDF = Path(__file__).with_name("pdf.py")  # a program, and no import: PDFium can crash
TIFF = ["TIFF"]  # frames of GIF and WebP are one moving picture, no pages
# What Pillow's readers raise at bytes that are not, or not only, a picture.
DAMAGED = (
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
    struct.error,
    Image.DecompressionBombError,
)


# Odd EXIF does not matter, and our own limits are lower. For the whole program and once, since
# threads that each wanted quiet for a while would undo each other's.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\b")
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
tags.limit()


class PageError(ValueError):
    """A file of pages that cannot be opened, or a page that cannot be shown."""


class HeavyPageError(PageError):
    """A page that takes more time or memory than it may have, as may the others of its file."""


def is_pdf(data: bytes) -> bool:
    """Whether the bytes begin as a PDF does; the format allows rubbish in the first 1,024."""
    return b"%PDF-" in data[:1024]


def count(source: Path | bytes, most: int) -> int | None:
    """The number of pages of a PDF, or of a TIFF of several; None for a file that is one picture.

    A TIFF does not say how many it has, so no more than `most` + 1 are counted.

    Raises:
        PageError: a PDF that is damaged, locked by a password, or takes too much time or memory.
        OSError: the file cannot be opened.
    """
    if isinstance(source, bytes):
        return _pdf_pages(source) if is_pdf(source) else _tiff_pages(io.BytesIO(source), most)
    with source.open("rb") as file:
        pdf = is_pdf(file.read(1024))
    return _pdf_pages(source.read_bytes()) if pdf else _tiff_pages(source, most)


def page(data: bytes, number: int = 0) -> Image.Image:
    """A page of a PDF or TIFF as a picture; the pixels of a TIFF's are not decoded yet.

    Raises:
        PageError: damaged, locked by a password, or there is no such page; a HeavyPageError if it
            took too much time or memory to draw.
    """
    if is_pdf(data):
        return Image.open(io.BytesIO(_asked(data, str(number))), formats=["PPM"])
    try:
        picture = Image.open(io.BytesIO(data), formats=TIFF)
        picture.seek(number)
    except DAMAGED as error:
        raise PageError(str(error)) from error
    return picture


def _asked(data: bytes, *number: str) -> bytes:
    """The pages of a PDF, or one of them, by a process that can be stopped and has its limits."""
    command = [sys.executable, "-P", str(PDF), *number]
    try:
        return subprocess.run(  # noqa: S603 - a file of ours
            command, input=data, capture_output=True, timeout=SECONDS, check=True
        ).stdout
    except (subprocess.SubprocessError, OSError) as error:
        status = getattr(error, "returncode", 0)  # below 0: killed, as at the limit of memory
        late = isinstance(error, subprocess.TimeoutExpired)
        raise (HeavyPageError if late or status < 0 else PageError)(str(error)) from error


def _pdf_pages(data: bytes) -> int:
    return int(_asked(data))


def _tiff_pages(source: Path | io.BytesIO, most: int) -> int | None:
    try:
        with Image.open(source, formats=TIFF) as picture:
            found = next((n for n in range(1, most + 1) if not _goes_on(picture, n)), most + 1)
    except DAMAGED:
        return None
    return found if found > 1 else None


def _goes_on(picture: Image.Image, number: int) -> bool:
    """Whether there is such a page, be it damaged: whoever opens it will be told."""
    try:
        picture.seek(number)
    except EOFError:
        return False
    except DAMAGED:
        return True
    return True
