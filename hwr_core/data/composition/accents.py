"""The signs that no hand of UNIPEN wrote: accents, hyphen, apostrophe, full stop, ß, ð and þ.

All are drawn with a pen: corner points, bent and shaken a little each time. Coordinates are in
x-heights from the baseline, y down; those of accents run from -1 to 0 and are scaled to the letter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hwr_core.data.composition.glyphs import Glyph, dense, smooth
from hwr_core.strokes import Stroke

Corners = tuple[tuple[float, float], ...]

RING: Corners = tuple((np.sin(a) / 2, np.cos(a) / 2 - 0.5) for a in np.linspace(3, 9.6, 12))
ABOVE: dict[str, tuple[Corners, ...]] = {  # by Unicode's combining mark
    "\u0300": (((-0.45, -1), (0.35, 0)),),  # grave
    "\u0301": (((0.45, -1), (-0.35, 0)),),  # acute
    "\u0302": (((-0.6, 0), (0, -0.9), (0.6, 0)),),  # circumflex
    "\u0303": (((-0.8, -0.1), (-0.5, -0.7), (-0.1, -0.5), (0.3, -0.2), (0.8, -0.7)),),  # tilde
    "\u0307": (((0, -0.6), (0.03, -0.4)),),  # dot
    "\u0308": (((-0.5, -0.65), (-0.48, -0.4)), ((0.5, -0.65), (0.52, -0.4))),  # diaeresis
    "\u030a": (RING,),
    "\u030c": (((-0.6, -0.9), (0, 0), (0.6, -0.9)),),  # caron
}
BELOW: dict[str, tuple[Corners, ...]] = {  # hung on the letter's lowest ink
    "\u0327": (((0, 0), (0, 0.2), (0.3, 0.4), (0.25, 0.75), (-0.25, 0.85)),),  # cedilla
    "\u0328": (((0, 0), (-0.25, 0.35), (-0.2, 0.7), (0.15, 0.8)),),  # ogonek
}
# Letters that Unicode does not take apart: the letter a hand writes, and a line across it.
CROSSED = {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "Ð": "D"}
PAIRS = {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"}
OVERLAP = {"æ": 0.12, "Æ": 0.3, "œ": 0.12, "Œ": 0.2}  # of the first one's width
# Room that signs keep on both sides, x-heights: a hyphen that touches would be a join, and an
# apostrophe over its neighbour an accent.
ROOM = {"-": 0.15, "'": 0.0}
# fmt: off
SHARP_S: Corners = (
    (0, 0.1), (0, -0.9), (0.02, -1.6), (0.3, -2), (0.65, -1.75), (0.55, -1.35), (0.3, -1.1),
    (0.65, -0.9), (0.8, -0.5), (0.6, -0.05), (0.25, 0),
)
ETH: Corners = (
    (0.6, -0.8), (0.35, -1), (0.05, -0.8), (0, -0.3), (0.3, 0), (0.65, -0.2), (0.75, -0.8),
    (0.6, -1.4), (0.2, -1.9),
)
# fmt: on
DRAWN: dict[str, tuple[Corners, ...]] = {
    "-": (((0, -0.6), (0.6, -0.62)),),
    ".": (((0, -0.06), (0.04, 0)),),
    "'": (((0.1, -2.0), (0.1, -1.75), (0, -1.5)),),
    "ß": (SHARP_S,),
    "ð": (ETH, ((0.15, -1.3), (0.8, -1.7))),
    "þ": (
        ((0, -1.9), (0.02, 0.8)),
        ((0, -0.7), (0.35, -1), (0.7, -0.7), (0.65, -0.2), (0.35, 0.02), (0.02, -0.2)),
    ),
    "Þ": (
        ((0, -1.85), (0.02, 0)),
        ((0, -1.4), (0.5, -1.45), (0.85, -1.1), (0.75, -0.65), (0.4, -0.45), (0.02, -0.5)),
    ),
}


@dataclass(frozen=True)
class Spelling:
    """How a character is written: letters of a hand, and marks drawn onto them."""

    letters: str  # one, two that touch (æ), or none: all of it is drawn
    marks: str = ""  # Unicode's combining marks, or the crossed letter itself


@cache
def spell(character: str) -> Spelling | None:
    """The letters and marks of a character, or None if nobody can write it."""
    if character in DRAWN:
        return Spelling("")
    if character in CROSSED or character in PAIRS:
        marks = character if character in CROSSED else ""
        return Spelling((CROSSED | PAIRS)[character], marks)
    decomposed = unicodedata.normalize("NFD", character)
    letter, marks = decomposed[0], decomposed[1:]
    written = letter.isascii() and letter.isalpha() and len(marks) <= 1
    known = written and set(marks) <= ABOVE.keys() | BELOW.keys()
    return Spelling(letter, marks) if known else None


def drawn(character: str, slant: float, rng: np.random.Generator) -> Glyph:
    """A character of `DRAWN`; `slant` is the x that a step down moves the pen, in its length."""
    strokes = [_pen(corners, rng) for corners in DRAWN[character]]
    middle = -0.3 * (character == "-") * rng.random()  # a hyphen's height is anyone's choice
    for stroke in strokes:
        stroke *= np.exp(rng.normal(0, 0.12, 2))
        stroke[:, 0] += slant * stroke[:, 1]
        stroke[:, 1] += middle
    glyph = Glyph.of(strokes)
    return glyph.apart(ROOM[character]) if character in ROOM else glyph


def accented(letter: Glyph, marks: str, slant: float, rng: np.random.Generator) -> Glyph:
    """A letter with its marks; the dot of an i gives way to a mark above."""
    if set(marks) & ABOVE.keys():
        letter = letter.dotless()
    added: list[Stroke] = []
    for mark in marks:
        if mark in CROSSED:
            added.append(_across(letter, mark, slant, rng))
        elif mark in ABOVE:
            added += _above(letter, mark, slant, rng)
        else:
            added += _below(letter, mark, rng)
    return letter.adding(added)


def _above(letter: Glyph, mark: str, slant: float, rng: np.random.Generator) -> list[Stroke]:
    """A mark over the middle of the letter's upper half."""
    ink = np.concatenate(letter.strokes)
    top, bottom = float(ink[:, 1].min()), float(ink[:, 1].max())
    upper = ink[ink[:, 1] < (top + bottom) / 2, 0]
    gap, size = rng.uniform(0.12, 0.35), rng.uniform(0.32, 0.55)
    centre = (upper.min() + upper.max()) / 2 + slant * -gap + rng.normal(0, 0.06)
    wide = size * rng.uniform(0.8, 1.2)
    strokes = [_pen(corners, rng) * (wide, size) for corners in ABOVE[mark]]
    return [_moved(_leaning(stroke, slant), centre, top - gap) for stroke in strokes]


