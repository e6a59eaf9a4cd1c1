"""Percentile bootstrap intervals: how far a rate might be off by the luck of the sample."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000  # enough for the ends of a 95 % interval (Efron & Tibshirani 1993, chapter 13)
COVERAGE = 0.95


class IntervalError(ValueError):
    """Counts that cannot be resampled; the message says what was expected."""


def resampled_totals(
    rows: NDArray[np.floating], rng: np.random.Generator, resamples: int = RESAMPLES
) -> NDArray[np.float64]:
    """Column totals of `resamples` draws, with replacement, of as many rows as there are.

    Any rate that is a function of totals then has as many values as resamples, and their
    percentiles bound it (for error rates: Bisani & Ney 2004). Rows are drawn whole, so that
    numerator and denominator of a ratio stay together, and independently: if writers wrote
    several names each, the true interval is wider.

    Most names have the same counts as many others. Drawing how often each *different* row is
    taken is the same experiment, and far less work.

    Args:
        rows: (N, K), the counts of one name a row.
        rng: the source of the draws.
        resamples: how many totals, R.

    Returns:
        (R, K) totals.

    Raises:
        IntervalError: no rows.
    """
    if rows.ndim != 2 or not len(rows):
        message = f"expected at least one row of counts (N, K), got {rows.shape}"
        raise IntervalError(message)
    different, times = np.unique(rows, axis=0, return_counts=True)  # (U, K), (U,)
    shares = times / len(rows)
    draws = (rng.multinomial(len(rows), shares) for _ in range(resamples))  # (U,) each
    return np.array([draw @ different for draw in draws], dtype=np.float64)


def percentiles(values: NDArray[np.floating], coverage: float = COVERAGE) -> tuple[float, float]:
    """The ends of the middle `coverage` (0 to 1) of the (R,) resampled `values`."""
    tail = (1 - coverage) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share `hits` of `n` (Wilson 1927).

    For shares near 0 or 1: resampling 50 pictures that all agree never shows another outcome.

    Raises:
        IntervalError: not 0 to `n` hits, or `n` is 0.
    """
    if not 0 <= hits <= n or not n:
        message = f"expected 0 to n hits of at least one, got {hits} of {n}"
        raise IntervalError(message)
    z = 1.96  # standard deviations of the normal distribution that hold 95 %
    share, spread = hits / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    reach = z / (1 + spread) * ((share * (1 - share) + spread / 4) / n) ** 0.5
    return max(0.0, middle - reach), min(1.0, middle + reach)
