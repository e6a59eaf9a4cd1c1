"""The exact CTC score of a text: the probability of all its alignments together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hwr_core.alphabet import BLANK

ROUNDING = 1e-3  # nats by which a rounded log-softmax may exceed 0


class DecodingError(ValueError):
    """Log-probabilities or classes that cannot be decoded; the message says what was expected."""


def frames_needed(classes: Sequence[int]) -> int:
    """The fewest frames that can spell `classes`: equal neighbours need a blank between them."""
    return len(classes) + sum(left == right for left, right in pairwise(classes))


def log_probability(log_probs: NDArray[np.floating], classes: Sequence[int]) -> float:
    """The CTC log-probability of `classes`, summed over all alignments.

    Args:
        log_probs: (T, C) natural log-probabilities; T may be 0.
        classes: 1 to C - 1 each; none for blank paper.

    Returns:
        Nats; -inf if no alignment fits.

    Raises:
        DecodingError: see `prefixes`.
    """
    whole = prefixes(log_probs, classes)[-1, -1]  # (2,): the last letter or a blank ends the strip
    return float(np.logaddexp.reduce(whole))


def prefixes(log_probs: NDArray[np.floating], classes: Sequence[int]) -> NDArray[np.float64]:
    """How probably the first t frames spell the first i of L classes: (T + 1, L + 1, 2) nats.

    The last axis tells how they end: 0 with letter i, 1 with a blank. It is the forward algorithm
    of Graves et al. 2006 (section 4.1) in the log domain, which neither underflows nor needs
    scaling. No frames spell no letters: `[0, 0, 0]` is 0, where every alignment begins.

    Raises:
        DecodingError: not (T, C) log-probabilities, or a class outside 1 to C - 1.
    """
    check(log_probs)
    path = states(classes, log_probs.shape[1])  # (S,)
    jump = jumps(path)  # (S,)
    forward = np.full((len(log_probs) + 1, len(path) + 2), -np.inf)  # two columns spare the border
    forward[0, 1] = 0.0
    for t, frame in enumerate(log_probs[:, path].astype(np.float64)):
        stay, step, leap = forward[t, 2:], forward[t, 1:-1], forward[t, :-2] + jump  # (S,) each
        forward[t + 1, 2:] = np.logaddexp(np.logaddexp(stay, step), leap) + frame
    return forward[:, 1:].reshape(-1, len(classes) + 1, 2)


def check(log_probs: NDArray[np.floating], classes: int | None = None) -> None:
    """Refuse what is not (T, C) log-probabilities, with C = `classes` if given.

    Raises:
        DecodingError: the shape is wrong, or a value is NaN or above 0.
    """
    if log_probs.ndim != 2 or classes not in (None, log_probs.shape[1]):
        message = f"expected log-probabilities (T, {classes or 'C'}), got {log_probs.shape}"
        raise DecodingError(message)
    if not (log_probs <= ROUNDING).all():
        message = "expected log-probabilities, got NaN or values above 0; apply log-softmax first"
        raise DecodingError(message)


def states(classes: Sequence[int], count: int) -> NDArray[np.intp]:
    """The classes with a blank before, between and after them; (S,) with S = 2 L + 1.

    Raises:
        DecodingError: a class outside 1 to `count` - 1.
    """
    if unknown := sorted({number for number in classes if not BLANK < number < count}):
        message = f"expected classes 1 to {count - 1}, got {unknown}"
        raise DecodingError(message)
    path = np.full(2 * len(classes) + 1, BLANK, dtype=np.intp)
    path[1::2] = classes
    return path


def jumps(path: NDArray[np.intp]) -> NDArray[np.float64]:
    """0 where a state may follow the one two before it, else -inf; (S,).

    That leaves out a blank, which is only allowed between two different letters.
    """
    allowed = path != BLANK
    allowed[2:] &= path[2:] != path[:-2]
    return np.where(allowed, 0.0, -np.inf)
