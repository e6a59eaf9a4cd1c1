"""PDF pages as pictures."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from threading import Lock

import pypdfium2
from PIL import Image

SIDE = 2048  # pixels of the longer side of a rendered page
PDFIUM = Lock()  # PDFium may not be called by two threads at once


class PdfError(ValueError):
    """A PDF that cannot be rendered; the message says why."""


def is_pdf(data: bytes) -> bool:
    """Whether the bytes begin as a PDF does; the format allows rubbish in the first 1,024."""
    return b"%PDF-" in data[:1024]


def page_count(path: Path) -> int | None:
    """The number of pages of a file, None if it is no PDF.

    Raises:
        PdfError: damaged, or locked by a password.
    """
    with path.open("rb") as file:
        if not is_pdf(file.read(1024)):
            return None
    try:
        with PDFIUM, closing(pypdfium2.PdfDocument(path)) as document:
            return len(document)
    except pypdfium2.PdfiumError as error:
        raise PdfError(str(error)) from error


def page(data: bytes, number: int = 0) -> Image.Image:
    """A page as an RGB picture, whatever size it has on paper.

    Raises:
        PdfError: damaged, locked by a password, or there is no such page.
    """
    try:
        with PDFIUM, closing(pypdfium2.PdfDocument(data)) as document:
            sheet = document[number]
            scale = SIDE / max(*sheet.get_size(), 1.0)
            picture: Image.Image = sheet.render(scale=scale).to_pil()
            return picture.convert("RGB")
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise PdfError(str(error)) from error
