"""A sheet on something dark: what lies around it becomes its paper, and nothing else changes."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont, ImageOps

from hwr_core.imagefile import open_grey
from hwr_core.picture import prepare
from hwr_core.sheet import alone
from tests import rendered

NAME = ImageOps.expand(rendered.picture("ANNA"), 10, 255)
DESK = 75


def on_desk(degrees=0.0, tone=DESK, paper=235, wide=30):
    """The name on a sheet that lies turned on a desk of some grain, and where the sheet is."""
    sheet = Image.fromarray((np.asarray(NAME) / 255 * paper).astype(np.uint8))
    w, h = (side + 2 * wide for side in sheet.size)
    grain = np.random.default_rng(1).normal(tone, 8, (h, w)).clip(0, 255).astype(np.uint8)
    picture, mask = Image.fromarray(grain), Image.new("L", (w, h))
    laid = Image.new("L", (w, h))
    laid.paste(sheet, (wide, wide))
    mask.paste(255, (wide, wide, wide + sheet.width, wide + sheet.height))
    turned = [each.rotate(degrees, Image.Resampling.BICUBIC) for each in (laid, mask)]
    picture.paste(*turned[:1], (0, 0), turned[1])
    return picture, np.asarray(turned[1]) == 255


def grey(picture):
    return np.divide(np.asarray(picture), 255, dtype=np.float32)


@pytest.mark.parametrize("degrees", [0, 3, -8, 30])
def test_the_desk_becomes_paper_and_the_name_stays(degrees):
    picture, on_sheet = on_desk(degrees)
    cleared = alone(grey(picture))
    assert cleared.shape == np.asarray(picture).shape
    inner = np.asarray(Image.fromarray(on_sheet).resize(picture.size))  # the same, as pixels
    core = inner & ~_rim(inner)
    assert np.array_equal(cleared[core], grey(picture)[core])
    assert cleared[~inner].min() > 0.85


def _rim(mask):
    """Pixels of a mask within five of its edge: they may be painted, too."""
    near = ~mask
    for axis in (0, 1):
        near = np.any([np.roll(near, step, axis) for step in range(-5, 6)], axis=0)
    return near


@pytest.mark.parametrize("width", [1, 3, 20])
def test_a_frame_is_no_ink(width):
    framed = prepare(ImageOps.expand(NAME, width, 0))
    assert np.abs(framed.ink - prepare(NAME).ink).max() < 0.1
    assert framed.lost < 0.01


@pytest.mark.parametrize("side", range(4))
@pytest.mark.parametrize("width", [2, 25])
def test_a_dark_edge_on_one_side_is_no_ink(side, width):
    edges = [0, 0, 0, 0]
    edges[side] = width
    edged = prepare(ImageOps.expand(NAME, tuple(edges), 10))
    plain = prepare(NAME)
    assert edged.ink.shape == plain.ink.shape
    assert np.abs(edged.ink - plain.ink).max() < 0.1


def test_a_large_photograph_is_cleared_at_its_full_size():
    picture, _ = on_desk(4)
    large = picture.resize((picture.width * 7, picture.height * 7), Image.Resampling.BICUBIC)
    cleared = alone(grey(large))
    assert cleared.shape == (large.height, large.width)
    assert cleared[:20].min() > 0.8
    assert cleared.min() < 0.2  # the name


def test_a_sheet_in_uneven_light_goes_on_in_the_tone_of_its_edge():
    picture, on_sheet = on_desk()
    light = np.linspace(0.7, 1, picture.width, dtype=np.float32)
    cleared = alone(grey(picture) * light)
    left, right = cleared[40:-40, 26], cleared[40:-40, -27]  # beside the sheet
    assert left.mean() < right.mean() - 0.1
    assert cleared[~on_sheet].min() > 0.55


def chalk():
    return ImageOps.invert(NAME)


def bold_chalk():
    board = Image.new("L", (150, 60), 0)
    font = ImageFont.load_default(48)
    ImageDraw.Draw(board).text((6, 0), "HELENE", font=font, fill=255, stroke_width=1)
    return board


def one_stroke():
    return Image.fromarray(np.pad(np.full((40, 6), 255, np.uint8), 20))


def vignette():
    y, x = np.mgrid[-1:1:120j, -1:1:300j]
    fall = np.clip(1.05 - 0.75 * np.hypot(x, y), 0.15, 1)
    name = np.asarray(NAME.resize((300, 120))) / 255
    return Image.fromarray((fall * name * 255).astype(np.uint8))


def one_tone():
    return Image.new("L", (60, 30), 90)


def two_windows():
    """Two light things on a dark page: which of them is meant, nobody knows."""
    page = Image.new("L", (400, 100), 20)
    page.paste(240, (10, 10, 90, 90))
    page.paste(240, (310, 10, 390, 90))
    return page


@pytest.mark.parametrize(
    "make",
    [lambda: NAME, chalk, bold_chalk, one_stroke, vignette, one_tone, two_windows],
    ids=lambda make: make.__name__,
)
def test_what_is_no_sheet_on_a_desk_stays_as_it_is(make):
    values = grey(make())
    assert alone(values) is values


def test_pictures_of_few_pixels_do_not_fail():
    rng = np.random.default_rng(3)
    for h, w in ((1, 1), (1, 9), (2, 2), (3, 40), (7, 5)):
        for _ in range(20):
            found = alone(rng.integers(0, 2, (h, w)).astype(np.float32))
            assert found.shape == (h, w)
            assert ((found >= 0) & (found <= 1)).all()


def test_every_way_to_open_a_picture_clears_the_desk():
    picture, _ = on_desk()
    assert open_grey(picture)[0][0].min() > 0.85
    assert open_grey(np.asarray(picture))[0][0].min() > 0.85
