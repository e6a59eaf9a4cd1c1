"""The scores of a group of names: rates with their intervals, from the counts of each name.

An interval depends on its names alone: each is drawn from the same seed, so the seen names have
one interval, whether they are called a group or a slice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple

import numpy as np
from numpy.typing import NDArray

from hwr_core.evaluation.intervals import alike, percentiles, resampled_totals, wilson
from hwr_core.evaluation.metrics import Counts, score
from hwr_core.evaluation.records import Rate, Scores

SEED = 1  # of the bootstrap


def counted(pairs: Iterable[tuple[str, str]]) -> NDArray[np.float64]:
    """(N, K), the fields of `Counts` of each pair of a truth and its reading, both folded."""
    return np.array([astuple(score(*pair)) for pair in pairs], dtype=float)


def scores(counts: NDArray[np.float64]) -> Scores:
    """The scores of N names; `counts` (N, K), the fields of `Counts` a row."""
    total = Counts(*counts.sum(axis=0).tolist())
    resampled = [Counts(*row) for row in _resampled(counts).tolist()]

    def rate(view: str, of: int) -> Rate:
        low, high = percentiles(np.array([getattr(each, view) for each in resampled]))
        value = getattr(total, view)
        low, high = (low, high) if low < high else alike(value, of)
        return Rate(value=value, low=low, high=high)

    return Scores(
        n=len(counts),
        exact=_with_width(rate("exact_match", total.names), total.exact, len(counts)),
        cer=rate("cer", total.letters),
        wer=rate("wer", total.words),
        character_accuracy=rate("character_accuracy", total.letters),
        normalised_edit_distance=rate("normalised_edit_distance", total.names),
    )


def share(right: NDArray[np.bool_]) -> Rate:
    """The share of (N,) names, N > 0, that are `right`."""
    low, high = percentiles(_resampled(right[:, None].astype(float))[:, 0] / len(right))
    return _with_width(Rate(value=float(right.mean()), low=low, high=high), right.sum(), len(right))


def _resampled(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """`resampled_totals` of (N, K) rows, always by the same draws."""
    return resampled_totals(rows, np.random.default_rng(SEED))


def _with_width(rate: Rate, right: int, n: int) -> Rate:
    """Resamples of names that are all right, or all wrong, are all alike; Wilson's interval is not.

    So four names that are all right are 51 to 100 % of what there might be, not 100 to 100.
    """
    if 0 < right < n:
        return rate
    low, high = wilson(right, n)
    return Rate(value=rate.value, low=float(low), high=float(high))
