"""Names to write: of the alphabet, of every kind, with the rare letters raised."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from hwr_core.alphabet import AS_WRITTEN
from hwr_core.data.composition import lexicons
from hwr_core.data.composition.lexicons import Lexicon, tempered, title
from hwr_core.data.composition.likeness import Likeness
from hwr_core.data.composition.texts import KINDS, LONGEST, SHORTEST, TextMix, Texts
from hwr_core.data.samples import DataError
from hwr_core.spelling import fold, written

FILES = {
    "insee_prenoms_1900_2021.csv": "name,female,male\nMarie,90000,10\nJean-Luc,0,900\nÉlo1,1,1\n",
    "us_ssa_given_names_1930on.csv": "name,female,male\nWilliam,5,50000\n",
    "cc0_common_forenames_by_country.csv": "Country,Localized Name\nFR,Chloé\nAM,Գրիգոր\n"
    "FR,François-Xavier\n",
    "insee_noms_1891_2000_list.csv": "surname\nMARTIN\nDE LA TOUR\nO'NEIL\n",
    "us_census_surnames_1990.csv": "surname,percent,rank\nSMITH,1.006,1\n",
    "cc0_common_surnames_by_country.csv": "Country,Localized Name\nES,García\n",
}
COUNTS = "IDENTITY,COUNT\nTHOMAS,1825\nEMPTY,1796\nLEA,1582\nfillat,1\nX1,2\n"


@pytest.fixture
def folder(tmp_path):
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "counts.csv").write_text(COUNTS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def texts(folder):
    texts = Texts.load(folder, folder / "counts.csv")
    return replace(texts, likenesses=(Likeness.of(["Bergstraße", "Am Wald", "Bergweg"]),))


def drawn(texts, count=4000, seed=1):
    rng = np.random.default_rng(seed)
    return [texts.draw(rng) for _ in range(count)]


def only(texts, kind, **shares):
    """The same lexicons, one kind of text, in neither capitals nor small letters alone."""
    weights = dict.fromkeys(KINDS, 0.0) | {kind: 1.0, "capitals": 0.0, "small": 0.0} | shares
    return replace(texts, mix=TextMix(**weights))


def test_every_text_is_of_the_alphabet_in_its_written_form_and_of_a_label_s_length(texts):
    for text in drawn(texts):
        assert AS_WRITTEN.unknown(text) == ""
        assert written(text) == text
        assert SHORTEST <= len(text) <= LONGEST


def test_the_same_seed_draws_the_same_texts(texts):
    assert drawn(texts, 50, seed=7) == drawn(texts, 50, seed=7)
    assert drawn(texts, 50, seed=7) != drawn(texts, 50, seed=8)


def test_every_character_of_the_alphabet_is_drawn(texts):
    assert set("".join(drawn(texts, 40_000))) == set(AS_WRITTEN.characters)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_text_can_be_drawn_alone(texts, kind):
    assert len(set(drawn(only(texts, kind), 200))) > 1


def test_a_particle_elides_before_vowels_only(texts):
    for text in drawn(only(texts, "particle"), 2000):
        before, apostrophe, after = text.partition("'")
        if apostrophe and before[-1] in "dDlL":
            assert fold(after)[0] in "AEIOUYH"


def test_surnames_in_capitals_follow_or_precede_a_given_name(texts):
    for text in drawn(only(texts, "given_capitals"), 50):
        assert text.split()[-1].isupper()
        assert not text.split()[0].isupper()
    assert all(text.split()[0].isupper() for text in drawn(only(texts, "capitals_given"), 50))


def test_the_share_of_capitals_and_small_letters_is_as_set(texts):
    assert all(t == t.upper() for t in drawn(only(texts, "given", capitals=1.0), 50))
    assert all(t == t.lower() for t in drawn(only(texts, "given", small=1.0), 50))


def test_sharp_s_becomes_two_letters_in_capitals(texts):
    assert any("SS" in t for t in drawn(only(texts, "surname", capitals=1.0), 500))
    assert all("ß" not in t for t in drawn(only(texts, "surname", capitals=1.0), 500))


def test_labels_are_folded_capitals_without_remarks(texts):
    assert set(drawn(only(texts, "label"), 200)) == {"THOMAS", "LEA", "FILLAT"}


def test_without_labels_and_likenesses_their_kinds_are_not_drawn(folder):
    texts = only(Texts.load(folder), "surname", label=1.0, alike=1.0)
    assert set(drawn(texts, 200)) <= set(texts.surnames.names)


def test_tempering_brings_rare_names_nearer_to_frequent_ones():
    assert 1 < tempered(1000) / tempered(1) < 10


def test_names_with_rare_letters_are_raised_to_the_floor():
    weights = dict.fromkeys(["Anna", "Nana", "Mimi", "Ana"], 100.0) | {"Žoß": 1e-9, "Aß": 1e-9}
    raised = lexicons._raised(weights)
    letters = Counter[str]()
    for name, weight in raised.items():
        for letter in name:
            letters[letter] += weight
    share = {letter: weight / letters.total() for letter, weight in letters.items()}
    assert lexicons.FLOOR <= share["ß"] < 2 * lexicons.FLOOR
    assert share["n"] > 0.1
    assert sum(raised.values()) == pytest.approx(1)


def test_names_are_drawn_as_often_as_they_weigh():
    rng = np.random.default_rng(1)
    lexicon = Lexicon({"Anna": 3.0, "Bob": 1.0})
    count = Counter(lexicon.draw(rng) for _ in range(4000))
    assert count["Anna"] / 4000 == pytest.approx(0.75, abs=0.03)


@pytest.mark.parametrize(
    ("capitals", "name"),
    [
        ("MARTIN", "Martin"),
        ("DE LA TOUR D'YVOIRE", "De la Tour d'Yvoire"),
        ("D'ARC", "D'Arc"),
        ("O'NEIL", "O'Neil"),
        ("VOURC'H", "Vourc'h"),
        ("AIT M'BAREK", "Ait M'Barek"),
        ("MCDONALD", "McDonald"),
        ("MAC CARTHY-JEAN", "Mac Carthy-Jean"),
    ],
)
def test_surnames_in_capitals_get_their_small_letters(capitals, name):
    assert title(capitals) == name


def test_names_outside_the_alphabet_are_left_out(texts):
    assert {"Marie", "Chloé", "William"} <= set(texts.given.names)
    assert not {"Գրիգոր", "Élo1"} & set(texts.given.names)


def test_a_missing_lexicon_is_named(folder):
    (folder / "us_census_surnames_1990.csv").unlink()
    with pytest.raises(DataError, match=r"us_census_surnames_1990\.csv: not there"):
        Texts.load(folder)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("", "line 1 must name the columns IDENTITY,COUNT"),
        ("IDENTITY,N\nLEA,1\n", "columns IDENTITY,COUNT, not 'IDENTITY,N'"),
        ("IDENTITY,COUNT\nLEA,1\nEVE\n", "counts.csv: line 3 is not IDENTITY,COUNT"),
        ("IDENTITY,COUNT\nLEA,many\n", "'many' is not a count"),
    ],
)
def test_a_damaged_count_file_is_named(folder, content, named):
    (folder / "counts.csv").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=named):
        Texts.load(folder, folder / "counts.csv")
