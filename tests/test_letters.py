"""The share of a letter is exact: all texts with another or none in its place, written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwr_core.decoding.letters import letter_shares
from hwr_core.decoding.score import log_probability


def lattice(frames: int, classes: int, seed: int, sharpness: float = 1) -> np.ndarray:
    logits = sharpness * np.random.default_rng(seed).normal(size=(frames, classes))
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)


@given(
    st.integers(1, 8), st.integers(0, 999), st.floats(0, 4), st.lists(st.integers(1, 3), max_size=4)
)
def test_shares_are_those_of_all_texts_that_differ_in_one_letter(frames, seed, sharpness, text):
    log_probs = lattice(frames, 4, seed, sharpness)
    shares = letter_shares(log_probs, text)
    assert shares.shape == (len(text),)
    for place, letter in enumerate(text):
        rest = text[:place], text[place + 1 :]
        others = [log_probability(log_probs, [*rest[0], c, *rest[1]]) for c in (1, 2, 3)]
        total = np.logaddexp.reduce([*others, log_probability(log_probs, [*rest[0], *rest[1]])])
        mine = others[letter - 1]
        expected = np.exp(mine - total) if np.isfinite(mine) else 0.0
        assert shares[place] == pytest.approx(expected, abs=1e-9)


def test_a_letter_that_was_struck_out_has_no_share():
    log_probs = np.log([[0.5, 0.5, 1e-300]])
    log_probs[0, 2] = -np.inf
    assert letter_shares(log_probs, [2]).tolist() == [0.0]
    assert letter_shares(log_probs, [1]) == pytest.approx([0.5])


def test_where_nothing_can_stand_no_letter_has_a_share():
    log_probs = np.full((2, 3), -np.inf, np.float32)
    assert letter_shares(log_probs, [1, 2]).tolist() == [0.0, 0.0]


def test_a_long_lattice_does_not_underflow():
    log_probs = np.full((2000, 3), [-20.0, -50.0, -50.0])
    log_probs[1000] = -22, -20.5, -21  # where the one letter may be written
    expected = np.exp(-20.5) / np.exp(log_probs[1000]).sum()
    assert letter_shares(log_probs, [1]) == pytest.approx([expected])
