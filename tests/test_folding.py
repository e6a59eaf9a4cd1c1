"""Letters are read without case and accents first, then in the form the picture shows."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from hwr_core.alphabet import AS_WRITTEN, FOLDED, Alphabet
from hwr_core.decoding.folding import Forms, fold_lattice
from hwr_core.decoding.greedy import greedy
from hwr_core.decoding.score import DecodingError

FORMS = Alphabet("CcOoß")


def lattice(*frames: dict[str, float], alphabet: Alphabet = FORMS) -> np.ndarray:
    """(T, C) log-probabilities of the characters named in each frame; "" is the blank."""
    shares = np.full((len(frames), alphabet.classes), 1e-6)
    for row, frame in zip(shares, frames, strict=True):
        for sign, share in frame.items():
            row[alphabet.encode(sign)[0] if sign else 0] = share
    return np.log(shares / shares.sum(1, keepdims=True)).astype(np.float32)


def read(log_probs: np.ndarray, alphabet: Alphabet = FORMS) -> str:
    best = greedy(fold_lattice(log_probs, alphabet), alphabet.folded)
    return Forms(log_probs, alphabet).write(best).text


def test_a_letter_in_two_forms_wins_over_the_blank_that_beats_each():
    torn = lattice({"C": 0.3, "c": 0.32, "": 0.38})
    assert greedy(torn, FORMS).text == ""
    assert read(torn) == "c"


def test_the_form_is_that_of_all_frames_of_the_letter():
    """Case by the strongest frame would be wrong: two frames say C, one says c loudest."""
    assert read(lattice({"C": 0.6}, {"c": 0.62, "C": 0.38}, {"C": 0.6})) == "C"


def test_neighbouring_frames_of_two_forms_are_one_letter():
    torn = lattice({"O": 0.9}, {"o": 0.8})
    assert greedy(torn, FORMS).text == "Oo"
    assert read(torn) == "O"


def test_doubled_letters_may_differ_in_form():
    assert read(lattice({"O": 0.9}, {"": 0.9}, {"o": 0.9})) == "Oo"


def test_a_letter_that_folds_to_two_is_read_as_itself():
    assert read(lattice({"ß": 0.9})) == "ß"


@pytest.mark.parametrize("alphabet", [FORMS, FOLDED, AS_WRITTEN], ids=["forms", "folded", "all"])
def test_folding_adds_up_the_probabilities_of_the_forms(alphabet):
    rng = np.random.default_rng(1)
    shares = rng.dirichlet(np.ones(alphabet.classes), 7)
    folded = np.exp(fold_lattice(np.log(shares), alphabet))
    expected = np.zeros((7, alphabet.folded.classes))
    for number, kept in enumerate(alphabet.fold):
        character = alphabet.decode([kept])
        column = alphabet.folded.encode(character)[0] if character else 0
        expected[:, column] += shares[:, number]
    assert np.allclose(folded, expected)


def test_a_folded_alphabet_is_read_as_before():
    log_probs = np.log(np.random.default_rng(1).dirichlet(np.ones(FOLDED.classes), 40))
    assert np.allclose(fold_lattice(log_probs, FOLDED), log_probs)
    assert read(log_probs, FOLDED) == greedy(log_probs, FOLDED).text


def test_the_probability_of_a_reading_counts_every_form():
    shares = np.random.default_rng(2).dirichlet(np.ones(FORMS.classes), 3)
    best = greedy(fold_lattice(np.log(shares), FORMS), FORMS.folded)
    total = sum(
        np.prod(shares[range(3), path])
        for path in itertools.product(range(FORMS.classes), repeat=3)
        if spelled([FORMS.fold[number] for number in path]) == best.text
    )
    assert np.exp(best.log_probability) == pytest.approx(total)


def spelled(path: list[int]) -> str:
    return FORMS.decode(number for number, _ in itertools.groupby(path))


def test_what_is_no_lattice_of_the_alphabet_is_refused():
    with pytest.raises(DecodingError, match="expected log-probabilities"):
        fold_lattice(np.zeros((3, 4)), FORMS)
