"""How tall each letter of a hand is, and where it stands on the line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hwr_core.data.composition.glyphs import Glyph, dots_of
from hwr_core.strokes import Stroke

# Usual heights in x-heights: medians over UNIPEN's institutions whose tablets show the true size.
HEIGHTS = (
    dict.fromkeys("acemnoruw", 1.0)
    | dict.fromkeys("svxz", 1.09)
    | dict.fromkeys("bdhkl", 1.9)
    | dict.fromkeys("CEILOSTU", 1.68)
    | dict.fromkeys("ABDFGHJKMNPQRVWXYZ", 1.92)
    | {"t": 1.73, "f": 2.25, "g": 2.07, "p": 2.0, "q": 2.08, "y": 2.08, "j": 2.28, "i": 1.47}
)
HANGING = frozenset("gpqy")  # their bowls stand on the line, one x-height tall
TAILED = {"f": 2.1, "z": 1.4} | dict.fromkeys("JQYZG", 2.3)  # height that needs no tail below
LEAST, MOST = 0.85, 1.4  # true size over usual size; beyond, an S would pass for an s
FLATTEST = 0.02  # of its letters' size: what is flatter is a line, and not stretched to a height
DOT = 0.25  # x-heights; a longer dot on an i would pass for an accent


def placed(character: str, strokes: Sequence[Stroke], height: float) -> Glyph:
    """A letter of HEIGHTS on its line.

    Args:
        character: what it is.
        strokes: its strokes at any scale, each (N, 2).
        height: its true height in x-heights; 0 where it is not known.
    """
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = 1 / max(high[1] - low[1], FLATTEST * (high[0] - low[0]), 1e-6)
    unit = [(stroke - low) * scale for stroke in strokes]  # one high, hanging from 0
    dots = dots_of(unit) if character in "ij" else frozenset()
    body = np.concatenate([stroke for number, stroke in enumerate(unit) if number not in dots])
    above = float(body[:, 1].min())  # the room a dot takes
    usual = HEIGHTS[character]
    if character == "i":  # only its body has a usual height
        usual = min(1 / (1 - above), 2.0)
    if not LEAST < height / usual < MOST:
        height = usual
    below = _below(character, height, above * height)
    shift = np.array([0, below - height], np.float32)
    set_down = [stroke * np.float32(height) + shift for stroke in unit]
    return Glyph.of([_short(s) if n in dots else s for n, s in enumerate(set_down)])


def _short(dot: Stroke) -> Stroke:
    """A dot no longer than `DOT`, where it was."""
    centre, size = dot.mean(axis=0), float(np.ptp(dot, axis=0).max())
    short: Stroke = centre + (dot - centre) * np.float32(min(1.0, DOT / max(size, 1e-6)))
    return short


def _below(character: str, height: float, dot: float) -> float:
    """How far a letter reaches below the line; `dot` is the room its dot takes above its body."""
    if character in HANGING:
        return height - 1
    if character == "j":
        return max(0.0, height - dot - 1)
    excess = height - TAILED.get(character, height)
    if character == "z" and excess > 0:
        return height - 1
    return max(0.0, excess)


def rise_and_fall(text: str) -> tuple[float, float]:
    """How far a text usually reaches above and below its line, in x-heights.

    Signs and accented letters count as letters that do neither.
    """
    below = HANGING | {"j"}
    rises = [HEIGHTS.get(character, 1.0) for character in text if character not in below]
    tails = [HEIGHTS["g"] - 1 for character in text if character in below]
    return max(1.0, *rises) if rises else 1.0, max(tails, default=0.0)
