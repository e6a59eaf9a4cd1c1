"""Outcomes: what a threshold on the confidence accepts and refuses, right and wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hwr_core.evaluation.confidence import ordered
from hwr_core.evaluation.intervals import wilson

DIGITS = 4  # of a threshold


@dataclass(frozen=True)
class Outcomes:
    """How many readings a threshold accepts and refuses."""

    accepted_right: int
    accepted_wrong: int
    refused_right: int
    refused_wrong: int

    @property
    def n(self) -> int:
        """All readings."""
        return self.accepted + self.refused_right + self.refused_wrong

    @property
    def accepted(self) -> int:
        """Those that nobody needs to look at."""
        return self.accepted_right + self.accepted_wrong

    @property
    def wrong_share(self) -> float:
        """The share of wrong ones among the accepted, 0 if none is accepted."""
        return self.accepted_wrong / self.accepted if self.accepted else 0.0


@dataclass(frozen=True)
class Operating:
    """A threshold, and what it does."""

    threshold: float  # a reading at least as sure is accepted
    coverage: float  # share accepted
    risk: float  # share wrong among the accepted
    risk_high: float  # upper end of its 95 % interval


@dataclass(frozen=True, eq=False)
class Curve:
    """The risk-coverage curve: what each of K thresholds does, all (K,); see `Operating`."""

    threshold: NDArray[np.float64]
    coverage: NDArray[np.float64]
    risk: NDArray[np.float64]
    risk_high: NDArray[np.float64]

    def point(self, number: int) -> Operating:
        """One threshold of the curve."""
        columns = (self.threshold, self.coverage, self.risk, self.risk_high)
        return Operating(*(float(column[number]) for column in columns))

    def threshold_for(self, risk: float) -> Operating | None:
        """The lowest threshold that accepts at most the share `risk` of wrong readings.

        None: even the surest readings are wrong more often.
        """
        good = np.flatnonzero(self.risk <= risk)
        return self.point(int(good[-1])) if len(good) else None


def outcomes(confidences: ArrayLike, right: ArrayLike, threshold: float) -> Outcomes:
    """What becomes of every reading if those at least `threshold` (0 to 1) sure are accepted.

    Raises:
        ConfidenceError: not as many of one as of the other, or none.
    """
    sure, correct = ordered(confidences, right)
    accepted = sure >= threshold
    kept, total = int(accepted.sum()), int(correct.sum())
    kept_right = int(correct[accepted].sum())
    refused = len(sure) - kept
    return Outcomes(kept_right, kept - kept_right, total - kept_right, refused - total + kept_right)


def operating(confidences: ArrayLike, right: ArrayLike) -> Curve:
    """Every threshold of `DIGITS` digits that makes a difference, the highest first.

    So a threshold does what is said of it when somebody types it as it is shown.

    Raises:
        ConfidenceError: as `outcomes`.
    """
    sure, correct = (values[::-1] for values in ordered(confidences, right))
    sure = _shortened(sure)
    last = np.append(np.flatnonzero(np.diff(sure)), len(sure) - 1)  # equally sure: all or none
    kept, wrong = last + 1, np.cumsum(1 - correct)[last]
    return Curve(sure[last], kept / len(sure), wrong / kept, wilson(wrong, kept)[1])


def _shortened(sure: NDArray[np.float64]) -> NDArray[np.float64]:
    """The largest numbers of `DIGITS` digits that are not above these."""
    steps = np.floor(sure * 10**DIGITS)
    tried = np.stack([steps - 1, steps, steps + 1]) / 10**DIGITS  # the product is rounded
    shortened: NDArray[np.float64] = np.where(tried <= sure, tried, -np.inf).max(axis=0)
    return shortened
