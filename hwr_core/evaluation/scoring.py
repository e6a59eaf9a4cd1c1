"""The scores of a group of names: rates with their intervals, from the counts of each name."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hwr_core.evaluation.intervals import percentiles, resampled_totals
from hwr_core.evaluation.metrics import Counts
from hwr_core.evaluation.records import Rate, Scores


def scores(counts: NDArray[np.float64], rng: np.random.Generator) -> Scores:
    """The scores of N names; `counts` (N, K), the fields of `Counts` a row."""
    total = Counts(*counts.sum(axis=0).tolist())
    resampled = [Counts(*row) for row in resampled_totals(counts, rng).tolist()]

    def rate(view: str) -> Rate:
        low, high = percentiles(np.array([getattr(each, view) for each in resampled]))
        return Rate(value=getattr(total, view), low=low, high=high)

    return Scores(
        n=len(counts),
        exact=rate("exact_match"),
        cer=rate("cer"),
        wer=rate("wer"),
        character_accuracy=rate("character_accuracy"),
        normalised_edit_distance=rate("normalised_edit_distance"),
    )


def share(right: NDArray[np.bool_], rng: np.random.Generator) -> Rate:
    """The share of (N,) names, N > 0, that are `right`."""
    low, high = percentiles(resampled_totals(right[:, None].astype(float), rng)[:, 0] / len(right))
    return Rate(value=float(right.mean()), low=low, high=high)
