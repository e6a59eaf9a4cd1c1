"""How much each strip is changed: the settings' ranges, and a draw from them."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Generator, Tensor

from hwr_core.config import Settings


class AugmentSettings(Settings):
    """Ranges of the random changes; 0 turns one off. All were chosen to keep every name legible.

    docs/augmentation.md shows each at its ends.
    """

    # Of every strip:
    scale: float = Field(default=0.12, ge=0, le=0.5)  # share of the height; width twice, narrower
    shift: float = Field(default=0.04, ge=0, le=0.3)  # of half the height, both ways
    shear: float = Field(default=0.35, ge=0, le=1)  # slant: horizontal move per unit of height
    rotate: float = Field(default=0.03, ge=0, le=0.3)  # radians
    warp: float = Field(default=1.5, ge=0, le=5)  # pixels a point moves in the smooth elastic field
    thickness: float = Field(default=0.5, ge=0, le=1)  # share of strips with wider, thinner ink
    fade: float = Field(default=0.3, ge=0, le=0.9)  # ink is weakened by up to this share
    noise: float = Field(default=0.06, ge=0, le=0.5)  # standard deviation of grain on the paper
    # Of some strips, so that most stay mostly clean:
    share: float = Field(default=0.1, ge=0, le=1)  # of the strips, for each change below
    margin: float = Field(default=24, ge=0, le=200)  # pixels, both ways, as far as there is paper
    run_dry: float = Field(default=0.6, ge=0, le=0.9)  # share of ink lost at one end of the name
    patchy: float = Field(default=0.5, ge=0, le=0.9)  # share of ink lost in patches: coloured ink
    comma: float = Field(default=9, ge=0, le=16)  # pixels of a comma behind the name
    dots: float = Field(default=6, ge=0, le=12)  # specks, at most; of dust, or bare paper
    lines: float = Field(default=2, ge=0, le=4)  # thin lines across, at most; of ink, or scratches
    contrast: float = Field(default=0.7, ge=0, le=2)  # doublings of the tone curve's power
    haze: float = Field(default=0.1, ge=0, le=0.5)  # grey left on the paper, uneven
    soften: float = Field(default=0.9, ge=0, le=2)  # pixels, the blur's standard deviation
    jpeg: float = Field(default=3, ge=0, le=8)  # times the standard's table: 1 is quality 50


def draw(settings: AugmentSettings, number: int, generator: Generator) -> dict[str, Tensor]:
    """For each kind of change (number,) amounts, evenly from both sides of 0, or 0 for none.

    Kinds that know no two sides take the size of the amount.
    """
    kinds = ranges(settings)
    limits, shares = torch.tensor(list(kinds.values()), device=generator.device).T[..., None]
    size = (2, len(kinds), number)
    even, chance = torch.rand(size, generator=generator, device=generator.device)
    amounts = (2 * even - 1) * limits * (chance < shares)  # (kinds, number)
    return dict(zip(kinds, amounts, strict=True)) | {"warp": limits[-1].expand(number)}


def ranges(settings: AugmentSettings) -> dict[str, tuple[float, float]]:
    """The limit of each kind's amounts, and the share of strips it happens to."""
    share = settings.share
    return {
        "width": (2 * settings.scale, 1),  # only narrower than strip and room, where they would fit
        "height": (settings.scale, 1),
        "across": (settings.shift, 1),
        "down": (settings.shift, 1),
        "shear": (settings.shear, 1),
        "rotate": (settings.rotate, 1),
        "thickness": (1, settings.thickness),  # all of a pixel
        "fade": (settings.fade, 1),
        "noise": (settings.noise, 1),
        "margin": (settings.margin, share),
        "run_dry": (settings.run_dry, share),
        "patchy": (settings.patchy, share),
        "comma": (settings.comma, share),
        "dots": (settings.dots, share),
        "lines": (settings.lines, share),
        "contrast": (settings.contrast, share),
        "haze": (settings.haze, share),
        "soften": (settings.soften, share),
        "jpeg": (settings.jpeg, share),
        "warp": (settings.warp, 1),  # always whole: its field is random already
    }
