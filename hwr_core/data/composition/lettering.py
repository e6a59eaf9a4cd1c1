"""Texts set in one handwriting font, with the unevenness of a hand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from math import ceil, cos, radians, sin
from pathlib import Path
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Ink = NDArray[np.uint8]

CAPITAL = 56  # pixels a capital is tall before `size`; em sizes of fonts differ by a factor of two
GAP = 0.35  # of a capital's height between words at least: in some fonts spaces close up
MARGIN = 12  # pixels of paper around a text: slants and thick pens reach beyond its box
PIECE = 24  # pixels a straight piece of the bent baseline is long, under half a letter

# How far a hand departs from its font. Lengths are shares of a capital's height.
SIZE = (0.6, 1.1)  # capitals of 34 to 62 pixels
ASPECT = (0.8, 1.2)  # width over that of the font
SLANT = (-0.15, 0.3)  # x over y; many fonts lean already
DRIFT = 0.04  # baseline waves, standard deviation
PEN = (0.06, 0.18)  # stroke width over the height of an x; up to a felt pen
# Of each letter, where letters do not join; standard deviations.
TURN = 2.0  # degrees
GROWTH = 0.05  # share of its size
SHIFT = 0.025  # up, down and sideways
SPACING = (-0.02, 0.2)  # added between all letters of a text


@dataclass(frozen=True)
class Piece:
    """Some ink, and where it lies from the pen's starting point on the baseline, pixels."""

    ink: Image.Image  # mode L, 0 paper to 255 ink
    left: float
    top: float  # negative is above the baseline


class Face:
    """An opened font, scaled so that its capitals are `CAPITAL` pixels tall."""

    def __init__(self, files: tuple[Path, ...], extended: str) -> None:
        """Open `files`: Latin-1, then maybe a file that alone has the letters `extended`."""
        self._extended = extended if len(files) > 1 else ""
        opened = ImageFont.truetype(files[0], 100)
        _, top, _, bottom = opened.getbbox("H")
        size = 100 * CAPITAL / (bottom - top)
        self._parts = [ImageFont.truetype(file, size) for file in files]
        self.glyph = cache(self._glyph)
        self.advance = cache(self._advance)

    @cached_property
    def pen(self) -> float:
        """The width of the strokes, pixels: twice the area over the rim."""
        image = self._glyph("n").ink
        area, core = (np.asarray(i) > 127 for i in (image, image.filter(ImageFilter.MinFilter(3))))
        return float(2 * area.sum() / max(1, area.sum() - core.sum()))

    @cached_property
    def small(self) -> float:
        """The height of small letters, pixels."""
        return float(-self._parts[0].getbbox("x", anchor="ls")[1])

    def _glyph(self, text: str) -> Piece:
        """`text`, all of one file, as the font has it."""
        font = self._part(text[0])
        left, top, right, bottom = font.getbbox(text, anchor="ls")
        ink = Image.new("L", (ceil(right - left) + 2, ceil(bottom - top) + 2))
        ImageDraw.Draw(ink).text((1 - left, 1 - top), text, fill=255, font=font, anchor="ls")
        return Piece(ink, left - 1, top - 1)

    def _advance(self, letter: str, following: str) -> float:
        """Pixels from the start of `letter` to that of `following`, with the font's kerning."""
        font = self._part(letter)
        if letter == " ":
            return max(GAP * CAPITAL, font.getlength(letter))
        if not following or self._part(following) is not font:
            return font.getlength(letter)
        return font.getlength(letter + following) - font.getlength(following)

    def _part(self, letter: str) -> ImageFont.FreeTypeFont:
        """The file that has `letter`."""
        return self._parts[letter in self._extended]

    def joined(self, text: str) -> list[Piece]:
        """`text` as runs of joined letters, shaped by the font."""
        pieces, x = [], 0.0
        for (_, space), letters in groupby(text, key=lambda c: (self._part(c), c == " ")):
            run = "".join(letters)
            if space:
                x += self.advance(" ", "")
                continue
            piece = self._glyph(run)
            pieces.append(Piece(piece.ink, piece.left + x, piece.top))
            x += self._part(run[0]).getlength(run)
        return pieces

    def printed(self, text: str, rng: np.random.Generator) -> list[Piece]:
        """`text` letter by letter, each a little turned, grown and shifted."""
        pieces, x = [], 0.0
        spacing = CAPITAL * rng.uniform(*SPACING)
        noise = rng.standard_normal((len(text), 4))
        for letter, following, (turn, growth, *shift) in zip(
            text, [*text[1:], ""], noise.tolist(), strict=True
        ):
            if letter != " ":
                piece = _turned(self.glyph(letter), radians(TURN * turn), 1 + GROWTH * growth)
                dx, dy = (CAPITAL * SHIFT * s for s in shift)
                pieces.append(Piece(piece.ink, piece.left + x + dx, piece.top + dy))
            x += self.advance(letter, following) + spacing
        return pieces


