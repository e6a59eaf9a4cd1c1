"""What people write: names, and the words of training labels; never those of another split."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from hwr_core.data.pack import pack
from hwr_core.data.samples import DataError, LeftOut
from hwr_core.data.sources import SOURCES
from hwr_core.data.vocabulary import KINDS, LISTED, WRITTEN, vocabulary
from hwr_core.decoding.ngram import Ngram, encode
from hwr_core.picture import PictureSpec
from tests import rendered, whole_sources

COUNTS = "IDENTITY,COUNT\nTHOMAS,1825\nLEA,1582\n"
TRAINED, HELD_OUT = "1", "6"  # writers of streets


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Lexicons, counts of labels, and photographs of street names."""
    found = whole_sources.write(tmp_path_factory.mktemp("data"))
    (found / "counts.csv").write_text(COUNTS)
    return found


@pytest.fixture(scope="module")
def streets(tmp_path_factory) -> Path:
    """A store of three street names to learn, and one that is held out."""
    photographs = tmp_path_factory.mktemp("streets")
    rows = [("Rue Bleue", TRAINED), ("Rue Noire", TRAINED), ("Allée", TRAINED), ("Quai", HELD_OUT)]
    listed = [(f"{number}.png", text, writer) for number, (text, writer) in enumerate(rows)]
    for file, text, _ in listed:
        rendered.picture(text).save(photographs / file)
    with (photographs / "labels.csv").open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines).writerows([("file", "text", "writer"), *listed])
    samples = SOURCES["dhsd"](photographs, LeftOut())
    return pack(samples, photographs / "store", PictureSpec(), LeftOut()).path


def spelled(ngram: Ngram, word: str) -> float:
    """Nats of a word."""
    return ngram.log_probability(encode(word, ngram.characters))


def test_training_labels_of_stores_are_words_as_often_as_they_are_written(folder, streets):
    given = folder / "lexicons", folder / "counts.csv"
    names = vocabulary(*given)[0].lexicon
    both = vocabulary(*given, [(streets, "")])[0].lexicon

    assert not names.share("RUE")
    assert both.share("RUE") == pytest.approx(2 * both.share("BLEUE"))
    labels = WRITTEN / (1 - WRITTEN) * 2 / 3  # two of three, and a name here is about a word
    ratio = both.share("RUE") / both.share("THOMAS")
    assert ratio == pytest.approx(labels / names.share("THOMAS"), rel=0.05)
    assert both.accented["ALLEE"] == "allée"


def test_labels_that_are_held_out_are_not_known(folder, streets):
    every, own = vocabulary(folder / "lexicons", folder / "counts.csv", [(streets, "")])
    assert not every.lexicon.share("QUAI")
    assert spelled(every.ngram, "QUAI") < spelled(every.ngram, "RUE") - 5
    assert not own.lexicon.share("QUAI")
    assert spelled(own.ngram, "QUAI") < spelled(own.ngram, "RUE") - 5


def test_each_store_is_a_kind_of_its_own(folder, streets):
    every, own = vocabulary(folder / "lexicons", folder / "counts.csv", [(streets, "")])
    assert own.share == KINDS == pytest.approx(1 - every.share)
    assert own.lexicon.words == ["ALLEE", "BLEUE", "NOIRE", "RUE"]
    assert spelled(own.ngram, "RUE") > spelled(every.ngram, "RUE") + 1
    assert spelled(own.ngram, "THOMAS") < spelled(every.ngram, "THOMAS") - 2


def test_a_list_completes_a_kind_and_leaves_all_others_alone(folder, streets):
    given = folder / "lexicons", folder / "counts.csv"
    every, own = vocabulary(*given, [(streets, "places-de")])
    alone, _ = vocabulary(*given, [(streets, "")])

    labels = sum(map(own.lexicon.share, ("ALLEE", "BLEUE", "NOIRE", "RUE")))
    assert 1 - LISTED < labels < 1 - LISTED / 2  # most places are one word, two of these labels two
    assert own.lexicon.share("KOLN") > 0
    assert spelled(own.ngram, "KOLN") > spelled(every.ngram, "KOLN") + 2
    assert every.lexicon.words == alone.lexicon.words
    assert every.share == alone.share


def test_names_alone_are_of_one_kind(folder):
    [names] = vocabulary(folder / "lexicons", folder / "counts.csv")
    assert names.share == 1


def test_scans_are_counted_by_their_table_alone(folder, tmp_path):
    scans = rendered.store(tmp_path, {"train": ["ANNA"], "validation": ["BOB"]})
    with pytest.raises(DataError, match="no training label as written"):
        vocabulary(folder / "lexicons", folder / "counts.csv", [(scans.path, "")])
