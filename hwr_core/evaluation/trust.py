"""How far readings can be trusted: the truth among five, calibration, the surest nine tenths."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hwr_core.evaluation.confidence import calibration_error, exact_at, perfect_errors
from hwr_core.evaluation.intervals import RESAMPLES, percentiles
from hwr_core.evaluation.records import Prediction, Rate, Trust
from hwr_core.evaluation.scoring import share
from hwr_core.spelling import fold

TOP = 5
COVERED = 0.9  # the share of readings that are kept, the surest first
SEED = 1  # of draws of its own: those of other scores do not depend on it


def trust(predictions: Sequence[Prediction], truths: Sequence[str]) -> Trust:
    """What is known of N >= 1 readings and their confidences, given what is on the paper.

    Args:
        predictions: the readings with their alternatives.
        truths: (N,) what is written, in any spelling.
    """
    rng = np.random.default_rng(SEED)
    wanted = [fold(truth) for truth in truths]
    sure = np.array([each.confidence for each in predictions])
    right = np.array([each.folded == w for each, w in zip(predictions, wanted, strict=True)])
    found = np.array([w in _first(each) for each, w in zip(predictions, wanted, strict=True)])
    perfect = percentiles(perfect_errors(sure, rng))
    return Trust(
        n=len(sure),
        top5=share(found),
        ece=calibration_error(sure, right),
        perfect_low=perfect[0],
        perfect_high=perfect[1],
        surest=_surest(sure, right, rng),
    )


def _first(prediction: Prediction) -> list[str]:
    """The first five different texts, folded."""
    texts = [prediction.folded, *(fold(guess.text) for guess in prediction.alternatives)]
    return list(dict.fromkeys(texts))[:TOP]


def _surest(sure: NDArray[np.float64], right: NDArray[np.bool_], rng: np.random.Generator) -> Rate:
    """The share of right ones among the surest, resampled by picture; both (N,)."""
    draws = (rng.integers(0, len(sure), len(sure)) for _ in range(RESAMPLES))
    values = np.array([exact_at(COVERED, sure[draw], right[draw]) for draw in draws])
    low, high = percentiles(values)
    value = exact_at(COVERED, sure, right)
    return Rate(value=value, low=min(low, value), high=max(high, value))
