"""Measures of confidence, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwr_core.evaluation.confidence import (
    ConfidenceError,
    calibration_error,
    exact_at,
    perfect_errors,
    reliability,
    risk_area,
    risks,
    top,
)

READINGS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def test_bins_hold_as_many_readings_each():
    bins = reliability([0.1, 0.9, 0.2, 0.8], [False, True, True, True], bins=2)
    assert [part.n for part in bins] == [2, 2]
    assert [part.confidence for part in bins] == pytest.approx([0.15, 0.85])
    assert [part.right for part in bins] == [0.5, 1]


def test_the_calibration_error_is_the_mean_distance_of_the_bins():
    error = calibration_error([0.1, 0.9, 0.2, 0.8], [False, True, True, True], bins=2)
    assert error == pytest.approx((0.35 + 0.15) / 2)


def test_few_readings_are_off_by_luck_and_many_are_not():
    """Readings that are right half the time, in 15 bins: the mean of |k/n - 1/2| over them."""
    few, many = (
        perfect_errors([0.5] * n, np.random.default_rng(1)).mean() for n in (15 * 4, 15 * 400)
    )
    assert few == pytest.approx(0.1875, abs=0.01)  # (2 * 1/2 + 8 * 1/4) / 16 of n = 4
    assert many == pytest.approx((2 * np.pi * 400) ** -0.5, abs=0.002)
    assert perfect_errors([0.0, 1.0], np.random.default_rng(1)).max() == 0


def test_the_risk_grows_with_what_is_accepted():
    sure, right = [0.9, 0.5, 0.8, 0.7], [True, False, True, False]
    assert risks(sure, right).tolist() == pytest.approx([0, 0, 1 / 3, 1 / 2])
    assert risk_area(sure, right) == pytest.approx((1 / 3 + 1 / 2) / 4)
    assert exact_at(0.5, sure, right) == 1
    assert exact_at(1, sure, right) == 0.5


def test_equally_sure_readings_count_as_their_mean():
    assert risks([0.5] * 4, [True, False, False, True]).tolist() == [0.5] * 4


@given(READINGS)
def test_shares_are_shares_whatever_the_order(readings):
    sure, right = zip(*readings, strict=True)
    assert 0 <= calibration_error(sure, right) <= 1
    assert 0 <= risk_area(sure, right) <= 1
    assert risks(sure, right)[-1] == pytest.approx(1 - sum(right) / len(right))
    assert risk_area(sure[::-1], right[::-1]) == pytest.approx(risk_area(sure, right))
    assert sum(part.n for part in reliability(sure, right)) == len(sure)


def test_truths_are_found_among_the_first_readings():
    assert [top([0, 2, None, 4], most) for most in (1, 3, 5)] == [0.25, 0.5, 0.75]


def test_what_cannot_be_judged_is_refused():
    with pytest.raises(ConfidenceError, match="as many confidences as verdicts"):
        calibration_error([], [])
    with pytest.raises(ConfidenceError, match="a coverage that keeps 1 to 2"):
        exact_at(0.1, [0.5, 0.6], [True, True])
