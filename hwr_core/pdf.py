"""A program that counts or draws the pages of a PDF: `pages` starts it, and can stop it."""

from __future__ import annotations

import io
import sys
from contextlib import closing, suppress

import pypdfium2

SIDE = 2048  # pixels of the longer side of a rendered page
MEMORY = 2**30  # bytes; A4 scanned in colour at 1,200 dots an inch takes four fifths of it
SECONDS = 15  # of the processor; whoever started this stops it sooner, if still there


def confine() -> None:
    """Keep to the limits, where the system knows such, and leave no picture in a core file."""
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        with suppress(ValueError, OSError):  # a Mac has no such limit of memory
            resource.setrlimit(what, (most, most))


def answer(data: bytes, number: int | None) -> bytes:
    """The number of pages in digits; or one page in RGB as a PPM file, whatever size on paper."""
    with closing(pypdfium2.PdfDocument(data)) as document:
        if number is None:
            return str(len(document)).encode()
        sheet, picture = document[number], io.BytesIO()
        scale = SIDE / max(*sheet.get_size(), 1.0)
        sheet.render(scale=scale).to_pil().convert("RGB").save(picture, "PPM")
        return picture.getvalue()


if __name__ == "__main__":
    confine()
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else None
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read(), wanted))
