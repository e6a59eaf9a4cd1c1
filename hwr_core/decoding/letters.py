"""How sure each letter of a text is: its share among all letters that might stand in its place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hwr_core.alphabet import BLANK
from hwr_core.decoding.score import check, jumps, states

LOWEST = float(np.finfo(np.float64).min)  # for -inf, where -inf - -inf would be NaN


def letter_shares(log_probs: NDArray[np.floating], classes: Sequence[int]) -> NDArray[np.float64]:
    """The probability of each letter, given those before and after it: (L,), 0 to 1.

    A letter is weighed against every other letter in its place and against none. The forward
    probabilities of what is before it and the backward ones of what is after it give all these
    texts' exact CTC probabilities at once, but for a factor that each frame gives to all alike.
    A letter that no path can write, or only some 700 nats below the likeliest path, has 0.

    Args:
        log_probs: (T, C) natural log-probabilities; a condensed lattice is quickest.
        classes: 1 to C - 1 each.

    Raises:
        DecodingError: not such log-probabilities, or a class outside 1 to C - 1.
    """
    check(log_probs)
    own, path = list(classes), states(classes, log_probs.shape[1])
    if not own:
        return np.empty(0)
    nats = log_probs.astype(np.float64)
    shares = np.exp(nats - nats.max(axis=1, keepdims=True, initial=LOWEST))  # (T, C)
    before, after = _around(shares, path)  # (T, L + 1, 2) each
    rivals = np.union1d(np.flatnonzero(shares[:, BLANK + 1 :].any(axis=0)) + BLANK + 1, own)  # (K,)
    held = _hold(_joinable(before, [BLANK, *own], rivals), shares[:, rivals])
    leaving = _joinable(after, [*own, BLANK], rivals)  # (T, L + 1, K)
    texts = (held[:, :-1] * leaving[:, 1:]).sum(axis=0)  # (L, K)
    places = np.searchsorted(rivals, own)
    if len(own) == 1:
        without = shares[:, BLANK].prod(keepdims=True)  # (L,)
    else:  # of two letters, one stays: the right one, at the end the left one
        pairs = (held[:, :-2] * leaving[:, 2:]).sum(axis=0)  # (L - 1, K)
        without = np.append(pairs[np.arange(len(own) - 1), places[1:]], pairs[-1, places[-2]])
    total = texts.sum(axis=1) + without
    mine = texts[np.arange(len(own)), places]
    share: NDArray[np.float64] = np.divide(mine, total, out=np.zeros(len(own)), where=total > 0)
    return share


def _around(
    shares: NDArray[np.float64], path: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How probably the frames before each one spell the first i letters, those after it the rest.

    The last axis of both (T, L + 1, 2) tells how they end, towards the frame: 0 with a letter, 1
    with a blank (Graves et al. 2006, section 4.1).
    """
    emitted = np.stack([shares[:, path], shares[::-1, path[::-1]]], axis=1)  # (T, 2, S)
    ends = np.zeros((len(shares) + 1, 2, len(path) + 2))  # two columns spare the border
    ends[0, :, 1] = 1.0
    stay, step, leap = ends[..., 2:], ends[..., 1:-1], ends[..., :-2]
    leaps = np.exp([jumps(path), jumps(path[::-1])])  # (2, S)
    for t, frame in enumerate(emitted):
        np.multiply(stay[t] + step[t] + leap[t] * leaps, frame, out=stay[t + 1])
    before, after = ends[:-1, :, 1:].reshape(len(shares), 2, -1, 2).swapaxes(0, 1)
    return before, after[::-1, ::-1]


def _joinable(
    ends: NDArray[np.float64], neighbours: Sequence[int], rivals: NDArray[np.intp]
) -> NDArray[np.float64]:
    """`ends` (T, L + 1, 2) without those that each rival would melt into; (T, L + 1, K).

    A letter beside its like needs a blank between them.
    """
    same = np.equal.outer(neighbours, rivals)  # (L + 1, K)
    return np.where(same, ends[..., 1, None], ends.sum(axis=-1, keepdims=True))


def _hold(arriving: NDArray[np.float64], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """How probably each rival, once arrived at, has its last frame at t; (T, L + 1, K)."""
    held = np.zeros(arriving.shape[1:])  # (L + 1, K)
    ending = np.empty_like(arriving)
    for t, frame in enumerate(shares):  # (K,)
        ending[t] = held = (held + arriving[t]) * frame
    return ending