def _below(letter: Glyph, mark: str, rng: np.random.Generator) -> list[Stroke]:
    """A hook that hangs on the lowest ink: in the middle, or (ogonek) at the right end."""
    ink = np.concatenate(letter.strokes)
    low = ink[ink[:, 1] > ink[:, 1].max() - 0.15]  # (n, 2)
    order = np.argsort(low[:, 0])
    x, y = low[order[-1 if mark == "\u0328" else len(order) // 2]]
    size = rng.uniform(0.45, 0.7)
    return [_moved(_pen(corners, rng) * size, x, y) for corners in BELOW[mark]]


def _across(letter: Glyph, mark: str, slant: float, rng: np.random.Generator) -> Stroke:
    """The line of ł through the stem, of ø from corner to corner, of đ and Ð through the stem."""
    ink = np.concatenate(letter.strokes)
    (left, top), (right, bottom) = ink.min(axis=0), ink.max(axis=0)
    middle, half = (top + bottom) / 2, (bottom - top) / 2
    if mark in "øØ":
        reach = rng.uniform(1.0, 1.25)
        x, along = (left + right) / 2, np.array([(right - left) / 2, -half]) * reach
    else:
        stem = right if mark == "đ" else left if mark in "ĐÐŁ" else (left + right) / 2
        x, along = stem - slant * (middle if mark in "ĐÐ" else 0), np.array([0.35, 0.0])
        middle -= half * (0.55 if mark == "đ" else 0)
    if mark in "łŁ":
        x, along = x + slant * -half * (mark == "Ł"), np.array([0.35, -0.25])
    line = dense(np.array([-along, along])) + np.array([x, middle])
    wobble: Stroke = (line + rng.normal(0, 0.04, 2)).astype(np.float32)
    return wobble


def _pen(corners: Sequence[tuple[float, float]], rng: np.random.Generator) -> Stroke:
    """The pen's path through shaken corners, (N, 2) float32."""
    shaken: NDArray[np.float64] = np.array(corners) + rng.normal(0, 0.05, (len(corners), 2))
    return smooth(dense(shaken), passes=3 if len(corners) > 3 else 1)


def _leaning(stroke: Stroke, slant: float) -> Stroke:
    """A stroke slanted as its hand is."""
    return stroke + np.outer(stroke[:, 1], (slant, 0)).astype(np.float32)


def _moved(stroke: Stroke, x: float, y: float) -> Stroke:
    moved: Stroke = (stroke + np.array([x, y])).astype(np.float32)
    return moved
