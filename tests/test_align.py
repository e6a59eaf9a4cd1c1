"""Forced alignment against every path of tiny lattices."""

from itertools import groupby, product

import numpy as np
import pytest

from hwr_core.alphabet import BLANK
from hwr_core.decoding.align import align, best_path
from hwr_core.decoding.score import DecodingError


def lattice(frames, classes, seed):
    logits = np.random.default_rng(seed).normal(size=(frames, classes)) * 2
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))


def spelled(path):
    return [number for number, _ in groupby(path) if number != BLANK]


def best_by_enumeration(log_probs, classes):
    """(log-probability, path) of the best of all paths that spell `classes`, or None."""
    frames, count = log_probs.shape
    paths = (p for p in product(range(count), repeat=frames) if spelled(p) == list(classes))
    return max(
        ((float(log_probs[np.arange(frames), list(p)].sum()), p) for p in paths), default=None
    )


def emitted(path):
    """The frames of each letter in a path."""
    slices, start = [], 0
    for number, run in groupby(path):
        end = start + len(list(run))
        if number != BLANK:
            slices.append(slice(start, end))
        start = end
    return tuple(slices)


TEXTS = [[], [1], [2, 1], [1, 1], [1, 2, 1], [2, 2, 2], [1, 1, 2]]


@pytest.mark.parametrize("classes", TEXTS, ids=str)
@pytest.mark.parametrize("frames", range(7))
def test_the_path_is_the_best_of_all_paths(frames, classes):
    log_probs = lattice(frames, 3, seed=frames)
    expected = best_by_enumeration(log_probs, classes)
    if expected is None:
        with pytest.raises(DecodingError, match="expected frames for"):
            best_path(log_probs, classes)
        return
    found = best_path(log_probs, classes)
    assert found.log_probability == pytest.approx(expected[0])
    assert found.letters == emitted(expected[1]) == align(log_probs, classes)


def test_a_clear_lattice_gives_the_frames_one_sees():
    path = [0, 1, 1, 0, 1, 2, 0]
    log_probs = np.log(np.where(np.eye(3)[path], 0.98, 0.01))
    assert align(log_probs, [1, 1, 2]) == (slice(1, 3), slice(4, 5), slice(5, 6))


def test_a_letter_of_probability_zero_cannot_be_aligned():
    log_probs = np.array([[-0.7, -0.7, -np.inf], [-0.7, -0.7, -np.inf]])
    with pytest.raises(DecodingError, match="each letter possible"):
        align(log_probs, [2])


def test_an_unknown_class_is_named():
    with pytest.raises(DecodingError, match="expected classes 1 to 2, got \\[3\\]"):
        align(lattice(3, 3, 0), [3])


def test_what_is_no_lattice_is_refused():
    with pytest.raises(DecodingError, match="apply log-softmax"):
        align(np.ones((2, 3)), [1])
