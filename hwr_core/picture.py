"""Any picture of a name to an ink strip: the only path, in training and in use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from pydantic import Field

from hwr_core.config import Settings
from hwr_core.imagefile import PictureError, PictureSource, open_grey

__all__ = ["PictureError", "PictureSource", "PictureSpec", "Strip", "prepare"]

Grey = NDArray[np.float32]

INK = 0.3  # ink at least this dark counts as a stroke when the crop box is found
FAINTEST = 0.15  # contrast, share of full scale, still stretched to full ink; below it is paper
SPECK = 0.9  # ink in 3 x 3 pixels: a grey pixel of dust has less, and does not stretch the crop box


class PictureSpec(Settings):
    """The canvas a model reads: strips of one height and of any width up to a limit."""

    height: int = Field(default=48, ge=16, le=256)  # pixels
    # The forms' own width, so no detail of them is lost.
    width: int = Field(default=384, ge=32, le=4096)  # pixels
    # Widths are multiples of it, so many are equal and share a batch without padding.
    step: int = Field(default=32, ge=1)  # pixels
    margin: int = Field(default=3, ge=0)  # pixels of paper kept around the ink
    # Pixels a line of writing is tall at most, so that a name alone and one amid a form's print
    # are of one size; None: as tall as the canvas allows.
    line: int | None = Field(default=24, ge=8)


@dataclass(frozen=True)
class Strip:
    """A name on its canvas, and where it lay in the picture it came from.

    `ink` is (H, W) float32, 0 paper to 1 ink; H is the spec's height, W a multiple of its step.
    """

    ink: NDArray[np.float32]
    left: float  # the crop box's edges in the given (upright) picture, pixels
    right: float
    scale: float  # strip pixels per picture pixel
    offset: int  # x of the crop box in the strip, pixels
    lost: float  # share of the picture's stroke pixels outside the crop box, 0 to 1

    def picture_x(self, x: float) -> float:
        """The x in the given picture of an x in the strip, both in pixels."""
        return self.left + (x - self.offset) / self.scale


def prepare(picture: PictureSource, spec: PictureSpec | None = None) -> Strip:
    """Make the ink strip of any picture (file, bytes, PIL image, array; any mode).

    Uneven light is flattened, light ink on dark paper turned over, pale ink stretched, the ink's
    box scaled to the canvas with its aspect kept. Nothing is cut but paper.

    Raises:
        PictureError: too large, damaged or not a picture; one sentence that says what to do.
    """
    spec = spec or PictureSpec()
    grey, shrunk = open_grey(picture)
    ink = _ink(grey)
    box = _ink_box(ink)
    return _on_canvas(ink, box, shrunk, spec)


def _ink(grey: Grey) -> Grey:
    """(h, w) grey, 0 black to 1 white, to ink of the same shape, 0 paper to 1 full stroke."""
    dark = 1 - grey if _dark_on_light(grey) else grey  # 0 paper, larger towards ink
    raised = dark - _paper(dark)
    deviation = float(np.median(np.abs(raised - np.median(raised))))
    noise = 3 * 1.4826 * deviation  # 3 sigma of normal noise
    floor = max(noise, 0.04)  # 0.04: JPEG ringing beside strokes
    strokes = raised[raised > max(floor, FAINTEST)]
    full = float(np.quantile(strokes, 0.9)) if strokes.size else 1.0
    ink: Grey = np.clip((raised - floor) / max(full - floor, FAINTEST), 0, 1)
    return ink


def _dark_on_light(grey: Grey) -> bool:
    """Whether the strokes are darker than their paper.

    Strokes are the rare, far side of the grey values around the local mean, so the third moment
    has their sign, whatever the light.
    """
    radius = max(2, min(grey.shape) // 3)
    around = _values(_image(grey).filter(ImageFilter.GaussianBlur(radius)))
    return float(np.mean((grey - around) ** 3)) <= 0


def _paper(dark: Grey) -> Grey:
    """The darkness of the bare paper at every pixel, (h, w): a low rank of each neighbourhood."""
    h, w = dark.shape
    factor = max(1, min(h, w) // 16)  # so that a 9 x 9 window spans half of the short side
    reduced = _image(dark).reduce(factor)
    small = reduced.filter(ImageFilter.RankFilter(9, rank=16))  # the 20th percentile
    smooth = small.filter(ImageFilter.GaussianBlur(4))
    return _values(smooth.resize((w, h), Image.Resampling.BILINEAR))


def _image(values: Grey) -> Image.Image:
    """An 8-bit image of values 0 to 1: Pillow's rank filters know no float."""
    return Image.fromarray(np.rint(values * 255).astype(np.uint8))


