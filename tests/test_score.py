"""The CTC score is exact: it equals the sum over every path, enumerated."""

from __future__ import annotations

import math
from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwr_core.alphabet import BLANK
from hwr_core.decoding.score import DecodingError, frames_needed, log_probability, prefixes


def random_log_probs(frames: int, classes: int, seed: int = 0) -> np.ndarray:
    """(T, C) float32 natural log-probabilities."""
    probabilities = np.random.default_rng(seed).dirichlet(np.ones(classes), size=frames)
    return np.log(probabilities).astype(np.float32)


def collapsed(path: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(number for number, _ in groupby(path) if number != BLANK)


def enumerated(log_probs: np.ndarray) -> dict[tuple[int, ...], float]:
    """The probability of every text, by brute force over all C ** T paths."""
    frames, classes = log_probs.shape
    texts: dict[tuple[int, ...], float] = {}
    for path in product(range(classes), repeat=frames):
        probability = math.prod(math.exp(log_probs[t, c]) for t, c in enumerate(path))
        texts[collapsed(path)] = texts.get(collapsed(path), 0.0) + probability
    return texts


def texts_up_to(length: int, classes: int) -> list[tuple[int, ...]]:
    return [
        text for letters in range(length + 1) for text in product(range(1, classes), repeat=letters)
    ]


@pytest.mark.parametrize("frames", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("classes", [2, 3, 4])
def test_score_equals_the_sum_over_every_path(frames, classes):
    log_probs = random_log_probs(frames, classes, seed=frames)
    oracle = enumerated(log_probs)

    for text in texts_up_to(frames + 1, classes):
        expected = oracle.get(text, 0.0)
        assert math.exp(log_probability(log_probs, text)) == pytest.approx(expected, rel=1e-5)


@given(st.integers(0, 4), st.integers(0, 1000))
def test_the_probabilities_of_all_texts_add_up_to_one(frames, seed):
    log_probs = random_log_probs(frames, 3, seed)

    scores = [log_probability(log_probs, text) for text in texts_up_to(frames, 3)]

    assert np.exp(scores).sum() == pytest.approx(1, rel=1e-5)


@given(st.lists(st.integers(1, 3), max_size=8), st.integers(0, 12))
def test_a_text_is_possible_exactly_if_its_frames_suffice(classes, frames):
    score = log_probability(random_log_probs(frames, 4), classes)

    assert np.isfinite(score) == (frames_needed(classes) <= frames)


@pytest.mark.parametrize(
    ("classes", "frames"), [([], 0), ([1], 1), ([1, 2], 2), ([1, 1], 3), ([1, 1, 1, 2, 2], 8)]
)
def test_equal_neighbours_need_a_frame_between_them(classes, frames):
    assert frames_needed(classes) == frames


def test_impossible_frames_give_minus_infinity_without_a_warning():
    log_probs = np.array([[0.0, -np.inf], [-np.inf, 0.0]], np.float32)  # blank, then the letter

    assert log_probability(log_probs, [1]) == 0
    assert log_probability(log_probs, []) == -np.inf
    assert log_probability(log_probs, [1, 1]) == -np.inf


def test_a_thousand_frames_do_not_underflow():
    assert log_probability(np.full((1000, 3), -20.0), []) == pytest.approx(-20_000)


def test_prefixes_begin_with_certainty_and_end_with_the_score():
    log_probs = random_log_probs(6, 4)
    table = prefixes(log_probs, [1, 1, 3])

    assert table.shape == (7, 4, 2)
    assert table[0, 0, 0] == 0
    assert np.isneginf(table[0]).sum() == table[0].size - 1
    assert np.logaddexp(*table[-1, -1]) == pytest.approx(log_probability(log_probs, [1, 1, 3]))
    assert np.logaddexp(*table[4, 2]) == pytest.approx(log_probability(log_probs[:4], [1, 1]))


@pytest.mark.parametrize("classes", [[0], [4], [1, -1]])
def test_a_class_outside_the_alphabet_is_named(classes):
    with pytest.raises(DecodingError, match="expected classes 1 to 3, got"):
        log_probability(random_log_probs(5, 4), classes)