def letter(face: Face, text: str, joined: bool, rng: np.random.Generator) -> Ink:
    """`text` in the hand of `face`, (H, W) grey, 0 ink to 255 paper."""
    pieces = face.joined(text) if joined else face.printed(text, rng)
    size = float(rng.uniform(*SIZE))
    ink = _bent(_gathered(pieces), size, rng)
    wanted = face.small * float(rng.uniform(*PEN))
    return 255 - np.asarray(_thickened(ink, face.pen * size, wanted * size))


def _turned(piece: Piece, angle: float, growth: float) -> Piece:
    """The piece turned (radians) and grown about the middle of its box."""
    w, h = piece.ink.size
    reach = abs(sin(angle))
    wide, high = ceil(growth * (w + h * reach)), ceil(growth * (h + w * reach))
    c, s = cos(angle) / growth, sin(angle) / growth
    x, y = w / 2 - (c * wide + s * high) / 2, h / 2 - (c * high - s * wide) / 2
    ink = piece.ink.transform(
        (wide, high), Image.Transform.AFFINE, (c, s, x, -s, c, y), Image.Resampling.BILINEAR
    )
    return Piece(ink, piece.left + (w - wide) / 2, piece.top + (h - high) / 2)


def _gathered(pieces: list[Piece]) -> Image.Image:
    """All pieces on one sheet with a margin, mode L, 0 paper to 255 ink."""
    left, top = min(p.left for p in pieces) - MARGIN, min(p.top for p in pieces) - MARGIN
    right = max(p.left + p.ink.width for p in pieces) + MARGIN
    bottom = max(p.top + p.ink.height for p in pieces) + MARGIN
    sheet = np.zeros((ceil(bottom - top) + 1, ceil(right - left) + 1), np.uint8)
    for piece in pieces:
        y, x = round(piece.top - top), round(piece.left - left)
        under = sheet[y : y + piece.ink.height, x : x + piece.ink.width]
        np.maximum(under, np.asarray(piece.ink), out=under)
    return Image.fromarray(sheet)


def _bent(sheet: Image.Image, size: float, rng: np.random.Generator) -> Image.Image:
    """The sheet scaled by `size`, slanted, stretched, and its baseline bent in slow waves."""
    w, h = sheet.size
    slant = rng.uniform(*SLANT)
    high, wide = ceil(h * size), ceil((w + abs(slant) * h) * size * rng.uniform(*ASPECT))
    count = max(2, wide // PIECE)
    nodes = np.linspace(0, wide, count + 1).round()
    waves = rng.standard_normal((2, 2, 1)) * np.sin(  # of y and x; two waves of 2 to 12 letters
        nodes / CAPITAL * rng.uniform(0.5, 3, (2, 2, 1)) + rng.uniform(0, 2 * np.pi, (2, 2, 1))
    )
    dy, dx = CAPITAL * DRIFT * waves.sum(1)  # (count + 1,), of the sheet
    x = nodes / wide * (w + abs(slant) * h) - max(0.0, slant) * h + dx
    over, under = x, x + slant * h  # leaning right, the top lies left in the sheet
    over, under, dy = over.tolist(), under.tolist(), dy.tolist()
    mesh = [
        (
            (int(nodes[i]), 0, int(nodes[i + 1]), high),
            (over[i], dy[i], under[i], h + dy[i], under[j], h + dy[j], over[j], dy[j]),
        )
        for i, j in zip(range(count), range(1, count + 1), strict=True)
    ]
    return sheet.transform((wide, high), Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def _thickened(ink: Image.Image, own: float, wanted: float) -> Image.Image:
    """Strokes `own` pixels wide made `wanted` wide; never thinned, for hairlines would break.

    A blurred stroke crosses each level of grey at another distance from its middle, so a level
    is a width: the sum of two blurred edges gives it.
    """
    wanted = max(own, wanted)
    blur = NormalDist(0, max(1.0, (wanted - own) / 2))  # pixels
    level = 255 * (blur.cdf((own - wanted) / 2) + blur.cdf((own + wanted) / 2) - 1)
    ramp = max(2 * blur.stdev, 128 / level)  # keeps edges about a pixel wide, and paper white
    table = (128 + (np.arange(256) - level) * ramp).clip(0, 255).astype(np.uint8)
    return ink.filter(ImageFilter.GaussianBlur(blur.stdev)).point(table.tolist())
