"""Smooth random fields over strips, and where their pixels lie."""

from __future__ import annotations

import torch
from torch import Generator, Tensor
from torch.nn import functional as F


def smooth(mesh: tuple[int, int, int, int], images: Tensor, generator: Generator) -> Tensor:
    """(n, kinds, H, W) values of 0 to 1: noise on a coarse (n, kinds, h, w) mesh, interpolated."""
    n, kinds, h, w = mesh
    noise = torch.rand((n, kinds, h, w), generator=generator, device=images.device)
    H, W = images.shape[2:]
    # Two small products instead of F.interpolate on the whole field: five times as fast.
    field = _between(h, H, images) @ noise @ _between(w, W, images).T
    return field.clamp(0, 1)  # cubics swing a little beyond


def centres(number: int, images: Tensor) -> Tensor:
    """(number,) the centres of as many pixels that span -1 to 1."""
    return (2 * torch.arange(number, device=images.device) + 1) / number - 1


def _between(coarse: int, fine: int, images: Tensor) -> Tensor:
    """(fine, coarse) weights of cubic interpolation between `coarse` values, ends included."""
    values = torch.eye(coarse, device=images.device)[None, None]
    size = (fine, coarse)
    return F.interpolate(values, size, mode="bicubic", align_corners=True)[0, 0]
