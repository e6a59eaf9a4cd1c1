"""Pen strokes to ink: drawn as the browser shows them, straight onto the strip or onto paper."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hwr_core.canvas import Box, PictureSpec, Strip, line_height, place
from hwr_core.strokes import Drawing

Floats = NDArray[np.floating]
Points = NDArray[np.complex128]  # x + iy: numpy then moves and measures a point as one number
Counts = NDArray[np.int64]

# Pens from one point of a path to the next: its discs then leave the edge of a straight line
# even to a 64th of its width.
SPACING = 0.25
MOST = 20_000  # points of a path; a long name has three thousand, hours of scribbling no more
BLOCK = 2_000_000  # pixels of discs drawn at once, so that no drawing needs much memory


@dataclass(frozen=True)
class Path:
    """Where a pen went: the points of all strokes end to end, in canvas pixels."""

    points: Points  # (M,)
    widths: Floats  # (M,) of the line
    counts: Counts  # (strokes,) points of each

    @classmethod
    def of(cls, drawing: Drawing) -> Path:
        """The points of a drawing as they are."""
        counts = np.array([len(stroke) for stroke in drawing.strokes if len(stroke)], np.int64)
        joined = np.concatenate([np.empty((0, 2)), *drawing.strokes])  # float64
        points = joined.view(np.complex128)[:, 0]
        shares = np.concatenate(drawing.widths) if drawing.widths else np.ones(len(points))
        return cls(points, drawing.pen * shares, counts)

    @property
    def box(self) -> Box:
        """The ink's edges."""
        x, y, radius = self.points.real, self.points.imag, self.widths / 2
        left, right = (x - radius).min(), (x + radius).max()
        top, bottom = (y - radius).min(), (y + radius).max()
        return Box(float(left), float(top), float(right), float(bottom))

    @property
    def ends(self) -> tuple[Counts, Counts]:
        """(strokes,) indices of each stroke's first point and of its last."""
        last = self.counts.cumsum() - 1
        return last - self.counts + 1, last


def strip(drawing: Drawing, spec: PictureSpec) -> Strip:
    """The ink strip of a drawing; nothing of it is cut, not even beside its paper."""
    path = _drawn(drawing)
    if not path.counts.size:
        blank = place(Box(0, 0, drawing.width, drawing.height), drawing.height, spec)
        return blank.strip(np.zeros(blank.canvas, np.float32))
    box = path.box.widened()
    at = place(box, line_height(_written(path, box)), spec)
    across, down = at.width / box.width, at.height / box.height  # as rounded to whole pixels
    x = (path.points.real - box.left) * across + at.x
    y = (path.points.imag - box.top) * down + at.y
    return at.strip(_discs(x, y, path.widths * (at.scale / 2), at.canvas))


def render(drawing: Drawing, scale: float = 1.0) -> Image.Image:
    """A drawing as the browser shows it, `scale` times as large.

    Returns:
        An image of mode L, 0 ink to 255 paper, with smooth edges.
    """
    size = (max(1, round(drawing.height * scale)), max(1, round(drawing.width * scale)))
    path = _drawn(drawing)
    points, radii = path.points * scale, path.widths * (scale / 2)
    ink = _discs(points.real, points.imag, radii, size)
    return Image.fromarray(np.rint(255 - 255 * ink).astype(np.uint8))


def curve(path: Path, step: float) -> Path:
    """Bend the strokes as the pad does, with a point every step, nearly even.

    Quadratic Bezier curves with the inner points as controls join the midpoints between them, so
    the joints are smooth; the ends stay where the pen was set down and lifted. A piece of the
    line belongs to each point: its curve, at a stroke's last point the straight rest, at its
    first one nothing. Steps are measured by way of the controls.
    """
    if not path.counts.size:
        return path
    first, last = path.ends
    starts, there, back = _pieces(path.points, first, last)
    lengths = np.abs(there) + np.abs(back)
    lengths[first] = 1  # where the pen is lifted: the way grows from stroke to stroke
    way = lengths.cumsum()  # to the ends of the pieces
    total = way[last] - way[first]
    steps = np.ceil(total / max(step, total.sum() / MOST)).astype(np.int64)
    stroke = np.repeat(np.arange(len(steps)), steps + 1)
    number = np.arange(len(stroke)) - ((steps + 1).cumsum() - steps - 1)[stroke]
    at = way[first][stroke] + (total / steps.clip(1))[stroke] * number
    at = np.minimum(at, way[last][stroke])  # as rounding may have it
    piece = way.searchsorted(at)
    t = 1 - (way[piece] - at) / lengths[piece]  # over 0 to 1
    bent = starts[piece] + t * (2 * there[piece] + t * (back - there)[piece])
    return Path(bent, np.interp(at, way, path.widths), steps + 1)


