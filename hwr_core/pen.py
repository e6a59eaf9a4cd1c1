"""Styles of the pen: the same strokes as another hand, another pen or another hurry draws them."""

from __future__ import annotations

from cmath import exp as cexp
from collections.abc import Sequence
from math import ceil, exp

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from hwr_core.config import Settings
from hwr_core.inking import Floats, Path, Points, curve
from hwr_core.strokes import Drawing

Float32s = NDArray[np.float32]

FINEST = 0.6  # pens from one point of a varied stroke to the next, when nothing is smoothed
CUT = 0.08  # of the writing's height: no corner is cut by more, or an L would become a C
THICKEST = 0.12  # of the writing's height; a thicker pen would fill the eyes of small letters


class PenStyle(Settings):
    """Ranges of the random changes; 0 turns one off. All were chosen to keep every word legible.

    Sizes are shares of the writing's height, from its highest point to its lowest.
    """

    # The pen is thinner or thicker by up to this logarithm of a factor: 0.7 to 1.4 pens.
    pen: float = Field(default=0.35, ge=0, le=0.7)
    # The line swells and thins along its way by up to this logarithm, as the hand presses.
    pressure: float = Field(default=0.3, ge=0, le=0.7)
    # A corner is cut by up to this share of the way to where the pen was and will be, which is
    # farther the faster it goes: devices take points at even times.
    corners: float = Field(default=0.6, ge=0, le=1)
    # Pens between the points that are kept: the curves through them round off what is finer.
    smoothing: float = Field(default=0.8, ge=0, le=1.5)
    jitter: float = Field(default=0.03, ge=0, le=0.06)  # size; a trembling hand, in slow waves
    slant: float = Field(default=0.3, ge=0, le=0.7)  # horizontal move per unit of height, both ways
    rotation: float = Field(default=0.04, ge=0, le=0.15)  # radians, both ways
    drift: float = Field(default=0.06, ge=0, le=0.2)  # size; the line of writing rises and falls
    # Wider or narrower by up to this logarithm of a factor; strips level the height themselves.
    stretch: float = Field(default=0.25, ge=0, le=0.5)


def vary(drawing: Drawing, style: PenStyle, rng: np.random.Generator) -> Drawing:
    """The drawing in a style drawn from the ranges; its paper grows where ink would leave it.

    When every range is 0 it is the very same drawing.
    """
    path = Path.of(drawing)
    if not any(vars(style).values()) or not path.counts.size:
        return drawing
    size = max(path.box.height, 3 * drawing.pen) - drawing.pen
    hurried = _hurried(path, style.corners * rng.random(), CUT * size)
    step = drawing.pen * (FINEST + style.smoothing * rng.random())
    path = curve(hurried, step)
    way = np.arange(len(path.points)) * (step / size)  # (M,) sizes gone so far
    across = path.points.real / size
    shake, quiver, press, drift = _waves([way / 0.8, way / 0.8, way / 1.2, across / 6], rng)
    moves = style.jitter * shake + 1j * (style.jitter * quiver + style.drift * drift)
    points = _leant(path.points + size * moves, style, rng)
    thicker = exp(style.pen * rng.uniform(-1, 1))
    thicker = min(thicker, max(1, THICKEST * size / drawing.pen))
    widths = path.widths * np.exp(style.pressure * press) * thicker
    return _on_paper(Path(points, widths, path.counts), drawing)


def _hurried(path: Path, share: float, most: float) -> Path:
    """Every point but the ends moved towards the middle of its neighbours, pixels at `most`."""
    points, moves = path.points, np.zeros_like(path.points)
    moves[1:-1] = share * ((points[:-2] + points[2:]) / 2 - points[1:-1])
    moves[np.concatenate(path.ends)] = 0
    moves *= np.minimum(1, most / (np.abs(moves) + 1e-9))
    return Path(points + moves, path.widths, path.counts)


def _leant(points: Points, style: PenStyle, rng: np.random.Generator) -> Points:
    """The points (M,) stretched, slanted and turned about their middle."""
    stretch, slant, turn = rng.uniform(-1, 1, 3).tolist()
    middle = points.sum() / len(points)
    away = points - middle
    leant = away + (exp(style.stretch * stretch) - 1) * away.real - style.slant * slant * away.imag
    turned: Points = leant * cexp(1j * style.rotation * turn) + middle
    return turned


def _waves(at: Sequence[Floats], rng: np.random.Generator) -> Float32s:
    """Slow noise, (K, M), -1 to 1, at places (K, M): three sines each, of about the length 1."""
    longer, phases = rng.random((2, len(at), 3, 1), np.float32)
    turns = np.array(at, np.float32)[:, None] / (0.6 + longer) + phases
    waves: Float32s = np.sin(np.float32(2 * np.pi) * turns).sum(1) / 3  # fast in float32
    return waves


def _on_paper(path: Path, drawing: Drawing) -> Drawing:
    """The path as strokes on a paper that holds all its ink, the given one's size at least."""
    box = path.box
    right, down = max(0.0, -box.left), max(0.0, -box.top)
    width, height = ceil(box.right + right), ceil(box.bottom + down)
    points = (path.points + complex(right, down)).view(np.float64).reshape(-1, 2)
    pen = float(path.widths.max())
    strokes = _parted(points.astype(np.float32), path)
    shares = _parted((path.widths / pen).astype(np.float32), path)
    return Drawing(max(drawing.width, width), max(drawing.height, height), strokes, pen, shares)


def _parted(values: Float32s, path: Path) -> tuple[Float32s, ...]:
    """The values (M, ...) of each stroke."""
    return tuple(values[first : last + 1] for first, last in zip(*path.ends, strict=True))
