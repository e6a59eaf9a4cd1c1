"""The readings next to the greedy one are exact, ordered, and the right ones."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from hwr_core.alphabet import FOLDED, Alphabet
from hwr_core.decoding.alternatives import alternatives
from hwr_core.decoding.greedy import Hypothesis, greedy
from hwr_core.decoding.score import DecodingError, log_probability

ABC = Alphabet("ABC")


def random_log_probs(frames: int, classes: int, seed: int, sharpness: float = 1) -> np.ndarray:
    """(T, C) float32 natural log-probabilities."""
    logits = sharpness * np.random.default_rng(seed).normal(size=(frames, classes))
    return (logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)).astype(np.float32)


def one_edit_away(text: str) -> set[str]:
    """`text` with one letter in the place of none, one or two neighbours, or with one less."""
    pieces = [
        (text[:i], text[i + removed :])
        for removed in (0, 1, 2)
        for i in range(len(text) + 1)
        if i + removed <= len(text)
    ]
    edited = {f"{left}{letter}{right}" for left, right in pieces for letter in ABC.characters}
    return edited | {text} | {text[:i] + text[i + 1 :] for i in range(len(text))}


@pytest.mark.parametrize("seed", range(40))
def test_they_are_the_most_probable_of_all_edits(seed):
    """The oracle writes every edit out and scores it by itself."""
    log_probs = random_log_probs(frames=seed % 9, classes=4, seed=seed, sharpness=seed % 4)
    best = greedy(log_probs, ABC)
    scores = {
        text: log_probability(log_probs, ABC.encode(text)) for text in one_edit_away(best.text)
    }
    possible = {text: score for text, score in scores.items() if np.isfinite(score)}

    found = alternatives(log_probs, best, ABC, top=1000)

    assert {reading.text for reading in found} == possible.keys()
    for reading in found:
        assert reading.log_probability == pytest.approx(possible[reading.text], abs=1e-9)
    ranks = [reading.log_probability for reading in found]
    assert ranks == sorted(ranks, reverse=True)


@given(st.integers(0, 12), st.integers(0, 1000), st.integers(1, 6))
def test_every_list_is_short_distinct_and_holds_the_greedy_reading(frames, seed, top):
    log_probs = random_log_probs(frames, 4, seed, sharpness=3)
    best = greedy(log_probs, ABC)

    found = alternatives(log_probs, best, ABC, top)

    assert 1 <= len(found) <= top
    assert best in found
    assert len({reading.text for reading in found}) == len(found)
    for reading in found:
        assert reading.text == "".join(span.char for span in reading.spans)
        assert all(0 <= span.start < span.end <= frames for span in reading.spans)
        assert all(0 <= span.confidence <= 1 for span in reading.spans)


def test_a_letter_in_doubt_gives_its_runner_up():
    log_probs = np.log([[0.1, 0.8, 0.05, 0.05], [0.9, 0.04, 0.03, 0.03], [0.04, 0.01, 0.5, 0.45]])

    found = alternatives(log_probs, greedy(log_probs, ABC), ABC, top=2)

    assert [reading.text for reading in found] == ["AB", "AC"]
    assert [(span.char, span.start, span.end) for span in found[1].spans] == [
        ("A", 0, 1),
        ("C", 2, 3),
    ]
    assert found[1].spans[1].confidence == pytest.approx(0.45)


def test_a_letter_hidden_under_the_blank_is_found():
    log_probs = np.log([[0.55, 0.43, 0.01, 0.01], [0.02, 0.02, 0.02, 0.94]])

    first, second = alternatives(log_probs, greedy(log_probs, ABC), ABC, top=2)

    assert (first.text, second.text) == ("C", "AC")
    assert (second.spans[0].start, second.spans[0].end) == (0, 1)


def test_a_doubled_letter_is_weighed_against_a_single_one():
    sure, unsure = [0.02, 0.94, 0.02, 0.02], [0.4, 0.58, 0.01, 0.01]
    log_probs = np.log([sure, unsure, sure])

    found = alternatives(log_probs, greedy(log_probs, ABC), ABC, top=2)

    assert [reading.text for reading in found] == ["A", "AA"]


def test_two_letters_may_have_been_one():
    """Like RN and M: each half looks like its letter, both together like the third."""
    log_probs = np.log([[0.1, 0.47, 0.03, 0.4], [0.1, 0.03, 0.47, 0.4]])

    found = alternatives(log_probs, greedy(log_probs, ABC), ABC, top=2)

    assert [reading.text for reading in found] == ["C", "AB"]
    assert [(span.char, span.start, span.end) for span in found[0].spans] == [("C", 0, 2)]


def test_blank_paper_has_alternatives_of_one_letter():
    log_probs = np.log([[0.9, 0.05, 0.03, 0.02]] * 5)

    found = alternatives(log_probs, greedy(log_probs, ABC), ABC, top=3)

    assert [reading.text for reading in found] == ["", "A", "B"]


def test_a_single_letter_may_be_none():
    log_probs = np.log([[0.4, 0.58, 0.01, 0.01]])

    found = alternatives(log_probs, greedy(log_probs, ABC), ABC, top=2)

    assert [reading.text for reading in found] == ["A", ""]


def test_no_frames_give_the_empty_reading_alone():
    nothing = np.empty((0, 4), np.float32)

    assert alternatives(nothing, greedy(nothing, ABC), ABC, top=5) == (Hypothesis("", 0.0, ()),)


def test_a_more_probable_reading_comes_before_the_greedy_one():
    """The best path is blank-blank with 0.36, yet A with 0.64 is the likelier text."""
    log_probs = np.log([[0.6, 0.398, 0.001, 0.001]] * 2)

    found = alternatives(log_probs, greedy(log_probs, ABC), ABC, top=2)

    assert [reading.text for reading in found] == ["A", ""]


def test_less_than_one_reading_is_refused():
    log_probs = random_log_probs(3, 4, seed=0)

    with pytest.raises(DecodingError, match="at least 1 reading, got top = 0"):
        alternatives(log_probs, greedy(log_probs, ABC), ABC, top=0)


def test_a_name_of_twenty_letters_takes_milliseconds():
    name = "MARIE-LOUISE O'CONOR"
    logits = np.random.default_rng(0).normal(size=(96, FOLDED.classes)).astype(np.float32)
    logits[:, 0] += 6
    logits[np.arange(20) * 4 + 8, FOLDED.encode(name)] += 14
    log_probs = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    best = greedy(log_probs, FOLDED)
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        found = alternatives(log_probs, best, FOLDED, top=5)
        seconds.append(time.perf_counter() - start)

    assert best.text == name
    assert [Levenshtein.distance(reading.text, name) <= 2 for reading in found] == [True] * 5
    assert min(seconds) < 0.05  # 5 ms where nothing else runs
