"""Opening pictures: every kind gives grey values, every other file one sentence."""

import io
import struct
import time
import zlib
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageOps

from hwr_core import imagefile
from hwr_core.imagefile import PictureError, open_grey, open_upright

RAMP = np.tile(np.arange(0, 256, 4, dtype=np.uint8), (40, 1))  # (40, 64), black to white


def encoded(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def grey_of(picture):
    values, size = open_grey(picture)
    assert values.dtype == np.float32
    assert size == 1
    return values


def refusal(picture):
    """The sentence with which a picture is refused."""
    with pytest.raises(PictureError) as caught:
        open_grey(picture)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 150
    return sentence


def png_of_size(width, height):
    """A PNG whose header promises more pixels than follow."""

    def chunk(kind, data):
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(100))
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("mode", ["L", "LA", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "HSV"])
def test_every_colour_mode_gives_the_same_grey(mode):
    image = Image.fromarray(RAMP)
    given = image if mode in ("L", "LA", "PA") else image.convert("RGB")
    assert grey_of(given.convert(mode)) == pytest.approx(RAMP / 255, abs=2 / 255)


def test_a_palette_gives_its_colours_and_a_bilevel_picture_black_and_white():
    assert grey_of(Image.fromarray(RAMP).convert("P")) == pytest.approx(RAMP / 255, abs=2 / 255)
    bilevel = Image.fromarray(RAMP % 8 > 0)
    assert bilevel.mode == "1"
    np.testing.assert_array_equal(grey_of(bilevel), RAMP % 8 > 0)


@pytest.mark.parametrize("full", [1.0, 255.0, 65535.0])
def test_float_pictures_are_read_by_their_full_scale(full):
    image = Image.fromarray((RAMP / 252 * full).astype(np.float32))
    assert image.mode == "F"
    assert grey_of(image) == pytest.approx(RAMP / 252, abs=1 / 255)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_not_clipped_at_eight(kind):
    deep = Image.fromarray(RAMP.astype(np.uint16) * 257)
    assert deep.mode == "I;16"
    for picture in (deep, encoded(deep, kind)):
        assert grey_of(picture) == pytest.approx(RAMP / 255, abs=1 / 255)


@pytest.mark.parametrize("bits", [10, 12, 14])
def test_a_scanners_fewer_bits_in_a_file_of_sixteen_are_not_read_as_black(bits):
    deep = Image.fromarray(RAMP.astype(np.uint16) << (bits - 8))
    assert grey_of(encoded(deep, "TIFF")) == pytest.approx(RAMP / 255, abs=2 / 255)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "HEIF"])
def test_every_named_format_opens(kind):
    assert grey_of(encoded(Image.fromarray(RAMP), kind)) == pytest.approx(RAMP / 255, abs=0.05)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photograph_is_read_upright(orientation, kind):
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,  # the inverse of what the tag asks for
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = Image.fromarray(RAMP)
    turn = turns.get(orientation)
    stored = upright.transpose(turn) if turn is not None else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    photograph = encoded(stored, kind, exif=exif, quality=100)
    assert grey_of(photograph) == pytest.approx(RAMP / 255, abs=0.03)
    again, _ = open_upright(photograph)  # as the page does, to turn or cut it
    assert grey_of(again) == pytest.approx(RAMP / 255, abs=0.03)


@pytest.mark.parametrize("ink", [0, 255])
def test_a_transparent_background_is_paper_unlike_its_ink(ink):
    alpha = np.zeros((20, 30), np.uint8)
    alpha[5:9, 5:20] = 255
    drawing = Image.merge("LA", (Image.new("L", (30, 20), ink), Image.fromarray(alpha)))
    for picture in (drawing, drawing.convert("RGBA"), encoded(drawing)):
        grey = grey_of(picture)
        assert (grey[alpha > 0] == ink / 255).all()
        assert (grey[alpha == 0] == 1 - ink / 255).all()


