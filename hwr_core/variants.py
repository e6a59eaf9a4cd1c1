"""A strip as it would look written a little smaller or larger: test-time augmentation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Ink = NDArray[np.float32]

SIZES = (0.9, 1.1)  # of the copies that are read beside the strip itself, over its own


def resized(ink: Ink, size: float, step: int) -> Ink:
    """(H, W) ink `size` times as large about mid-height; W' is a multiple of `step` pixels.

    What of it then stands above or below the strip is cut.
    """
    height, width = ink.shape
    middle = height / 2
    copy = Image.fromarray(ink).transform(
        (-(-round(width * size) // step) * step, height),
        Image.Transform.AFFINE,
        (1 / size, 0, 0, 0, 1 / size, middle - middle / size),
        Image.Resampling.BILINEAR,
    )
    return np.asarray(copy, np.float32)
