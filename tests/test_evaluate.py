"""Evaluating: both result files, what was seen in training apart, and the one path of a picture."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hwr_core import cli
from hwr_core.checkpoint import Checkpoint, CheckpointError
from hwr_core.data.samples import DataError
from hwr_core.data.store import Store
from hwr_core.evaluation import results
from hwr_core.evaluation.evaluate import Task, evaluate, measure
from hwr_core.evaluation.predictions import TOP, Reader
from hwr_core.evaluation.records import Prediction
from hwr_core.picture import PictureSpec, prepare
from hwr_core.recognizer import Reading, Recognizer
from tests import parrot, rendered
from tests.learning import by_heart

LABELS = ["ANNA", "ANNA", "BOB", "ANNE", "O'NEIL"]
COMMAND = "python -m hwr_core evaluate"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Pictures of which two are missing, packed into `store`."""
    folder = tmp_path_factory.mktemp("evaluate")
    splits = {"train": ["EVE"], "validation": [*LABELS, "GONE", "GONE"]}
    pictures = rendered.pictures(folder / "pictures", splits)
    for number in (5, 6):
        (pictures / "validation_v2" / "validation" / f"validation-{number}.png").unlink()
    rendered.packed(pictures, folder / "store")
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("model") / "parrot.safetensors"
    return parrot.checkpoint(path, "ANNA", seen=("ANNA", "EVE")).path


@pytest.fixture
def run(folder, model, tmp_path) -> Path:
    evaluate(model, folder / "store", "validation", tmp_path / "run", COMMAND)
    return tmp_path / "run"


def test_both_files_are_written_and_nothing_else(run):
    assert sorted(path.name for path in run.iterdir()) == ["metrics.json", "predictions.parquet"]


def test_the_scores_are_those_of_the_readings(run):
    scores = results.read_metrics(run).scores.all
    assert scores.n == 5
    assert scores.exact.value == pytest.approx(2 / 5)
    edits = 0 + 0 + 4 + 1 + 5  # of ANNA to each label
    assert scores.cer.value == pytest.approx(edits / sum(map(len, LABELS)))
    assert scores.exact.low <= scores.exact.value <= scores.exact.high


def test_seen_and_unseen_labels_stand_apart(run):
    groups = results.read_metrics(run).scores
    assert (groups.seen.n, groups.seen.exact.value) == (2, 1)
    assert (groups.unseen.n, groups.unseen.exact.value) == (3, 0)
    assert results.read_predictions(run)["seen"].tolist() == [True, True, False, False, False]


def test_the_metrics_say_what_was_measured_and_how_to_do_it_again(run, model):
    metrics, header = results.read_metrics(run), Checkpoint.open(model).header
    assert (metrics.run, metrics.split, metrics.command) == ("run", "validation", COMMAND)
    assert metrics.checkpoint.name == "parrot.safetensors"
    assert metrics.checkpoint.digest == header.weights_digest
    assert metrics.checkpoint.parameters == header.parameters


def test_pictures_that_are_missing_are_reported_not_scored(run):
    left_out = results.read_metrics(run).left_out["missing picture"]
    assert left_out.count == 2
    assert left_out.files == ("validation-5.png", "validation-6.png")


def test_each_picture_has_a_row_with_its_reading(run, folder):
    table = results.read_predictions(run)
    assert table["file"].tolist() == [f"validation-{number}.png" for number in range(5)]
    assert table["label"].tolist() == LABELS
    assert set(table["text"]) == {"ANNA"}
    assert table["distance"].tolist() == [0, 0, 4, 1, 5]
    assert table["confidence"].between(0.9, 1).all()
    assert table["accepted"].all()
    assert set(table["source"]) == {"kaggle"}
    store = Store.open(folder / "store")
    for row, png in zip(store.rows("validation"), table["picture"], strict=True):
        shown = np.asarray(Image.open(io.BytesIO(png)).convert("L"))
        assert np.abs(255 - shown.astype(int) - store.strip(row)).max() <= 42  # 4 grey levels


def test_a_row_tells_what_else_it_might_be_where_each_letter_stands_and_what_went_wrong(run):
    row = results.records(results.read_predictions(run), Prediction)[3]
    assert (row.truth, row.folded, row.cased, row.split) == ("ANNE", "ANNA", False, "validation")
    assert [edit.model_dump() for edit in row.edits] == [
        {"kind": "replace", "at": 3, "label": "E", "read": "A"}
    ]
    assert "".join(place.char for place in row.letters) == "ANNA"
    assert 0 < len(row.alternatives) <= TOP
    assert "ANNA" not in {guess.text for guess in row.alternatives}
    assert row.tags == "unseen name, 4 to 6 letters, heavy ink, ink beside the name"


