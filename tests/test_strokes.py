"""The pad's strokes: what is read, what is refused, and how they are drawn."""

import json
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hwr_core import strokes
from hwr_core.picture import PictureError
from hwr_core.strokes import Drawing, DrawingError, parse, render

coordinates = st.floats(-1e6, 1e6, allow_nan=False) | st.integers(-(10**6), 10**6)
drawn = st.lists(
    st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=20), min_size=1, max_size=5
)
json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["strokes", "width"]), inner),
    max_leaves=10,
)


def payload(lines, width=640, height=200):
    return json.dumps({"width": width, "height": height, "strokes": lines})


def ink(lines, pen=5.0, width=200, height=100):
    """(height, width) ink of a rendered drawing, 0 to 1."""
    points = tuple(np.asarray(line, np.float32) for line in lines)
    return 1 - np.asarray(render(Drawing(width, height, points), pen), np.float32) / 255


@given(drawn)
def test_every_point_lands_on_the_canvas_in_order(lines):
    drawing = parse(payload(lines))
    assert [len(stroke) for stroke in drawing.strokes] == [len(line) for line in lines]
    for stroke, line in zip(drawing.strokes, lines, strict=True):
        assert stroke.dtype == np.float32
        np.testing.assert_allclose(stroke, np.clip(line, 0, (640, 200)), rtol=1e-6, atol=1e-6)


@given(json_values)
def test_any_json_gives_a_drawing_or_a_sentence(value):
    with suppress(DrawingError):
        assert isinstance(parse(json.dumps(value)), Drawing)


@pytest.mark.parametrize("empty", [None, "", payload([])])
def test_empty_paper_asks_for_a_name(empty):
    with pytest.raises(DrawingError, match="Draw a name first"):
        parse(empty)


@pytest.mark.parametrize(
    "bad",
    [
        "not json",
        "[" * 100_000,
        "null",
        "[]",
        5,
        {"strokes": []},
        '{"strokes": [[[1, 2]]]}',
        payload("ink"),
        payload([[]]),
        payload([[[1]]]),
        payload([[[1, 2], [3]]]),
        payload([[[1, 2, 3]]]),
        payload([[["1", "2"]]]),
        payload([[[1, None]]]),
        payload([[[10**400, 1]]]),
        payload([[[True, False]]]),
        payload([[[1, 2]]]).replace("2]", "1e400]"),
        payload([[[1, 2]]]).replace("2]", "NaN]"),
        payload([[[1, 2]]], width=0),
        payload([[[1, 2]]], height=10**9),
        payload([[[1, 2]]], width=True),
        payload([[[1, 2]]], width=64.5),
        payload([[[1, 2]] * (strokes.MAX_POINTS + 1)]),
        " " * (strokes.MAX_PAYLOAD + 1),
    ],
)
def test_a_bad_payload_gives_one_sentence(bad):
    with pytest.raises(PictureError) as caught:
        parse(bad)
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) < 120


@given(
    hnp.arrays(
        np.float32, st.tuples(st.integers(1, 30), st.just(2)), elements=st.floats(0, 100, width=32)
    ),
    st.sampled_from([1.0, 2.5, 5.0, 8.0]),
)
def test_ink_covers_the_pen_and_stays_near_it(stroke, pen):
    picture = ink([stroke], pen)
    assert picture.shape == (100, 200)
    x, y = np.minimum(stroke[0], (199, 99)).astype(int)
    assert picture[y, x] > 0.1  # under the pen
    (top, left), (bottom, right) = stroke.min(0)[::-1], stroke.max(0)[::-1]
    rows, columns = np.nonzero(picture)
    reach = pen / 2 + 1
    assert top - reach <= rows.min()
    assert rows.max() <= bottom + reach
    assert left - reach <= columns.min()
    assert columns.max() <= right + reach


def test_a_dot_is_a_disc_of_the_pens_width():
    assert ink([[[50, 50]]], pen=10).sum() == pytest.approx(np.pi * 25, rel=0.1)


def test_a_line_has_the_pens_width_and_round_ends():
    area = ink([[[50, 50], [150, 50]]], pen=6).sum()
    assert area == pytest.approx(100 * 6 + np.pi * 9, rel=0.06)


def test_edges_are_smooth():
    picture = ink([[[20, 20], [180, 70]]])
    assert ((picture > 0.05) & (picture < 0.95)).sum() > 100


def test_corners_between_points_are_rounded_and_the_ends_are_reached():
    picture = ink([[[20, 80], [100, 10], [180, 80]]], pen=4)
    assert picture[10, 100] == 0  # the curve passes below its control point
    assert picture[80, 20] == picture[79, 179] == 1


def test_rendering_is_pure():
    line = np.asarray([[10, 10], [50, 60], [90, 20]], np.float32)
    before = line.copy()
    np.testing.assert_array_equal(ink([line]), ink([line]))
    np.testing.assert_array_equal(line, before)