def _values(image: Image.Image) -> Grey:
    """The values 0 to 1 of an 8-bit image: the inverse of `_image`."""
    values: Grey = np.divide(np.asarray(image), 255, dtype=np.float32)
    return values


def _ink_box(ink: Grey) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) of the strokes, in pixels; the whole picture when it is blank."""
    strokes = np.where(ink > INK, ink, 0)
    around = 9 * _values(_image(strokes).filter(ImageFilter.BoxBlur(1)))  # sums of 3 x 3 pixels
    name = (strokes > 0) & (around > SPECK)  # (h, w)
    columns, rows = np.flatnonzero(name.any(0)), np.flatnonzero(name.any(1))
    if not columns.size or not rows.size:
        return 0, 0, ink.shape[1], ink.shape[0]
    h, w = ink.shape
    rim = 1 + (rows[-1] - rows[0]) // 20  # the faint rim and the tips of the strokes
    left, top = max(0, columns[0] - rim), max(0, rows[0] - rim)
    return int(left), int(top), int(min(w, columns[-1] + 1 + rim)), int(min(h, rows[-1] + 1 + rim))


def _line_height(strokes: NDArray[np.bool_]) -> float:
    """How tall the writing is, pixels, in the (h, w) strokes of an ink box.

    The box is cut into slices as wide as it is tall; the longest unbroken run of written
    rows in a slice is about a letter, whatever stands above or below. The upper quartile of the
    slices passes over hyphens and cut-off lines, and over the odd box line or rotated stamp.
    """
    h, w = strokes.shape
    slices = np.array_split(strokes, max(1, round(w / h)), axis=1)
    written = np.stack([part.any(1) for part in slices], axis=1)  # (h, slices)
    run = longest = np.zeros(written.shape[1])
    for row in written:
        run = (run + 1) * row
        longest = np.maximum(longest, run)
    return float(np.quantile(longest[longest > 0], 0.75)) if longest.any() else h


def _on_canvas(
    ink: Grey, box: tuple[int, int, int, int], shrunk: float, spec: PictureSpec
) -> Strip:
    """Scale the box onto the smallest canvas that holds it, at its left and at mid-height.

    `shrunk` is the size of `ink` over that of the given picture.
    """
    left, top, right, bottom = box
    room_h, room_w = spec.height - 2 * spec.margin, spec.width - 2 * spec.margin
    scale = min(room_h / (bottom - top), room_w / (right - left))
    if spec.line:
        scale = min(scale, spec.line / _line_height(ink[top:bottom, left:right] > INK))
    h = min(room_h, max(1, round((bottom - top) * scale)))
    w = min(room_w, max(1, round((right - left) * scale)))
    scaled = Image.fromarray(ink).resize((w, h), Image.Resampling.BILINEAR, box=box)
    canvas = np.zeros((spec.height, _round_up(w + 2 * spec.margin, spec.step)), np.float32)
    y, x = (spec.height - h) // 2, spec.margin
    # In steps of 1/255, as stores keep it: a picture reads the same from its file and a store.
    canvas[y : y + h, x : x + w] = np.rint(np.clip(np.asarray(scaled), 0, 1) * 255) / 255
    strokes = int((ink > INK).sum())
    lost = 1 - int((ink[top:bottom, left:right] > INK).sum()) / strokes if strokes else 0.0
    return Strip(canvas, left / shrunk, right / shrunk, scale * shrunk, x, lost)


def _round_up(value: int, step: int) -> int:
    """The next multiple of `step`."""
    return -(-value // step) * step
