from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from hwr_core.evaluation import results
from hwr_core.evaluation.explaining import ResultsError
from hwr_core.evaluation.records import Epoch, Prediction
from tests import sample_results


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return sample_results.write(tmp_path / "results", "validation")


@pytest.fixture
def run(directory: Path) -> Path:
    return directory / "validation"


def test_what_is_written_is_read_back(directory, run):
    assert results.read_metrics(run) == sample_results.metrics()
    assert_frame_equal(results.read_predictions(run), sample_results.predictions())
    assert_frame_equal(results.read_training(directory), sample_results.epochs())


def test_rows_become_records(run):
    first, *_ = results.records(results.read_predictions(run), Prediction)

    assert (first.label, first.writer, first.accepted) == ("ANNA", "w1", True)


def test_runs_are_the_directories_with_metrics(directory):
    sample_results.write(directory, "drawn")
    (directory / "pictures").mkdir()

    assert results.runs(directory) == ["drawn", "validation"]


def test_writing_again_replaces_and_leaves_nothing_behind(run):
    results.write(run, sample_results.metrics(), sample_results.predictions()[:1])

    assert len(results.read_predictions(run)) == 1
    assert {path.name for path in run.iterdir()} == {"metrics.json", "predictions.parquet"}


def test_a_failing_write_keeps_the_old_file(run, monkeypatch):
    def fail(*_, **__):
        raise OSError

    monkeypatch.setattr(pd.DataFrame, "to_parquet", fail)
    with pytest.raises(OSError):  # noqa: PT011 - any
        results.write(run, sample_results.metrics(), sample_results.predictions()[:1])

    assert len(results.read_predictions(run)) == 3


@pytest.mark.parametrize(
    "change",
    [
        {"confidence": 1.5},
        {"distance": -1},
        {"accepted": "yes"},
        {"label": None},
        {"picture": "text"},
        {"surprise": 1},
    ],
)
def test_a_wrong_prediction_is_not_written(tmp_path, change):
    with pytest.raises(ValueError, match=next(iter(change))):
        results.write(
            tmp_path / "run",
            sample_results.metrics(),
            sample_results.predictions().assign(**change),
        )

    assert not (tmp_path / "run").exists()


def test_no_run_gives_a_sentence(tmp_path):
    with pytest.raises(ResultsError, match=r"holds no evaluated run yet; `make evaluate` makes"):
        results.runs(tmp_path)


def test_missing_files_give_a_sentence(tmp_path):
    for read, name in (
        (results.read_metrics, "metrics.json"),
        (results.read_predictions, "predictions.parquet"),
        (results.read_training, "training.csv"),
    ):
        with pytest.raises(ResultsError, match=rf"^[^/]+/{name} is missing; `make \w+` writes it"):
            read(tmp_path)


def test_a_missing_column_is_named(run):
    sample_results.predictions().drop(columns="seen").to_parquet(run / "predictions.parquet")

    told = sentence(results.read_predictions, run)
    assert "predictions.parquet is damaged: " in told
    assert "seen" in told


def test_an_unknown_key_is_named(run):
    path = run / "metrics.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "surprise": 1}))

    assert "metrics.json is damaged: surprise" in sentence(results.read_metrics, run)


@pytest.mark.parametrize("name", ["metrics.json", "predictions.parquet"])
@pytest.mark.parametrize("kept", [0, 4, 200])
def test_a_truncated_file_is_named(run, name, kept):
    path = run / name
    path.write_bytes(path.read_bytes()[:kept])
    read = results.read_metrics if name == "metrics.json" else results.read_predictions

    assert f"validation/{name} is damaged" in sentence(read, run)


@pytest.mark.parametrize(
    "content", [b"", b"epoch,step\n", b"epoch,step\n1,2,3,4\n", b"\xff\xfe\x00"]
)
def test_a_damaged_training_is_named(directory, content):
    (directory / "training.csv").write_bytes(content)

    assert "results/training.csv is damaged" in sentence(results.read_training, directory)


def test_a_directory_in_place_of_a_file_gives_a_sentence(tmp_path):
    (tmp_path / "metrics.json").mkdir()

    assert str(tmp_path.parent) not in sentence(results.read_metrics, tmp_path)


def test_a_table_without_rows_is_damaged(directory):
    pd.DataFrame(columns=list(Epoch.model_fields)).to_csv(directory / "training.csv", index=False)

    assert "it has no row" in sentence(results.read_training, directory)


def sentence(read, directory: Path) -> str:
    with pytest.raises(ResultsError) as caught:
        read(directory)
    assert "\n" not in str(caught.value)
    return str(caught.value)
