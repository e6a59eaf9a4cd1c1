"""Picture files of any kind, opened safely: limits before decoding, then grey values, upright."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil, sqrt
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import ExifTags, Image
from PIL.Image import Transpose
from PIL.TiffImagePlugin import TiffImageFile

from hwr_core import pages, sheet, tags
from hwr_core.pages import DAMAGED

PictureSource = str | PathLike[str] | bytes | Image.Image | NDArray[np.generic]

FORMATS = ("PNG", "JPEG", "MPO", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF", "PPM")
MAX_PIXELS = 25_000_000  # a phone's camera; larger is more often an attack than a name
MAX_BYTES = 10_000_000
# Photographs are reduced before any filter, to no more pixels than a square of SIDE has, so that a
# long line of small writing stays whole, nor longer than LONGEST; both far above any canvas.
SIDE, LONGEST = 2048, 8192
DEPTHS = (1023.0, 4095.0, 16383.0, 65535.0)  # full scales of 10, 12, 14 and 16 bits
BEYOND = 2.0  # floats so far above 1 were meant to be 0 to 255; filters overshoot by less
LOCKED = "This PDF could not be opened; send one without a password."
TOO_LARGE = f"The picture has over {MAX_PIXELS // 10**6} megapixels; send a smaller one."
# Progressive JPEG comes in some ten scans, each over the whole picture, and a scan can be 20 bytes.
# Bytes that look like the head of one are in no other part of a file, not even by chance.
SCAN, SCANS = re.compile(rb"\xff\xda\x00[\x08\x0a\x0c\x0e][\x01-\x04]"), 100
TURNS = {  # what the orientation in EXIF asks for
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}

Image.init()  # load every plugin: Image.open(formats=...) raises KeyError for those not yet loaded
pillow_heif.register_heif_opener()


class PictureError(ValueError):
    """A picture that cannot be read; the message is one sentence fit for the user."""


def open_grey(source: PictureSource) -> tuple[NDArray[np.float32], float]:
    """Open any picture as grey values, upright, transparency laid on paper, the desk cleared.

    Returns:
        (h, w) float32, 0 black to 1 white, reduced if it is large; and the size of this array
        over the size of the given picture, in (0, 1].

    Raises:
        PictureError: one sentence that says what is wrong and what to do.
    """
    image, shrunk = open_upright(source)
    values = np.divide(np.asarray(image.convert("L")), 255, dtype=np.float32)
    return sheet.alone(values), shrunk


def open_upright(source: PictureSource, *, whole: bool = False) -> tuple[Image.Image, float]:
    """The same picture to be looked at: upright, RGB or grey, 8 bits; and its size likewise.

    What is to be cut out is read better from the `whole`, which is not reduced.

    Raises:
        PictureError: one sentence that says what is wrong and what to do.
    """
    with _refusing():
        image = _open(source)
        _check_size(image.width, image.height)  # from the header, before any pixel is decoded
        if isinstance(image, TiffImageFile) and tags.tile_pixels(image) > MAX_PIXELS:
            raise PictureError(TOO_LARGE)
        longest = max(image.size)
        if not whole and image.format == "JPEG" and image is not source:
            image.draft("RGB", (SIDE, SIDE))  # decodes a large file at a fraction of its size
        image = _upright(image) if whole else _reduced(_upright(image))
        return image, max(image.size) / longest


@contextmanager
def _refusing() -> Iterator[None]:
    """Whatever Pillow says about a file becomes one sentence."""
    try:
        yield
    except PictureError:
        raise
    except Image.DecompressionBombError as error:  # far over our limit, refused by Pillow's own
        raise PictureError(TOO_LARGE) from error
    except DAMAGED as error:
        message = (
            "This file could not be read as a picture; "
            "send a PNG, JPEG, WebP, GIF, TIFF, BMP, AVIF, HEIC or PDF file."
        )
        raise PictureError(message) from error


def _open(source: PictureSource) -> Image.Image:
    """A Pillow image whose pixels are not decoded yet, or the array's."""
    if isinstance(source, Image.Image):
        return source
    if isinstance(source, np.ndarray):
        return _from_array(source)
    if not isinstance(source, bytes | bytearray | str | PathLike):
        message = (
            "A picture is a path, bytes, a Pillow image or an array; "
            f"this is of the type {type(source).__name__}."
        )
        raise PictureError(message)
    data = _file_bytes(Path(source)) if isinstance(source, str | PathLike) else bytes(source)
    if not data:
        message = "The file is empty; choose another picture."
        raise PictureError(message)
    if len(data) > MAX_BYTES:
        raise PictureError(_too_heavy(len(data)))
    if pages.is_pdf(data):
        return _first_page(data)
    if data.startswith(b"\xff\xd8") and len(SCAN.findall(data)) > SCANS:
        message = "more scans than any JPEG needs"
        raise OSError(message)
    return Image.open(io.BytesIO(data), formats=[name for name in FORMATS if name in Image.OPEN])


