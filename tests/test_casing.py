"""A letter's case is its word's, unless its ink says clearly otherwise."""

from __future__ import annotations

import pytest

from hwr_core.decoding.casing import Cases, cased, cases

CLEARLY, RATHER = 0.9999, 0.8


def drawn(text: str, unsure: str = "") -> list[Cases]:
    """Letters as their frames show them, those of `unsure` with some doubt about their case."""
    return [cases(forms(char, RATHER if char in unsure else CLEARLY)) for char in text]


def forms(char: str, share: float) -> dict[str, float]:
    other = char.swapcase()
    return {char: share, other: 1 - share} if len(other) == 1 and other != char else {char: 1.0}


@pytest.mark.parametrize(
    ("ink", "unsure", "written"),
    [
        ("DUBOiS", "i", "DUBOIS"),
        ("CLOThILDE", "h", "CLOTHILDE"),
        ("suiSSe", "S", "suisse"),
        ("wOrd", "O", "word"),
        ("anna", "a", "anna"),
        ("Anna", "A", "Anna"),
        ("zOé", "zO", "zoé"),
        ("LÉa", "a", "LÉA"),
    ],
)
def test_a_doubtful_letter_follows_its_word(ink, unsure, written):
    assert cased(drawn(ink, unsure)) == written


@pytest.mark.parametrize("name", ["McDonald", "MacGregor", "DeVries", "XXe", "iPhone"])
def test_what_is_clear_stays(name):
    assert cased(drawn(name)) == name


def test_words_are_apart_at_spaces_hyphens_apostrophes_and_full_stops():
    name = "d'Arc-LEBON Jr. de LA"
    assert cased(drawn(name)) == name


@pytest.mark.parametrize(
    ("ink", "written"),
    [
        ("samuel Hood", "Samuel Hood"),
        ("Wilhelm-göttling-Straße", "Wilhelm-Göttling-Straße"),
        ("ludwig van Beethoven", "Ludwig van Beethoven"),
        ("ronald McDonald", "Ronald McDonald"),
        ("samuel hood", "samuel hood"),
        ("samuel HOOD", "samuel HOOD"),
    ],
)
def test_a_doubtful_first_letter_follows_the_other_words_of_a_name(ink, written):
    assert cased(drawn(ink, "sgvlr")) == written
    assert cased(drawn(ink)) == ink


def test_a_letter_of_one_case_fits_in_any_word():
    assert cased(drawn("STRAßE")) == "STRAßE"
    assert cased(drawn("Straße")) == "Straße"


def test_an_accent_is_kept_in_either_case():
    torn = cases({"e": 0.1, "é": 0.35, "E": 0.1, "É": 0.45})
    assert cased([*drawn("L"), torn, *drawn("A")]) == "LÉA"
    assert cased([*drawn("l"), torn, *drawn("a")]) == "léa"


def test_signs_and_no_letters_at_all_stay_as_they_are():
    assert cased([]) == ""
    assert cased([cases({" ": 0.2}), cases({"-": 0.1})]) == " -"


def test_a_form_without_any_probability_is_no_error():
    assert cased([cases({"A": 0.0, "a": 0.0}), *drawn("NN")]) == "ANN"
