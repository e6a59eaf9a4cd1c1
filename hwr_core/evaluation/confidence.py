"""Whether confidences can be trusted: calibration, and what is gained by asking people the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

BINS = 15  # of equal mass: bins of equal width are mostly empty where most readings are sure


class ConfidenceError(ValueError):
    """Confidences that cannot be judged; the message says what was expected."""


@dataclass(frozen=True)
class Bin:
    """Readings that are about as sure."""

    n: int
    confidence: float  # mean, 0 to 1
    right: float  # share, 0 to 1


def reliability(confidences: ArrayLike, right: ArrayLike, bins: int = BINS) -> tuple[Bin, ...]:
    """The readings in order of confidence, in `bins` of as equal size as possible.

    Args:
        confidences: 0 to 1, one a reading.
        right: whether each is right.
        bins: at most; there are never more than readings.

    Raises:
        ConfidenceError: not as many of one as of the other, or none.
    """
    sure, correct = ordered(confidences, right)
    parts = np.array_split(np.arange(len(sure)), min(bins, len(sure)))
    return tuple(
        Bin(len(part), float(sure[part].mean()), float(correct[part].mean())) for part in parts
    )


def calibration_error(confidences: ArrayLike, right: ArrayLike, bins: int = BINS) -> float:
    """The expected calibration error over bins of equal mass (Nguyen & O'Connor 2015).

    Raises:
        ConfidenceError: see `reliability`.
    """
    parts = reliability(confidences, right, bins)
    total = sum(part.n for part in parts)
    return sum(part.n * abs(part.confidence - part.right) for part in parts) / total


def perfect_errors(
    confidences: ArrayLike, rng: np.random.Generator, bins: int = BINS, draws: int = 200
) -> NDArray[np.float64]:
    """The calibration errors, (draws,), that confidences have which are right by construction.

    Bins of few readings are off by luck: of 64 readings in 15 bins, about 0.15. An error within
    these says nothing against a calibration.

    Raises:
        ConfidenceError: see `reliability`.
    """
    sure = np.asarray(confidences, float)
    drawn = (rng.random(sure.shape) < sure for _ in range(draws))
    return np.array([calibration_error(sure, right, bins) for right in drawn])


def risks(confidences: ArrayLike, right: ArrayLike) -> NDArray[np.float64]:
    """The share of wrong readings among the n surest, for n from 1 to N: the risk-coverage curve.

    Readings that are equally sure are taken in one step: each counts as their mean.

    Raises:
        ConfidenceError: see `reliability`.
    """
    sure, correct = ordered(confidences, right)
    _, place, size = np.unique(-sure, return_inverse=True, return_counts=True)
    wrong = (np.bincount(place, 1 - correct) / size)[place][np.argsort(-sure, kind="stable")]
    found: NDArray[np.float64] = np.cumsum(wrong) / np.arange(1, len(wrong) + 1)
    return found


def risk_area(confidences: ArrayLike, right: ArrayLike) -> float:
    """The area under the risk-coverage curve (Geifman & El-Yaniv 2017), 0 to 1: 0 is perfect.

    Raises:
        ConfidenceError: see `reliability`.
    """
    return float(risks(confidences, right).mean())


def exact_at(coverage: float, confidences: ArrayLike, right: ArrayLike) -> float:
    """The share of right readings among the surest `coverage` (above 0, to 1) of them.

    Raises:
        ConfidenceError: see `reliability`, or a coverage that keeps no reading.
    """
    curve = risks(confidences, right)
    kept = round(coverage * len(curve))
    if not 0 < kept <= len(curve):
        message = f"expected a coverage that keeps 1 to {len(curve)} readings, got {coverage}"
        raise ConfidenceError(message)
    return 1 - float(curve[kept - 1])


def top(ranks: Sequence[int | None], most: int) -> float:
    """The share of truths among the first `most` readings of their pictures.

    Args:
        ranks: where each truth stands in the list, from 0; None where it does not.
        most: at least 1.
    """
    return sum(rank is not None and rank < most for rank in ranks) / len(ranks)


def ordered(
    confidences: ArrayLike, right: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both by rising confidence.

    Raises:
        ConfidenceError: not as many of one as of the other, or none.
    """
    sure, correct = np.asarray(confidences, float), np.asarray(right, float)
    if sure.shape != correct.shape or sure.ndim != 1 or not sure.size:
        message = f"expected as many confidences as verdicts, got {sure.shape}, {correct.shape}"
        raise ConfidenceError(message)
    order = np.argsort(sure, kind="stable")
    return sure[order], correct[order]
