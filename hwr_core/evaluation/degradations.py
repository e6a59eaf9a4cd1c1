"""What spoils a picture, in steps: blur, noise, slant, thin strokes and low contrast.

Unlike the augmentation of the training, which keeps every name legible, these go on until nobody
can read it. Each spoils the picture before it is prepared, so that preparing may mend it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from hwr_core.recognizer import Reading, Recognizer

Ink = NDArray[np.float32]

MARGIN = (12, 48)  # pixels of paper, above and beside: blurred and slanted letters stay on it
SEED = 5  # of the grain, the same at every step, so that only its strength differs


@dataclass(frozen=True)
class Degradation:
    """One way to spoil a picture."""

    name: str
    unit: str  # of the amounts
    amounts: tuple[float, ...]  # 0 first
    change: Callable[[Ink, float], Ink]  # (H, W) ink 0 to 1, an amount -> as much ink


@dataclass(frozen=True, eq=False)
class Step:
    """A picture spoiled by one amount, and what is read of it."""

    amount: float
    picture: Image.Image
    reading: Reading


def blurred(ink: Ink, pixels: float) -> Ink:
    """Out of focus: a Gaussian blur of that standard deviation."""
    return _filtered(ink, ImageFilter.GaussianBlur(pixels)) if pixels else ink


def noisy(ink: Ink, deviation: float) -> Ink:
    """Grain of that standard deviation."""
    grain = np.random.default_rng(SEED).standard_normal(ink.shape).astype(np.float32)
    grainy: Ink = np.clip(ink + deviation * grain, 0, 1)
    return grainy


def thinned(ink: Ink, pixels: float) -> Ink:
    """Strokes thinner by that much, half on each side: minima of 3 x 3, the last one in part."""
    for part in [1.0] * int(pixels / 2) + [pixels / 2 % 1]:
        ink = (1 - part) * ink + part * _filtered(ink, ImageFilter.MinFilter(3))
    return ink


def faded(ink: Ink, share: float) -> Ink:
    """Ink paler by that share, on paper with a grain of its own, which stretching brings out."""
    return noisy(ink * (1 - share), 0.02 if share else 0)


def slanted(ink: Ink, slant: float) -> Ink:
    """Ink with its rows moved sideways about mid-height, by that many columns a row."""
    middle = (ink.shape[0] - 1) / 2
    affine = (1, slant, -slant * middle, 0, 1, 0)
    leant = Image.fromarray(ink).transform(
        (ink.shape[1], ink.shape[0]), Image.Transform.AFFINE, affine, Image.Resampling.BILINEAR
    )
    return np.asarray(leant, np.float32)


DEGRADATIONS = (
    Degradation("blur", "px", (0, 1, 2, 3, 4, 6), blurred),
    Degradation("noise", "of full ink", (0, 0.1, 0.2, 0.3, 0.4, 0.6), noisy),
    Degradation("slant", "of the height", (0, 0.2, 0.4, 0.6, 0.8, 1.2), slanted),
    Degradation("thin strokes", "px", (0, 0.5, 1, 1.5, 2, 3), thinned),
    Degradation("low contrast", "of the ink lost", (0, 0.5, 0.7, 0.8, 0.9, 0.95), faded),
)


def spoiled(ink: NDArray[np.uint8], degradation: Degradation, recognizer: Recognizer) -> list[Step]:
    """A strip (H, W), 0 paper to 255 ink, spoiled step by step, and read at each."""
    paper = np.pad(np.divide(ink, 255, dtype=np.float32), [MARGIN[:1] * 2, MARGIN[1:] * 2])
    pictures = [as_picture(degradation.change(paper, each)) for each in degradation.amounts]
    readings = [recognizer.read(picture, top=0) for picture in pictures]
    return [Step(*step) for step in zip(degradation.amounts, pictures, readings, strict=True)]


def breaks(steps: list[Step], truth: str) -> Iterator[float]:
    """The amounts at which the folded reading is not `truth`."""
    return (step.amount for step in steps if step.reading.folded != truth)


def as_picture(ink: Ink) -> Image.Image:
    """(H, W) ink 0 to 1 as black strokes on white paper."""
    return Image.fromarray(np.rint(255 * (1 - np.clip(ink, 0, 1))).astype(np.uint8))


def _filtered(ink: Ink, kernel: ImageFilter.Filter) -> Ink:
    """Ink after a filter of Pillow, which knows 256 levels."""
    levels = Image.fromarray(np.rint(255 * ink).astype(np.uint8)).filter(kernel)
    filtered: Ink = np.divide(np.asarray(levels), 255, dtype=np.float32)
    return filtered
