"""The most probable readings near the greedy one, all of them scored exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from hwr_core.alphabet import BLANK, Alphabet
from hwr_core.decoding.greedy import Hypothesis, Span, span
from hwr_core.decoding.score import DecodingError, check, prefixes

# How many neighbours one letter takes the place of: insert, replace, merge (RN to M).
REPLACED = (0, 1, 2)
LOWEST = float(np.finfo(np.float64).min)  # for -inf where -inf - -inf would be NaN


def alternatives(
    log_probs: NDArray[np.floating], best: Hypothesis, alphabet: Alphabet, top: int
) -> tuple[Hypothesis, ...]:
    """The `top` most probable of `best` and all readings one edit away from it.

    An edit puts one letter, any letter, in the place of none, one or two neighbours of `best`.
    That inserts, replaces, merges, and deletes (a letter in the place of itself and another).
    Each keeps what is before and after it, so the forward scores of the beginnings and the
    backward scores of the ends give the exact CTC scores of all edits, some 3 L C, at once.

    Args:
        log_probs: (T, C) natural log-probabilities.
        best: the greedy reading of them.
        alphabet: the C - 1 characters.
        top: how many readings at most, at least 1.

    Returns:
        Different, possible texts, the most probable first; `best` is always among them.

    Raises:
        DecodingError: `log_probs` do not suit `alphabet`, or `top` is below 1.
    """
    check(log_probs, alphabet.classes)
    if top < 1:
        message = f"expected to return at least 1 reading, got top = {top}"
        raise DecodingError(message)
    readings = {best.text: best}
    for reading in _edited(log_probs, best, alphabet):
        if len(readings) == top:
            break
        readings.setdefault(reading.text, reading)
    return tuple(sorted(readings.values(), key=lambda reading: -reading.log_probability))


def _edited(
    log_probs: NDArray[np.floating], best: Hypothesis, alphabet: Alphabet
) -> Iterator[Hypothesis]:
    """The readings after each edit, the most probable first; some more than once."""
    scores = _scores(log_probs, alphabet.encode(best.text))  # (3, L + 1, C)
    for place in np.argsort(-scores, axis=None, kind="stable"):
        removed, start, number = map(int, np.unravel_index(place, scores.shape))
        score = float(scores[removed, start, number])
        if score == -np.inf:
            return
        new = _new_span(log_probs, best.spans, slice(start, start + removed), number, alphabet)
        spans = (*best.spans[:start], new, *best.spans[start + removed :])
        spans = tuple(letter for letter in spans if letter.char)
        yield Hypothesis("".join(letter.char for letter in spans), score, spans)


def _scores(log_probs: NDArray[np.floating], classes: Sequence[int]) -> NDArray[np.float64]:
    """The log-probability of each edited text: (how many removed, from where, new class)."""
    before = prefixes(log_probs, classes)  # (T + 1, L + 1, 2)
    after = prefixes(log_probs[::-1], classes[::-1])[::-1, ::-1]  # (T + 1, L + 1, 2)
    count = log_probs.shape[1]
    arriving = _joinable(before[:-1], [BLANK, *classes], count)  # (T, L + 1, C)
    leaving = _joinable(after[1:], [*classes, BLANK], count)  # (T, L + 1, C)
    ending = _hold(arriving, log_probs)  # (T, L + 1, C)
    scores = np.full((len(REPLACED), len(classes) + 1, count), -np.inf)
    for removed in REPLACED:
        kept = max(len(classes) + 1 - removed, 0)
        scores[removed, :kept] = _log_sum(ending[:, :kept] + leaving[:, removed:])
    scores[:, :, BLANK] = -np.inf  # a blank is no letter
    if len(classes) == 1:  # nothing is left to take the place of a single letter
        scores[1, 0, BLANK] = log_probs[:, BLANK].sum(dtype=np.float64)
    return scores


def _joinable(
    ends: NDArray[np.float64], neighbours: Sequence[int], count: int
) -> NDArray[np.float64]:
    """`ends` (T, L + 1, 2) without those that each new class would melt into; (T, L + 1, C).

    A letter beside its like needs a blank between them.
    """
    same = np.equal.outer(neighbours, np.arange(count))  # (L + 1, C)
    either = np.logaddexp(ends[..., 0], ends[..., 1])  # (T, L + 1)
    return np.where(same, ends[..., 1, None], either[..., None])


def _hold(arriving: NDArray[np.float64], log_probs: NDArray[np.floating]) -> NDArray[np.float64]:
    """How probably each new class, once arrived at, has its last frame at t; (T, L + 1, C)."""
    held = np.full(arriving.shape[1:], -np.inf)  # (L + 1, C)
    ending = np.empty_like(arriving)
    for t, frame in enumerate(log_probs):  # (C,)
        ending[t] = held = np.logaddexp(held, arriving[t]) + frame
    return ending


def _log_sum(terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """log(sum(exp(terms))) over the frames: (T, L, C) to (L, C)."""
    highest = terms.max(axis=0, initial=LOWEST)
    with np.errstate(divide="ignore"):  # log(0) is the -inf of a text that does not fit
        total: NDArray[np.float64] = np.log(np.exp(terms - highest).sum(axis=0)) + highest
    return total


def _new_span(
    log_probs: NDArray[np.floating],
    spans: Sequence[Span],
    removed: slice,
    number: int,
    alphabet: Alphabet,
) -> Span:
    """Where the new letter is read: in place of the removed ones, else at its strongest frame."""
    if replaced := spans[removed]:
        return span(log_probs, alphabet, number, slice(replaced[0].start, replaced[-1].end))
    start = spans[removed.start - 1].start if removed.start else 0
    end = spans[removed.start].end if removed.start < len(spans) else len(log_probs)
    peak = start + int(log_probs[start:end, number].argmax())
    return span(log_probs, alphabet, number, slice(peak, peak + 1))
