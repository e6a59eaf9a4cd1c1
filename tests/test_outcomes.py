"""What a threshold accepts and refuses, and which threshold keeps a wanted error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwr_core.evaluation.confidence import ConfidenceError
from hwr_core.evaluation.outcomes import Operating, operating, outcomes

SURE = [0.9, 0.8, 0.8, 0.5, 0.1]
RIGHT = [True, True, False, True, False]
readings = st.lists(st.tuples(st.sampled_from([0.1, 0.3, 0.5, 0.9]), st.booleans()), min_size=1)


def test_a_reading_as_sure_as_the_threshold_is_accepted():
    found = outcomes(SURE, RIGHT, 0.8)

    assert (found.accepted_right, found.accepted_wrong) == (2, 1)
    assert (found.refused_right, found.refused_wrong) == (1, 1)
    assert (found.n, found.accepted, found.wrong_share) == (5, 3, pytest.approx(1 / 3))


def test_nothing_accepted_is_nothing_wrong():
    assert outcomes(SURE, RIGHT, 1.0).wrong_share == 0


@given(readings)
def test_every_threshold_of_the_curve_does_what_it_says(rows):
    sure, right = zip(*rows, strict=True)

    for point in points(sure, right):
        found = outcomes(sure, right, point.threshold)
        assert point.coverage == pytest.approx(found.accepted / found.n)
        assert point.risk == pytest.approx(found.wrong_share)
        assert point.risk <= point.risk_high <= 1


@given(readings, st.sampled_from([0.0, 0.1, 0.5, 1.0]))
def test_the_threshold_keeps_the_error_and_no_lower_one_does(rows, risk):
    sure, right = zip(*rows, strict=True)
    found = operating(sure, right).threshold_for(risk)

    kept = {point.threshold for point in points(sure, right) if point.risk <= risk}
    assert (found.threshold if found else None) == min(kept, default=None)


def test_a_reader_that_is_surest_when_wrong_has_no_threshold():
    assert operating([0.9, 0.5], [False, True]).threshold_for(0.1) is None


def test_readings_without_verdicts_are_refused():
    with pytest.raises(ConfidenceError, match="as many confidences as verdicts"):
        outcomes([0.5], [], 0.5)


def points(sure, right) -> list[Operating]:
    curve = operating(sure, right)
    return [curve.point(number) for number in range(len(curve.risk))]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_a_threshold_does_what_is_said_when_it_is_typed_as_it_is_shown(rows):
    sure, right = zip(*rows, strict=True)
    curve = operating(sure, right)

    for number in range(len(curve.threshold)):
        point = curve.point(number)
        typed = outcomes(sure, right, float(f"{point.threshold:.4f}"))
        assert typed.accepted / typed.n == pytest.approx(point.coverage)
        assert typed.wrong_share == pytest.approx(point.risk)