@pytest.mark.parametrize(("paper", "ink"), [(230, 40), (30, 220)])
@pytest.mark.parametrize("degrees", [0, 5, 45])
def test_a_sheet_that_was_cut_out_or_turned_lies_on_its_own_paper(paper, ink, degrees):
    sheet = Image.new("L", (200, 60), paper)
    sheet.paste(ink, (30, 20, 120, 30))
    whole = Image.merge("LA", (sheet, Image.new("L", sheet.size, 255))).convert("RGBA")
    turned = ImageOps.expand(whole, 20, (0, 0, 0, 0)).rotate(degrees, expand=True)
    grey = 255 * open_grey(turned)[0]
    alpha = np.asarray(turned)[..., 3]
    assert np.abs(grey[alpha == 0] - paper).max() <= 1
    assert grey.min() >= min(paper, ink) - 1
    assert grey.max() <= max(paper, ink) + 1


def test_a_transparent_colour_of_a_palette_is_paper():
    image = Image.new("P", (8, 8), 0)
    image.putpalette([10, 10, 10, 0, 0, 0])
    image.paste(1, (2, 2, 4, 4))
    grey = grey_of(encoded(image, transparency=0))
    assert grey[0, 0] == 1
    assert grey[3, 3] == 0


@given(hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=20)))
def test_arrays_of_all_types_give_the_same_grey(bytes_):
    expected = bytes_ / 255
    three = np.repeat(bytes_[..., None], 3, 2)
    same = (bytes_, bytes_[..., None], three, bytes_[:, ::-1][:, ::-1])
    deeper = (bytes_ * np.uint16(257), (bytes_ / 255), (bytes_ / 255).astype(np.float32))
    for array in (*same, *deeper):
        assert grey_of(array) == pytest.approx(expected, abs=0.003)


@pytest.mark.parametrize("highest", [255, np.inf])
def test_floats_that_were_meant_to_reach_255_are_refused_and_not_taken_for_white(highest):
    array = np.array([[0, np.nan, 17, highest]], np.float32)
    with pytest.raises(PictureError, match=f"must hold 0 to 1; this one reaches {highest:g}"):
        open_grey(array)


@pytest.mark.parametrize("source", [None, 3, [[0, 1]], io.BytesIO(b"")])
def test_what_is_no_picture_is_named(source):
    with pytest.raises(PictureError, match=f"of the type {type(source).__name__}"):
        open_grey(source)


def test_an_array_is_not_changed():
    array = np.array([[0.0, np.nan, 2.0, -1.0]])
    assert grey_of(array).tolist() == [[0, 0, 1, 0]]
    np.testing.assert_array_equal(array, [[0.0, np.nan, 2.0, -1.0]])


def test_a_large_photograph_is_reduced_and_its_scale_told():
    grey, size = open_grey(Image.new("L", (3000, 2000), 200))
    assert grey.shape == (1000, 1500)
    assert size == 0.5
    photograph, size = open_grey(encoded(Image.new("RGB", (5000, 4000), "white"), "JPEG"))
    assert photograph.size <= imagefile.SIDE**2
    assert size == pytest.approx(photograph.shape[1] / 5000)


def test_what_is_to_be_cut_from_is_not_reduced():
    photograph = encoded(Image.new("L", (4992, 4992), 200), "JPEG")
    image, size = open_upright(photograph, whole=True)
    assert (image.size, size) == ((4992, 4992), 1)


def test_a_long_line_is_not_reduced_for_its_length_until_it_is_endless():
    assert open_grey(Image.new("L", (4200, 44), 200))[0].shape == (44, 4200)
    endless, size = open_grey(Image.new("L", (20_000, 60), 200))
    assert endless.shape == (20, 6667)
    assert size == pytest.approx(1 / 3, abs=1e-4)


@pytest.mark.parametrize(
    "odd",
    [
        (0x0100, 2, 4, b"many"),  # the width in letters
        (0x0128, 2, 4, b"two\0"),
        (0x8769, 4, 1, struct.pack("<I", 9999)),  # more tags, behind the end
        (0x8825, 2, 4, b"here"),
        (0x0112, 2, 2, b"6\0\0\0"),  # the orientation itself, a second time
    ],
)
def test_an_odd_tag_beside_the_orientation_does_no_harm(odd):
    stored = Image.fromarray(RAMP).transpose(Image.Transpose.ROTATE_90)
    upright = (0x0112, 3, 1, struct.pack("<I", 6))
    tags = b"".join(struct.pack("<HHI4s", *tag) for tag in sorted([odd, upright], reverse=True))
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 2) + tags + bytes(4)
    grey, _ = open_grey(encoded(stored, "JPEG", exif=exif, quality=100))
    if odd[0] != 0x0112:
        assert grey == pytest.approx(RAMP / 255, abs=0.03)


