"""Augmentation of ink strips, a batch at a time and on its device, as its generator draws it."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Generator, Tensor
from torch.nn import functional as F

from hwr_core.config import Settings

ROOM = 8  # pixels of paper added left and right, to move in


class AugmentSettings(Settings):
    """Ranges of the random changes; 0 turns one off. All were chosen to keep every name legible."""

    scale: float = Field(default=0.12, ge=0, le=0.5)  # width and height, each by up to this share
    shift: float = Field(default=0.04, ge=0, le=0.3)  # share of the height, both ways
    shear: float = Field(default=0.35, ge=0, le=1)  # slant: horizontal move per unit of height
    rotate: float = Field(default=0.03, ge=0, le=0.3)  # radians
    warp: float = Field(default=1.5, ge=0, le=5)  # pixels a point moves in the smooth elastic field
    thickness: float = Field(default=0.5, ge=0, le=1)  # share of batches with wider, thinner ink
    fade: float = Field(default=0.3, ge=0, le=0.9)  # ink is weakened by up to this share
    noise: float = Field(default=0.06, ge=0, le=0.5)  # standard deviation of grain on the paper


def augment(images: Tensor, settings: AugmentSettings, generator: Generator) -> Tensor:
    """Each strip changed by its own draw: (B, 1, H, W) ink 0 to 1 -> (B, 1, H, W + 2 * ROOM).

    No letter leaves the strip sideways, or its label would no longer be true.
    """
    images = F.pad(_thickness(images, settings.thickness, generator), (ROOM, ROOM))
    images = F.grid_sample(images, _grid(images, settings, generator), align_corners=False)
    return _tone(images, settings, generator)


def _uniform(images: Tensor, limit: float, generator: Generator) -> Tensor:
    """(B,) values in [-limit, limit)."""
    return (torch.rand(len(images), generator=generator, device=images.device) * 2 - 1) * limit


def _grid(images: Tensor, settings: AugmentSettings, generator: Generator) -> Tensor:
    """(B, H, W, 2) sampling points in [-1, 1]: an affine map and a smooth elastic field on top.

    The map is narrowed by what slant, turn and shift move at the corners, so that it still shows
    everything between the paddings.
    """
    B, _, H, W = images.shape
    aspect = H / W  # x is in half widths, y in half heights
    slant, turn = (
        _uniform(images, limit, generator) for limit in (settings.shear, settings.rotate)
    )
    sx, sy = (_uniform(images, settings.scale, generator) for _ in range(2))
    dx, dy = (_uniform(images, settings.shift, generator) for _ in range(2))
    moved = ((slant + turn).abs() + dx.abs()) * aspect
    widest = 1 - (2 * ROOM / W if settings.scale else 0)  # the letters fill the room
    width = widest + moved + settings.scale + sx  # to 2 * scale narrower than that
    top = torch.stack([width, (slant + turn) * aspect, dx * aspect], 1)  # (B, 3)
    bottom = torch.stack([-turn / aspect, 1 + sy, dy], 1)  # (B, 3)
    affine = F.affine_grid(torch.stack([top, bottom], 1), [B, 1, H, W], align_corners=False)
    return affine + _elastic(images, settings.warp, generator)


def _elastic(images: Tensor, pixels: float, generator: Generator) -> Tensor:
    """(B, H, W, 2) smooth displacements: noise on a coarse mesh, interpolated.

    In the spirit of Simard et al. 2003.
    """
    B, _, H, W = images.shape
    mesh = torch.rand(B, 2, 4, max(4, W // 16), generator=generator, device=images.device) * 2 - 1
    field = F.interpolate(mesh, (H, W), mode="bicubic", align_corners=True).permute(0, 2, 3, 1)
    return field * torch.tensor([2 * pixels / W, 2 * pixels / H], device=images.device)


def _thickness(images: Tensor, share: float, generator: Generator) -> Tensor:
    """Grow or shrink the strokes by up to a pixel: a blend with the 3 x 3 maximum or minimum."""
    amount = _uniform(images, 1.0, generator)[:, None, None, None]  # below 0 shrinks, above 0 grows
    drawn = torch.rand(1, generator=generator, device=images.device)
    if float(drawn) >= share:
        return images
    wide = F.max_pool2d(images, 3, 1, 1)
    thin = -F.max_pool2d(-images, 3, 1, 1)
    changed = torch.where(amount > 0, wide, thin)
    # Shrinking is halved: a two-pixel stroke must not vanish.
    weight = torch.where(amount > 0, amount, -amount / 2)
    return images + weight * (changed - images)


def _tone(images: Tensor, settings: AugmentSettings, generator: Generator) -> Tensor:
    """Weaker ink, and grain on the paper."""
    ink = 1 - _uniform(images, settings.fade, generator).abs()[:, None, None, None]
    grain = torch.randn(images.shape, generator=generator, device=images.device)
    level = _uniform(images, settings.noise, generator).abs()[:, None, None, None]
    return (images * ink + grain * level).clamp(0, 1)
