"""Labels corrected by eye, as `prepare --labels` mends them before anything is learned."""

from __future__ import annotations

import pytest

from hwr_core.cli import main
from hwr_core.data.relabel import Correction, corrections, mended, tally, to_csv
from hwr_core.data.samples import DataError, LeftOut
from hwr_core.data.sources import kaggle
from hwr_core.data.store import Store
from tests import rendered

SPLITS = {"train": ["ANNA", "BOB", "EVE"], "validation": ["OTTO"]}


def seen(number: int, label: str, corrected: str = "", verdict: str = "label wrong", split="train"):
    verdict = verdict if corrected or verdict != "label wrong" else "label right"
    values = {"label": label, "corrected": corrected, "verdict": verdict, "reason": "looked at"}
    return Correction(file=f"{split}-{number}.png", **values)


def labels(folder, *found: Correction):
    """The training labels after correction, and what was left out."""
    left_out = LeftOut()
    known = {each.file: each for each in found}
    samples = mended(kaggle.samples(folder, left_out), known, left_out)
    return [sample.label for sample in samples], left_out.splits


@pytest.fixture
def folder(tmp_path):
    return rendered.pictures(tmp_path / "pictures", SPLITS)


def test_a_wrong_label_is_mended_and_the_others_stand(folder):
    found, left_out = labels(folder, seen(0, "ANNA", "Hanná"), seen(1, "BOB"))
    assert found == ["HANNA", "BOB", "EVE", "OTTO"]
    assert left_out == {}


def test_what_cannot_be_decided_is_left_out_and_counted(folder):
    found, left_out = labels(folder, seen(2, "EVE", verdict="cannot be decided"))
    assert found == ["ANNA", "BOB", "OTTO"]
    reason = {"label cannot be decided": {"count": 1, "files": ["train-2.png"]}}
    assert left_out == {"train": reason}


@pytest.mark.parametrize(
    ("correction", "fault"),
    [
        (seen(0, "BOB", "ROB"), "made for another picture"),
        (seen(9, "BOB", "ROB"), "1 corrections name pictures"),
        (seen(0, "OTTO", "OTTA", split="validation"), "only labels of train are mended"),
        (seen(0, "ANNA", "ANN4"), "character outside the alphabet"),
    ],
)
def test_a_correction_that_does_not_fit_is_refused_with_a_sentence(folder, correction, fault):
    with pytest.raises(DataError, match=fault):
        labels(folder, correction)


def test_corrections_are_read_as_they_were_written(tmp_path):
    path = tmp_path / "corrections.csv"
    given = [seen(0, 'D"ARC, A', "D'ARC"), seen(1, "NA")]
    path.write_text(to_csv(given), encoding="utf-8")
    assert list(corrections(path).values()) == given


def test_prepare_mends_the_labels_and_says_so(folder, tmp_path, capsys):
    path, out = tmp_path / "corrections.csv", tmp_path / "store"
    given = [seen(0, "ANNA", "HANNA"), seen(1, "BOB"), seen(2, "EVE", verdict="cannot be decided")]
    path.write_text(to_csv(given), encoding="utf-8")
    assert main(["prepare", "kaggle", str(folder), "--out", str(out), "--labels", str(path)]) == 0
    said = capsys.readouterr().out
    assert "labels looked at: 1 stand, 1 mended, 1 left out" in said
    assert "train: 1 left out, label cannot be decided (train-2.png)" in said
    assert Store.open(out).column("label") == ["HANNA", "BOB", "OTTO"]
    assert tally(given) in said


def test_prepare_refuses_labels_that_are_no_corrections(folder, tmp_path, capsys):
    path = tmp_path / "corrections.csv"
    path.write_text("FILENAME,IDENTITY\ntrain-0.png,ANNA\n", encoding="utf-8")
    given = ["prepare", "kaggle", str(folder), "--out", str(tmp_path / "s"), "--labels", str(path)]
    assert main(given) == 2
    assert (
        "line 1 must name the columns file,label,corrected,verdict,reason"
        in capsys.readouterr().err
    )
