"""Strokes to ink: as a browser draws them, on the strip as on paper."""

import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageDraw

from hwr_core.inking import render
from hwr_core.picture import PictureSpec, prepare
from hwr_core.strokes import MAX_POINTS, PEN, Drawing

FINE = 12  # samples a side of a pixel, of the drawing by Pillow
ANNA = [
    [[60, 150], [90, 50], [120, 150]],
    [[70, 115], [110, 115]],
    [[150, 150], [150, 50], [210, 150], [210, 50]],
    [[240, 150], [240, 50], [300, 150], [300, 50]],
    [[330, 150], [360, 50], [390, 150]],
    [[340, 115], [380, 115]],
]
strokes = hnp.arrays(
    np.float32, st.tuples(st.integers(1, 30), st.just(2)), elements=st.floats(0, 100, width=32)
)
drawings = st.lists(strokes, min_size=1, max_size=4)


def drawing(lines, pen=PEN, width=640, height=200):
    return Drawing(width, height, tuple(np.asarray(line, np.float32) for line in lines), pen)


def ink(lines, pen=5.0, width=200, height=100):
    """(height, width) ink of a rendered drawing, 0 to 1."""
    image = render(drawing(lines, pen, width, height))
    return 1 - np.asarray(image, np.float32) / 255


def straight(line, pieces=8):
    """The same line with points so close that the pad hardly rounds its corners."""
    points = np.asarray(line, float)
    at = np.linspace(0, len(points) - 1, pieces * (len(points) - 1) + 1)
    return np.stack([np.interp(at, np.arange(len(points)), axis) for axis in points.T], axis=1)


def by_pillow(lines, pen=PEN, width=640, height=200):
    """The same strokes by Pillow: finer Bezier curves of lines and discs, whose rims it inks."""
    paper = Image.new("L", (width * FINE, height * FINE), 255)
    pencil = ImageDraw.Draw(paper)
    for line in lines:
        path = [point * FINE - 0.5 for point in bent(np.asarray(line, float))]
        pencil.line([tuple(point) for point in path], 0, round(pen * FINE - 0.6))
        for x, y in path:
            pencil.circle((x, y), pen * FINE / 2 - 0.3, fill=0)
    return paper.reduce(FINE)


