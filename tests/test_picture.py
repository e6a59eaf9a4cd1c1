"""Any picture to a strip: whatever its size, mode, light and colours, the name on it stays."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from hwr_core import picture as pictures
from hwr_core.config import ConfigError
from hwr_core.picture import PictureError, PictureSpec, prepare

SPEC = PictureSpec()
SPECS = [SPEC, PictureSpec(height=32, width=100, step=4), PictureSpec(height=64, width=256, step=1)]
MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I;16", "F")


def written(name="ANNA", size=40, margin=20, ink=30, paper=240):
    """A picture of a name, mode L."""
    font = ImageFont.load_default(size)
    width = round(font.getlength(name)) + 2 * margin
    picture = Image.new("L", (width, round(1.5 * size) + 2 * margin), paper)
    ImageDraw.Draw(picture).text((margin, margin), name, ink, font)
    return picture


def likeness(strip, other):
    """The correlation of two strips, 1 if they are the same but for contrast."""
    width = max(strip.ink.shape[1], other.ink.shape[1])
    padded = [np.pad(s.ink, ((0, 0), (0, width - s.ink.shape[1]))).ravel() for s in (strip, other)]
    return np.corrcoef(padded)[0, 1]


def shape_of(strip):
    """The ink of a strip, cut out and brought to one size."""
    rows, columns = (np.flatnonzero((strip.ink > 0.3).any(axis)) for axis in (1, 0))
    cut = strip.ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.asarray(Image.fromarray(cut).resize((120, 40)))


def is_strip(strip, spec):
    height, width = strip.ink.shape
    assert strip.ink.dtype == np.float32
    assert height == spec.height
    assert width % spec.step == 0
    assert width <= -(-spec.width // spec.step) * spec.step
    assert ((strip.ink >= 0) & (strip.ink <= 1)).all()
    assert 0 <= strip.lost <= 1


@given(
    hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=80)),
    st.sampled_from(MODES),
    st.sampled_from(SPECS),
)
def test_any_picture_gives_a_strip(array, mode, spec):
    image = Image.fromarray(array)
    if mode in ("P", "CMYK", "YCbCr"):
        image = image.convert("RGB")
    image = Image.fromarray(array * np.uint16(257)) if mode == "I;16" else image.convert(mode)
    strip = prepare(image, spec)
    is_strip(strip, spec)
    assert 0 <= strip.left < strip.right <= image.width


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (3, 2000), (6000, 4), (2500, 2500)])
@pytest.mark.parametrize("spec", SPECS)
def test_any_shape_gives_a_strip(size, spec):
    noise = np.random.default_rng(1).integers(0, 256, size[::-1], np.uint8)
    is_strip(prepare(noise, spec), spec)


@settings(max_examples=20)
@given(st.text("ABCDEFGHIJKLM -'", min_size=1, max_size=30), st.integers(12, 120))
def test_no_ink_is_cut_and_the_margin_stays_paper(name, size):
    strip = prepare(written(name, size))
    is_strip(strip, SPEC)
    assert strip.lost == 0
    margin = SPEC.margin
    assert strip.ink[:margin].max() == strip.ink[-margin:].max() == 0
    assert strip.ink[:, :margin].max() == strip.ink[:, -margin:].max() == 0


def test_ink_at_the_border_of_the_picture_is_kept():
    strip = prepare(written(margin=0).crop((2, 0, 80, 40)))
    assert strip.lost == 0
    assert strip.left == 0
    assert strip.ink[:, SPEC.margin].max() > 0.9


@pytest.mark.parametrize("mode", ["LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I", "F"])
def test_every_mode_gives_the_same_strip(mode):
    picture = written()
    given = picture.convert("RGB") if mode in ("P", "RGBA", "CMYK", "YCbCr") else picture
    assert likeness(prepare(given.convert(mode)), prepare(picture)) > 0.99


def test_sixteen_bits_and_one_bit_give_the_same_strip():
    picture = written(ink=0, paper=255)
    deep = Image.fromarray(np.asarray(picture).astype(np.uint16) * 257)
    assert likeness(prepare(deep), prepare(picture)) > 0.99
    assert likeness(prepare(picture.point(lambda v: 255 * (v > 127), "1")), prepare(picture)) > 0.95


@pytest.mark.parametrize("ink", [0, 60, 200, 255])
def test_a_transparent_background_gives_the_same_strip(ink):
    alpha = Image.fromarray(255 - np.asarray(written(ink=0, paper=255)))
    drawing = Image.merge("LA", (Image.new("L", alpha.size, ink), alpha))
    for picture in (drawing, drawing.convert("RGBA")):
        assert likeness(prepare(picture), prepare(written())) > 0.95


def test_white_on_black_equals_black_on_white():
    picture = np.asarray(written())
    np.testing.assert_allclose(prepare(255 - picture).ink, prepare(picture).ink, atol=0.01)


@pytest.mark.parametrize("ink", [0, 100, 190])
def test_pale_ink_is_stretched(ink):
    assert prepare(written(ink=ink)).ink.max() == 1


@pytest.mark.parametrize("darkest", [0.3, 0.6])
@pytest.mark.parametrize("towards", ["right", "bottom", "corner"])
def test_uneven_light_keeps_the_name(towards, darkest):
    flat = written(size=80, margin=60)
    x, y = np.linspace(0, 1, flat.width), np.linspace(0, 1, flat.height)[:, None]
    far = {"right": x, "bottom": y, "corner": (x + y) / 2}[towards]
    noise = np.random.default_rng(1).normal(0, 4, (flat.height, flat.width))
    lit = np.asarray(flat) * (1 - (1 - darkest) * far) + noise
    photograph = Image.fromarray(lit.clip(0, 255).astype(np.uint8))
    assert likeness(prepare(photograph), prepare(flat)) > 0.8
    assert prepare(photograph).lost < 0.01


@pytest.mark.parametrize("times", [0.5, 2, 5])
def test_the_size_of_a_picture_does_not_matter(times):
    picture = written(size=60)
    scaled = picture.resize((round(picture.width * times), round(picture.height * times)))
    shapes = [shape_of(prepare(each)).ravel() for each in (scaled, picture)]
    assert np.corrcoef(*shapes)[0, 1] > 0.9


@pytest.mark.parametrize(("width", "height"), [(300, 30), (100, 100), (20, 90)])
def test_the_aspect_is_kept(width, height):
    picture = Image.new("L", (600, 300), 255)
    ImageDraw.Draw(picture).ellipse((50, 50, 50 + width, 50 + height), outline=0, width=4)
    ink = prepare(picture).ink > 0.3
    across, down = np.flatnonzero(ink.any(0)), np.flatnonzero(ink.any(1))
    found = (across[-1] - across[0] + 1) / (down[-1] - down[0] + 1)
    assert found == pytest.approx(width / height, rel=0.1)


def test_a_name_amid_print_is_as_large_as_one_alone():
    alone = written()
    amid = np.array(alone)
    rows = np.flatnonzero((amid < 128).any(1))
    amid[rows[0] - 9 : rows[0] - 5, ::2] = amid[rows[-1] + 6 : rows[-1] + 10, ::2] = 30
    lower = PictureSpec(line=24)  # taller, the two lines of print would not fit beside the name
    assert prepare(amid, lower).scale == pytest.approx(prepare(alone, lower).scale, rel=0.1)
    fitted = PictureSpec(line=None)  # then the box decides, and the print makes the name smaller
    assert prepare(amid, fitted).scale < 0.7 * prepare(alone, fitted).scale


def test_dust_does_not_stretch_the_crop_box():
    picture = written(margin=60)
    picture.putpixel((3, 3), 120)
    assert prepare(picture).left == prepare(written(margin=60)).left > 50


@given(hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=24)))
def test_the_paper_is_the_low_rank_that_pillow_finds(values):
    expected = Image.fromarray(values).filter(ImageFilter.RankFilter(9, rank=16))
    assert np.array_equal(pictures._low(values), np.asarray(expected))


@pytest.mark.parametrize("paper", [0, 30, 128, 255])
def test_blank_paper_gives_an_empty_strip(paper):
    strip = prepare(Image.new("L", (300, 100), paper))
    is_strip(strip, SPEC)
    assert strip.ink.max() == 0
    assert strip.lost == 0


def test_the_grain_and_the_shadow_of_blank_paper_give_no_stroke():
    noise = np.random.default_rng(1).normal(0, 4, (200, 600))
    shaded = np.linspace(120, 240, 600) + noise
    assert prepare(shaded.clip(0, 255).astype(np.uint8)).ink.max() < 0.1


@settings(max_examples=20)
@given(st.integers(0, 300), st.integers(0, 50), st.integers(8, 100))
def test_a_place_in_the_strip_is_found_in_the_picture(left, top, size):
    picture = Image.new("L", (500, 200), 255)
    ImageDraw.Draw(picture).rectangle((left, top, left + size, top + 20), fill=0)
    strip = prepare(picture)
    found = np.flatnonzero((strip.ink > 0.5).any(0))
    near = pytest.approx  # within a pixel of the strip and one of the picture
    allowed = 1 + 1 / strip.scale
    assert strip.picture_x(found[0]) == near(left, abs=allowed)
    assert strip.picture_x(found[-1] + 1) == near(left + size + 1, abs=allowed)
    assert strip.picture_x(strip.offset) == strip.left


def test_places_are_those_of_the_given_picture_when_it_was_reduced():
    picture = Image.new("L", (6000, 400), 255)
    ImageDraw.Draw(picture).rectangle((3000, 100, 4500, 300), fill=0)
    strip = prepare(picture)
    assert strip.left == pytest.approx(3000, abs=100)
    assert strip.right == pytest.approx(4500, abs=100)


def test_preparing_changes_nothing_it_is_given():
    picture = written()
    before = picture.tobytes()
    prepare(picture)
    assert picture.tobytes() == before
    array = np.asarray(written()).copy()
    prepare(array)
    assert array.tobytes() == before


def test_a_file_and_its_bytes_give_the_same_strip(tmp_path):
    path = tmp_path / "name.png"
    written().save(path)
    for source in (path, str(path), path.read_bytes()):
        np.testing.assert_array_equal(prepare(source).ink, prepare(written()).ink)


def test_what_is_no_picture_is_refused():
    with pytest.raises(PictureError, match="could not be read as a picture"):
        prepare(b"no picture")


@pytest.mark.parametrize(
    "values",
    [
        {"height": 8},
        {"width": 10**6},
        {"step": 0},
        {"margin": -1},
        {"margin": 24},
        {"width": 100, "step": 64},
    ],
)
def test_a_canvas_out_of_range_is_refused(values):
    with pytest.raises(ConfigError, match=next(iter(values))):
        PictureSpec.parse(values)
