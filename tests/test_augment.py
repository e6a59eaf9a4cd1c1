"""Augmentation: the same under the same seed, within range, and never at the name's cost."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from hwr_core.data.augment import ROOM, AugmentSettings, augment, change
from hwr_core.data.augment.amounts import draw, ranges
from hwr_core.data.augment.camera import jpeg
from hwr_core.data.augment.extremes import augment_sheet, extreme, extremes_sheet
from hwr_core.data.augment.marks import SHORTEST, comma
from hwr_core.data.augment.shape import margin
from hwr_core.data.samples import DataError
from hwr_core.picture import prepare
from tests import rendered

OFF = AugmentSettings(**dict.fromkeys(AugmentSettings.model_fields, 0))
STRONGEST = AugmentSettings(
    scale=0.5, shift=0.3, shear=1, rotate=0.3, warp=5, thickness=1, fade=0.9, noise=0.5,
    share=1, margin=200, run_dry=0.9, patchy=0.9, comma=16, dots=12, lines=4, contrast=2, haze=0.5,
    soften=2, jpeg=8,
)  # fmt: skip
KINDS = sorted(ranges(OFF))
EVERY = AugmentSettings(share=1, thickness=1)  # the defaults, each on every strip


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


@pytest.mark.parametrize("size", [(48, 256), (47, 101), (16, 33)], ids=str)
@pytest.mark.parametrize("settings", [EVERY, STRONGEST, OFF], ids=["own", "max", "off"])
def test_shape_and_range_stay(settings, size):
    images = torch.rand(8, 1, *size, generator=torch.Generator().manual_seed(1))
    changed = drawn(images, settings)
    assert changed.shape == with_room(images).shape
    assert changed.isfinite().all()
    assert changed.min() >= 0
    assert changed.max() <= 1


def test_zero_settings_change_nothing_but_rounding():
    """Sampling at the pixels' own centres interpolates with weights of 1 up to float32 rounding."""
    images = names(4)
    assert (drawn(images, OFF) - with_room(images)).abs().max() < 1e-4


@pytest.mark.parametrize("field", sorted({*AugmentSettings.model_fields} - {"share"}))
def test_each_setting_alone_changes_the_strip(field):
    images = names(4)
    alone = {**dict(OFF), "share": 1, field: getattr(STRONGEST, field)}
    changed = drawn(images, AugmentSettings(**alone))
    assert (changed - with_room(images)).abs().max() > 0.05


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("side", [-1, 1])
def test_each_kind_at_its_end_stays_within_range_on_odd_sizes(kind, side):
    images = torch.rand(3, 1, 45, 77, generator=torch.Generator().manual_seed(1))
    changed = extreme(images, kind, side * ranges(STRONGEST)[kind][0], seed=1)
    assert changed.shape == (3, 1, 45, 77 + 2 * ROOM)
    assert changed.isfinite().all()
    assert changed.min() >= 0
    assert changed.max() <= 1


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_strips_that_are_drawn_for_it_are_changed(kind):
    images, amount = names(4), torch.zeros(4)
    amounts = dict.fromkeys(KINDS, amount)
    chosen = amounts | {kind: torch.tensor([0, 0.4, 0, 0.4])}
    changed = change(images, chosen, torch.Generator().manual_seed(1))
    untouched = change(images, amounts, torch.Generator().manual_seed(1))
    assert torch.equal(changed[::2], untouched[::2])


def test_the_given_strips_are_left_as_they_are():
    images = names(4)
    drawn(images, EVERY)
    assert torch.equal(images, names(4))


def test_most_strips_get_few_of_the_rare_changes():
    rare = dict(dict(AugmentSettings()), share=0.1)
    amounts = draw(AugmentSettings(**rare), 10_000, torch.Generator().manual_seed(1))
    happened = torch.stack([amounts[kind] != 0 for kind in ("margin", "dots", "jpeg", "lines")])
    assert happened.float().mean(1) == pytest.approx([0.1] * 4, abs=0.01)


