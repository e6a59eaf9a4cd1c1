"""The language model: probabilities that sum to one, know their names, and travel as ARPA."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hwr_core.decoding import arpa
from hwr_core.decoding.ngram import EDGE, Ngram, encode, train
from hwr_core.decoding.score import DecodingError

NAMES = {"ANNA": 3.0, "ANNE": 2.0, "HANNA": 1.0, "NAN": 1.0, "EVE": 4.0}
LETTERS = "AEHNV"
WORDS = st.dictionaries(st.text(LETTERS, max_size=6), st.floats(0.1, 50), min_size=1, max_size=8)


@settings(max_examples=60)
@given(WORDS, st.integers(1, 7), st.floats(0, 3), st.text(LETTERS, max_size=9))
def test_what_may_follow_sums_to_one(words, order, least, history):
    row = train(words, LETTERS, order, least).after(encode(history, LETTERS))
    assert row.shape == (len(LETTERS) + 1,)
    assert (row > 0).all()
    assert row.sum() == pytest.approx(1, abs=1e-6)


@settings(max_examples=60)
@given(WORDS, st.integers(1, 7), st.floats(0, 3), st.text(LETTERS, max_size=9))
def test_one_symbol_is_as_probable_as_among_all(words, order, least, history):
    model = train(words, LETTERS, order, least)
    node = model.end(bytes([EDGE]) + encode(history, LETTERS))
    row = [model.walk(node, bytes([symbol]))[1] for symbol in range(len(LETTERS) + 1)]
    assert row == pytest.approx(model.log_shares(node), abs=1e-6)


@settings(max_examples=60)
@given(WORDS, st.integers(2, 7), st.floats(0, 3), st.text(LETTERS, max_size=9))
def test_a_model_that_is_cut_knows_what_it_knew_of_short_strings(words, order, least, history):
    word, whole = encode(history, LETTERS), train(words, LETTERS, order, least)
    cut, shorter = whole.cut(order - 1), train(words, LETTERS, order - 1, least)
    assert cut.after(word) == pytest.approx(shorter.after(word))
    assert cut.cut(order - 1).symbols == cut.symbols


def test_a_file_may_lack_the_end_of_a_string():
    """SRILM prunes EN and keeps HEN: after HE, A is as probable as after nothing, lowered twice."""
    lines = ["\\1-grams:", *(f"-1 {letter}" for letter in "AEHNV"), "\\2-grams:", "-0.2 H E"]
    model = arpa.load([*lines, "-0.5 E H", "\\3-grams:", "-0.3 H E N", "\\end\\"], LETTERS)
    after_e = 0.1 * (1 - 10**-0.5) / (1 - 0.1)  # of a letter that E goes on to in no n-gram
    after_he = after_e * (1 - 10**-0.3) / (1 - after_e)  # N is one of these
    row = np.exp(model.log_shares(model.end(encode("HE", LETTERS))))
    assert row["#AEHNV".index("A")] == pytest.approx(after_he, rel=1e-6)
    assert row["#AEHNV".index("N")] == pytest.approx(10**-0.3, rel=1e-6)
    assert row.sum() == pytest.approx(1)


def by_hand(words, order, history, symbol):
    """Witten and Bell's recursion, written out over the words themselves."""
    if order == 0:
        return 1 / (len(LETTERS) + 1)
    history = history[max(0, len(history) - order + 1) :]
    followers: dict[str, float] = {}
    for word, count in words.items():
        whole = f"#{word}#"
        for place in range(1, len(whole)):
            if whole[:place].endswith(history):
                followers[whole[place]] = followers.get(whole[place], 0) + count
    below = by_hand(words, order - 1, history[1:], symbol) if history else 1 / (len(LETTERS) + 1)
    if not followers:
        return below
    total, kinds = sum(followers.values()), len(followers)
    return (followers.get(symbol, 0) + kinds * below) / (total + kinds)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("history", ["", "A", "AN", "ANN", "HAN", "VVV"])
