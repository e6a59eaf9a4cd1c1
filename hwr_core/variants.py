"""A strip as it would look written a little differently: what test-time augmentation reads, too."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Ink = NDArray[np.float32]

SLANT = 0.06  # columns a row is moved by, per row off the middle: 3 degrees


def slanted(ink: Ink, slant: float) -> Ink:
    """(H, W) ink with its rows moved sideways about mid-height; its size stays."""
    middle = (ink.shape[0] - 1) / 2
    moved = Image.fromarray(ink).transform(
        (ink.shape[1], ink.shape[0]),
        Image.Transform.AFFINE,
        (1, slant, -slant * middle, 0, 1, 0),
        Image.Resampling.BILINEAR,
    )
    return np.asarray(moved, np.float32)


VARIANTS: tuple[Callable[[Ink], Ink], ...] = (
    lambda ink: slanted(ink, SLANT),
    lambda ink: slanted(ink, -SLANT),
)
