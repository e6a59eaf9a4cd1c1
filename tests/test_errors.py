"""Kinds of error, and the single steps of each."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from rapidfuzz.distance import Levenshtein

from hwr_core.evaluation import errors
from hwr_core.evaluation.errors import NOTHING, kind, misread, pairs, sequences, steps, with_step
from hwr_core.spelling import fold


def edits(truth: str, read: str) -> str:
    return json.dumps(
        [
            {
                "kind": step.tag,
                "at": step.src_pos,
                "label": "" if step.tag == "insert" else truth[step.src_pos],
                "read": "" if step.tag == "delete" else read[step.dest_pos],
            }
            for step in Levenshtein.editops(truth, read)
        ]
    )


def table(*rows: tuple[str, str], cased: bool = True) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": label,
            "text": text,
            "truth": fold(label),
            "folded": fold(text),
            "cased": cased,
            "edits": edits(fold(label), fold(text)),
            "distance": Levenshtein.distance(fold(label), fold(text)),
        }
        for label, text in rows
    )


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        ("Anna", "Anno", errors.SUBSTITUTION),
        ("Anna", "Aonno", errors.SEVERAL),
        ("Anna", "Annas", errors.INSERTION),
        ("Anna", "Ana", errors.DELETION),
        ("Anna", "", errors.DELETION),
        ("De La", "Dela", errors.WORDS),
        ("Jean-Luc", "Jean Luc", errors.WORDS),
        ("JeanLuc", "Jean-Luc", errors.WORDS),
        ("De La", "Delo", errors.SEVERAL),
        ("Anna", "ANNA", errors.CASE),
        ("Zoé", "Zoe", errors.ACCENT),
        ("Zoé", "ZOE", errors.FORM),
        ("Zoé", "ZOÉ", errors.CASE),
    ],
)
def test_a_misread_picture_is_of_one_kind(label, text, expected):
    assert kind(label, text, edits(fold(label), fold(text))) == expected
    assert expected in errors.KINDS


def test_only_what_was_read_wrong_is_kept_and_form_counts_where_labels_tell_it():
    rows = (("Anna", "Anna"), ("Anna", "anna"), ("Anna", "Anne"))
    assert list(misread(table(*rows))["error"]) == [errors.CASE, errors.SUBSTITUTION]
    assert list(misread(table(*rows, cased=False))["error"]) == [errors.SUBSTITUTION]


def test_a_table_without_a_mistake_has_no_step_and_no_pair():
    right = table(("ANNA", "ANNA"))
    assert misread(right).empty
    assert steps(right).empty
    assert pairs(steps(right)).empty
    assert not sequences(right)


def test_steps_name_both_letters_and_nothing_where_there_is_none():
    found = steps(table(("ANNA", "ANNA"), ("ANNA", "HANA")))
    assert found["index"].tolist() == [1, 1]
    assert sorted(zip(found["label"], found["read"], strict=True)) == [
        ("N", NOTHING),
        (NOTHING, "H"),
    ]


def test_pairs_are_counted_and_lead_back_to_their_pictures():
    found = steps(table(("ANNA", "AMMA"), ("EVA", "EVO"), ("NO", "MO")))
    first = pairs(found).iloc[0]
    assert (first["label"], first["read"], first["size"]) == ("N", "M", 3)
    assert with_step(found, "N", "M") == [0, 2]
    assert with_step(found, "M", "N") == []


def test_steps_side_by_side_are_one_sequence():
    found = sequences(table(("ARNO", "AMO"), ("KARNE", "KAME"), ("EVA", "EVO"), ("LÉA", "LEAH")))
    assert found == {("RN", "M"): 2}
