"""Tuning: weights that help, cost other names nothing, and are judged on other pictures."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from hwr_core.alphabet import AS_WRITTEN
from hwr_core.checkpoint import Checkpoint
from hwr_core.data.samples import DataError
from hwr_core.decoding.lexicon import Lexicon
from hwr_core.decoding.posterior import log_odds
from hwr_core.evaluation.ablation import Comparison, tune_and_compare
from hwr_core.evaluation.cases import Case
from hwr_core.evaluation.release import lowest
from hwr_core.evaluation.tune import _fit
from hwr_core.evaluation.weights import LEXICON, Lists, choose
from hwr_core.recognizer import Recognizer
from tests import rendered


def lists(picture, language, known) -> Lists:
    """N cases of two texts each, the first of which is right."""
    picture, language = np.array(picture, float), np.array(language, float)
    number = len(picture)
    return Lists(
        picture=picture,
        language=language,
        letters=np.zeros((number, 2)),
        lexicon=np.zeros((len(LEXICON), number, 2)),
        right=np.array([[True, False]] * number),
        known=np.array(known),
        weight=np.ones(number),
    )


def test_advice_is_taken_where_it_helps():
    torn = lists(picture=[[-1.2, -1.0]] * 4, language=[[-5, -20]] * 4, known=[True] * 4)
    assert choose(torn).language > 0


def test_advice_that_costs_names_outside_the_lexicon_is_not_taken():
    """Two names gained, one lost that nobody has written down: too dear."""
    picture = [[-1.2, -1.0], [-1.2, -1.0], [-1.0, -1.2]]
    language = [[-5, -20], [-5, -20], [-20, -5]]
    assert choose(lists(picture, language, [True, True, True])).language > 0
    assert choose(lists(picture, language, [True, True, False])).language == 0


def test_all_pictures_of_a_name_are_in_one_part():
    lattice = np.zeros((1, 2), np.float32)
    cases = [Case(lattice, label, store) for label in ("Léa", "LEA") for store in "ab"]
    assert len({case.fold_number for case in cases}) == 1


def test_words_count_as_known_in_the_letters_of_the_search():
    lexicon = Lexicon.of({"STRAßE": 2, "ANNA": 1})
    lattice = np.zeros((1, 2), np.float32)

    def known(label):
        return Case(lattice, label, "a").in_lexicon(lexicon, AS_WRITTEN)

    assert known("Straße")
    assert known("Anna-Straße")
    assert known("ANNA")
    assert not known("Gasse")
    assert not known("Ωmega")


def test_one_name_is_too_few_to_choose_by(tiny_checkpoint, tmp_path):
    store = rendered.store(tmp_path, {"validation": ["ANNA"]})
    with pytest.raises(DataError, match="1 pictures hold too few names"):
        list(tune_and_compare(tiny_checkpoint, [store.path], "validation", 8))


def test_the_calibration_finds_how_sure_readings_are_to_be():
    """Of readings with odds of 9 to 1 two thirds are right; even odds are right half the time."""
    odds = np.array([log_odds(0.9)] * 300 + [log_odds(0.5)] * 300)
    right = np.array(([True] * 2 + [False]) * 100 + [True, False] * 150)
    calibration = _fit(odds, right)
    assert calibration(0.9) == pytest.approx(2 / 3, abs=0.01)
    assert calibration(0.5) == pytest.approx(1 / 2, abs=0.01)


def test_fewer_errors_ask_for_more_confidence():
    """Nine of ten are right above 0.7, all above 0.9; nothing is right in 99 of 100 below."""
    sure = [0.95] * 10 + [0.8] * 10 + [0.6] * 10
    right = [True] * 10 + [True] * 8 + [False] * 2 + [True, False] * 5
    assert lowest(sure, right, 0.99) == 0.95
    assert lowest(sure, right, 0.9) == 0.8
    assert lowest(sure, right, 0.5) == 0.6
    assert lowest(sure[10:], right[10:], 0.99) is None


def test_each_kind_of_writing_weighs_alike_in_the_threshold():
    """Of four scans one is wrong, of a hundred words none."""
    sure, right = [0.9] * 4 + [0.8] * 100, [True] * 3 + [False] + [True] * 100
    assert lowest(sure, right, 0.98) == 0.8
    assert lowest(sure, right, 0.98, np.array([1 / 4] * 4 + [1 / 100] * 100)) is None
    assert lowest(sure, right, 0.87, np.array([1 / 4] * 4 + [1 / 100] * 100)) == 0.8


def test_what_was_chosen_stands_in_the_checkpoint_and_is_read_with(tiny_checkpoint, tmp_path):
    store = rendered.store(tmp_path, {"validation": rendered.FOUR * 2})
    path = tmp_path / "tuned.safetensors"
    for suffix in (".safetensors", ".onnx"):
        shutil.copy(tiny_checkpoint.with_suffix(suffix), path.with_suffix(suffix))
    counts = tmp_path / "counts.csv"
    counts.write_text("IDENTITY,COUNT\nANNA,3\nOTTO,1\n", "utf-8")
    lines = list(
        tune_and_compare(
            path, [store.path], "validation", 8, Comparison(variants=True, labels=counts)
        )
    )
    tuned, before = Checkpoint.open(path).header, Checkpoint.open(tiny_checkpoint).header
    assert lines[1].startswith("8 pictures are few")
    assert tuned.language_digest
    assert [share for share, _ in tuned.thresholds] == sorted({s for s, _ in tuned.thresholds})
    assert all(0.5 <= confidence <= 1 for _, confidence in tuned.thresholds)
    assert tuned.weights_digest == before.weights_digest
    assert tuned.provenance["tuned_on"] == {store.path.name: 8}
    named = [line.split("|")[1].strip() for line in lines if line.startswith("|")]
    assert {
        "greedy",
        "beam",
        "+ n-gram",
        "+ lexicon",
        "+ variants",
        "as chosen",
        "width 64",
        "store",
    } <= set(named)
    assert Recognizer.load(path).header.decoding == tuned.decoding
