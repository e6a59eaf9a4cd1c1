"""Pen strokes: read from the drawing pad's JSON, rendered as black ink on white paper."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from hwr_core.picture import PictureError

Stroke = NDArray[np.float32]

MAX_PAYLOAD = 1_000_000  # characters; a long name has about ten thousand
MAX_POINTS = 20_000  # minutes of writing, still rendered in a fraction of a second
SIDES = range(32, 2049)  # pixels a side of the canvas may have
SUPERSAMPLING = 4  # 4 x 4 samples a pixel: 17 grey levels along the edge of the ink
PEN = 9.0  # canvas pixels; in their strips, drawn strokes are then as thick as scanned ones
STEPS = 5  # line pieces a curve; the points of a pen lie a few pixels apart


class DrawingError(PictureError):
    """A drawing that cannot be read; the message is one sentence fit for the user."""


@dataclass(frozen=True)
class Drawing:
    """Pen strokes in writing order, each (N, 2) float32: x, y in canvas pixels, y down."""

    width: int  # pixels
    height: int  # pixels
    strokes: tuple[Stroke, ...]


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


def render(drawing: Drawing, pen: float = PEN) -> Image.Image:
    """Write the strokes as the browser shows them: round pen, curves through the midpoints.

    Args:
        drawing: strokes and the size of their canvas.
        pen: width of the line in canvas pixels.

    Returns:
        An image of mode L and of the canvas's size, 0 ink to 255 paper, with smooth edges.
    """
    fine = SUPERSAMPLING
    paper = Image.new("L", (drawing.width * fine, drawing.height * fine), 255)
    pencil = ImageDraw.Draw(paper)
    width = pen * fine - 0.6  # Pillow inks both rims of a shape; measured against Chromium's canvas
    for stroke in drawing.strokes:
        path = _curve(stroke.astype(np.float64)) * fine
        pencil.line(path.ravel().tolist(), fill=0, width=round(width))
        for x, y in path.tolist():  # the round caps and joins that Pillow's lines lack
            pencil.circle((x, y), width / 2, fill=0)
    return paper.reduce(fine)


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


def _curve(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bend the line through (N, 2) points as the pad does, into (M, 2) ends of short pieces.

    Quadratic Bezier curves with the inner points as controls join the midpoints between them, so
    the joints are smooth; the ends stay where the pen was set down and lifted.
    """
    if len(points) < 3:
        return points
    controls, ends = points[1:-1], (points[1:-1] + points[2:]) / 2  # (N - 2, 2)
    starts = np.concatenate([points[:1], ends[:-1]])
    t = np.arange(STEPS)[:, None, None] / STEPS
    curves = (1 - t) ** 2 * starts + 2 * t * (1 - t) * controls + t**2 * ends  # (STEPS, N - 2, 2)
    return np.concatenate([curves.swapaxes(0, 1).reshape(-1, 2), ends[-1:], points[-1:]])
