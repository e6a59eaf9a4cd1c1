"""Forced alignment: at which frames a given text is written, by its most probable path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hwr_core.decoding.score import DecodingError, check, frames_needed, jumps, states


@dataclass(frozen=True)
class Alignment:
    """The most probable of all paths that spell a text."""

    letters: tuple[slice, ...]  # the frames that emit each letter, in order, never empty
    log_probability: float  # nats, of this path alone


def align(log_probs: NDArray[np.floating], classes: Sequence[int]) -> tuple[slice, ...]:
    """The frames that emit each letter, from left to right; the blanks are between them.

    Raises:
        DecodingError: see `best_path`.
    """
    return best_path(log_probs, classes).letters


def best_path(log_probs: NDArray[np.floating], classes: Sequence[int]) -> Alignment:
    """Viterbi's algorithm over the states of CTC; of equal paths, the one that moves on earliest.

    Args:
        log_probs: (T, C) natural log-probabilities; T may be 0.
        classes: 1 to C - 1 each; none for blank paper.

    Raises:
        DecodingError: not such log-probabilities or classes, or no path spells them.
    """
    check(log_probs)
    path = states(classes, log_probs.shape[1])  # (S,)
    back, ends = _forward(log_probs[:, path].astype(np.float64), jumps(path))  # (T, S), (2,)
    score = float(ends.max())
    if score == -np.inf:
        message = (
            f"expected frames for {len(classes)} letters, at least {frames_needed(classes)} "
            f"of them and each letter possible, got {len(log_probs)}"
        )
        raise DecodingError(message)
    visited = _backward(back, len(path) - 1 - int(ends.argmax()))  # (T,), never falling
    edges = np.searchsorted(visited, np.arange(1, len(path), 2)[:, None] + [0, 1])  # (L, 2)
    return Alignment(tuple(slice(int(a), int(b)) for a, b in edges), score)


def _forward(
    emitted: NDArray[np.float64], jump: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Whence each state is best reached at each frame, and the scores of the two possible ends.

    Args:
        emitted: (T, S) nats of each state's class at each frame.
        jump: (S,) 0 where a state may follow the one two before it, else -inf.

    Returns:
        (T, S) how many states to go back, 0 to 2; nats of ending with a blank and with a letter.
    """
    back = np.zeros(emitted.shape, np.intp)
    score = np.full(emitted.shape[1] + 2, -np.inf)  # two states spare the border
    score[1] = 0.0  # before the first frame, as if on the blank before all
    for t, frame in enumerate(emitted):
        ways = np.stack([score[2:], score[1:-1], score[:-2] + jump])  # (3, S)
        back[t] = ways.argmax(axis=0)
        score[2:] = ways.max(axis=0) + frame
        score[1] = -np.inf
    return back, score[:-3:-1]  # from the last state


def _backward(back: NDArray[np.intp], last: int) -> NDArray[np.intp]:
    """The state at each frame (T,), followed back from the `last`."""
    visited = np.empty(len(back), np.intp)
    state = last
    for t in range(len(back) - 1, -1, -1):
        visited[t] = state
        state -= back[t, state]
    return visited
