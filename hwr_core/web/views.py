"""Pictures as the page shows them: small, upright, and inside the answer itself."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
from PIL import Image

from hwr_core.picture import PictureError, Strip

KINDS = {
    "drawn": "A drawing",
    "notebook": "From a notebook",
    "photograph": "A photograph",
    "scan": "A scan",
}


def cut(image: Image.Image, box: tuple[float, float, float, float] | None) -> Image.Image:
    """The part of a picture in a box of shares: left, top, right, bottom.

    Raises:
        PictureError: there is nothing in the box.
    """
    if box is None:
        return image
    w, h = image.size
    shares = (min(max(share, 0.0), 1.0) for share in box)  # whatever was asked for
    edges = (round(share * side) for share, side in zip(shares, (w, h, w, h), strict=True))
    left, top, right, bottom = edges
    if right - left < 4 or bottom - top < 4:  # pixels
        message = "The chosen part is too small; drag over a whole name."
        raise PictureError(message)
    return image.crop((left, top, right, bottom))


def data_url(image: Image.Image, side: int) -> str:
    """A JPEG of at most `side` pixels a side, as a URL that needs no request."""
    small = image.convert("RGB")
    small.thumbnail((side, side))
    return _url(small, "JPEG")


def strip_url(strip: Strip) -> str:
    """A strip as dark ink on white paper."""
    return _url(Image.fromarray(np.rint(255 * (1 - strip.ink)).astype(np.uint8)), "PNG")


def examples(folder: Path) -> list[dict[str, str]]:
    """The example pictures: their kind, name and data URL."""
    return [
        {"kind": KINDS[path.stem.partition("-")[0]], "name": path.name, "source": file_url(path)}
        for path in sorted(folder.glob("*.jpg"))
    ]


def file_url(path: Path) -> str:
    """A JPEG file as a URL that needs no request."""
    return f"data:image/jpeg;base64,{base64.b64encode(path.read_bytes()).decode()}"


def png(image: Image.Image) -> bytes:
    """A picture's pixels as PNG, without anything else that its file said."""
    file = io.BytesIO()
    image.convert("L").save(file, "PNG", optimize=True, icc_profile=None)
    return file.getvalue()


def _url(image: Image.Image, form: str) -> str:
    file = io.BytesIO()
    image.save(file, form, quality=85)
    encoded = base64.b64encode(file.getvalue()).decode()
    return f"data:image/{form.lower()};base64,{encoded}"
