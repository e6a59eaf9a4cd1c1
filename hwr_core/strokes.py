"""Pen strokes: of the drawing pad's JSON, or of any other origin as if written on the pad."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hwr_core.imagefile import PictureError

Stroke = NDArray[np.float32]

MAX_PAYLOAD = 1_000_000  # characters; a long name has about ten thousand
MAX_POINTS = 20_000  # minutes of writing, still rendered in a fraction of a second
SIDES = range(32, 2049)  # pixels a side of the canvas may have
PEN = 9.0  # canvas pixels; in their strips, drawn strokes are then as thick as scanned ones
PAPER = (640, 200)  # pixels; the pad on a desktop
WRITTEN = (560, 120)  # pixels of it that a word fills at most: people leave a margin


class DrawingError(PictureError):
    """A drawing that cannot be read; the message is one sentence fit for the user."""


@dataclass(frozen=True)
class Drawing:
    """Pen strokes in writing order, each (N, 2) float32: x, y in canvas pixels, y down."""

    width: int  # pixels
    height: int  # pixels
    strokes: tuple[Stroke, ...]
    pen: float = PEN  # width of the line, canvas pixels
    # For each stroke (N,) float32: the line's width at its points, in pens; None: 1 everywhere.
    widths: tuple[NDArray[np.float32], ...] | None = None

    @classmethod
    def of(cls, strokes: Iterable[ArrayLike], pen: float = PEN) -> Self:
        """Strokes as if written on the pad: in the middle of its paper, of a usual size.

        Args:
            strokes: each (N, 2) or flat x, y, x, y, ...; y down, in any unit.
            pen: width of the line on the pad, in its pixels.

        Raises:
            DrawingError: there is no point, half a point, or one that is not finite.
        """
        lines = [np.asarray(stroke, np.float64).ravel() for stroke in strokes]
        numbers = np.concatenate(lines) if lines else np.empty(0)
        if not lines or any(not line.size or line.size % 2 for line in lines):
            message = "A drawing has one or more strokes, each of one or more points x, y."
            raise DrawingError(message)
        if not np.isfinite(numbers).all():
            message = "The points of a drawing are finite numbers; one here is not."
            raise DrawingError(message)
        points = numbers.reshape(-1, 2)
        low, high = points.min(0), points.max(0)
        scale = min(np.divide(WRITTEN, np.maximum(high - low, 1e-9)))
        placed = (points - (low + high) / 2) * scale + np.divide(PAPER, 2)
        cuts = np.cumsum([line.size // 2 for line in lines])[:-1]
        return cls(*PAPER, tuple(np.split(placed.astype(np.float32), cuts)), pen)

    def to_json(self) -> str:
        """What `parse` reads again, to a tenth of a pixel: the pad sends no finer points."""
        points = [np.round(stroke.astype(np.float64), 1).tolist() for stroke in self.strokes]
        canvas = {"width": self.width, "height": self.height, "strokes": points}
        return json.dumps(canvas, separators=(",", ":"))


def parse(payload: str | None) -> Drawing:
    """Read the pad's `{"width": 640, "height": 200, "strokes": [[[x, y], ...], ...]}`.

    Points beside the canvas are moved to its edge: a pen may leave the paper within a stroke.

    Raises:
        DrawingError: nothing is drawn, or the text is too long, not JSON, or not of this form.
    """
    canvas = _load(payload) if payload else {"strokes": []}
    if not isinstance(canvas, dict) or not isinstance(strokes := canvas.get("strokes"), list):
        message = 'A drawing has "width", "height" and "strokes"; clear the pad and draw again.'
        raise DrawingError(message)
    if not strokes:
        message = "Draw a name first: the paper is still empty."
        raise DrawingError(message)
    width, height = _side(canvas, "width"), _side(canvas, "height")
    points = [_points(stroke).clip(0, (width, height)).astype(np.float32) for stroke in strokes]
    if (count := sum(map(len, points))) > MAX_POINTS:
        message = f"The drawing has {count} points, over {MAX_POINTS}; draw one name only."
        raise DrawingError(message)
    return Drawing(width, height, tuple(points))


def _load(payload: object) -> object:
    """The value that the payload's JSON stands for."""
    message = "The drawing is too large or not JSON; clear the pad and draw one name."
    if not isinstance(payload, str) or len(payload) > MAX_PAYLOAD:  # an API caller sends anything
        raise DrawingError(message)
    try:
        return json.loads(payload, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:  # RecursionError: a megabyte of "["
        raise DrawingError(message) from error


def _refuse(constant: str) -> NoReturn:
    """NaN and Infinity are no JSON, though Python's reader takes them."""
    raise ValueError(constant)


def _side(canvas: dict[str, object], name: str) -> int:
    """The canvas's width or height in pixels."""
    side = canvas.get(name)
    if type(side) is not int or side not in SIDES:  # bool is an int too
        message = (
            f"The {name} of a drawing is a whole number from {SIDES[0]} to {SIDES[-1]} pixels."
        )
        raise DrawingError(message)
    return side


def _points(stroke: object) -> NDArray[np.float64]:
    """A stroke's points, (N, 2), N > 0, finite."""
    message = "A stroke is a list of [x, y] numbers; clear the pad and draw again."
    try:
        points = np.asarray(stroke)
    except ValueError as error:  # lists of different lengths
        raise DrawingError(message) from error
    pairs = points.dtype.kind in "iuf" and points.ndim == 2 and points.shape[1] == 2
    if not pairs or not np.isfinite(points).all():
        raise DrawingError(message)
    return points.astype(np.float64)
