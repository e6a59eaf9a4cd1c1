"""What camera and file add to a name: blur, grain, haze and JPEG's blocks."""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from hwr_core.data.augment.fields import smooth

BLOCK = 8  # pixels of JPEG's blocks
# Quantisation of luminance at quality 50: ITU-T T.81 (1992), annex K, table K.1.
LUMINANCE = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
COSINES = [  # the orthonormal DCT-II of eight values
    [
        math.sqrt((2 if row else 1) / BLOCK) * math.cos(math.pi * row * (2 * column + 1) / 16)
        for column in range(BLOCK)
    ]
    for row in range(BLOCK)
]


def soften(images: Tensor, pixels: Tensor, _: Generator) -> Tensor:
    """A Gaussian blur: out of focus, or enlarged from a small picture."""
    offsets = torch.arange(-4, 5, device=images.device)  # two deviations of the widest
    weights = torch.exp(-0.5 * (offsets / pixels.abs().clamp(min=0.05)[:, None]) ** 2)
    weights = (weights / weights.sum(1, keepdim=True))[:, None, None, :, None]  # (n, 1, 1, 9, 1)
    images = (F.pad(images, (0, 0, 4, 4)).unfold(2, 9, 1) @ weights).squeeze(-1)
    return (F.pad(images, (4, 4)).unfold(3, 9, 1) @ weights).squeeze(-1)


def haze(images: Tensor, grey: Tensor, generator: Generator) -> Tensor:
    """Uneven grey left on the paper of a photograph, however well it was flattened."""
    field = smooth((len(images), 1, 2, 4), images, generator)
    return images + (1 - images) * field * grey.abs()[:, None, None, None]


def noise(images: Tensor, deviation: Tensor, generator: Generator) -> Tensor:
    """Grain; below bare paper and above full ink there is nothing."""
    grain = torch.randn(images.shape, generator=generator, device=images.device)
    return (images + grain * deviation.abs()[:, None, None, None]).clamp(0, 1)


def jpeg(images: Tensor, coarseness: Tensor, _: Generator) -> Tensor:
    """What is left of each 8 x 8 block when its cosines are rounded, as JPEG does to grey.

    Zero is bare paper here, not mid-grey, so that it stays bare at any coarseness.
    """
    H, W = images.shape[2:]
    cosines, table = (
        torch.tensor(values, device=images.device, dtype=images.dtype)
        for values in (COSINES, LUMINANCE)
    )
    padded = F.pad(images, (0, -W % BLOCK, 0, -H % BLOCK))
    h, w = padded.shape[2] // BLOCK, padded.shape[3] // BLOCK
    blocks = padded.reshape(-1, h, BLOCK, w, BLOCK).transpose(2, 3)  # (n, h, w, 8, 8)
    steps = (table / 255 * coarseness.abs()[:, None, None]).clamp(min=1 / 255)  # (n, 8, 8)
    steps = steps[:, None, None]
    rounded = (cosines @ blocks @ cosines.T / steps).round() * steps
    blocks = cosines.T @ rounded @ cosines
    return blocks.transpose(2, 3).reshape(padded.shape)[..., :H, :W].clamp(0, 1)