def _first_page(data: bytes) -> Image.Image:
    """The first page of a PDF."""
    try:
        return pages.page(data)
    except pages.PageError as error:
        raise PictureError(LOCKED) from error


def _file_bytes(path: Path) -> bytes:
    """The bytes of a file that is not too large."""
    try:
        if (size := path.stat().st_size) > MAX_BYTES:
            raise PictureError(_too_heavy(size))
        return path.read_bytes()
    except OSError as error:
        raise unopened(path, error) from error


def unopened(path: Path, error: OSError) -> PictureError:
    """What is said of a file that is not there or may not be read."""
    return PictureError(f"{path.name} cannot be opened ({error.strerror}); check the path.")


def _too_heavy(size: int) -> str:
    limit = MAX_BYTES // 10**6
    return f"The file has {size / 1e6:.1f} MB; the limit is {limit} MB, send a smaller one."


def _check_size(width: int, height: int) -> None:
    """Refuse what is empty or too large."""
    if not width or not height:
        message = "The picture has no pixels; choose another one."
        raise PictureError(message)
    if width * height > MAX_PIXELS:
        raise PictureError(TOO_LARGE)


def _from_array(array: NDArray[np.generic]) -> Image.Image:
    """An image of (H, W), also with 1, 3 or 4 channels; uint8, uint16, bool, or float 0 to 1."""
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        message = f"An array must be (H, W), (H, W, 3) or (H, W, 4); this one is {array.shape}."
        raise PictureError(message)
    _check_size(array.shape[1], array.shape[0])
    return Image.fromarray(np.ascontiguousarray(_bytes_of(array)))


def _bytes_of(array: NDArray[np.generic]) -> NDArray[np.uint8]:
    """The same array, 0 black to 255 white."""
    if array.dtype == np.uint8:
        return array.astype(np.uint8, copy=False)
    if array.dtype != np.uint16 and array.dtype.kind not in "bf":
        message = f"An array must be uint8, uint16, bool or float 0 to 1; not {array.dtype}."
        raise PictureError(message)
    highest = np.fmax.reduce(array, axis=None, initial=0)  # which NaN is not
    if array.dtype.kind == "f" and highest > BEYOND:
        message = f"A float array must hold 0 to 1; this one reaches {highest:g}; scale it."
        raise PictureError(message)
    full = 65535 if array.dtype == np.uint16 else 1
    share = np.clip(np.nan_to_num(array.astype(np.float32) / full), 0, 1)
    return np.rint(share * 255).astype(np.uint8)


def _upright(image: Image.Image) -> Image.Image:
    """Upright, grey or RGB in 8 bits."""
    image.load()  # some formats know their mode only then, and TIFF is turned by Pillow itself
    turn = TURNS.get(_orientation(image))
    image = image if turn is None else image.transpose(turn)
    if image.mode.startswith("I") or image.mode == "F":
        image = _eight_bits(image)
    if image.has_transparency_data:
        image = sheet.on_paper(image.convert("RGBA"))
    upright = image.convert("L" if image.mode in ("L", "1") else "RGB")
    upright.info.clear()  # whoever opens it again, or a part of it, would turn it once more
    return upright


def _orientation(image: Image.Image) -> Any:  # noqa: ANN401 -- whatever a file says
    """How the camera was held, by EXIF; what cannot be read there says nothing.

    Pillow's own `exif_transpose` writes all tags anew, and one with a value of another type than
    it should have, as some phones write, is an error there.
    """
    try:
        return image.getexif().get(ExifTags.Base.Orientation)
    except (*DAMAGED, AttributeError):
        return None


def _reduced(image: Image.Image) -> Image.Image:
    """No larger than any name needs."""
    factor = max(sqrt(image.width * image.height) / SIDE, max(image.size) / LONGEST)
    return image.reduce(max(1, ceil(factor)))


def _eight_bits(image: Image.Image) -> Image.Image:
    """Sixteen-bit, 32-bit and float pictures by their full scale, not clipped at 255.

    Scanners write 10, 12 and 14 bits into files of 16, and no file says so.
    """
    values = np.nan_to_num(np.asarray(image, dtype=np.float32))
    highest = float(values.max())
    if image.mode.startswith("I;16"):
        top = next(top for top in DEPTHS if highest <= top)
    else:
        top = next(top for top in (1.0, 255.0, 65535.0, np.inf) if highest <= top or top == np.inf)
        top = min(top, max(highest, 1.0))
    return Image.fromarray(np.clip(values * (255 / top), 0, 255).astype(np.uint8))
