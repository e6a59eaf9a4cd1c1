"""Labels and readings are spelled by one policy."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwr_core.spelling import APOSTROPHES, HYPHENS, canonical, fold

SCRIPTS = [*range(0x3000), *range(0xA640, 0xAC00), *range(0xFB00, 0x10000)]  # all with accents


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", ""),
        ("  de \t la\u00a0 Cruz\n", "DE LA CRUZ"),
        ("O\u2019Brien", "O'BRIEN"),
        ("o`neil", "O'NEIL"),
        ("Jean\u2013Luc", "JEAN-LUC"),
        ("Jean \u2212 Luc", "JEAN - LUC"),
        ("zoe\u0308", "ZO\u00cb"),
        ("stra\u00dfe", "STRASSE"),
        ("M\u00fcller", "M\u00dcLLER"),
        ("J. SMITH 3", "J. SMITH 3"),
    ],
)
def test_canonical_gives_capitals_single_spaces_and_one_form_of_each_sign(written, expected):
    assert canonical(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("\u00e9tienne", "ETIENNE"),
        ("stra\u00dfe", "STRASSE"),
        ("\u1e9e", "SS"),
        ("c\u0153ur", "COEUR"),
        ("\u00e6ther", "AETHER"),
        ("s\u00f8ren", "SOREN"),
        ("\u0142ukasz", "LUKASZ"),
        ("\u0111or\u0111e", "DORDE"),
        ("\u00fe\u00f3r", "THOR"),
        ("\u0130pek I\u015f\u0131k", "IPEK ISIK"),
        ("nu\u00f1ez-d\u2019arc", "NUNEZ-D'ARC"),
        ("\u0110\u1ed7", "DO"),
        (" \u0301 x", "X"),
        ("\uac00\ub098", "\uac00\ub098"),
    ],
)
def test_fold_leaves_no_accent(written, expected):
    assert fold(written) == expected


def test_every_look_alike_becomes_the_plain_sign():
    assert {canonical(f"A{sign}B") for sign in APOSTROPHES} == {"A'B"}
    assert {canonical(f"A{sign}B") for sign in HYPHENS} == {"A-B"}


@pytest.mark.parametrize("policy", [canonical, fold])
def test_twice_is_the_same_as_once_for_every_letter_and_accent(policy):
    once = [policy(f"a{chr(point)}b") for point in SCRIPTS]

    assert [policy(text) for text in once] == once


@given(st.text())
def test_twice_is_the_same_as_once_for_every_text(text):
    assert canonical(canonical(text)) == canonical(text)
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_the_form_of_unicode_does_not_matter(text):
    assert canonical(unicodedata.normalize("NFD", text)) == canonical(text)
    assert fold(canonical(text)) == fold(text)


@given(st.text())
def test_spelling_is_composed_trimmed_and_single_spaced(text):
    for spelled in (canonical(text), fold(text)):
        assert unicodedata.is_normalized("NFC", spelled)
        assert spelled == " ".join(spelled.split())
        assert not set(spelled) & set(APOSTROPHES + HYPHENS)


@given(st.text(" '-ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_folding_changes_nothing_but_spaces_of_a_folded_name(name):
    assert fold(name) == " ".join(name.split())
