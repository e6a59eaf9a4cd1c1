"""Intervals: how far a rate might be off by the luck of the sample, resampled or in closed form."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

RESAMPLES = 1000  # enough for the ends of a 95 % interval (Efron & Tibshirani 1993, chapter 13)
COVERAGE = 0.95
Z = 1.959964  # standard deviations, either way, that hold `COVERAGE` of a normal variable


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


def wilson(right: ArrayLike, n: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The 95 % score interval of the share `right` / `n`, n > 0, for one or many (Wilson 1927).

    In closed form, for tables of hundreds of groups; it keeps its coverage where few are wrong.
    """
    k, total = np.asarray(right, float), np.asarray(n, float)
    share, z2 = k / total, Z * Z
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = np.sqrt(share * (1 - share) / total + z2 / (4 * total**2)) * Z / (1 + z2 / total)
    # The share lies inside; where it is 0 or 1, rounding must not push it out.
    return np.clip(middle - half, 0, share), np.clip(middle + half, share, 1)


def alike(rate: float, units: float) -> tuple[float, float]:
    """The ends of a rate of which all resamples are alike, and tell nothing: over few names.

    None of n or all of n leaves 3 in n open (Hanley & Lippman-Hand 1983); another rate, of names
    that were all read alike, anything.
    """
    if rate not in (0.0, 1.0):
        return (0.0, max(1.0, rate)) if units else (rate, rate)
    width = min(1.0, 3 / units)
    return max(0.0, rate - width), min(1.0, rate + width)


def ratio_error(
    edits: NDArray[np.floating], letters: NDArray[np.floating]
) -> tuple[float, float, float]:
    """A pooled error rate of (N,) names with its 95 % interval, linearised (Cochran 1977, 6.4).

    Returns:
        The rate, and the ends of its interval, at least 0, and as `alike` has them where no name
        differs from another; over no letters NaN.
    """
    total = float(letters.sum())
    if not total:
        return float("nan"), float("nan"), float("nan")
    rate = float(edits.sum()) / total
    spread = Z * float(np.sqrt(((edits - rate * letters) ** 2).sum())) / total
    if spread < 1e-12:  # but for rounding none
        return rate, *alike(rate, total)
    return rate, max(0.0, rate - spread), rate + spread
