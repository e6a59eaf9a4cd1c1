"""Lists of words and places, for the language file."""

from __future__ import annotations

import pytest

from hwr_core.alphabet import AS_WRITTEN
from hwr_core.data.composition.lexicons import tempered
from hwr_core.data.samples import DataError
from hwr_core.data.wordlists import MOST, listed


@pytest.mark.parametrize(
    ("name", "usual", "rare"),
    [
        ("words-en", "and", "sandpaper"),
        ("words-fr", "été", "giflé"),
        ("places-de", "Köln", "Zwochau"),
    ],
)
def test_what_is_usual_is_written_more_often_than_what_is_rare(name, usual, rare):
    weights = listed(name)
    assert 5_000 < len(weights) <= MOST
    assert weights[usual] > 2 * weights[rare] > 0
    assert not AS_WRITTEN.unknown("".join(weights))


def test_words_of_a_language_are_its_own():
    french, english = listed("words-fr"), listed("words-en")
    assert "jamais" in french
    assert "jamais" not in english
    assert "wednesday" not in french


def test_a_name_of_several_places_counts_the_people_of_all():
    places = listed("places-de")  # there are three Münster, and the largest is not the last
    assert places["Münster"] > tempered(300_000)
    assert places["Hamm"] > places["Mettingen"]


def test_places_are_of_one_country():
    assert "Lyon" in listed("places-fr")
    assert "Lyon" not in listed("places-de")


@pytest.mark.parametrize(
    "name", ["words-xx", "places-xx", "words-", "places-", "words", "fr", "german"]
)
def test_a_list_that_is_not_there_is_named_with_some_that_are(name):
    with pytest.raises(DataError, match=f"{name!r} is no list of words; name one as words-en"):
        listed(name)