def test_probabilities_are_those_of_witten_and_bell(order, history):
    row = train(NAMES, LETTERS, order).after(encode(history, LETTERS))
    for number, symbol in enumerate("#" + LETTERS):
        expected = by_hand(NAMES, order, "#" + history if order > 1 else "", symbol)
        assert row[number] == pytest.approx(expected, rel=1e-5)


def test_names_it_knows_are_likelier_than_others():
    model = train(NAMES, LETTERS)
    known, other = (model.log_probability(encode(word, LETTERS)) for word in ("ANNA", "AVHN"))
    assert known > other + 3


def test_leaving_out_rare_strings_makes_it_smaller():
    assert len(train(NAMES, LETTERS, 6, least=2.5).symbols) < len(train(NAMES, LETTERS).symbols)


def test_no_words_and_unknown_letters_are_refused():
    with pytest.raises(DecodingError, match="expected words"):
        train({}, LETTERS)
    with pytest.raises(DecodingError, match=r"'ZOE' has \['O', 'Z'\]"):
        train({"ZOE": 1.0}, LETTERS)
    with pytest.raises(DecodingError, match="order of 1 to 7"):
        train(NAMES, LETTERS, 8)


def same(model: Ngram, other: Ngram) -> bool:
    histories = [encode(h, LETTERS) for h in ("", "A", "AN", "ANN", "HANN", "VE", "VV")]
    rows = [(model.after(h), other.after(h)) for h in histories]
    return all(np.allclose(a, b, rtol=1e-3) for a, b in rows)


@settings(max_examples=30)
@example({"": 1.0, "AAAH": 26.0, "AAAAAA": 47.0, "AEAEEE": 36.0}, 2)  # little is left for N and V
@given(WORDS, st.integers(1, 5))
def test_a_model_comes_back_from_its_arpa_file(words, order):
    model = train(words, LETTERS, order)
    assert same(arpa.load(arpa.dump(model), LETTERS), model)


def test_the_weights_in_the_file_are_those_of_the_model():
    """A reader that knows only the format finds the same probabilities."""
    model = train(NAMES, LETTERS, 3)
    entries: dict[tuple[str, ...], tuple[float, float]] = {}
    for line in arpa.dump(model):
        fields = line.split("\t")
        if len(fields) > 1:
            weight = float(fields[2]) if len(fields) > 2 else 0.0
            entries[tuple(fields[1].split())] = (float(fields[0]), weight)

    def look_up(history: tuple[str, ...], word: str) -> float:
        if (*history, word) in entries:
            return entries[*history, word][0]
        return (entries[history][1] if history in entries else 0) + look_up(history[1:], word)

    row = model.after(encode("HA", LETTERS))
    for number, word in enumerate(("</s>", *LETTERS)):
        assert look_up(("H", "A"), word) == pytest.approx(math.log10(row[number]), abs=1e-4)


@pytest.mark.parametrize(
    "bad",
    ["-0.3 A B C D", "half A", "0.5\tA", "-1.0", "-1\tZ", "-1 A x", "-1 AN", "1000 A", "-inf A"],
)
def test_a_bad_line_is_named(bad):
    lines = ["\\data\\", "ngram 1=2", "", "\\1-grams:", "-0.3\tA", bad, "\\end\\"]
    with pytest.raises(DecodingError, match=r"^line 6: expected a logarithm.* got "):
        arpa.load(lines, LETTERS)


def test_an_n_gram_that_goes_on_from_none_of_the_file_is_named():
    lines = ["\\1-grams:", "-0.5 H", "-0.5 N", "\\2-grams:", "-0.3 H N", "-0.3 A N"]
    with pytest.raises(DecodingError, match=r"^line 6: '-0.3 A N' goes on from no n-gram"):
        arpa.load(lines, LETTERS)


def test_what_is_no_arpa_file_is_refused():
    with pytest.raises(DecodingError, match="expected an ARPA file"):
        arpa.load(["not a model"], LETTERS)
