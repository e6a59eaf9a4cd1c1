"""Picture files of any kind, opened safely: limits before decoding, then grey values, upright."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageOps

from hwr_core import pages

PictureSource = str | PathLike[str] | bytes | Image.Image | NDArray[np.generic]

FORMATS = ("PNG", "JPEG", "MPO", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF", "PPM")
MAX_PIXELS = 25_000_000  # a phone's camera; larger is more often an attack than a name
MAX_BYTES = 10_000_000
LONGEST = 2048  # pixels; photographs are reduced to this before any filter, far above any canvas
DEPTHS = (1023.0, 4095.0, 16383.0, 65535.0)  # full scales of 10, 12, 14 and 16 bits
FILLED = 0.3  # share of its box that a sheet of a name fills even when turned; ink fills less
TONES = 38  # grey values of 255 between the ink of a sheet and its paper
TOO_LARGE = f"The picture has over {MAX_PIXELS // 10**6} megapixels; send a smaller one."
# What Pillow's readers raise at bytes that are not, or not only, a picture.
DAMAGED = (OSError, SyntaxError, ValueError, EOFError, RuntimeError)

Image.init()  # load every plugin: Image.open(formats=...) raises KeyError for those not yet loaded
pillow_heif.register_heif_opener()


class PictureError(ValueError):
    """A picture that cannot be read; the message is one sentence fit for the user."""


def open_grey(source: PictureSource) -> tuple[NDArray[np.float32], float]:
    """Open any picture as grey values, upright, transparency laid on paper.

    Returns:
        (h, w) float32, 0 black to 1 white, longest side at most `LONGEST` pixels; and the size of
        this array over the size of the given picture, in (0, 1].

    Raises:
        PictureError: one sentence that says what is wrong and what to do.
    """
    with _refusing():
        image, shrunk = _upright(*_sized(source))
        grey = image.convert("L")
        return np.divide(np.asarray(grey), 255, dtype=np.float32), shrunk


def open_upright(source: PictureSource) -> tuple[Image.Image, float]:
    """The same picture to be looked at or cut: upright, RGB or grey, 8 bits, reduced alike.

    Raises:
        PictureError: one sentence that says what is wrong and what to do.
    """
    with _refusing():
        return _upright(*_sized(source))


@contextmanager
def _refusing() -> Iterator[None]:
    """Whatever Pillow says about a file becomes one sentence."""
    try:
        with pages.quiet():
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


def _sized(source: PictureSource) -> tuple[Image.Image, int]:
    """A picture within our limits, its pixels not decoded yet, and its longest side, pixels."""
    image = _open(source)
    _check_size(image.width, image.height)
    longest = max(image.size)
    if image.format == "JPEG" and image is not source:  # the caller's own stays as large as it is
        image.draft("RGB", (LONGEST, LONGEST))  # decodes a large one at a fraction of its size
    return image, longest


def _open(source: PictureSource) -> Image.Image:
    """A Pillow image whose pixels are not decoded yet, or the array's."""
    if isinstance(source, Image.Image):
        return source
    if isinstance(source, np.ndarray):
        return _from_array(source)
    data = bytes(source) if isinstance(source, bytes | bytearray) else _file_bytes(Path(source))
    if not data:
        message = "The file is empty; choose another picture."
        raise PictureError(message)
    if len(data) > MAX_BYTES:
        raise PictureError(_too_heavy(len(data)))
    if pages.is_pdf(data):
        return pages.page(data)
    return Image.open(io.BytesIO(data), formats=[name for name in FORMATS if name in Image.OPEN])


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
    """Refuse from the header, before any pixel is decoded."""
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
    full = 65535 if array.dtype == np.uint16 else 1
    share = np.clip(np.nan_to_num(array.astype(np.float32) / full), 0, 1)
    return np.rint(share * 255).astype(np.uint8)


def _upright(image: Image.Image, longest: int) -> tuple[Image.Image, float]:
    """Upright, grey or RGB in 8 bits, and its size over that of the given picture, in (0, 1]."""
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I") or image.mode == "F":
        image = _eight_bits(image)
    if image.has_transparency_data:
        image = _on_paper(image.convert("RGBA"))
    image = image.convert("L" if image.mode in ("L", "1") else "RGB")
    image = image.reduce(max(1, -(-max(image.size) // LONGEST)))
    return image, max(image.size) / longest


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


def _on_paper(image: Image.Image) -> Image.Image:
    """Lay an RGBA picture on paper: its own, or white under dark ink and black under light ink."""
    grey, alpha = (np.asarray(image.convert("LA"))[..., band].astype(np.float32) for band in (0, 1))
    bare = alpha.min() == 0  # else it brings its own paper; the colour beneath it does not show
    light_ink = float((grey * alpha).sum()) > 127.5 * max(float(alpha.sum()), 1.0)
    tone = 0 if light_ink and bare else 255
    if bare and _is_sheet(grey, alpha):
        tone = int(np.median(grey[alpha > 127]))
    paper = Image.new("RGBA", image.size, (tone, tone, tone, 255))
    paper.alpha_composite(image)
    return paper


def _is_sheet(grey: NDArray[np.float32], alpha: NDArray[np.float32]) -> bool:
    """Whether what is opaque is paper with ink on it, cut out or turned, and not ink alone.

    Paper fills most of its box, and with its ink it is of two tones.
    """
    opaque = alpha > 127
    if not opaque.any():
        return False
    rows, columns = (np.flatnonzero(opaque.any(axis)) for axis in (1, 0))
    box = opaque[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    darkest, lightest = np.percentile(grey[opaque], (1, 99))
    return bool(box.mean() > FILLED and lightest - darkest > TONES)
