"""Strokes of the pad and of other origin: what is read, and what is refused."""

import json
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwr_core import strokes
from hwr_core.picture import PictureError
from hwr_core.strokes import PEN, Drawing, DrawingError, parse

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


@given(drawn)
def test_every_point_lands_on_the_canvas_in_order(lines):
    drawing = parse(payload(lines))
    assert [len(stroke) for stroke in drawing.strokes] == [len(line) for line in lines]
    for stroke, line in zip(drawing.strokes, lines, strict=True):
        assert stroke.dtype == np.float32
        np.testing.assert_allclose(stroke, np.clip(line, 0, (640, 200)), rtol=1e-6, atol=1e-6)


@given(drawn)
def test_a_drawing_is_written_as_it_is_read(lines):
    drawing = parse(payload(lines))
    again = parse(drawing.to_json())
    assert (again.width, again.height) == (drawing.width, drawing.height)
    for stroke, kept in zip(drawing.strokes, again.strokes, strict=True):
        np.testing.assert_allclose(kept, stroke, rtol=0, atol=0.0501)
    assert again.to_json() == drawing.to_json()


def test_the_tenths_of_pixels_that_the_pad_sends_are_written_as_they_are():
    written = parse(payload([[[10.1, 199.9], [3, 0.7]]])).to_json()
    assert json.loads(written)["strokes"] == [[[10.1, 199.9], [3, 0.7]]]


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


@given(drawn, st.sampled_from([0.01, 1.0, 300.0]))
def test_strokes_of_any_unit_are_as_if_written_on_the_pad(lines, unit):
    drawing = Drawing.of([np.multiply(line, unit) for line in lines])
    points = np.concatenate(drawing.strokes)
    assert (drawing.width, drawing.height, drawing.pen) == (640, 200, PEN)
    assert points.dtype == np.float32
    assert [len(stroke) for stroke in drawing.strokes] == [len(line) for line in lines]
    assert ((points >= (39, 39)) & (points <= (601, 161))).all()
    np.testing.assert_allclose((points.min(0) + points.max(0)) / 2, (320, 100), atol=0.01)


def test_a_word_is_written_as_large_as_the_paper_lets_it():
    tall = Drawing.of([[[0, 0], [10, 100]]]).strokes[0]
    np.testing.assert_allclose(tall, [[314, 40], [326, 160]])
    wide = Drawing.of([[[0, 0], [100, 10]]]).strokes[0]
    np.testing.assert_allclose(wide, [[40, 72], [600, 128]])


def test_flat_numbers_are_pairs():
    nested, flat = Drawing.of([[[1, 2], [3, 5]]]), Drawing.of([[1, 2, 3, 5]])
    np.testing.assert_array_equal(nested.strokes[0], flat.strokes[0])


@pytest.mark.parametrize("bad", [[], [[]], [[1, 2], [3]], [[1.0, float("nan")]]])
def test_strokes_that_are_none_are_refused(bad):
    with pytest.raises(DrawingError, match="drawing"):
        Drawing.of(bad)
