"""Where the letters stand: margins, an affine map, and a smooth elastic field on top."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from hwr_core.data.augment.fields import centres, smooth

ROOM = 8  # pixels of paper added left and right, to move in
FAINT = 0.1  # ink from which a pixel may be of a letter: the rim of a weak stroke


def margin(images: Tensor, pixels: Tensor, _: Generator) -> Tensor:
    """The name further right, or left below 0, as far as there is paper: another crop of the page.

    The paper that leaves on one side comes in on the other, so not a pixel of ink is lost.
    """
    W = images.shape[-1]
    columns = (images.amax((1, 2)) > FAINT).int()  # (n, W)
    before, behind = columns.argmax(1), columns.flip(1).argmax(1)  # columns of paper
    moved = pixels.round().long().clamp(-before, behind)
    source = (torch.arange(W, device=images.device) - moved[:, None]) % W  # (n, W)
    return images.gather(3, source[:, None, None].expand_as(images))


def move(images: Tensor, amounts: Mapping[str, Tensor], generator: Generator) -> Tensor:
    """(B, 1, H, W) -> (B, 1, H, W + 2 * ROOM), moved, scaled, slanted, turned and warped.

    Names are narrowed by what slant, turn, shift and warp move at the corners, so that all between
    the paddings is still shown, and lowered where their ink would leave above or below.
    """
    images = F.pad(images, (ROOM, ROOM))
    H, W = images.shape[2:]
    aspect = H / W  # x is in half widths, y in half heights
    across, down, shear, turn, narrower, lower, warp = (
        amounts[name][:, None, None]
        for name in ("across", "down", "shear", "rotate", "width", "height", "warp")
    )
    slant = (shear + turn) * aspect
    shown = torch.where(narrower == 0, 1.0, 1 - 2 * ROOM / W)  # the letters fill the room
    width = shown + slant.abs() + across.abs() * aspect + 2 * warp / W + narrower.abs()
    beyond = turn.abs() / aspect + down.abs() + 2 * warp / H
    height = torch.maximum(1 + lower, _reach(images)[:, None, None] + beyond)
    field = _elastic(images, generator) * warp[..., None]  # (B, H, W, 2) pixels
    x, y = centres(W, images), centres(H, images)[:, None]
    grid_x = width * x + slant * y + across * aspect + field[..., 0] * (2 / W)
    grid_y = height * y - turn / aspect * x + down + field[..., 1] * (2 / H)
    return F.grid_sample(images, torch.stack([grid_x, grid_y], 3), align_corners=False)


def _reach(images: Tensor) -> Tensor:
    """(B,) how far ink lies from mid-height, 0 to 1, in half heights."""
    H = images.shape[2]
    edges = centres(H, images).abs() + 1 / H
    return torch.where(images.amax((1, 3)) > FAINT, edges, 0).amax(1)


def _elastic(images: Tensor, generator: Generator) -> Tensor:
    """(B, H, W, 2) smooth displacements, -1 to 1, in the spirit of Simard et al. 2003."""
    B, _, _, W = images.shape
    return 2 * smooth((B, 2, 4, max(4, W // 16)), images, generator).permute(0, 2, 3, 1) - 1
