"""The bootstrap draws what it should, covers what it should, and is quick."""

from __future__ import annotations

import time
from dataclasses import astuple

import numpy as np
import pytest

from hwr_core.evaluation.intervals import (
    IntervalError,
    percentiles,
    ratio_error,
    resampled_totals,
    wilson,
)
from hwr_core.evaluation.metrics import Counts
from hwr_core.evaluation.scoring import scores, share


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_each_resample_has_as_many_rows_as_there_are():
    rows = np.array([[1, 0], [1, 1], [1, 3]])

    totals = resampled_totals(rows, rng(), resamples=50)

    assert totals.shape == (50, 2)
    assert (totals[:, 0] == 3).all()
    assert totals[:, 1].min() >= 0
    assert totals[:, 1].max() <= 9


def test_resamples_have_the_moments_of_draws_with_replacement():
    """The mean of N draws has the mean of the rows and their variance / N."""
    rows = rng().gamma(2.0, size=(200, 1)).round(1)

    means = resampled_totals(rows, rng(1), resamples=20_000)[:, 0] / 200

    assert means.mean() == pytest.approx(rows.mean(), rel=0.01)
    assert means.var() == pytest.approx(rows.var() / 200, rel=0.05)


def test_rows_are_drawn_whole():
    rows = np.array([[1, 2], [3, 6], [5, 10]])

    totals = resampled_totals(rows, rng())

    assert (totals[:, 1] == 2 * totals[:, 0]).all()


def test_the_seed_decides_the_draws():
    rows = rng().integers(0, 9, size=(30, 3))

    assert (resampled_totals(rows, rng(7)) == resampled_totals(rows, rng(7))).all()
    assert (resampled_totals(rows, rng(7)) != resampled_totals(rows, rng(8))).any()


def test_the_interval_of_a_share_is_the_one_of_the_textbook():
    """Wald: p +- 1.96 sqrt(p (1 - p) / n), good for 900 of 1,000."""
    rows = np.repeat([1.0, 0.0], [900, 100])[:, None]

    low, high = percentiles(resampled_totals(rows, rng(), resamples=10_000)[:, 0] / 1000)

    half = 1.96 * np.sqrt(0.9 * 0.1 / 1000)
    assert (low, high) == pytest.approx((0.9 - half, 0.9 + half), abs=0.001)


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    draws, covered = rng(3), 0
    for _ in range(200):
        rows = draws.binomial(1, 0.8, size=(300, 1))
        low, high = percentiles(resampled_totals(rows, draws, resamples=200)[:, 0] / 300)
        covered += low <= 0.8 <= high

    assert 0.9 <= covered / 200 <= 0.99


def test_a_constant_has_no_spread():
    assert percentiles(resampled_totals(np.ones((10, 1)), rng())[:, 0] / 10) == (1, 1)


@pytest.mark.parametrize("rows", [np.empty((0, 3)), np.ones(3)])
def test_no_rows_are_refused(rows):
    with pytest.raises(IntervalError, match="at least one row of counts"):
        resampled_totals(rows, rng())


def test_a_test_set_takes_seconds_at_most():
    names = rng().integers(0, 12, size=(41_000, 3))
    start = time.perf_counter()

    resampled_totals(names, rng())

    assert time.perf_counter() - start < 5


def test_the_closed_form_of_a_share_is_wilsons():
    """The figures of Newcombe 1998, Statistics in Medicine 17, table I, method 3."""
    for right, n, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert wilson(right, n) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_the_closed_form_of_an_error_rate_agrees_with_resampling():
    letters = rng(3).integers(3, 12, 800).astype(float)
    edits = rng(4).binomial(2, 0.2, 800).astype(float)

    rate, low, high = ratio_error(edits, letters)
    totals = resampled_totals(np.stack([edits, letters], axis=1), rng())
    resampled = percentiles(totals[:, 0] / totals[:, 1])

    assert rate == pytest.approx(edits.sum() / letters.sum())
    assert (low, high) == (
        pytest.approx(resampled[0], abs=0.004),
        pytest.approx(resampled[1], abs=0.004),
    )


def test_an_error_rate_over_no_letters_is_undefined():
    assert np.isnan(ratio_error(np.zeros(1), np.zeros(1))).all()


def test_names_that_are_all_right_are_no_certainty():
    found = share(np.ones(4, bool))
    assert (found.value, found.high) == (1, 1)
    assert found.low == pytest.approx(0.51, abs=0.01)
    assert ratio_error(np.zeros(30), np.full(30, 5.0)) == (0, 0, pytest.approx(3 / 150))
    assert ratio_error(np.ones(1), np.full(1, 4.0)) == (0.25, 0, 1)
    assert ratio_error(np.full(2, 4.0), np.full(2, 4.0)) == (1, pytest.approx(1 - 3 / 8), 1)


def test_no_interval_of_a_score_is_a_point():
    four, one, lost = (
        Counts(1, 1, 5, words=1),
        Counts(1, 0, 4, 1, words=1),
        Counts(1, 0, 4, 4, words=1),
    )
    found = {
        name: scores(np.array([astuple(count)] * n, float))
        for name, count, n in (("four", four, 4), ("one", one, 1), ("lost", lost, 2))
    }
    ends = {name: (each.cer.low, each.cer.value, each.cer.high) for name, each in found.items()}
    assert ends["four"] == (0, 0, pytest.approx(3 / 20))
    assert ends["one"] == (0, 0.25, 1)
    assert ends["lost"] == (pytest.approx(1 - 3 / 8), 1, 1)
    assert found["four"].character_accuracy.low == pytest.approx(1 - 3 / 20)
