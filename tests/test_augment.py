"""Augmentation: the same under the same seed, within range, and never at the name's cost."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from hwr_core.data.augment import ROOM, AugmentSettings, augment
from hwr_core.picture import prepare
from tests import rendered

OFF = AugmentSettings(**dict.fromkeys(AugmentSettings.model_fields, 0))
STRONGEST = AugmentSettings(
    scale=0.5, shift=0.3, shear=1, rotate=0.3, warp=5, thickness=1, fade=0.9, noise=0.5
)


def names(count: int) -> Tensor:
    """(B, 1, H, W) the same written name, `count` times."""
    ink = prepare(rendered.picture("ANNA-MARIA")).ink
    return torch.from_numpy(np.repeat(ink[None, None], count, 0))


def drawn(images: Tensor, settings: AugmentSettings, seed: int = 1) -> Tensor:
    return augment(images, settings, torch.Generator().manual_seed(seed))


def with_room(images: Tensor) -> Tensor:
    return F.pad(images, (ROOM, ROOM))


def test_the_same_seed_draws_the_same_and_another_one_does_not():
    images = names(4)
    assert torch.equal(drawn(images, AugmentSettings()), drawn(images, AugmentSettings()))
    assert not torch.equal(drawn(images, AugmentSettings()), drawn(images, AugmentSettings(), 2))


def test_torchs_global_random_state_is_neither_used_nor_moved():
    images = names(2)
    torch.manual_seed(1)
    before = torch.get_rng_state()
    once = drawn(images, AugmentSettings())
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(2)
    assert torch.equal(drawn(images, AugmentSettings()), once)


def test_each_strip_of_a_batch_has_its_own_draw():
    changed = drawn(names(3), AugmentSettings())
    assert not torch.equal(changed[0], changed[1])
    assert not torch.equal(changed[1], changed[2])


@pytest.mark.parametrize("settings", [AugmentSettings(), STRONGEST, OFF], ids=["own", "max", "off"])
def test_shape_and_range_stay(settings):
    images = names(8)
    changed = drawn(images, settings)
    assert changed.shape == with_room(images).shape
    assert changed.isfinite().all()
    assert changed.min() >= 0
    assert changed.max() <= 1


def test_zero_settings_change_nothing_but_rounding():
    """Sampling at the pixels' own centres interpolates with weights of 1 up to float32 rounding."""
    images = names(4)
    assert (drawn(images, OFF) - with_room(images)).abs().max() < 1e-4


@pytest.mark.parametrize("field", sorted(AugmentSettings.model_fields))
def test_each_setting_alone_changes_the_strip(field):
    largest = getattr(STRONGEST, field)
    images = names(4)
    changed = drawn(images, AugmentSettings(**{**dict(OFF), field: largest}))
    assert (changed - with_room(images)).abs().max() > 0.05


@pytest.mark.parametrize("width", [64, 160, 384])
def test_no_letter_leaves_the_strip_sideways(width):
    """A stroke down each edge stays whole through the strongest slant, turn, shift and scale."""
    images = torch.zeros(64, 1, 48, width)
    images[..., 16:32, 3:6] = images[..., 16:32, -6:-3] = 1
    moves = {"warp": 0.0, "thickness": 0.0, "fade": 0.0, "noise": 0.0}
    changed = drawn(images, AugmentSettings(**moves))
    for side in (changed[..., : width // 2], changed[..., -(width // 2) :]):
        kept = side.sum((1, 2, 3)) / images[..., : width // 2].sum((1, 2, 3))
        assert kept.min() > 0.6  # narrower and turned, not cut


def test_blank_paper_stays_nearly_blank():
    """Only grain is added: half of it is cut off at zero, its deviation is at most `noise`."""
    blank = drawn(torch.zeros(16, 1, 48, 96), AugmentSettings())
    assert blank.mean() < 0.03
    assert drawn(torch.zeros(16, 1, 48, 96), AugmentSettings(noise=0)).max() == 0


def test_strokes_survive_every_draw():
    """Of 256 draws of the recipes' own settings none loses half of the ink, fading apart."""
    images = names(256)
    changed = drawn(images, AugmentSettings(fade=0, noise=0))
    kept = changed.sum((1, 2, 3)) / images.sum((1, 2, 3))
    assert kept.min() > 0.5
    assert drawn(images, AugmentSettings(noise=0)).amax((1, 2, 3)).min() > 0.5


def test_some_ink_is_left_at_the_strongest_settings():
    changed = drawn(names(64), STRONGEST.model_copy(update={"noise": 0}))
    assert (changed.amax((1, 2, 3)) > 0.05).all()
