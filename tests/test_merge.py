"""Texts that are one name: merged, with the probability of all, and written without the rest."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwr_core.alphabet import AS_WRITTEN, FOLDED
from hwr_core.decoding.beam import Candidate
from hwr_core.decoding.decode import decode
from hwr_core.decoding.fusion import DecodingSettings
from hwr_core.decoding.greedy import Hypothesis, Span
from hwr_core.decoding.merge import as_name, merged, name_of

TEXTS = {
    "Jenny Wilson.": "Jenny Wilson",
    "Bernard-Henri Lévy.": "Bernard-Henri Lévy",
    " Ann  Lee ": "Ann Lee",
    "Ann Lee": "Ann Lee",
    "Sammy Davis Jr.": "Sammy Davis Jr.",
    "Äußere Schneeberger Str.": "Äußere Schneeberger Str.",
    "Wilson.": "Wilson.",
    "J. R.": "J. R.",
    " . ": ".",
    "  ": "",
}


def candidate(text: str, share: float, advice: float = 0.0) -> Candidate:
    return Candidate(bytes(FOLDED.encode(text)), math.log(share), advice)


def hypothesis(text: str) -> Hypothesis:
    spans = tuple(Span(char, 2 * i, 2 * i + 1, 0.5) for i, char in enumerate(text))
    return Hypothesis(text, -1.0, spans)


@pytest.mark.parametrize(("text", "name"), TEXTS.items())
def test_a_name_has_single_spaces_and_no_full_stop_of_a_sentence(text, name):
    assert name_of(text) == name


@given(st.text("AB .", max_size=16))
def test_a_name_is_its_own_name_and_its_letters_keep_their_places(text):
    named = as_name(hypothesis(text))
    assert named.text == name_of(text) == "".join(span.char for span in named.spans)
    assert all(text[span.start // 2] == span.char for span in named.spans)
    assert [span.start for span in named.spans] == sorted({span.start for span in named.spans})
    assert as_name(named) == named


def test_the_first_of_two_spaces_stays():
    starts = [span.start for span in as_name(hypothesis(" A  B")).spans]
    assert starts == [2, 4, 8]


def test_one_name_has_the_probability_of_all_its_texts():
    found = merged(
        [candidate("ANN LEE", 0.4), candidate("ANNE LEE", 0.3), candidate("ANN  LEE", 0.2)], FOLDED
    )
    assert [FOLDED.decode(c.classes) for c in found] == ["ANN LEE", "ANNE LEE"]
    assert np.exp([c.log_probability for c in found]) == pytest.approx([0.6, 0.3])


def test_together_texts_may_overtake_another_one():
    found = merged([candidate("BO", 0.4), candidate("A B", 0.35), candidate(" A B", 0.2)], FOLDED)
    assert [FOLDED.decode(c.classes) for c in found] == ["A B", "BO"]


def test_the_likeliest_text_lends_its_advice_and_its_letters():
    first, second = candidate("A B", 0.2, advice=3.0), candidate(" A B", 0.3, advice=-9.0)
    (one,) = merged([first, second], FOLDED)
    assert (one.classes, one.advice) == (first.classes, 3.0)
    assert math.exp(one.log_probability) == pytest.approx(0.5)


def test_a_reading_and_its_twin_with_a_space_are_one_and_surer():
    text = " Ann Lee"
    path = [code for letter in AS_WRITTEN.encode(text) for code in (letter, 0)]
    shares = np.full((len(path), AS_WRITTEN.classes), 1e-6)
    shares[np.arange(len(path)), path] = 0.98
    shares[0, [AS_WRITTEN.encode(" ")[0], 0]] = 0.5  # is there a space before the name?
    log_probs = np.log(shares / shares.sum(1, keepdims=True)).astype(np.float32)
    found = decode(log_probs, AS_WRITTEN, DecodingSettings(), top=5)
    texts = [reading.text for reading in found.readings]
    assert texts[0] == "Ann Lee"
    assert len({text.upper() for text in texts}) == len(texts)
    assert found.shares[0] > 0.7
    assert len(found.best.spans) == len("Ann Lee")