@pytest.mark.parametrize("size", [(5001, 5000), (100_000, 100_000)])
def test_a_picture_of_too_many_pixels_is_refused_by_its_header(size):
    began = time.perf_counter()
    assert "megapixels" in refusal(png_of_size(*size))
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize("make", [lambda path: path, lambda path: path.read_bytes(), str])
def test_a_file_of_too_many_bytes_is_refused(tmp_path, make):
    path = tmp_path / "name.png"
    path.write_bytes(encoded(Image.fromarray(RAMP)) + bytes(imagefile.MAX_BYTES))
    assert "the limit is 10 MB" in refusal(make(path))


def test_an_empty_file_is_said_to_be_empty(tmp_path):
    (tmp_path / "name.png").touch()
    assert "empty" in refusal(b"")
    assert "empty" in refusal(tmp_path / "name.png")


@pytest.mark.parametrize(
    "content",
    [
        b"some text",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        b"\x89PNG\r\n\x1a\n",
        png_of_size(100, 100),
        encoded(Image.fromarray(RAMP), "JPEG")[:-200],
        encoded(Image.fromarray(RAMP), "TIFF")[:-1000],
        encoded(Image.fromarray(RAMP), "WEBP")[:-20],
        encoded(Image.fromarray(RAMP), "HEIF")[:-20],
    ],
)
def test_what_is_no_whole_picture_is_refused_without_its_path(tmp_path, content):
    (tmp_path / "name.png").write_bytes(content)
    assert "send a PNG" in refusal(content)
    assert refusal(content) == refusal(tmp_path / "name.png") == refusal(str(tmp_path / "name.png"))


def test_a_damaged_pdf_is_said_to_be_one():
    assert refusal(b"%PDF-1.7") == "This PDF could not be opened; send one without a password."


KINDS = ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF", "PPM"]


@given(st.sampled_from(KINDS), st.binary(min_size=1, max_size=300), st.integers(0, 2000))
@example("AVIF", b"\x00\x00\x00", 300)
def test_damaged_bytes_are_read_or_refused(kind, noise, place):
    whole = bytearray(encoded(Image.fromarray(RAMP).convert("RGB"), kind))
    whole[place : place + len(noise)] = noise
    for content in (bytes(whole), noise):
        with suppress(PictureError):
            values, _ = open_grey(content)
            assert ((values >= 0) & (values <= 1)).all()


def test_a_damaged_avif_is_refused_wherever_the_damage_is():
    whole = encoded(Image.fromarray(RAMP).convert("RGB"), "AVIF")
    refused = 0
    for place in range(len(whole) // 2, len(whole), 3):
        try:
            open_grey(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
        except PictureError:
            refused += 1
    assert refused


def test_a_pillow_image_stays_as_it_was_given():
    large = Image.new("L", (4800, 400), "white")
    image = Image.open(io.BytesIO(encoded(large, "JPEG")))
    first, again = open_grey(image), open_grey(image)
    assert image.size == (4800, 400)
    assert first[1] == again[1] == first[0].shape[1] / 4800
    assert np.array_equal(first[0], again[0])


def test_a_path_that_cannot_be_opened_is_named_without_its_folder(tmp_path):
    for path in (tmp_path / "none.png", tmp_path):
        sentence = refusal(path)
        assert sentence.startswith(path.name)
        assert str(tmp_path.parent) not in sentence


@pytest.mark.parametrize("shape", [(), (5,), (4, 4, 2), (4, 4, 5), (1, 4, 4, 3), (0, 4), (4, 0, 3)])
def test_arrays_of_other_shapes_are_refused(shape):
    refusal(np.zeros(shape, np.uint8))


@pytest.mark.parametrize("kind", ["int32", "int8", "uint32", "complex64", "U3", "object", "M8[s]"])
def test_arrays_of_other_types_are_refused(kind):
    assert "uint8" in refusal(np.zeros((4, 4), kind))


def test_a_picture_without_pixels_is_refused():
    assert "no pixels" in refusal(Image.new("L", (0, 5)))
