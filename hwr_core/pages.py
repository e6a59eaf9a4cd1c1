"""Files of several pages, PDF and TIFF: how many there are, and each as a picture."""

from __future__ import annotations

import io
import subprocess
import sys
import warnings
from contextlib import closing
from pathlib import Path
from threading import Lock

import pypdfium2
from PIL import Image

SIDE = 2048  # pixels of the longer side of a rendered page
SECONDS = 10.0  # to render one; some PDFs of a few bytes would take for ever
PDFIUM = Lock()  # PDFium may not be called by two threads at once
TIFF = ["TIFF"]  # frames of GIF and WebP are one moving picture, no pages
# What Pillow's reader of TIFF raises at bytes that are none, or only at first.
DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    KeyError,
    TypeError,
    RuntimeError,
    Image.DecompressionBombError,
)


# Odd EXIF does not matter, and our own limits are lower. For the whole program and once, since
# threads that each wanted quiet for a while would undo each other's.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\b")
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


class PageError(ValueError):
    """A file of pages that cannot be opened, or a page that cannot be shown."""


def is_pdf(data: bytes) -> bool:
    """Whether the bytes begin as a PDF does; the format allows rubbish in the first 1,024."""
    return b"%PDF-" in data[:1024]


def count(source: Path | bytes, most: int) -> int | None:
    """The number of pages of a PDF, or of a TIFF of several; None for a file that is one picture.

    A TIFF does not say how many it has, so no more than `most` + 1 are counted.

    Raises:
        PageError: a PDF that is damaged, or locked by a password.
        OSError: the file cannot be opened.
    """
    if isinstance(source, bytes):
        return _pdf_pages(source) if is_pdf(source) else _tiff_pages(io.BytesIO(source), most)
    with source.open("rb") as file:
        pdf = is_pdf(file.read(1024))
    return _pdf_pages(source) if pdf else _tiff_pages(source, most)


def page(data: bytes, number: int = 0) -> Image.Image:
    """A page of a PDF or TIFF as a picture; the pixels of a TIFF's are not decoded yet.

    Raises:
        PageError: damaged, locked by a password, or there is no such page.
    """
    if is_pdf(data):
        return _pdf_page(data, number)
    try:
        picture = Image.open(io.BytesIO(data), formats=TIFF)
        picture.seek(number)
    except (*DAMAGED, EOFError) as error:
        raise PageError(str(error)) from error
    return picture


def _pdf_page(data: bytes, number: int) -> Image.Image:
    """In RGB, whatever size it has on paper; by a process that can be stopped."""
    command = [sys.executable, "-P", __file__, str(number)]
    try:
        done = subprocess.run(  # noqa: S603 - this file itself
            command, input=data, capture_output=True, timeout=SECONDS, check=True
        )
        return Image.open(io.BytesIO(done.stdout), formats=["PPM"])
    except (subprocess.SubprocessError, OSError) as error:
        raise PageError(str(error)) from error


def _rendered(data: bytes, number: int) -> Image.Image:
    """The same by this process."""
    with closing(pypdfium2.PdfDocument(data)) as document:
        sheet = document[number]
        scale = SIDE / max(*sheet.get_size(), 1.0)
        picture: Image.Image = sheet.render(scale=scale).to_pil()
        return picture.convert("RGB")


def _pdf_pages(source: Path | bytes) -> int:
    try:
        with PDFIUM, closing(pypdfium2.PdfDocument(source)) as document:
            return len(document)
    except pypdfium2.PdfiumError as error:
        raise PageError(str(error)) from error


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


if __name__ == "__main__":
    _rendered(sys.stdin.buffer.read(), int(sys.argv[1])).save(sys.stdout.buffer, "PPM")
