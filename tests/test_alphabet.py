"""Characters and their CTC classes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwr_core.alphabet import BLANK, FOLDED, Alphabet, AlphabetError

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
