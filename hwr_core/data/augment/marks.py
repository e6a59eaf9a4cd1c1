"""Marks that are no letters: specks and thin lines, of ink or, as if scratched, of bare paper.

The alphabet has full stops, accents and hyphens, so specks are smaller than a pen's dot, lines
thinner than its stroke and as long as the strip; none stands upright like an I.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from hwr_core.data.augment.fields import centres


def dots(images: Tensor, number: Tensor, generator: Generator) -> Tensor:
    """Up to `number` specks of dust, or of bare paper below 0."""
    H, W = images.shape[2:]
    left, top, radius, dark = _draws(4, number, generator)  # (n, most, 1, 1)
    x, y = centres(W, images) * (W / 2), centres(H, images)[:, None] * (H / 2)  # pixels
    distance = torch.hypot(x - (left - 0.5) * W, y - (top - 0.5) * H)  # (n, most, H, W)
    specks = (0.7 + 0.4 * radius - distance).clamp(0, 1) * (0.3 + 0.4 * dark)
    return _marked(images, specks, number)


def lines(images: Tensor, number: Tensor, generator: Generator) -> Tensor:
    """Up to `number` thin lines across the whole strip: rules, folds; scratches below 0."""
    H, W = images.shape[2:]
    top, slope, sag, width, dark = _draws(5, number, generator)  # (n, most, 1, 1)
    x, y = centres(W, images), centres(H, images)[:, None] * (H / 2)  # half widths, pixels
    bend = (slope - 0.5) * 0.5 * H * x + (
        sag - 0.5
    ) * 8 * x * x  # a quarter of the height, 4 pixels
    distance = (y - (top - 0.5) * H - bend).abs()  # (n, most, H, W)
    strokes = (0.8 + 0.4 * width - distance).clamp(0, 1) * (0.3 + 0.4 * dark)
    return _marked(images, strokes, number)


def _draws(kinds: int, number: Tensor, generator: Generator) -> Tensor:
    """(kinds, n, most, 1, 1) values of 0 to 1: the properties of every mark that may be drawn."""
    most = int(number.abs().max().ceil())
    return torch.rand(kinds, len(number), most, 1, 1, generator=generator, device=number.device)


def _marked(images: Tensor, marks: Tensor, number: Tensor) -> Tensor:
    """`images` with the first `number` of (n, most, H, W) marks: ink, or none of it below 0."""
    counted = torch.arange(marks.shape[1], device=images.device) < number.abs()[:, None]
    mark = (marks * counted[..., None, None]).amax(1, keepdim=True)  # (n, 1, H, W)
    inked = torch.maximum(images, mark)
    return torch.where(number[:, None, None, None] > 0, inked, images * (1 - mark))