def _drawn(drawing: Drawing) -> Path:
    """The line that the pad draws, its points so close that discs on them make it."""
    return curve(Path.of(drawing), SPACING * drawing.pen)


def _pieces(points: Points, first: Counts, last: Counts) -> tuple[Points, Points, Points]:
    """The starts (N,) of the curves and the ways to and from their controls."""
    second = first[first < last] + 1
    middles = (points[:-1] + points[1:]) / 2
    starts, controls, ends = points.copy(), points.copy(), points.copy()
    starts[1:], ends[:-1] = middles, middles
    starts[first], ends[first] = points[first], points[first]
    starts[second], ends[last] = points[second - 1], points[last]
    controls[last] = (starts[last] + ends[last]) / 2
    return starts, controls - starts, ends - controls


def _written(path: Path, box: Box) -> NDArray[np.bool_]:
    """Which rows of the box's slices hold ink of the path, as (h, slices); the box holds it all."""
    h, slices = max(1, round(box.height)), box.slices
    x, y, radius = path.points.real - box.left, path.points.imag - box.top, path.widths / 2
    tops, bottoms = (slices * np.rint(edge).astype(np.int64) for edge in (y - radius, y + radius))
    edges = np.zeros((h + 1) * slices, np.int64)
    for side in (x - radius, x + radius):
        inside = (side * (slices / box.width)).astype(np.int64)
        edges += np.bincount(tops + inside, minlength=edges.size)
        edges -= np.bincount(bottoms + inside, minlength=edges.size)
    return edges.reshape(-1, slices)[:-1].cumsum(0) > 0


def _discs(x: Floats, y: Floats, radii: Floats, size: tuple[int, int]) -> NDArray[np.float32]:
    """The ink, 0 to 1, of discs (M,) in pixels on a canvas (H, W) of that size.

    A disc's edge is as soft as that of a stroke reduced by Pillow's bilinear filter, the integral
    of a triangle two pixels wide: a drawing is to look like a picture of it.
    """
    h, w = size
    reach = float(radii.max(initial=0)) + 1
    span = int(np.ceil(2 * reach))  # pixels of a disc's side
    rim = span + 1  # what leaves the canvas falls on it
    stride = w + 2 * rim
    depth = np.full((h + 2 * rim) * stride, -1, np.float32)  # inwards from the edge
    left = np.floor(x - reach + 0.5).clip(-rim, w + rim - span)  # the discs' first pixels
    top = np.floor(y - reach + 0.5).clip(-rim, h + rim - span)
    corners = ((top + rim) * stride + left + rim).astype(np.int64)
    offsets = np.arange(span)[:, None]  # discs lie along the last axis: numpy's loops are long
    block = max(1, BLOCK // span**2)
    for part in (slice(begin, begin + block) for begin in range(0, len(x), block)):
        across = (offsets + (left - x + 0.5)[part]).astype(np.float32) ** 2  # (span, M)
        down = (offsets + (top - y + 0.5)[part]).astype(np.float32) ** 2
        inwards = radii[part].astype(np.float32) - np.sqrt(down[:, None] + across)
        places = (offsets * stride)[:, None] + (offsets + corners[part])  # (span, span, M)
        np.maximum.at(depth, places.ravel(), inwards.ravel())
    inside = depth.reshape(-1, stride)[rim:-rim, rim:-rim].clip(-1, 1)
    ink: NDArray[np.float32] = 0.5 + inside - inside * np.abs(inside) / 2
    return ink