def test_the_loss_of_a_right_reading_is_that_of_its_confidence(run):
    table = results.read_predictions(run)
    right = table[table["distance"] == 0]
    assert np.exp(-right["loss"]).tolist() == pytest.approx(right["confidence"].tolist(), abs=1e-4)
    assert right["read_loss"].tolist() == right["loss"].tolist()
    assert table["loss"][2] > table["loss"][3] > table["loss"][0]  # BOB, ANNE, ANNA


def test_the_same_model_gives_the_same_files_but_for_the_day(folder, model, run, tmp_path):
    evaluate(model, folder / "store", "validation", tmp_path / "again" / "run", COMMAND)
    again = tmp_path / "again" / "run"
    assert results.read_predictions(again).equals(results.read_predictions(run))
    first = results.read_metrics(run)
    same = {"made": first.made, "seconds": first.seconds}
    assert results.read_metrics(again).model_copy(update=same) == results.read_metrics(run)


def test_a_slim_run_says_the_same_without_what_is_long(folder, model, run, tmp_path):
    reader, store = Reader(Checkpoint.open(model)), Store.open(folder / "store")
    measure(reader, store, Task("validation", tmp_path / "slim", COMMAND, slim=True))
    slim, whole = (results.read_predictions(path) for path in (tmp_path / "slim", run))

    long = ["picture", "letters", "alternatives"]
    assert slim.drop(columns=long).equals(whole.drop(columns=long))
    assert set(slim["picture"]) == {b""}
    assert results.read_metrics(tmp_path / "slim").seconds is not None


@pytest.mark.slow
def test_pictures_read_from_their_files_and_from_the_store_agree(tmp_path):
    """The store rounds ink to 8 bits, which moves a confidence by little and no letter."""
    store = rendered.store(tmp_path, rendered.BY_HEART)
    model = by_heart(store, tmp_path / "training").path
    evaluate(model, store.path, "validation", tmp_path / "run", COMMAND)
    table = results.read_predictions(tmp_path / "run")
    folder = tmp_path / "pictures" / "validation_v2" / "validation"
    readings = Recognizer.load(model).read_many([folder / file for file in table["file"]])
    assert all(isinstance(reading, Reading) for reading in readings)
    assert [reading.text for reading in readings] == table["text"].tolist()
    assert [reading.folded for reading in readings] == rendered.FOUR
    confidences = [reading.confidence for reading in readings]
    assert confidences == pytest.approx(table["confidence"].tolist(), abs=0.01)


def test_the_store_holds_the_strip_that_reading_a_picture_prepares(folder):
    store = Store.open(folder / "store")
    for row in store.rows("validation"):
        path = folder / "pictures" / "validation_v2" / "validation" / store.column("name")[row]
        difference = np.abs(prepare(path).ink - store.strip(row) / 255)
        assert difference.max() <= 0.5 / 255 + 1e-6


def test_a_store_of_another_canvas_is_refused_with_a_sentence(model, tmp_path):
    spec = PictureSpec(height=32, width=128, step=8)
    store = rendered.store(tmp_path, {"validation": ["ANNA"]}, spec)
    with pytest.raises(DataError) as refusal:
        evaluate(model, store.path, "validation", tmp_path / "run", COMMAND)
    assert "height=32 width=128" in str(refusal.value)
    assert "height=48 width=512" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not (tmp_path / "run").exists()


def test_a_split_that_is_not_there_is_refused_beside_those_that_are(folder, model, tmp_path):
    with pytest.raises(DataError, match=r"no split 'test'; it has \['train', 'validation'\]"):
        evaluate(model, folder / "store", "test", tmp_path / "run", COMMAND)


def test_a_model_that_is_not_there_is_refused(folder, tmp_path):
    with pytest.raises(CheckpointError, match="absent"):
        evaluate(tmp_path / "absent", folder / "store", "validation", tmp_path / "run", COMMAND)


def test_the_command_prints_the_summary_and_notes_itself(
    folder, model, tmp_path, monkeypatch, capsys
):
    arguments = ["evaluate", str(folder / "store"), "--checkpoint", str(model)]
    arguments += ["--split", "validation", "--out", str(tmp_path / "run")]
    monkeypatch.setattr(sys, "argv", ["hwr_core", *arguments])
    assert cli.main(arguments) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("run: validation, read by parrot.safetensors")
    assert results.read_metrics(tmp_path / "run").command in printed
    assert "python -m hwr_core evaluate" in printed


def test_one_source_of_a_store_can_be_scored_alone(folder, model, tmp_path):
    evaluate(model, folder / "store", "validation", tmp_path / "run", COMMAND, "kaggle")
    table = results.read_predictions(tmp_path / "run")
    assert set(table["source"]) == {"kaggle"}
    with pytest.raises(DataError, match=r"no source 'dhsd' in its split 'validation'; it has kag"):
        evaluate(model, folder / "store", "validation", tmp_path / "no", COMMAND, "dhsd")
