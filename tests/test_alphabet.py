"""Characters and their CTC classes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwr_core.alphabet import AS_WRITTEN, BLANK, FOLDED, Alphabet, AlphabetError
from hwr_core.spelling import fold, written

texts = st.text(st.sampled_from(FOLDED.characters))


@given(texts)
def test_decoding_undoes_encoding(text):
    assert FOLDED.decode(FOLDED.encode(text)) == text


@given(texts)
def test_every_class_but_the_blank_is_a_character(text):
    assert all(BLANK < number < FOLDED.classes for number in FOLDED.encode(text))


def test_the_order_of_the_characters_decides_the_classes():
    assert Alphabet("BA").encode("AB") == [2, 1]
    assert Alphabet("BA").classes == 3


def test_blanks_write_nothing():
    assert Alphabet("AB").decode([BLANK, 1, BLANK, 2, BLANK]) == "AB"


@given(st.text())
def test_a_text_is_encoded_or_its_unknown_characters_are_named(text):
    unknown = FOLDED.unknown(text)
    assert set(unknown) == set(text) - set(FOLDED.characters)
    if unknown:
        with pytest.raises(AlphabetError) as caught:
            FOLDED.encode(text)
        assert repr(unknown) in str(caught.value)
    else:
        assert len(FOLDED.encode(text)) == len(text)


@pytest.mark.parametrize("characters", ["", "ABA"])
def test_an_alphabet_has_distinct_characters(characters):
    with pytest.raises(AlphabetError, match="distinct"):
        Alphabet(characters)


def test_the_released_alphabet_has_the_29_characters_of_the_names():
    assert FOLDED.classes == 30
    assert FOLDED.unknown("MARIE-ANTOINETTE D'ARC") == ""
    assert FOLDED.unknown("Zoé") == "oé"


def test_the_alphabet_as_written_has_135_characters_in_their_one_form():
    assert AS_WRITTEN.classes == 136
    assert AS_WRITTEN.unknown("Zoé Müller-Groß, dite 'Żak' d'Åsa J.") == ","
    assert all(written(f"A{sign}B") == f"A{sign}B" for sign in AS_WRITTEN.characters)


@pytest.mark.parametrize("character", AS_WRITTEN.characters)
def test_a_class_folds_to_the_letter_its_character_folds_to(character):
    number = AS_WRITTEN.encode(character)[0]
    folded = AS_WRITTEN.decode([AS_WRITTEN.fold[number]])
    assert folded == (fold(character) if len(fold(character)) == 1 else character)


def test_what_folds_to_two_letters_stays_what_it_is():
    same = [c for c in AS_WRITTEN.characters if len(fold(c)) == 2]
    assert same == list("ÆÞŒæþœß")
    assert not AS_WRITTEN.folded.unknown("".join(same))


def test_a_text_folds_one_letter_for_one():
    assert AS_WRITTEN.fold_text("Zoé Straße") == "ZOE STRAßE"


def test_folding_keeps_the_blank_and_changes_nothing_twice():
    fold_of = AS_WRITTEN.fold
    assert fold_of[BLANK] == BLANK
    assert [fold_of[number] for number in fold_of] == list(fold_of)


def test_folded_characters_are_already_folded():
    assert FOLDED.fold == tuple(range(FOLDED.classes))
    assert FOLDED.folded == FOLDED
    assert not AS_WRITTEN.folded.unknown(FOLDED.characters)
    assert AS_WRITTEN.folded.unknown("eé") == "eé"
