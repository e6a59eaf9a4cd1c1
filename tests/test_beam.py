"""The beam finds what writing out all paths finds, and silence costs nothing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwr_core.alphabet import FOLDED
from hwr_core.decoding.beam import FEWEST, THRESHOLD, WIDTH, search
from hwr_core.decoding.condense import condense
from hwr_core.decoding.score import DecodingError, log_probability


def lattice(frames: int, classes: int, seed: int, sharpness: float = 1) -> np.ndarray:
    """(T, C) float32 natural log-probabilities."""
    logits = sharpness * np.random.default_rng(seed).normal(size=(frames, classes))
    return (logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)).astype(np.float32)


def collapse(path: tuple[int, ...]) -> bytes:
    return bytes(c for c, _ in itertools.groupby(path) if c)


def all_texts(log_probs: np.ndarray) -> dict[bytes, float]:
    """Every text a lattice can spell, by writing out all its paths."""
    texts: dict[bytes, float] = {}
    for path in itertools.product(range(log_probs.shape[1]), repeat=len(log_probs)):
        score = float(log_probs[range(len(path)), path].astype(np.float64).sum())
        text = collapse(path)
        texts[text] = np.logaddexp(texts.get(text, -np.inf), score)
    return texts


def toy_adviser(text: bytes) -> np.ndarray:
    """Nats that depend on the whole text, so that a text advised twice would show."""
    return np.random.default_rng(list(text)).normal(size=4)


def advised(text: bytes) -> float:
    rows = [toy_adviser(text[:i])[c] for i, c in enumerate((*text, 0))]
    return float(sum(rows))


@pytest.mark.parametrize("frames", range(7))
@pytest.mark.parametrize("sharpness", [0, 1, 4])
def test_a_wide_beam_finds_every_text_with_its_probability(frames, sharpness):
    log_probs = lattice(frames, 3, seed=frames, sharpness=sharpness)
    texts = all_texts(log_probs)

    found = search(log_probs, width=1000)

    assert {candidate.classes for candidate in found} == texts.keys()
    for candidate in found:
        assert candidate.log_probability == pytest.approx(texts[candidate.classes], abs=1e-9)
        assert candidate.advice == 0
    assert sum(np.exp(candidate.log_probability) for candidate in found) == pytest.approx(1)


@given(st.integers(0, 5), st.integers(0, 10_000), st.floats(0, 5), st.integers(1, 40))
def test_a_narrow_beam_promises_no_more_than_there_is(frames, seed, sharpness, width):
    log_probs = lattice(frames, 4, seed, sharpness)

    found = search(log_probs, width)

    assert 1 <= len(found) <= width
    assert len({candidate.classes for candidate in found}) == len(found)
    for candidate in found:
        exact = log_probability(log_probs, list(candidate.classes))
        assert candidate.log_probability <= exact + 1e-9
    scores = [candidate.score for candidate in found]
    assert scores == sorted(scores, reverse=True)


@settings(max_examples=30)
@given(st.integers(0, 4), st.integers(0, 10_000))
def test_advice_is_added_once_a_letter_and_once_at_the_end(frames, seed):
    log_probs = lattice(frames, 4, seed)
    texts = all_texts(log_probs)

    found = search(log_probs, 500, toy_adviser)

    assert {candidate.classes for candidate in found} == texts.keys()
    for candidate in found:
        assert candidate.log_probability == pytest.approx(texts[candidate.classes], abs=1e-9)
        assert candidate.advice == pytest.approx(advised(candidate.classes))
    best = max(texts, key=lambda text: texts[text] + advised(text))
    assert found[0].classes == best


def test_a_doubled_letter_needs_a_blank_between():
    sure = np.log([[0.01, 0.99], [0.99, 0.01], [0.01, 0.99]])
    assert search(sure)[0].classes == b"\1\1"
    assert search(sure[[0, 2]])[0].classes == b"\1"


def test_the_likelier_text_wins_over_the_likelier_path():
    """The best path is blank-blank with 0.36, yet the letter with 0.64 is the likelier text."""
    found = search(np.log([[0.6, 0.4]] * 2))
    assert [candidate.classes for candidate in found] == [b"\1", b""]
    assert np.exp(found[0].log_probability) == pytest.approx(0.64)


def test_a_text_that_left_the_beam_and_comes_back_meets_what_grew_from_it():
    """Of the words "a" and "ab", "a" leaves after two frames and comes back after the third."""

    def words(text):
        return {b"": [0, 0, -np.inf], b"\1": [0, -np.inf, 0]}.get(text, [0, -np.inf, -np.inf])

    def after(frames, width=2):
        shares = [[0.6, 0.4, 0], [0.4, 0, 0.6], [0, 0.5, 0.5], [0, 0, 1]]
        with np.errstate(divide="ignore"):
            found = search(np.log(shares[:frames]), width, lambda text: np.array(words(text)))
        return {candidate.classes: np.exp(candidate.log_probability) for candidate in found}

    assert after(2) == pytest.approx({b"": 0.24, b"\1\2": 0.24})
    assert after(3) == pytest.approx({b"\1": 0.12, b"\1\2": 0.12})
    assert after(4) == pytest.approx({b"\1\2": 0.24})
    assert after(4, width=3) == pytest.approx({b"\1\2": 0.32})  # "a" never left


def test_a_text_far_below_the_best_of_a_frame_is_given_up():
    shares = np.array([0.9, 0.05, 0.02, 0.01, 0.01, 0.005, 0.004, 0.0009, 0.0001])
    log_probs = np.log(shares)[None]

    def found(threshold, best=0):
        def likes(text):
            return np.where(np.arange(len(shares)) == best, 9.0, 0.0)

        texts = search(log_probs, 99, likes if best else None, threshold)
        return [candidate.classes for candidate in texts]

    letters = [bytes([number]) for number in range(1, len(shares))]
    assert found(100) == [b"", *letters]
    assert found(8) == [b"", *letters[:-1]]  # the last is 9.1 nats below
    assert found(5) == found(1) == [b"", *letters[: FEWEST - 1]]  # the sixth would be, by 5.2
    assert found(5.5) == [b"", *letters[:6]]
    liked = len(letters)  # what an adviser likes is weighed before it is given up
    assert found(1, best=liked)[:2] == [b"", letters[-1]]


def test_a_thousand_frames_do_not_underflow():
    log_probs = lattice(1000, 5, seed=0)
    assert np.isfinite(search(log_probs)[0].log_probability)


@pytest.mark.parametrize(
    ("log_probs", "said"),
    [
        (np.zeros((3, 4, 5)), "expected log-probabilities"),
        (np.full((3, 4), np.nan), "NaN or values above 0"),
        (np.full((3, 4), 0.5), "NaN or values above 0"),
        (np.full((3, 4), -np.inf), "at least one text"),
        (np.full((3, 300), -6.0), "up to 256 classes"),
    ],
)
def test_what_is_no_lattice_is_refused_in_a_sentence(log_probs, said):
    with pytest.raises(DecodingError, match=said):
        search(log_probs)


def test_a_beam_of_none_is_refused():
    with pytest.raises(DecodingError, match="width from 1"):
        search(lattice(3, 4, 0), width=0)
    with pytest.raises(DecodingError, match="threshold above 0"):
        search(lattice(3, 4, 0), threshold=0)


@given(st.integers(0, 8), st.integers(0, 10_000), st.floats(0, 8))
def test_condensing_without_a_floor_changes_no_probability(frames, seed, sharpness):
    log_probs = lattice(frames, 4, seed, sharpness)
    whole = {c.classes: c.log_probability for c in search(log_probs, 500)}
    short = {c.classes: c.log_probability for c in search(condense(log_probs, 0).log_probs, 500)}
    assert short == pytest.approx(whole)


def test_silence_is_joined_and_letters_keep_their_frames():
    shares = np.full((9, 3), 1e-6)
    shares[:, 0] = 1
    shares[4] = [0.5, 0.5, 1e-6]
    shares[5] = [0.1, 0.1, 0.8]
    short = condense(np.log(shares / shares.sum(1, keepdims=True)))
    assert short.log_probs.shape == (4, 3)
    assert short.edges.tolist() == [0, 4, 5, 6, 9]
    assert np.isneginf(short.log_probs[0, 1:]).all()
    assert short.log_probs[0, 0] == pytest.approx(4 * np.log(1 / (1 + 2e-6)))
    assert short.frames(slice(1, 3)) == slice(4, 6)


def test_a_long_name_amid_noise_is_found():
    """How long that takes is for `make bench`."""
    name = "MARIE-LOUISE O'CONOR"
    logits = np.random.default_rng(0).normal(size=(96, FOLDED.classes)).astype(np.float32)
    logits[:, 0] += 6
    logits[np.arange(20) * 4 + 8, FOLDED.encode(name)] += 12
    log_probs = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    found = search(condense(log_probs, 1e-3).log_probs, WIDTH, None, THRESHOLD)
    assert FOLDED.decode(found[0].classes) == name
