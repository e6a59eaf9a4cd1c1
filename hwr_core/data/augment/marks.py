"""Marks that are no letters: specks and thin lines, of ink or, as if scratched, of bare paper.

The alphabet has full stops, accents and hyphens, so specks are smaller than a pen's dot, lines
thinner than its stroke and as long as the strip; none stands upright like an I. And the comma
behind a name that stands in a sentence: the alphabet has none.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from hwr_core.canvas import INK
from hwr_core.data.augment.fields import centres

SHORTEST = 4  # pixels of a comma; a shorter one may pass for a full stop, which is a letter


def dots(images: Tensor, number: Tensor, generator: Generator) -> Tensor:
    """Up to `number` specks of dust, or of bare paper below 0."""
    H, W = images.shape[2:]
    left, top, radius, dark = _draws(4, number, generator)  # (n, most, 1, 1)
    x, y = centres(W, images) * (W / 2), centres(H, images)[:, None] * (H / 2)  # pixels
    distance = torch.hypot(x - (left - 0.5) * W, y - (top - 0.5) * H)  # (n, most, H, W)
    specks = (0.7 + 0.4 * radius - distance).clamp(0, 1) * (0.3 + 0.4 * dark)
    return _marked(images, specks, number)


def comma(images: Tensor, length: Tensor, generator: Generator) -> Tensor:
    """A comma of that many pixels behind the name, at its foot."""
    H, W = images.shape[2:]
    draws = torch.rand(4, len(length), 1, 1, generator=generator, device=images.device)
    gap, low, heavy, slant = draws  # (n, 1, 1) each
    written = (images > INK)[:, 0]  # (n, H, W)
    columns = torch.arange(W, device=images.device)
    end = (written.any(1) * columns).amax(1)[:, None, None]  # the last column of a stroke
    left = (end + 3 + 5 * gap).clamp(max=W - 2)
    top = _foot(written)[:, None, None] + 4 * (low - 0.7)  # on the line, hardly below it
    x = columns - left  # (n, 1, W)
    y = torch.arange(H, device=images.device)[:, None] - top  # (n, H, 1)
    long = length.abs().clamp(min=SHORTEST)[:, None, None]
    down = y.clamp(min=torch.zeros_like(top), max=long)  # along the stroke
    distance = torch.hypot(x + slant * down / 2, y - down)  # (n, H, W)
    mark = (1.2 + 0.9 * heavy - distance).clamp(0, 1) * written.any((1, 2), keepdim=True)
    return torch.maximum(images, mark[:, None])


def _foot(written: Tensor) -> Tensor:
    """(n,) the row above which lie nine tenths of (n, H, W) strokes: loops hang lower."""
    above = written.sum(2).cumsum(1)  # (n, H)
    return (above < 0.9 * above[:, -1:]).sum(1)


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
