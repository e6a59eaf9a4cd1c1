"""Styles of the pen: other ink, the same word."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hwr_core.config import ConfigError
from hwr_core.inking import Path, curve
from hwr_core.pen import CUT, PenStyle, vary
from hwr_core.picture import prepare
from hwr_core.strokes import PEN, Drawing

OFF = dict.fromkeys(PenStyle.model_fields, 0)
EXTREME = PenStyle(
    **{
        name: next(rule.le for rule in field.metadata if hasattr(rule, "le"))
        for name, field in PenStyle.model_fields.items()
    }
)
H = Drawing.of([[[0, 0], [0, 100]], [[80, 0], [80, 100]], [[0, 50], [40, 50], [80, 50]]])
drawings = st.lists(
    hnp.arrays(
        np.float32, st.tuples(st.integers(1, 30), st.just(2)), elements=st.floats(0, 100, width=32)
    ),
    min_size=1,
    max_size=4,
).map(Drawing.of)
seeds = st.integers(0, 2**32 - 1)


def styled(seed=1, given=H, **ranges):
    """The drawing with only these changes."""
    return vary(given, PenStyle(**{**OFF, **ranges}), np.random.default_rng(seed))


def points(drawing):
    return np.concatenate(drawing.strokes)


@given(drawings, seeds)
def test_without_changes_it_is_the_same_drawing(drawing, seed):
    assert styled(seed, drawing) is drawing


@given(drawings, seeds, st.sampled_from([PenStyle(), EXTREME]))
def test_every_style_keeps_the_strokes_and_all_their_ink_on_the_paper(drawing, seed, style):
    varied = vary(drawing, style, np.random.default_rng(seed))
    assert len(varied.strokes) == len(drawing.strokes)
    assert all(stroke.dtype == np.float32 for stroke in varied.strokes)
    assert [len(s) for s in varied.strokes] == [len(w) for w in varied.widths]
    box = Path.of(varied).box
    assert min(box.left, box.top) > -0.01
    assert box.right <= varied.width + 0.01
    assert box.bottom <= varied.height + 0.01
    assert prepare(varied).ink.max() > 0.3


@given(drawings, seeds)
def test_a_seed_gives_the_same_style_again(drawing, seed):
    before = points(drawing).copy()
    first, second = (vary(drawing, PenStyle(), np.random.default_rng(seed)) for _ in range(2))
    np.testing.assert_array_equal(points(first), points(second))
    np.testing.assert_array_equal(prepare(first).ink, prepare(second).ink)
    np.testing.assert_array_equal(points(drawing), before)


def test_seeds_give_different_styles():
    inks = {prepare(styled(seed, slant=0.5)).ink.tobytes() for seed in range(20)}
    assert len(inks) == 20


def test_pens_differ_within_their_range():
    pens = [styled(seed, pen=0.35).pen for seed in range(200)]
    assert 0.70 * PEN <= min(pens) < 0.8 * PEN
    assert 1.3 * PEN < max(pens) <= 1.42 * PEN


def test_small_writing_gets_no_pen_that_fills_it():
    small = Drawing.of([[[0, 0], [1000, 50]]])  # 28 pixels tall on its paper
    assert max(styled(seed, small, pen=0.7).pen for seed in range(50)) <= 1.01 * PEN


def test_pressure_changes_the_width_along_the_line_and_slowly():
    widths = np.concatenate(styled(pressure=0.5).widths)
    assert np.ptp(widths) > 0.1
    assert np.abs(np.diff(widths)).max() < 0.2 * np.ptp(widths)


def test_trembling_is_slow_and_small():
    shaken = styled(jitter=0.06).strokes[0]  # of an upright line 120 pixels tall
    assert 0.5 < np.ptp(shaken[:, 0]) < 2 * 0.06 * 120
    turns = np.diff(shaken[:, 0], n=2)
    assert np.abs(turns).max() < 0.2 * np.ptp(shaken[:, 0])


def test_slant_leans_uprights_and_keeps_the_line():
    stems = [styled(seed, slant=0.5).strokes[0] for seed in range(50)]
    leans = [np.ptp(stem[:, 0]) / np.ptp(stem[:, 1]) for stem in stems]
    assert 0.4 < max(leans) <= 0.501
    bar = styled(slant=0.5).strokes[2]
    assert np.ptp(bar[:, 1]) < 0.01


def test_rotation_turns_by_no_more_than_its_range():
    bars = [styled(seed, rotation=0.1).strokes[2] for seed in range(50)]
    turns = [np.ptp(bar[:, 1]) / np.ptp(bar[:, 0]) for bar in bars]
    assert 0.08 < max(turns) <= np.tan(0.101)


def test_stretching_changes_the_width_alone():
    sizes = np.array([np.ptp(points(styled(seed, stretch=0.5)), axis=0) for seed in range(100)])
    width, height = np.ptp(points(H), axis=0)
    np.testing.assert_allclose(sizes[:, 1], height, rtol=1e-4)
    assert np.exp(-0.501) * width <= sizes[:, 0].min() < 0.7 * width
    assert 1.4 * width < sizes[:, 0].max() <= np.exp(0.501) * width


def test_drift_moves_letters_up_and_down_as_a_whole():
    upright = styled(drift=0.2).strokes[0]
    np.testing.assert_allclose(upright[:, 0], upright[0, 0], atol=0.01)
    assert np.ptp(upright[:, 1]) == pytest.approx(120, abs=0.1)


def cut(step):
    """How much farther from its corner an L passes whose points are a step apart: of its height."""
    down, along = np.arange(0, 100.1, step), np.arange(step, 100.1, step)
    given = Drawing.of([[*((0, y) for y in down), *((x, 100) for x in along)]])
    tip = complex(*given.strokes[0][len(down) - 1])
    plain, varied = (
        [
            np.abs(curve(Path.of(styled(seed, given, **ranges)), 0.5).points - tip).min()
            for seed in range(30)
        ]
        for ranges in ({"pen": 0.1}, {"corners": 1})
    )
    return np.subtract(varied, plain).mean() / 120


def test_fast_corners_are_cut_more_than_slow_ones_but_never_much():
    assert -0.01 < cut(2) < 0.005 < cut(20) < CUT


def test_smoothing_rounds_off_steps_finer_than_the_pen():
    x = np.arange(0, 400, 4.0)
    stairs = Drawing.of([np.stack([x, 4.0 * (np.arange(100) % 2)], axis=1), [[0, -50], [0, 50]]])

    def roughness(**ranges):
        lines = [styled(seed, stairs, **ranges).strokes[0] for seed in range(10)]
        return np.mean([np.abs(np.diff(line[:, 1])).sum() for line in lines])

    assert roughness(smoothing=1.5) < 0.7 * roughness(pen=0.1)


def test_paper_grows_for_what_leaves_it():
    edge = Drawing(100, 100, (np.asarray([[0, 0], [100, 100]], np.float32),))
    varied = styled(3, edge, stretch=0.5)
    assert varied.height > 100


@pytest.mark.parametrize("values", [{"pen": 2}, {"slant": -0.1}, {"tremble": 1}])
def test_a_style_out_of_range_is_refused(values):
    with pytest.raises(ConfigError, match=next(iter(values))):
        PenStyle.parse(values)
