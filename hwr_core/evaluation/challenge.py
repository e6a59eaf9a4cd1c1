"""Pictures that hold no single handwritten name: none of them should be accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from hwr_core.data.composition.forms import PrintSettings, lay, printed_form
from hwr_core.inking import render
from hwr_core.strokes import Drawing

Grey = NDArray[np.uint8]  # (H, W), 0 black to 255 white

EACH = 50  # pictures of each kind
# Matplotlib's, which ship with it; None is Pillow's own.
FACES = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif", "DejaVuSansMono", "STIXGeneral", None)
NAMES = (
    *("Martin", "DUBOIS", "Anna Schmidt", "LEFEBVRE", "Marie Curie", "Nguyen", "ROSSI"),
    *("O'Connor", "Jean-Pierre", "KOWALSKI", "Emma", "DE LA TOUR", "Sophie", "THOMAS BERNARD"),
)
SIZES = (18, 64)  # pixels, of the print


@dataclass(frozen=True)
class Challenge:
    """A picture to be declined."""

    kind: str
    picture: Grey


def challenges(
    writing: Sequence[Grey], rng: np.random.Generator, each: int = EACH
) -> Iterator[Challenge]:
    """`each` pictures of every kind.

    Args:
        writing: pictures of single handwritten names, of which those of several lines are made.
        rng: draws them all.
        each: pictures of each kind.
    """
    makers: dict[str, Callable[[], Grey]] = {
        "blank": lambda: _blank(rng),
        "scribbled": lambda: _scribbled(rng),
        "printed": lambda: _printed(rng),
        "several lines": lambda: _lines(writing, rng),
    }
    for kind, make in makers.items():
        for _ in range(each):
            yield Challenge(kind, _taken(make(), rng))


def _blank(rng: np.random.Generator) -> Grey:
    """Paper in uneven light, half of it ruled, boxed, dotted or dusty."""
    h, w = int(rng.integers(40, 200)), int(rng.integers(150, 700))
    rows, columns = np.linspace(-1, 1, h)[:, None], np.linspace(-1, 1, w)
    light = rng.uniform(170, 255) + rng.uniform(-25, 25) * rows + rng.uniform(-25, 25) * columns
    paper = light.clip(0, 255).astype(np.uint8)
    tone = int(rng.integers(60, 150))
    mark = int(rng.integers(8))
    if mark == 0:
        paper[int(h * 0.8)] = tone
    elif mark == 1:
        paper[:: max(12, h // 4)] = tone
    elif mark == 2:
        paper[[3, -4]], paper[:, [3, -4]] = tone, tone
    elif mark == 3:
        for y, x in zip(rng.integers(h, size=5), rng.integers(w, size=5), strict=True):
            paper[y : y + 2, x : x + 2] = tone
    return paper


def _scribbled(rng: np.random.Generator) -> Grey:
    """Something drawn on the pad that spells nothing."""
    kind = SCRIBBLES[int(rng.integers(len(SCRIBBLES)))]
    size = np.array([rng.uniform(1, 4), 1])
    strokes = [points * size for points in kind(rng)]
    return np.asarray(render(Drawing.of(strokes, rng.uniform(4, 10))))


def _walk(rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """A pen that strays: its direction, not its place, is random."""
    angles = np.cumsum(rng.normal(0, 0.6, 150))
    return [np.cumsum(np.stack([np.cos(angles), np.sin(angles)], axis=1), axis=0)]


def _loops(rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """A row of loops, as a pen that is tried."""
    turns = np.linspace(0, 2 * np.pi * rng.integers(4, 12), 300)
    across = turns * rng.uniform(0.02, 0.15) + np.cos(turns)
    return [np.stack([across, np.sin(turns) * rng.uniform(0.5, 1.5)], axis=1)]


def _zigzag(rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """Crossing out, or a saw."""
    peaks = int(rng.integers(8, 30))
    across = np.linspace(0, 1, peaks) + rng.normal(0, 0.02, peaks)
    down = np.arange(peaks) % 2 + rng.normal(0, 0.15, peaks)
    return [np.stack([across, down], axis=1)]


def _hatching(rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """Strokes over each other, in two directions."""
    ends = rng.uniform(0, 1, (int(rng.integers(12, 40)), 2, 2))
    return list(ends)


def _spiral(rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """One that fills the paper."""
    turns = np.linspace(0, 2 * np.pi * rng.uniform(4, 9), 300)
    return [np.stack([turns * np.cos(turns), turns * np.sin(turns)], axis=1)]


def _flourish(rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """Long curves through points anywhere, as under a signature."""
    return [rng.uniform(0, 1, (int(rng.integers(9, 25)), 2)) for _ in range(rng.integers(1, 4))]


SCRIBBLES = (_walk, _loops, _zigzag, _hatching, _spiral, _flourish)


def _printed(rng: np.random.Generator) -> Grey:
    """A name in print, a third of them in a form that nobody filled in."""
    if rng.random() < 1 / 3:
        return 255 - printed_form(PrintSettings(beside=1, above=0.6, below=0.6), rng).ink
    face, size = FACES[int(rng.integers(len(FACES)))], int(rng.integers(*SIZES))
    text = NAMES[int(rng.integers(len(NAMES)))]
    font = _font(face, size)
    left, top, right, bottom = font.getbbox(text)
    margin = int(rng.integers(5, 30))
    paper = Image.new("L", (int(right - left) + 2 * margin, int(bottom - top) + 2 * margin), 255)
    ink = int(rng.integers(0, 90))
    ImageDraw.Draw(paper).text((margin - left, margin - top), text, fill=ink, font=font)
    return np.asarray(paper)


@cache
def _font(face: str | None, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    if face is None:
        return ImageFont.load_default(size)
    return ImageFont.truetype(Path(mpl.get_data_path(), "fonts", "ttf", f"{face}.ttf"), size)


def _lines(writing: Sequence[Grey], rng: np.random.Generator) -> Grey:
    """Two or three names under each other, of about one size."""
    chosen = [
        writing[int(number)] for number in rng.integers(len(writing), size=rng.integers(2, 4))
    ]
    height = int(rng.integers(40, 90))
    lines = [_as_tall(name, round(height * rng.uniform(0.85, 1.15))) for name in chosen]
    gap = int(height * rng.uniform(0.05, 0.6))
    indents = rng.integers(0, height, size=len(lines)).tolist()
    width = max(x + line.shape[1] for x, line in zip(indents, lines, strict=True))
    ink = np.zeros((sum(map(len, lines)) + gap * (len(lines) - 1), width), np.uint8)
    top = 0
    for x, line in zip(indents, lines, strict=True):
        lay(ink, line, x, top)
        top += len(line) + gap
    return np.asarray(np.pad(255 - ink, 12, constant_values=255))


def _as_tall(name: Grey, height: int) -> Grey:
    """The ink of a name, without its margins, scaled to a height."""
    ink = 255 - name
    rows, columns = np.flatnonzero((ink > 60).any(1)), np.flatnonzero((ink > 60).any(0))
    box = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    size = (max(1, round(box.shape[1] * height / len(box))), height)
    return np.asarray(Image.fromarray(box).resize(size, Image.Resampling.BILINEAR))


def _taken(picture: Grey, rng: np.random.Generator) -> Grey:
    """As a device would take it: a little soft, a little noisy, compressed."""
    soft = np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(rng.uniform(0, 1))))
    noisy = soft + rng.normal(0, rng.uniform(0, 5), soft.shape)
    buffer = BytesIO()
    image = Image.fromarray(noisy.clip(0, 255).astype(np.uint8))
    image.save(buffer, "JPEG", quality=int(rng.integers(50, 95)))
    return np.asarray(Image.open(buffer))
