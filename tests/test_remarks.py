"""What is no single handwritten name is told apart, and what is one is left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from hwr_core.decoding.decode import Found
from hwr_core.decoding.greedy import Hypothesis, Span
from hwr_core.decoding.printed import printed
from hwr_core.decoding.remarks import remarks, several_lines
from hwr_core.evaluation.challenge import challenges
from hwr_core.evaluation.intervals import Z, wilson
from hwr_core.picture import PictureSpec, prepare

LINE = 24  # pixels
CENTRES = [20.0 + 24 * number for number in range(6)]  # pixels


def strip(feet, heads, width=5):
    """A strip of upright bars that end at these rows, fractions as grey."""
    ink = np.zeros((48, 192), np.float32)
    for centre, head, foot in zip(CENTRES, heads, feet, strict=True):
        rows = np.arange(48)
        shown = np.clip(np.minimum(rows + 1, foot) - np.maximum(rows, head), 0, 1)
        ink[:, int(centre) - 2 : int(centre) - 2 + width] = shown[:, None]
    return ink


def found(text, nats_a_letter=0.01, frames=48):
    """A reading with its letters at the bars."""
    spans = tuple(
        Span(char, round(x / 4), round(x / 4) + 1, 1.0)
        for char, x in zip(text, CENTRES, strict=False)
    )
    return Found((Hypothesis(text, -nats_a_letter * max(1, len(text)), spans),), (0.9,))


def test_letters_on_one_line_to_a_part_of_a_pixel_are_printed():
    heads = [12.4, 18.1, 12.4, 18.1, 18.1, 12.4]
    assert printed(strip([36.3] * 6, heads), CENTRES, LINE)
    assert not printed(strip([36.3, 35.1, 37.6, 36.0, 38.2, 34.6], heads), CENTRES, LINE)
    assert not printed(strip([36.3] * 6, [12.4, 17.1, 14.2, 19.8, 15.9, 11.3]), CENTRES, LINE)


def test_a_tail_below_the_line_makes_no_print_handwriting():
    assert printed(strip([36.3, 36.3, 42.0, 36.3, 36.3, 36.3], [12.4] * 6), CENTRES, LINE)


def test_print_beside_a_name_does_not_make_it_printed():
    """Only the three letters that are read count, however regular their neighbours are."""
    ink = strip([36.3] * 6, [12.4] * 6)
    assert not printed(ink, CENTRES[:3], LINE)
    assert not printed(ink, [], LINE)


@pytest.mark.parametrize("size", [20, 33, 50])
@pytest.mark.parametrize("name", ["Martin", "ROSSI", "Jean-Pierre"])
def test_a_real_font_is_print(name, size):
    font = ImageFont.load_default(size)
    paper = Image.new("L", (round(font.getlength(name)) + 40, 2 * size), 240)
    ImageDraw.Draw(paper).text((20, size // 3), name, 30, font)
    ink = prepare(paper).ink
    columns = np.flatnonzero(np.diff(ink.max(0) > 0.35, prepend=False, append=False))
    assert printed(ink, columns.reshape(-1, 2).mean(axis=1).tolist(), PictureSpec().tall)


def test_two_lines_with_paper_between_are_several():
    ink = np.zeros((48, 128), np.float32)
    ink[5:20, 4:120:3] = 1
    assert not several_lines(ink, LINE)
    ink[28:43, 4:100:3] = 1
    assert several_lines(ink, LINE)
    ink[22:26, 4:120:3] = 1  # nothing is blank between them any more
    ink[20:28, 4:120:3] = 1
    assert not several_lines(ink, LINE)


def test_a_dot_above_is_no_line():
    ink = np.zeros((48, 128), np.float32)
    ink[20:44, 4:120:3] = 1
    ink[8:11, 60:63] = 1
    assert not several_lines(ink, LINE)


def test_each_remark_has_its_reason():
    rough = strip([36.3, 35.1, 37.6, 36.0, 38.2, 34.6], [12.4, 17.1, 14.2, 19.8, 15.9, 11.3])
    assert remarks(rough, found("MARTIN"), 48, LINE) == ()
    assert remarks(np.zeros_like(rough), found(""), 48, LINE) == ("no-ink",)
    assert remarks(rough, found(""), 48, LINE) == ("not-handwriting",)
    assert remarks(rough, found("MARTIN", nats_a_letter=3), 48, LINE) == ("not-handwriting",)
    assert remarks(strip([36.3] * 6, [12.4] * 6), found("MARTIN"), 48, LINE) == ("not-handwriting",)


def test_a_second_line_is_remarked_upon_only_where_reading_is_in_trouble():
    ink = np.zeros((48, 192), np.float32)
    ink[4:20, 10:180:3] = ink[28:44, 10:180:3] = 1
    assert "several-lines" not in remarks(ink, found("MAR", nats_a_letter=0.1), 48, LINE)
    assert "several-lines" in remarks(ink, found("MAR", nats_a_letter=0.9), 48, LINE)
    assert "several-lines" in remarks(ink, replace(found("MAR"), shares=(0.1,)), 48, LINE)


def test_challenges_are_of_every_kind_and_always_the_same():
    writing = [np.full((48, 96), 255, np.uint8)]
    writing[0][10:40, 10:80:7] = 0
    first, again = (list(challenges(writing, np.random.default_rng(1), 3)) for _ in "ab")
    kinds = [each.kind for each in first]
    assert kinds == [k for k in ("blank", "scribbled", "printed", "several lines") for _ in "abc"]
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one.picture, other.picture)
        assert one.picture.dtype == np.uint8
    other = list(challenges(writing, np.random.default_rng(2), 3))
    assert not all(np.array_equal(a.picture, b.picture) for a, b in zip(first, other, strict=True))


def test_a_share_that_was_always_the_same_still_has_an_interval():
    """Wilson's own limits: z^2 / (n + z^2) off the end."""
    assert wilson(50, 50) == (pytest.approx(50 / (50 + Z**2)), 1.0)
    low, high = wilson(5, 10)
    assert low + high == pytest.approx(1)
    assert low == pytest.approx(0.2366, abs=1e-4)
