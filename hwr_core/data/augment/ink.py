"""What pen, ink and paper do to the strokes: width, tone, and where the ink gives out."""

from __future__ import annotations

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from hwr_core.data.augment.fields import centres, smooth


def thickness(images: Tensor, pixels: Tensor, _: Generator) -> Tensor:
    """Wider strokes, or thinner below 0: by up to a pixel each side, blended with 3 x 3 extremes.

    Only by a part: the loop of a small e must not close, a two-pixel stroke not vanish.
    """
    sign = torch.where(pixels > 0, 1.0, -1.0)[:, None, None, None]
    weight = torch.where(pixels > 0, 0.6 * pixels, -0.5 * pixels)[:, None, None, None]
    extreme = images * sign
    for dim in (2, 3):  # the lowest value outside: paper beyond the edge thins no stroke
        padding = (0, 0, 1, 1) if dim == 2 else (1, 1, 0, 0)
        wide, size = F.pad(extreme, padding, value=-1), images.shape[dim]
        near = [wide.narrow(dim, start, size) for start in range(3)]
        extreme = torch.maximum(torch.maximum(near[0], near[1]), near[2])
    return images + weight * (extreme * sign - images)


def run_dry(images: Tensor, loss: Tensor, generator: Generator) -> Tensor:
    """Ink that gives out along the name, to its end, or its beginning below 0: an empty pen."""
    along = centres(images.shape[3], images) * loss.sign()[:, None]  # (n, W), -1 to 1
    start = torch.rand(len(images), 1, generator=generator, device=images.device) * 1.4 - 1
    part = ((along - start) / (1 - start)).clamp(0, 1)
    eased = part * part * (3 - 2 * part)  # no step where it begins
    return images * (1 - loss.abs()[:, None] * eased)[:, None, None]


def patchy(images: Tensor, loss: Tensor, generator: Generator) -> Tensor:
    """Ink of uneven level: what pressure, and coloured ink in uneven light, look like as grey."""
    n, _, H, W = images.shape
    field = smooth((n, 1, max(2, H // 12), max(2, W // 12)), images, generator)
    return images * (1 - loss.abs()[:, None, None, None] * field)


def contrast(images: Tensor, doublings: Tensor, _: Generator) -> Tensor:
    """A tone curve: greys to paper, or to ink below 0; bare paper and full ink stay."""
    return images ** torch.exp2(doublings)[:, None, None, None]


def fade(images: Tensor, loss: Tensor, _: Generator) -> Tensor:
    """Weaker ink everywhere: a pencil, a bad scan."""
    return images * (1 - loss.abs()[:, None, None, None])
