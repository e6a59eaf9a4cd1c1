"""Forms: paper with all that is on it besides the name, from real scans or printed anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from pydantic import Field

from hwr_core.config import Settings
from hwr_core.data.composition.cutting import Ink, Place
from hwr_core.data.composition.hands import Hand, load

# Without accents, which the font lacks.
FIELDS = (
    *("NOM :", "PRENOM :", "NOM", "PRENOM", "Nom :", "NOM DE NAISSANCE"),
    *("Name:", "Vorname:", "Familienname", "First name", "LAST NAME:", "Surname", "Apellidos"),
)
ABOVE = (
    "CODE RNE / UAI : 0750",
    "CODE UAI / RNE",
    "NOM",
    "PRENOM",
    "ETABLISSEMENT",
    "Name, Vorname",
)
BELOW = ("DATE DE NAISSANCE    CLASSE", "NE(E) LE :", "CLASSE : 3 EME", "Geburtsdatum", "Address:")
SERIALS = ("15:52:38", "40718:27", "9:63:140", "27:5:816", "63:38:94", "81:072:3")
LINE = (10, 19)  # pixels capitals are tall on the scans
PRINT = (10, 13)  # pixels, size of the print, whose capitals are 7 to 9 tall on the scans
EDGE = 16  # pixels at the left edge of the scans that serials and box lines take


class PrintSettings(Settings):
    """What is printed on a form: the share of forms that shows each, 0 to 1, by a look at scans."""

    beside: float = Field(default=0.5, ge=0, le=1)  # the field's name left of the writing
    above: float = Field(default=0.4, ge=0, le=1)  # a line of print, whole or cut off
    below: float = Field(default=0.25, ge=0, le=1)  # the same
    serial: float = Field(default=0.3, ge=0, le=1)  # rotated digits at the left edge
    rule: float = Field(default=0.2, ge=0, le=1)  # a box's line: upright at the left, or level
    dots: float = Field(default=0.1, ge=0, le=1)  # a dotted line to write on


@dataclass(frozen=True)
class Form:
    """A form without a name, and where the name goes."""

    ink: Ink  # (h, w) 0 paper to 255 ink
    line: Place


def load_forms(path: Path, split: str) -> tuple[Form, ...]:
    """The empty forms of one side of the split in a file of cut scans.

    Raises:
        DataError: not such a file, or nothing on this side.
    """
    return real_forms(load(path, split))


def real_forms(hands: Iterable[Hand]) -> tuple[Form, ...]:
    """The empty forms among scans taken apart."""
    return tuple(Form(hand.form, hand.line) for hand in hands if hand.form is not None)


def printed_form(settings: PrintSettings, rng: np.random.Generator) -> Form:
    """A form printed anew in the sizes of the scans."""
    shown = [mark for mark in MARKS if rng.random() < getattr(settings, mark)]
    left = int(rng.integers(60, 100)) if "beside" in shown else int(rng.integers(EDGE, 40))
    top = int(rng.integers(8, 24)) if "above" in shown else int(rng.integers(3, 14))
    low = int(rng.integers(6, 14)) if "below" in shown else int(rng.integers(3, 12))
    line = Place(left, top, left + 100, top + int(rng.integers(*LINE, endpoint=True)))
    ink = np.zeros((line.bottom + low, int(rng.integers(280, 390))), np.uint8)
    for mark in shown:
        MARKS[mark](ink, line, rng)
    return Form(ink, line)


def _beside(ink: Ink, line: Place, rng: np.random.Generator) -> None:
    """The field's name, cut off by the left edge where it is long."""
    words = _print(FIELDS, rng)
    left = line.left - int(rng.integers(6, 26)) - words.shape[1]
    lay(ink, words, left, line.bottom - len(words) + int(rng.integers(-2, 2)))


def _above(ink: Ink, line: Place, rng: np.random.Generator) -> None:
    """Print over the name, mostly cut off by the top edge."""
    words = _print(ABOVE, rng)
    lay(ink, words, int(rng.integers(2, 60)), line.top - len(words) - int(rng.integers(2, 6)))


def _below(ink: Ink, line: Place, rng: np.random.Generator) -> None:
    """Print under the name, mostly cut off by the bottom edge."""
    lay(ink, _print(BELOW, rng), int(rng.integers(2, 60)), line.bottom + int(rng.integers(3, 8)))


def _serial(ink: Ink, _: Place, rng: np.random.Generator) -> None:
    """Digits turned upwards at the left edge, which cuts them off."""
    turned = np.rot90(_print(SERIALS, rng))
    lay(ink, turned, int(rng.integers(-5, 3)), int(rng.integers(-30, 4)))


def _rule(ink: Ink, line: Place, rng: np.random.Generator) -> None:
    """A box's line: upright at the left edge, or level under or over the name."""
    tone = int(rng.integers(90, 230))
    if rng.random() < 0.6:
        ink[:, int(rng.integers(0, 5))] = tone
    else:
        below, away = rng.random() < 0.7, int(rng.integers(3, 8))
        row = line.bottom + away if below else line.top - away
        ink[min(max(row, 0), len(ink) - 1)] = tone


def _dots(ink: Ink, line: Place, rng: np.random.Generator) -> None:
    """A dotted line to write on."""
    row = min(line.bottom + int(rng.integers(2, 6)), len(ink) - 1)
    ink[row, line.left :: int(rng.integers(2, 5))] = rng.integers(90, 230)


MARKS: dict[str, Callable[[Ink, Place, np.random.Generator], None]] = {
    "beside": _beside,
    "above": _above,
    "below": _below,
    "serial": _serial,
    "rule": _rule,
    "dots": _dots,
}


def _print(choices: Sequence[str], rng: np.random.Generator) -> Ink:
    """One of the texts in print."""
    text = choices[int(rng.integers(len(choices)))]
    return _printed(text, int(rng.integers(*PRINT, endpoint=True)), bool(rng.random() < 0.6))


@lru_cache(maxsize=256)
def _printed(text: str, size: int, bold: bool) -> Ink:
    """`text` in Pillow's own sans serif, as (h, w) ink without margins."""
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (int(right - left) + 3, int(bottom - top) + 2))
    draw = ImageDraw.Draw(image)
    for shift in range(1 + bold):  # bold is struck twice, as the scans' print is about that wide
        draw.text((shift - left, -top), text, fill=255, font=font)
    ink = np.asarray(image)
    return ink[np.ix_(ink.any(axis=1), np.arange(ink.shape[1]))]


def lay(paper: Ink, ink: Ink, left: int, top: int) -> None:
    """Add `ink` to `paper` with its corner there; what lies beyond the paper is cut off."""
    h, w = paper.shape
    y, x = max(0, top), max(0, left)
    piece = ink[y - top : h - top, x - left : w - left] if top < h and left < w else ink[:0, :0]
    spot = paper[y : y + piece.shape[0], x : x + piece.shape[1]]
    np.maximum(spot, piece, out=spot)
