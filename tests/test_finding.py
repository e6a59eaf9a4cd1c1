"""Finding pictures: every filter by itself, and all of them together."""

from __future__ import annotations

import pytest

from hwr_core.evaluation.finding import OUTCOMES, Query, QueryError, find, outcomes
from tests import sample_results

FACTS = sample_results.predictions()  # ANNA right, <B>EA wrong, D'ARC right but refused


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        (Query(), ["ANNA", "<B>EA", "D'ARC"]),
        (Query(words="arc"), ["D'ARC"]),
        (Query(words="1.PNG"), ["<B>EA"]),
        (Query(words="<b>i"), ["<B>EA"]),
        (Query(words="^a.*a$", pattern=True), ["ANNA"]),
        (Query(words="."), ["ANNA", "<B>EA", "D'ARC"]),
        (Query(words="["), []),
        (Query(outcomes=("wrong, accepted",)), ["<B>EA"]),
        (Query(outcomes=()), []),
        (Query(sources=("sample",)), ["ANNA", "<B>EA", "D'ARC"]),
        (Query(sources=("other",)), []),
        (Query(tags=("unseen name",)), ["ANNA"]),
        (Query(tags=("seen name", "unseen name")), []),
        (Query(tags=("seen",)), []),
        (Query(letters="ar"), ["D'ARC"]),
        (Query(letters="àr"), ["D'ARC"]),
        (Query(confidence=(0.4, 0.9)), ["<B>EA", "D'ARC"]),
        (Query(length=(5, 5)), ["<B>EA", "D'ARC"]),
        (Query(order="confidence"), ["D'ARC", "<B>EA", "ANNA"]),
        (Query(order="label", descending=True), ["D'ARC", "ANNA", "<B>EA"]),
        (Query(words="a", letters="N", length=(1, 4), confidence=(0.9, 1)), ["ANNA"]),
    ],
)
def test_a_query_leaves_what_it_asks_for(query, labels):
    assert list(find(FACTS, query)["label"]) == labels


def test_every_picture_has_one_outcome():
    assert list(outcomes(FACTS)) == [OUTCOMES[0], OUTCOMES[2], OUTCOMES[1]]


@pytest.mark.parametrize("words", ["[", "(a", "*", "a{2,1}"])
def test_what_is_no_expression_is_refused_with_a_sentence(words):
    with pytest.raises(QueryError, match="is no regular expression") as refusal:
        find(FACTS, Query(words=words, pattern=True))
    assert "\n" not in str(refusal.value)


def test_an_expression_that_backtracks_elsewhere_is_answered_at_once():
    many = FACTS.assign(label="A" * 60 + "B", text="", file="1")
    assert find(many, Query(words="^(A+)+$", pattern=True)).empty