def bent(points):
    """Points on the quadratic curves through the midpoints, as the canvas of HTML defines them."""
    if len(points) < 3:
        return list(points)
    start, path = points[0], []
    for control, following in pairwise(points[1:]):
        end = (control + following) / 2
        ts = np.arange(20) / 20
        path += [(1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end for t in ts]
        start = end
    return [*path, start, points[-1]]


def middle(picture):
    """The centre of the ink, x and y."""
    y, x = np.indices(picture.shape)
    return np.array([(x * picture).sum(), (y * picture).sum()]) / picture.sum()


@given(strokes, st.sampled_from([1.0, 2.5, 5.0, 8.0]))
def test_ink_covers_the_pen_and_stays_near_it(stroke, pen):
    picture = ink([stroke], pen)
    assert picture.shape == (100, 200)
    x, y = np.minimum(stroke[0], (199, 99)).astype(int)
    assert picture[y, x] > 0.1  # under the pen
    (top, left), (bottom, right) = stroke.min(0)[::-1], stroke.max(0)[::-1]
    rows, columns = np.nonzero(picture)
    reach = pen / 2 + 1.5
    assert top - reach <= rows.min()
    assert rows.max() <= bottom + reach
    assert left - reach <= columns.min()
    assert columns.max() <= right + reach


def test_a_dot_is_a_disc_of_the_pens_width():
    dot = ink([[[50, 50.25]]], pen=10)
    assert dot.sum() == pytest.approx(np.pi * 25, rel=0.03)
    assert middle(dot) + 0.5 == pytest.approx((50, 50.25), abs=0.02)


def test_a_line_has_the_pens_width_and_round_ends():
    area = ink([[[50, 50], [150, 50]]], pen=6).sum()
    assert area == pytest.approx(100 * 6 + np.pi * 9, rel=0.03)


def test_a_line_is_as_wide_as_its_points_say():
    line = np.asarray([[20, 50], [180, 50]], np.float32)
    widths = np.asarray([0.5, 1.5], np.float32)
    swelling = Drawing(200, 100, (line,), 10, (widths,))
    columns = (255 - np.asarray(render(swelling), np.float32)).sum(0) / 255
    assert columns[55:65].mean() == pytest.approx(7.5, abs=0.2)
    assert columns[135:145].mean() == pytest.approx(12.5, abs=0.2)


def test_edges_are_smooth():
    picture = ink([[[20, 20], [180, 70]]])
    assert ((picture > 0.05) & (picture < 0.95)).sum() > 100


def test_corners_between_points_are_rounded_and_the_ends_are_reached():
    picture = ink([[[20, 80], [100, 10], [180, 80]]], pen=4)
    assert picture[10, 100] == 0  # the curve passes below its control point
    assert picture[80, 20] > 0.95
    assert picture[79, 179] > 0.95


def test_a_rendering_may_be_of_another_size():
    half, full = render(drawing(ANNA), 0.5), render(drawing(ANNA))
    assert half.size == (320, 100)
    reduced = np.asarray(full.reduce(2), float)
    assert np.abs(np.asarray(half) - reduced).mean() < 2


@settings(max_examples=30)
@given(drawings)
def test_ink_is_that_of_pillow(lines):
    lines = [line + 20 for line in lines]  # where no border cuts the ink
    picture = ink(lines, PEN, 200, 140)
    other = 1 - np.asarray(by_pillow(lines, PEN, 200, 140), np.float32) / 255
    tip = PEN * PEN / 8  # the end of a sharp turn lies between two points of the path
    assert picture.sum() == pytest.approx(other.sum(), rel=0.03, abs=tip)
    for line in lines:  # each alone: a dot a hundredth heavier would draw the middle of all to it
        alone = 1 - np.asarray(by_pillow([line], PEN, 200, 140), np.float32) / 255
        assert np.abs(middle(ink([line], PEN, 200, 140)) - middle(alone)).max() < 0.3


def test_a_drawing_gives_the_strip_of_a_picture_of_it():
    lines = [straight(line) for line in ANNA]
    spec = PictureSpec(line=24, width=384)  # the bounds are in its pixels
    strip, other = prepare(drawing(lines), spec), prepare(by_pillow(lines), spec)
    assert strip.ink.shape == other.ink.shape
    assert strip.scale == pytest.approx(other.scale, rel=0.02)
    assert strip.ink.sum() == pytest.approx(other.ink.sum(), rel=0.03)
    assert np.abs(middle(strip.ink) - middle(other.ink)).max() < 0.5
    assert (strip.left, strip.right) == pytest.approx((other.left, other.right), abs=2)


@given(drawings, st.sampled_from([PictureSpec(), PictureSpec(height=32, width=100, step=4)]))
def test_any_drawing_gives_a_strip_that_lost_nothing(lines, spec):
    strip = prepare(drawing(lines), spec)
    height, width = strip.ink.shape
    assert strip.ink.dtype == np.float32
    assert (height, width % spec.step) == (spec.height, 0)
    assert 0 <= strip.ink.min() < strip.ink.max() <= 1
    assert strip.lost == 0
    m = spec.margin - 1  # the soft edge of the ink may reach a pixel far
    rim = (strip.ink[:m], strip.ink[-m:], strip.ink[:, :m], strip.ink[:, -m:])
    assert max(part.max() for part in rim) == 0


@pytest.mark.parametrize(
    "line",
    [
        [[300, 100]],
        [[0, 0]],
        [[640, 200], [640, 200]],
        [[0, 100], [640, 100]],
        [[320, 0], [320, 200]],
        [[0, 0], [640, 200]],
        [[0, 0], [3, 200], [640, 0]],
    ],
)
def test_the_ink_of_extreme_strokes_is_whole(line):
    path = straight(line) if len(line) > 1 else line
    strip = prepare(drawing([path]))
    length = np.hypot(*np.diff(line, axis=0).T).sum()
    pen = PEN * strip.scale
    expected = length * strip.scale * pen + np.pi * pen**2 / 4
    assert strip.ink.sum() == pytest.approx(expected, rel=0.15)


@given(drawings, st.integers(-300, 300), st.integers(-300, 300))
def test_where_on_the_paper_it_stands_does_not_matter(lines, x, y):
    moved = [line + np.float32([x, y]) for line in lines]
    here, there = prepare(drawing(lines)), prepare(drawing(moved))
    assert here.ink.shape == there.ink.shape
    assert np.abs(here.ink - there.ink).max() < 0.02


def test_places_in_the_strip_are_those_of_the_drawing():
    strip = prepare(drawing([[[100, 60], [100, 140]], [[500, 60], [500, 140]]]))
    columns = strip.ink.sum(0)
    half = len(columns) // 2
    for x, part in ((100, columns[:half]), (500, columns[half:])):
        at = (part * np.arange(len(part))).sum() / part.sum() + 0.5
        at += half if x == 500 else 0
        assert strip.picture_x(at) == pytest.approx(x, abs=2)


def test_points_close_or_far_make_the_same_line():
    far, close = [[100, 60], [300, 140]], straight([[100, 60], [300, 140]], 200)
    assert np.abs(prepare(drawing([far])).ink - prepare(drawing([close])).ink).max() < 0.05


def test_a_drawing_without_strokes_gives_an_empty_strip():
    for nothing in ([], [np.empty((0, 2))]):
        assert prepare(drawing(nothing)).ink.max() == 0
        assert np.asarray(render(drawing(nothing))).min() == 255


def test_a_stroke_without_points_changes_nothing():
    empty = np.empty((0, 2))
    np.testing.assert_array_equal(
        prepare(drawing([empty, *ANNA, empty])).ink, prepare(drawing(ANNA)).ink
    )


def test_the_wildest_scribble_is_drawn_in_a_moment():
    points = np.random.default_rng(1).random((MAX_POINTS, 2)) * (2048, 2048)
    began = time.process_time()
    prepare(drawing([points], width=2048, height=2048))
    prepare(drawing([points / 100]))
    assert time.process_time() - began < 5


def test_drawing_is_pure():
    line = np.asarray([[10, 10], [50, 60], [90, 20]], np.float32)
    before = line.copy()
    np.testing.assert_array_equal(ink([line]), ink([line]))
    np.testing.assert_array_equal(prepare(drawing([line])).ink, prepare(drawing([line])).ink)
    np.testing.assert_array_equal(line, before)
