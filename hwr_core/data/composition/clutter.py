"""Clutter: a name set on a form, so that print and neighbouring lines are learned as clutter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydantic import Field

from hwr_core.data.composition.blobs import STROKE
from hwr_core.data.composition.cutting import Ink, Place
from hwr_core.data.composition.forms import Form, PrintSettings, lay, printed_form

TRIES = 4  # forms tried for a name before it stays on plain paper
TOUCH = 0.01  # share of the name's stroke pixels that may lie on the form's
NEAR = 6  # pixels around the name that stay free of dust, which would read as dots
SMALLEST = 11  # pixels; some hands of the scans are smaller, other names would be illegible there
BODY = 8  # pixels that the body of the letters is tall at least, whatever loops stand above it
CORE = 0.4  # of the fullest row's ink: rows with less hold loops, tails and accents only
FULL = (150, 255)  # ink that the darkest strokes of a name have at least, drawn for each


class ClutterSettings(PrintSettings):
    """What surrounds a name; shares are 0 to 1."""

    real: float = Field(default=0.6, ge=0, le=1)  # of forms from scans, where some are given
    neighbours: float = Field(default=0.3, ge=0, le=1)  # of printed forms with slices of writing
    dust: float = Field(default=0.15, ge=0, le=1)  # of forms with specks
    # Line heights of the form that a name is tall; accents and loops need more than capitals.
    size: tuple[float, float] = (1.0, 1.4)


def clutter(
    picture: NDArray[np.uint8],
    settings: ClutterSettings,
    rng: np.random.Generator,
    forms: Sequence[Form] = (),
) -> NDArray[np.uint8]:
    """Set the name of a picture on a form, at the size of the scans.

    No ink of the form covers the name: where none of a few forms leaves room for it, it stays on
    plain paper. Blank pictures are returned as they are.

    Args:
        picture: (H, W) grey, 0 black ink to 255 white paper.
        settings: what the forms show.
        rng: draws the form and the place.
        forms: empty real forms; none for printed ones only.

    Returns:
        (H', W') grey like `picture`; the widths of scans, more where the name needs it.
    """
    name = _trimmed(255 - picture)
    if not name.size:
        return picture
    for _ in range(TRIES):
        form = _form(name, settings, rng, forms)
        if len(form.ink) - 2 < _legible(name):
            continue
        left, top, scaled = _fitted(name, form, settings, rng)
        if _free(form, scaled, left, top):
            return 255 - _joined(form, scaled, left, top, settings.dust, rng)
    return picture


def _trimmed(ink: Ink) -> Ink:
    """The box of the strokes in (h, w) ink; (0, 0) of blank paper."""
    strokes = ink >= STROKE
    rows, columns = np.flatnonzero(strokes.any(axis=1)), np.flatnonzero(strokes.any(axis=0))
    if not rows.size:
        return ink[:0, :0]
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _form(
    name: Ink, settings: ClutterSettings, rng: np.random.Generator, forms: Sequence[Form]
) -> Form:
    """A real form or a printed one."""
    if forms and rng.random() < settings.real:
        return forms[int(rng.integers(len(forms)))]
    form = printed_form(settings, rng)
    if rng.random() < settings.neighbours:
        _slices(form, name, rng)
    return form


def _slices(form: Form, name: Ink, rng: np.random.Generator) -> None:
    """The lowest rows of a line of writing at the upper edge, or the highest at the lower.

    The writing is the name's own, mirrored so that it would not be read twice.
    """
    height = form.line.bottom - form.line.top
    other = _resized(name[:, ::-1], height / len(name))
    shown, left = int(rng.integers(2, 5)), int(rng.integers(-20, 200))
    below = rng.random() < 0.5
    lay(form.ink, other, left, len(form.ink) - shown if below else shown - len(other))


def _fitted(
    name: Ink, form: Form, settings: ClutterSettings, rng: np.random.Generator
) -> tuple[int, int, Ink]:
    """Where the name goes (left, top), and the name at its size there."""
    line = form.line
    usual = max(line.bottom - line.top, SMALLEST)
    wanted = max(usual * rng.uniform(*settings.size), _legible(name))
    height = min(wanted, len(form.ink) - 2)
    scaled = _darkened(_resized(name, height / len(name)), rng)
    left = max(0, line.left + int(rng.integers(-3, 6)))
    top = (line.top + line.bottom - len(scaled)) // 2 + int(rng.integers(-1, 2))
    return left, min(max(1, top), len(form.ink) - len(scaled) - 1), scaled


def _legible(name: Ink) -> float:
    """How tall (h, w) ink is at least, pixels, so that the body of its letters can be read.

    The body is what the fuller rows hold: the x-height of small letters, all of capitals.
    """
    rows = (name >= STROKE).sum(axis=1)
    full = np.flatnonzero(rows >= CORE * rows.max())
    return len(name) * BODY / int(full[-1] - full[0] + 1)


def _resized(ink: Ink, scale: float) -> Ink:
    h, w = ink.shape
    size = (max(1, round(w * scale)), max(1, round(h * scale)))
    return np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.BILINEAR))


def _darkened(ink: Ink, rng: np.random.Generator) -> Ink:
    """Ink that reduction made pale as dark as pens on the scans; never paler than before."""
    darkest = float(np.quantile(ink[ink > 0], 0.9))
    gain = max(1.0, rng.uniform(*FULL) / darkest)
    darker: Ink = np.minimum(ink * gain, 255).astype(np.uint8)
    return darker


def _free(form: Form, name: Ink, left: int, top: int) -> bool:
    """Whether the name lies clear of the form's ink, a pixel around it included."""
    strokes = np.zeros(form.ink.shape, np.uint8)
    lay(strokes, name, left, top)
    near = np.zeros_like(form.ink)
    for dx, dy in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)):
        lay(near, form.ink, dx, dy)
    covered = ((strokes >= STROKE) & (near >= STROKE)).sum()
    return bool(covered <= TOUCH * (name >= STROKE).sum())


def _joined(
    form: Form, name: Ink, left: int, top: int, dust: float, rng: np.random.Generator
) -> Ink:
    """The form with the name on it; as wide as both need."""
    w = form.ink.shape[1]
    right = left + name.shape[1]
    ink = np.pad(form.ink, ((0, 0), (0, max(0, right + int(rng.integers(3, 30)) - w))))
    if rng.random() < dust:
        _dust(ink, Place(left, top, right, top + len(name)), rng)
    lay(ink, name, left, top)
    return ink


def _dust(ink: Ink, name: Place, rng: np.random.Generator) -> None:
    """A few specks away from the name."""
    h, w = ink.shape
    for _ in range(int(rng.integers(1, 6))):
        x, y = int(rng.integers(w)), int(rng.integers(h))
        if x < name.left - NEAR or x >= name.right + NEAR or y < name.top - NEAR:
            spot = ink[y : y + int(rng.integers(1, 3)), x : x + int(rng.integers(1, 3))]
            np.maximum(spot, rng.integers(40, 200), out=spot, casting="unsafe")
