"""The matrix of letters taken for each other: it adds up, and look-alikes stand together."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hwr_core.evaluation.confusion import arranged, confusion
from hwr_core.evaluation.errors import NOTHING, steps
from tests.test_errors import table

NAMES = st.text("ABC", max_size=6)


def test_every_letter_of_every_label_is_counted_once():
    rows = table(("ANNA", "AMNA"), ("EVA", "EA"), ("EVA", "EVAS"))
    matrix = confusion(rows, steps(rows))
    at = {letter: number for number, letter in enumerate(matrix.letters)}
    assert matrix.letters[-1] == NOTHING
    assert matrix.counts[at["N"]].sum() == 2
    assert matrix.counts[at["N"], at["M"]] == 1
    assert matrix.counts[at["N"], at["N"]] == 1
    assert matrix.counts[at["V"], at[NOTHING]] == 1
    assert matrix.counts[at[NOTHING], at["S"]] == 1
    assert matrix.shares[at["N"], at["M"]] == 0.5
    assert matrix.shares[at[NOTHING], at["S"]] == 1


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=8))
def test_rows_add_up_to_the_letters_of_the_labels(rows):
    found = table(*rows)
    matrix = confusion(found, steps(found))
    counted = dict(zip(matrix.letters, matrix.counts.sum(axis=1), strict=True))
    text = "".join(found["truth"])
    assert {letter: counted[letter] for letter in set(text)} == {
        letter: text.count(letter) for letter in set(text)
    }
    assert matrix.counts.min() >= 0
    assert np.all((matrix.shares >= 0) & (matrix.shares <= 1))


def test_letters_taken_for_each_other_most_stand_side_by_side():
    counts = np.diag([50] * 6)
    for one, other, number in ((0, 5, 9), (5, 3, 7), (1, 4, 8)):
        counts[one, other] = number
    order = arranged(counts)
    places = {letter: place for place, letter in enumerate(order)}
    assert sorted(order) == list(range(6))
    for one, other in ((0, 5), (5, 3), (1, 4)):
        assert abs(places[one] - places[other]) == 1


def test_no_letter_and_one_letter_have_an_order_too():
    assert arranged(np.zeros((0, 0), np.int64)) == []
    assert arranged(np.ones((1, 1), np.int64)) == [0]
