"""The best path gives the text, its frames, its confidence and its exact score."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hwr_core.alphabet import Alphabet
from hwr_core.decoding.greedy import Hypothesis, greedy
from hwr_core.decoding.score import DecodingError, log_probability

AB = Alphabet("ab")


def frames_of(path: str, sure: float = 0.8) -> np.ndarray:
    """(T, 3) log-probabilities whose best path is `path`; '-' is the blank."""
    probabilities = np.full((len(path), 3), (1 - sure) / 2)
    for frame, sign in zip(probabilities, path, strict=True):
        frame["-ab".index(sign)] = sure
    return np.log(probabilities).astype(np.float32)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("aa-a", "aa"),  # Graves et al. 2006, section 3.1: B(a-ab-) = B(-aa--abb) = aab
        ("a-ab-", "aab"),
        ("-aa--abb", "aab"),
        ("a-b", "ab"),
        ("ab", "ab"),
        ("aaa", "a"),
        ("abab", "abab"),
        ("----", ""),
        ("", ""),
    ],
)
def test_repeats_merge_and_blanks_vanish(path, text):
    assert greedy(frames_of(path), AB).text == text


def test_spans_tell_the_frames_of_each_letter():
    spans = greedy(frames_of("-aab-b"), AB).spans

    assert [(span.char, span.start, span.end) for span in spans] == [
        ("a", 1, 3),
        ("b", 3, 4),
        ("b", 5, 6),
    ]


def test_confidence_is_that_of_the_strongest_frame():
    log_probs = np.log(np.array([[0.3, 0.6, 0.1], [0.05, 0.9, 0.05], [0.4, 0.5, 0.1]]))

    (span,) = greedy(log_probs, AB).spans

    assert span.confidence == pytest.approx(0.9)


def test_log_probability_counts_every_alignment():
    """Two frames of 'a' at 0.8: aa, a-, -a with 0.64 + 2 * 0.8 * 0.1."""
    assert greedy(frames_of("aa"), AB).log_probability == pytest.approx(math.log(0.8))


def test_no_frames_give_no_letters_with_certainty():
    assert greedy(np.empty((0, 3), np.float32), AB) == Hypothesis("", 0.0, ())


def test_a_tie_goes_to_the_blank():
    assert greedy(np.log(np.full((4, 3), 1 / 3)), AB).text == ""


@pytest.mark.parametrize(
    ("log_probs", "expectation"),
    [
        (np.zeros((4, 2), np.float32), r"expected log-probabilities \(T, 3\), got \(4, 2\)"),
        (np.zeros((1, 4, 3), np.float32), r"\(T, 3\), got \(1, 4, 3\)"),
        (np.full((4, 3), np.nan, np.float32), "NaN"),
        (np.full((4, 3), 2.0, np.float32), "log-softmax"),
    ],
)
def test_what_is_not_log_probabilities_is_refused(log_probs, expectation):
    with pytest.raises(DecodingError, match=expectation):
        greedy(log_probs, AB)


logits = st.integers(0, 20).flatmap(
    lambda frames: arrays(np.float32, (frames, 3), elements=st.floats(-30, 30, width=32))
)


@given(logits)
def test_every_hypothesis_is_consistent(logits):
    log_probs = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)

    best = greedy(log_probs, AB)

    assert best.text == "".join(span.char for span in best.spans)
    assert best.log_probability == log_probability(log_probs, AB.encode(best.text))
    assert best.log_probability <= 1e-3
    edges = [edge for span in best.spans for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= span.start < span.end <= len(log_probs) for span in best.spans)
    assert all(1 / 3 - 1e-6 <= span.confidence <= 1 for span in best.spans)
