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
    """The best path of one text; see `best_paths`."""
    return best_paths(log_probs, [classes])[0]


def best_paths(
    log_probs: NDArray[np.floating], texts: Sequence[Sequence[int]]
) -> tuple[Alignment, ...]:
    """Viterbi's algorithm over the states of CTC; of equal paths, the one that moves on earliest.

    Texts that are aligned together take hardly longer than one.

    Args:
        log_probs: (T, C) natural log-probabilities; T may be 0.
        texts: at least one; 1 to C - 1 each, or none for blank paper.

    Raises:
        DecodingError: not such log-probabilities or classes, or no path spells one of the texts.
    """
    check(log_probs)
    paths = [states(classes, log_probs.shape[1]) for classes in texts]  # (S,) each
    size = len(paths), max(map(len, paths))
    every, jump = np.zeros(size, np.intp), np.full(size, -np.inf)  # (N, S)
    for number, path in enumerate(paths):  # what is longer than a text comes after its end
        every[number, : len(path)], jump[number, : len(path)] = path, jumps(path)
    back, score = _forward(log_probs[:, every].astype(np.float64), jump)
    found = zip(texts, paths, score, back.transpose(1, 0, 2), strict=True)
    return tuple(_traced(*each) for each in found)


def _traced(
    classes: Sequence[int],
    path: NDArray[np.intp],
    score: NDArray[np.float64],
    back: NDArray[np.intp],
) -> Alignment:
    """The alignment of one text, from what `_forward` found: (S + 2,) and (T, S)."""
    letter, blank = score[len(path) : len(path) + 2].tolist()  # how it may end
    if max(letter, blank) == -np.inf:
        message = (
            f"expected frames for {len(classes)} letters, at least {frames_needed(classes)} "
            f"of them and each letter possible, got {len(back)}"
        )
        raise DecodingError(message)
    frames: list[list[int]] = [[] for _ in path]  # of each state, from the last to the first
    state = len(path) - 1 - (letter > blank)
    ways = back.tolist()
    for t in range(len(ways) - 1, -1, -1):
        frames[state].append(t)
        state -= ways[t][state]
    letters = tuple(slice(visited[-1], visited[0] + 1) for visited in frames[1::2])
    return Alignment(letters, max(letter, blank))


def _forward(
    emitted: NDArray[np.float64], jump: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Whence each state is best reached at each frame, and its score after the last.

    Args:
        emitted: (T, N, S) nats of each state's class at each frame.
        jump: (N, S) 0 where a state may follow the one two before it, else -inf.

    Returns:
        (T, N, S) how many states to go back, 0 to 2; (N, S + 2) nats, two states earlier.
    """
    frames, texts, size = emitted.shape
    score = np.full((frames + 1, texts, size + 2), -np.inf)  # two states spare the border
    score[0, :, 1] = 0.0  # before the first frame, as if on the blank before all
    stay, step, leap = score[..., 2:], score[..., 1:-1], score[..., :-2]
    for t, frame in enumerate(emitted):
        best = np.maximum(np.maximum(stay[t], step[t]), leap[t] + jump)
        np.add(best, frame, out=stay[t + 1])
    stay, step, leap = stay[:-1], step[:-1], leap[:-1] + jump
    back = np.where(leap > np.maximum(stay, step), 2, step > stay)
    return back, score[-1]
