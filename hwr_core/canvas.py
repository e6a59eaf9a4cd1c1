"""The canvas of a strip: its size, how large a line of writing is on it, and where it lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from hwr_core.config import Settings

INK = 0.3  # ink at least this dark counts as a stroke


class PictureSpec(Settings):
    """The canvas a model reads: strips of one height and of any width up to a limit."""

    height: int = Field(default=48, ge=16, le=256)  # pixels
    # Enough for 19 names in 20 at the size of `line`; longer ones are drawn smaller.
    width: int = Field(default=512, ge=32, le=4096)  # pixels
    # Widths are multiples of it, so many are equal and share a batch without padding.
    step: int = Field(default=32, ge=1)  # pixels
    margin: int = Field(default=3, ge=0)  # pixels of paper kept around the ink
    # Pixels a line of writing is tall at most, so that a name alone and one amid a form's print
    # are of one size; None: as tall as the canvas allows.
    line: int | None = Field(default=32, ge=8)

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        """Refuse a canvas without room for writing, or whose widest strips its steps miss."""
        if 2 * self.margin >= min(self.height, self.width):
            message = f"margin {self.margin} leaves no room for writing; make it smaller"
            raise ValueError(message)
        if self.width % self.step:
            message = f"width {self.width} is no multiple of step {self.step}; choose one that is"
            raise ValueError(message)
        return self

    @property
    def tall(self) -> int:
        """Pixels a line of writing is tall, where nothing else makes it lower."""
        return self.line or self.height - 2 * self.margin


@dataclass(frozen=True)
class Strip:
    """A name on its canvas, and where it lay in the picture it came from.

    `ink` is (H, W) float32, 0 paper to 1 ink; H is the spec's height, W a multiple of its step.
    """

    ink: NDArray[np.float32]
    left: float  # the crop box's edges in the given (upright) picture, pixels; a drawing's may lie
    right: float  # beside its paper
    scale: float  # strip pixels per picture pixel
    offset: int  # x of the crop box in the strip, pixels
    lost: float  # share of the picture's stroke pixels outside the crop box, 0 to 1

    def picture_x(self, x: float) -> float:
        """The x in the given picture of an x in the strip, both in pixels."""
        return self.left + (x - self.offset) / self.scale


@dataclass(frozen=True)
class Box:
    """A box around ink, in pixels of the picture; a pixel reaches from its number to the next."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Pixels."""
        return self.bottom - self.top

    def widened(self) -> Box:
        """The box with room for the faint rim and the tips of the strokes."""
        rim = 1 + max(0, self.height - 1) // 20
        return Box(self.left - rim, self.top - rim, self.right + rim, self.bottom + rim)

    @property
    def slices(self) -> int:
        """The number of slices about as wide as the box is tall."""
        return max(1, round(self.width / self.height))


@dataclass(frozen=True)
class Place:
    """Where a box of ink lies on its canvas, in pixels of the strip."""

    box: Box
    scale: float  # strip pixels per picture pixel
    x: int
    y: int
    width: int
    height: int
    canvas: tuple[int, int]  # the strip's height and width

    def strip(self, ink: NDArray[np.float32], shrunk: float = 1.0, lost: float = 0.0) -> Strip:
        """The strip of (H, W) ink laid out so; `shrunk` is the picture's size over the given's.

        Ink is in steps of 1/255, as stores keep it: a picture reads the same from its file and a
        store.
        """
        left, right = self.box.left / shrunk, self.box.right / shrunk
        levels = np.rint(ink.clip(0, 1) * 255) / np.float32(255)
        return Strip(levels, left, right, self.scale * shrunk, self.x, lost)


def place(box: Box, line: float, spec: PictureSpec) -> Place:
    """Scale a box onto the smallest canvas that holds it, at its left and at mid-height.

    `line` is how tall the writing in it is, picture pixels.
    """
    room_h, room_w = spec.height - 2 * spec.margin, spec.width - 2 * spec.margin
    scale = min(room_h / box.height, room_w / box.width)
    if spec.line:
        scale = min(scale, spec.line / line)
    h = min(room_h, max(1, round(box.height * scale)))
    w = min(room_w, max(1, round(box.width * scale)))
    canvas = (spec.height, _round_up(w + 2 * spec.margin, spec.step))
    return Place(box, scale, spec.margin, (spec.height - h) // 2, w, h, canvas)


def line_height(written: NDArray[np.bool_]) -> float:
    """How tall the writing is, pixels, from (h, slices): which rows of a box's slices hold ink.

    The longest unbroken run of written rows in a slice is about a letter, whatever stands above
    or below. The upper quartile of the slices passes over hyphens and cut-off lines, and over
    the odd box line or rotated stamp.
    """
    rows = np.arange(1, len(written) + 1)[:, None]
    blank = np.maximum.accumulate(np.where(written, 0, rows), axis=0)  # the last blank row so far
    longest = np.sort((rows - blank).max(0))  # (slices,)
    longest = longest[longest > 0]
    if not longest.size:
        return len(written)
    at = 0.75 * (longest.size - 1)
    return float(np.interp(at, np.arange(longest.size), longest))


def _round_up(value: int, step: int) -> int:
    """The next multiple of `step`."""
    return -(-value // step) * step
