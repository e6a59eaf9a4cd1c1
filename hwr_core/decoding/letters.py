"""How sure each letter of a text is: its share among all letters that might stand in its place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hwr_core.alphabet import BLANK
from hwr_core.decoding.score import prefixes

LOWEST = float(np.finfo(np.float64).min)  # for -inf where -inf - -inf would be NaN


def letter_shares(log_probs: NDArray[np.floating], classes: Sequence[int]) -> NDArray[np.float64]:
    """The probability of each letter, given those before and after it: (L,), 0 to 1.

    A letter is weighed against every other letter in its place and against none. Forward scores
    of what is before it and backward scores of what is after it give all these texts' exact CTC
    probabilities at once. A letter that no path can write has 0.

    Args:
        log_probs: (T, C) natural log-probabilities; a condensed lattice is quickest.
        classes: 1 to C - 1 each.

    Raises:
        DecodingError: not such log-probabilities, or a class outside 1 to C - 1.
    """
    before = prefixes(log_probs, classes)  # (T + 1, L + 1, 2)
    after = prefixes(log_probs[::-1], classes[::-1])[::-1, ::-1]  # (T + 1, L + 1, 2)
    own = list(classes)
    if not own:
        return np.empty(0)
    rivals = np.flatnonzero((log_probs > -np.inf).any(axis=0))  # (K,)
    rivals = np.union1d(rivals[rivals != BLANK], own)
    held = _hold(_joinable(before[:-1], [BLANK, *own], rivals), log_probs[:, rivals])
    leaving = _joinable(after[1:], [*own, BLANK], rivals)  # (T, L + 1, K)
    texts = _log_sum(held[:, :-1] + leaving[:, 1:])  # (L, K)
    places = np.searchsorted(rivals, own)
    if len(own) == 1:
        without = log_probs[:, BLANK].sum(dtype=np.float64, keepdims=True)  # (L,)
    else:  # of two letters, one stays: the right one, at the end the left one
        pairs = _log_sum(held[:, :-2] + leaving[:, 2:])  # (L - 1, K)
        without = np.append(pairs[np.arange(len(own) - 1), places[1:]], pairs[-1, places[-2]])
    total = np.logaddexp(np.logaddexp.reduce(texts, axis=1), without)
    mine = texts[np.arange(len(own)), places]
    return np.where(mine > -np.inf, np.exp(mine - np.maximum(total, LOWEST)), 0.0)


def _joinable(
    ends: NDArray[np.float64], neighbours: Sequence[int], rivals: NDArray[np.intp]
) -> NDArray[np.float64]:
    """`ends` (T, L + 1, 2) without those that each rival would melt into; (T, L + 1, K).

    A letter beside its like needs a blank between them.
    """
    same = np.equal.outer(neighbours, rivals)  # (L + 1, K)
    either = np.logaddexp(ends[..., 0], ends[..., 1])  # (T, L + 1)
    return np.where(same, ends[..., 1, None], either[..., None])


def _hold(arriving: NDArray[np.float64], log_probs: NDArray[np.floating]) -> NDArray[np.float64]:
    """How probably each rival, once arrived at, has its last frame at t; (T, L + 1, K)."""
    held = np.full(arriving.shape[1:], -np.inf)  # (L + 1, K)
    ending = np.empty_like(arriving)
    for t, frame in enumerate(log_probs):  # (K,)
        ending[t] = held = np.logaddexp(held, arriving[t]) + frame
    return ending


def _log_sum(terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """log(sum(exp(terms))) over the frames: (T, L, K) to (L, K)."""
    highest = terms.max(axis=0, initial=LOWEST)
    with np.errstate(divide="ignore"):  # log(0) is the -inf of a text that does not fit
        total: NDArray[np.float64] = np.log(np.exp(terms - highest).sum(axis=0)) + highest
    return total
