"""The counts add up, the rates are those of the literature, and the known traps are avoided."""

from __future__ import annotations

import math
from dataclasses import astuple
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwr_core.evaluation.metrics import Counts, characters, score

names = st.text("AB -'\u00c9", max_size=8)
pairs = st.lists(st.tuples(names, names), max_size=8)


def total(of: list[tuple[str, str]]) -> Counts:
    return sum((score(reference, prediction) for reference, prediction in of), Counts())


def edit_distance(left: str, right: str) -> int:
    """The definition, word for word."""

    @cache
    def distance(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        changed = left[i - 1] != right[j - 1]
        return min(distance(i - 1, j) + 1, distance(i, j - 1) + 1, distance(i - 1, j - 1) + changed)

    return distance(len(left), len(right))


@given(pairs, pairs)
def test_counts_add_up(one, other):
    assert astuple(total(one) + total(other)) == pytest.approx(astuple(total(one + other)))


@given(names.filter(str.strip), names)
def test_edits_are_the_edit_distance(reference, prediction):
    counts = score(reference, prediction)

    assert counts.edits == edit_distance(reference, prediction)
    assert counts.insertions - counts.deletions == len(prediction) - len(reference)
    assert counts.exact == (reference == prediction)


@given(pairs)
def test_shares_stay_between_nothing_and_all(of):
    counts = total(of)

    if counts.names:
        assert 0 <= counts.exact_match <= 1
        assert 0 <= counts.character_accuracy <= 1
        assert 0 <= counts.normalised_edit_distance <= 1


@pytest.mark.parametrize(
    ("reference", "prediction", "wer", "cer"),
    [
        # Morris, Maier & Green 2004, "From WER and RIL to MER and WIL", as in jiwer's tests
        ("X", "X", 0, 0),
        ("X", "X X Y Y", 3, 6),
        ("X Y X", "X Z", 2 / 3, 3 / 5),
        ("X", "Y", 1, 1),
        ("X", "Y Z", 2, 3),
        # jiwer's tests
        ("This is a test", "This test", 0.5, 5 / 14),
        ("This is a test", "", 1, 1),
        # the textbook case of the Levenshtein distance
        ("KITTEN", "SITTING", 1, 3 / 6),
    ],
)
def test_error_rates_match_the_literature(reference, prediction, wer, cer):
    counts = score(reference, prediction)

    assert (counts.wer, counts.cer) == pytest.approx((wer, cer))


@pytest.mark.parametrize(
    ("prediction", "substitutions", "insertions", "deletions"),
    [
        ("MARTIN", 0, 0, 0),
        ("MARTEN", 1, 0, 0),
        ("MARTINE", 0, 1, 0),
        ("MARIN", 0, 0, 1),
        ("", 0, 0, 6),
    ],
)
def test_the_three_kinds_of_edits_are_told_apart(prediction, substitutions, insertions, deletions):
    counts = score("MARTIN", prediction)

    assert (counts.substitutions, counts.insertions, counts.deletions) == (
        substitutions,
        insertions,
        deletions,
    )


def test_one_letter_too_many_at_the_start_is_one_error():
    """The positional trap: no letter of AMARTIN stands where it does in MARTIN."""
    counts = score("MARTIN", "AMARTIN")
    positional = sum(a == b for a, b in zip("MARTIN", "AMARTIN", strict=False)) / 6

    assert positional == 0
    assert counts.character_accuracy == pytest.approx(5 / 6)


def test_a_long_name_weighs_more_than_a_short_one():
    """The averaging trap: the mean of the two error rates would be a half."""
    counts = score("JO", "XX") + score("MAXIMILIAN", "MAXIMILIAN")

    assert counts.cer == pytest.approx(2 / 12)


def test_writing_too_much_is_worse_than_writing_nothing():
    """The accuracy trap: an error rate is not a share, so it is not cut off at 1."""
    assert score("JO", "MAXIMILIAN").cer == 5
    assert score("JO", "").cer == 1
    assert score("JO", "MAXIMILIAN").character_accuracy == score("JO", "").character_accuracy == 0


def test_the_normalised_distance_is_the_mean_over_names():
    """ICDAR 2019: edits / length of the longer text, averaged; they rank by 1 minus that."""
    counts = score("JO", "XX") + score("MARTIN", "AMARTIN")

    assert counts.normalised_edit_distance == pytest.approx((2 / 2 + 1 / 7) / 2)


def test_nothing_is_spelled_anew():
    """Case and accents count: both sides are spelled once, before they are scored."""
    assert score("ZO\u00cb", "ZOE").substitutions == 1
    assert score("ZOE", "Zoe").substitutions == 2
    assert score("\U0001d400", "A").letters == 1


@pytest.mark.parametrize("reference", ["", " "])
@pytest.mark.parametrize("prediction", ["", "MARTIN"])
def test_a_truth_without_letters_is_only_counted(reference, prediction):
    assert score(reference, prediction) == Counts(empty_reference=1)


def test_rates_over_nothing_are_not_a_number():
    nothing = Counts()
    rates = [nothing.exact_match, nothing.cer, nothing.wer, nothing.character_accuracy]

    assert all(map(math.isnan, [*rates, nothing.normalised_edit_distance]))


def test_characters_are_paired_by_alignment_not_by_position():
    found = {counts.char: counts for counts in characters([("ANNA", "XANA")])}

    assert {char: (c.support, c.predicted, c.correct) for char, c in found.items()} == {
        "A": (2, 2, 2),
        "N": (2, 1, 1),
        "X": (0, 1, 0),
    }
    assert (found["N"].precision, found["N"].recall) == (1, 0.5)
    assert found["N"].f1 == pytest.approx(2 / 3)
    assert (found["X"].precision, found["X"].recall, found["X"].f1) == (0, None, 0)


def test_characters_leave_out_truths_without_letters():
    assert characters([("", "MARTIN"), (" ", "X")]) == ()


@given(pairs)
def test_characters_agree_with_the_counts_of_names(of):
    found, counts = characters(of), total(of)
    correct = sum(each.correct for each in found)

    assert sum(each.support for each in found) == counts.letters
    assert correct == counts.letters - counts.substitutions - counts.deletions
    assert (
        sum(each.predicted for each in found) == correct + counts.substitutions + counts.insertions
    )
    assert all(0 <= each.correct <= min(each.support, each.predicted) for each in found)