def test_amounts_span_their_range():
    limits = ranges(AugmentSettings())
    drawn_amounts = draw(AugmentSettings(share=1), 5_000, torch.Generator().manual_seed(1))
    for kind, amounts in drawn_amounts.items():
        assert amounts.max() == pytest.approx(limits[kind][0], rel=0.02)
        assert amounts.min() == pytest.approx(
            (1 if kind == "warp" else -1) * limits[kind][0], rel=0.02
        )


@pytest.mark.parametrize("width", [64, 160, 384])
def test_no_letter_leaves_the_strip_sideways(width):
    """A stroke down each edge stays whole through the strongest slant, turn, shift and scale."""
    images = torch.zeros(64, 1, 48, width)
    images[..., 16:32, 3:6] = images[..., 16:32, -6:-3] = 1
    moves = {"thickness": 0, "fade": 0, "noise": 0, "share": 0}
    changed = drawn(images, AugmentSettings(**moves))
    for side in (changed[..., : width // 2], changed[..., -(width // 2) :]):
        kept = side.sum((1, 2, 3)) / images[..., : width // 2].sum((1, 2, 3))
        assert kept.min() > 0.6  # narrower and turned, not cut


@pytest.mark.parametrize("width", [64, 384])
def test_no_letter_leaves_the_strip_above_or_below(width):
    """Accents at the upper edge, and tails at the lower one, of a strip that ink fills."""
    images = torch.zeros(64, 1, 48, width)
    images[..., 1:4, 3:-3] = images[..., -4:-1, 3:-3] = 1
    quiet = {"thickness": 0, "fade": 0, "noise": 0, "share": 0}
    changed = drawn(images, AugmentSettings(**quiet))
    for half in (changed[..., :24, :], changed[..., 24:, :]):
        kept = half.sum((1, 2, 3)) / images[..., :24, :].sum((1, 2, 3))
        assert kept.min() > 0.6


def test_another_margin_moves_paper_and_keeps_every_pixel_of_ink():
    images = torch.zeros(3, 1, 16, 40)
    images[..., 10:20] = torch.rand(3, 1, 16, 10, generator=torch.Generator().manual_seed(1)) + 0.2
    moved = margin(images, torch.tensor([7.0, -30.0, 30.0]), torch.Generator())
    for strip, start, image in zip(moved, (17, 0, 30), images, strict=True):  # as far as it goes
        assert torch.equal(strip[..., start : start + 10], image[..., 10:20])
        assert strip.sum() == pytest.approx(float(image.sum()))


def test_a_strip_of_paper_or_of_ink_alone_keeps_its_margins():
    for images in (torch.zeros(1, 1, 16, 40), torch.ones(1, 1, 16, 40)):
        assert torch.equal(margin(images, torch.tensor([9.0]), torch.Generator()), images)


def test_marks_are_finer_than_strokes():
    """Specks that could pass for a full stop, or lines for strokes, would make labels untrue."""
    blank = torch.zeros(64, 1, 48, 128)
    for kind, limit, inked in (("dots", 6, 30), ("lines", 2, 900)):  # ink, in whole pixels
        marked = extreme(blank, kind, limit, seed=1)
        assert 0 < float(marked.sum((1, 2, 3)).max()) < inked
    core = -F.max_pool2d(-extreme(blank, "dots", 6, seed=1), 2, 1)  # ink in all of 2 x 2 pixels
    assert core.max() < 0.9


@pytest.mark.parametrize("kind", ["dots", "lines"])
def test_marks_of_bare_paper_leave_most_of_each_stroke(kind):
    images = names(32)
    kept = extreme(images, kind, -2, seed=1).sum((1, 2, 3)) / images.sum((1, 2, 3))
    assert kept.min() > 0.85


def test_jpeg_keeps_blank_paper_blank_and_hardly_touches_it_at_the_finest():
    images = names(2)
    assert extreme(torch.zeros(2, 1, 20, 30), "jpeg", 8, seed=1).max() == 0
    finest = extreme(images, "jpeg", 0.01, seed=1) - with_room(images)
    assert finest.abs().max() < 0.02


def test_jpeg_loses_what_the_format_itself_loses():
    """Pillow's own JPEG of ink on black paper, where quality 50 takes the standard's table."""
    images = names(1)[..., :64]  # of whole blocks
    grey = (images[0, 0] * 255).round().byte().numpy()
    file = BytesIO()
    Image.fromarray(grey).save(file, "JPEG", quality=50)
    saved = np.asarray(Image.open(file)) / 255
    lost = jpeg(images, torch.tensor([1.0]), torch.Generator())[0, 0].numpy()
    assert np.abs(lost - saved).mean() < 0.5 / 255  # some halves are rounded otherwise
    assert np.abs(lost - grey / 255).max() > 20 / 255


def test_ink_that_runs_dry_does_so_at_one_end():
    images = torch.ones(16, 1, 8, 100)
    for side, weak, strong in ((1, -1, 0), (-1, 0, -1)):
        dry = extreme(images, "run_dry", side * 0.6, seed=1)[..., ROOM:-ROOM]
        assert dry[..., weak].max() < 0.5
        assert dry[..., strong].min() > 0.95


def test_blank_paper_stays_nearly_blank():
    """Only grain is added: half of it is cut off at zero, its deviation is at most `noise`."""
    blank = drawn(torch.zeros(16, 1, 48, 96), AugmentSettings(share=0))
    assert blank.mean() < 0.03
    bare = {"noise": 0, "haze": 0, "dots": 0, "lines": 0, "share": 1}
    assert drawn(torch.zeros(16, 1, 48, 96), AugmentSettings(**bare)).max() == 0


def test_strokes_survive_every_draw():
    """Of 256 draws of the recipes' own settings none loses half of the ink, weaker ink apart."""
    images = names(256)
    changed = drawn(images, AugmentSettings(fade=0, noise=0, run_dry=0, patchy=0, contrast=0))
    kept = changed.sum((1, 2, 3)) / images.sum((1, 2, 3))
    assert kept.min() > 0.5
    assert drawn(images, AugmentSettings(noise=0)).amax((1, 2, 3)).min() > 0.5


def test_the_sheet_shows_both_ends_of_every_kind():
    strips = [np.full((16, 40), 200, np.uint8)] * 4
    page = augment_sheet(strips, AugmentSettings())
    rows = 1 + len(KINDS) + 2  # as prepared, each kind's two ends, as in training, all
    assert page.width == pytest.approx(4 * (40 + 2 * ROOM), rel=0.2)
    assert page.height == pytest.approx(rows * (16 + 24), rel=0.2)


def test_the_extremes_of_a_stores_strips_are_saved(tmp_path):
    store = rendered.store(tmp_path, {"train": ["ANNA", "EVE"], "test": ["BOB"]})
    out = tmp_path / "extremes.png"
    assert extremes_sheet(store.path, out, split="train").startswith(f"{out}: 2 strips, ")
    assert out.stat().st_size > 1_000
    with pytest.raises(DataError, match="elsewhere"):
        extremes_sheet(store.path, out, source="elsewhere")


@pytest.mark.parametrize("length", [1, 9])
def test_a_comma_stands_behind_the_name_and_is_no_full_stop(length):
    images = F.pad(names(20), (0, 32))
    end = int((images[0, 0] > 0.3).any(0).nonzero().max())
    amount = torch.full((20,), float(length))
    added = comma(images, amount, torch.Generator().manual_seed(1)) - images
    columns = added.sum((1, 2))  # (20, W)
    assert (columns[:, end + 1 :].sum(1) > 0.8 * columns.sum(1)).all()  # the tail may lean back
    assert (added > 0.3).any((1, 3)).sum(1).min() >= SHORTEST  # pixels from head to tail
