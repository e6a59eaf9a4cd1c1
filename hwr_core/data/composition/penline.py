"""Setting the letters of a name on one line: their gaps, their joins, and the hand's unsteadiness.

What is the pen's own (width, slant, shaking) is not done here but when strokes become a picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from hwr_core.data.composition.glyphs import Glyph
from hwr_core.strokes import Drawing, Stroke

X_HEIGHT = 45.0  # pixels; capitals are then about 85 tall, as on the drawing pad
MARGIN = 20  # pixels of paper around the ink
# A join goes right and not far, from the right half of a letter to the left half of the next.
REACH = (0.02, 1.3)  # x-heights from exit to entry, sideways
RISE = 1.4  # x-heights, up or down
LANDING = np.linspace(0, 1, 8)[1:-1, None]  # (6, 1) steps along a join, without its ends


@dataclass(frozen=True)
class Style:
    """How one name is written; lengths in x-heights."""

    gap: float  # between letters
    space: float  # between words, besides a gap
    stretch: float  # width of everything
    size: float  # pixels an x-height
    slope: float  # of the line, in its length
    waves: float  # height of the line's ups and downs
    joins: float  # share of the joins that could be written

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Style:
        """A style as people differ; two names in three are printed."""
        joined = rng.random() < 0.35
        return cls(
            gap=float(np.clip(rng.normal(0.26, 0.1), 0.08, 0.6)),
            space=float(rng.uniform(0.7, 1.5)),
            stretch=float(np.exp(rng.normal(0, 0.08))),
            size=X_HEIGHT * float(np.exp(rng.normal(0, 0.12))),
            slope=float(rng.normal(0, 0.015)),
            waves=float(abs(rng.normal(0, 0.03))),
            joins=float(rng.uniform(0.6, 1)) if joined else 0.0,
        )


@dataclass(frozen=True)
class _Stop:
    """Where the last letter stands, for the next one to join it."""

    glyph: Glyph
    x: float
    body: int  # the number of its longest stroke among those of the line
    joins: bool  # whether it is of the kind that joins


def set_line(
    glyphs: Sequence[Glyph | None], joining: Sequence[bool], rng: np.random.Generator
) -> Drawing:
    """Write a line.

    Args:
        glyphs: the letters in order; None is a space.
        joining: whether each is a lower-case letter, which may be joined to its neighbours.
        rng: draws the style and every letter's deviation from it.
    """
    style = Style.draw(rng)
    strokes: list[Stroke] = []
    stop: _Stop | None = None
    x = 0.0
    for glyph, joins in zip(glyphs, joining, strict=True):
        if glyph is None:
            x += style.space
            continue
        if stop:
            free = stop.glyph.width if x > stop.x else stop.glyph.beside(glyph)
            x += free + style.gap * rng.uniform(0.6, 1.4)
        stop = _add(strokes, _Stop(glyph, x, 0, joins), stop, style, rng)
    return _drawing(strokes, style, rng)


def _add(
    strokes: list[Stroke], here: _Stop, last: _Stop | None, style: Style, rng: np.random.Generator
) -> _Stop:
    """Put a letter onto the line, joined to the last one or not."""
    scale = np.float32(np.exp(rng.normal(0, 0.04)))
    place = np.array([here.x, rng.normal(0, 0.03)], np.float32)
    added = [stroke * scale + place for stroke in here.glyph.strokes]
    main = here.glyph.main
    near = last and last.joins and here.joins and here.x - last.x < last.glyph.width + REACH[1]
    if near and last and rng.random() < style.joins:
        end = strokes[last.body]
        leaves = end[-1, 0] > last.x + 0.5 * last.glyph.width
        enters = added[main][0, 0] < here.x + 0.5 * here.glyph.width
        if leaves and enters and (join := _join(end, added[main])) is not None:
            strokes[last.body] = np.concatenate([end, join, added.pop(main)])
            strokes += added
            return _Stop(here.glyph, here.x, last.body, joins=True)
    strokes += added
    return _Stop(here.glyph, here.x, len(strokes) - len(added) + main, here.joins)


def _join(end: Stroke, start: Stroke) -> Stroke | None:
    """The pen's way from the end of one stroke to the start of another, or None if unnatural.

    A cubic Bezier curve that goes on as the pen went, and rises to where it must begin.
    """
    across, down = (start[0] - end[-1]).tolist()
    if not REACH[0] < across < REACH[1] or abs(down) > RISE or len(end) < 4:
        return None
    going = end[-1] - end[-4]
    speed = float(np.hypot(*going))
    if going[0] < -0.5 * speed or not speed:  # the pen went left: it would have to turn round
        return None
    onward = going / speed * (0.4 * np.hypot(across, down))
    first, last = end[-1] + onward, start[0] - (0.35 * across, 0.5 * down)
    t = LANDING
    curve = (1 - t) ** 3 * end[-1] + 3 * t * (1 - t) ** 2 * first
    joined: Stroke = (curve + 3 * t**2 * (1 - t) * last + t**3 * start[0]).astype(np.float32)
    return joined


def _drawing(strokes: Sequence[Stroke], style: Style, rng: np.random.Generator) -> Drawing:
    """The line in pixels: stretched, on a slope, in waves, with paper around it."""
    points = np.concatenate(strokes)
    phase, length = rng.uniform(0, 2 * np.pi), rng.uniform(3, 8)
    waves = style.waves * np.sin(points[:, 0] / length * 2 * np.pi + phase)
    points[:, 0] *= style.stretch
    points[:, 1] += waves + style.slope * points[:, 0]
    return drawing(points * style.size, [len(stroke) for stroke in strokes])


def drawing(points: Stroke, lengths: Sequence[int]) -> Drawing:
    """Strokes end to end, (N, 2) in pixels, and their lengths, on paper that fits them."""
    points = points - points.min(axis=0) + np.float32(MARGIN)
    width, height = np.ceil(points.max(axis=0)).astype(int).tolist()
    spans = pairwise(accumulate(lengths, initial=0))
    strokes = tuple(points[start:end] for start, end in spans)
    return Drawing(width + MARGIN, height + MARGIN, strokes)
