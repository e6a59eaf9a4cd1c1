"""Slices, Calibration, Training, Compare and Data: what they show, and their empty states."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from hwr_core.dashboard import loading
from hwr_core.evaluation import results
from hwr_core.evaluation.explaining import ResultsError
from hwr_core.evaluation.records import LeftOut
from tests import sample_results
from tests.bench_dashboard import synthetic
from tests.test_dashboard import show

ROWS = 400


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HWR_RESULTS", str(tmp_path / "results"))
    return sample_results.write(tmp_path / "results", "validation")


@pytest.fixture
def many(directory: Path) -> pd.DataFrame:
    """A run of many rows, in which names with a hyphen are always read wrong."""
    table = synthetic(ROWS, np.random.default_rng(0))
    bad = table["tags"].str.contains("hyphen")
    table = table.assign(distance=np.where(bad, 1, table["distance"]))
    results.write(directory / "validation", sample_results.metrics(), table)
    return table


def texts(page: AppTest) -> str:
    parts = (page.markdown, page.caption, page.warning, page.error)
    return "\n".join(element.value for kind in parts for element in kind)


def test_the_threshold_sorts_readings_into_four_outcomes(directory):
    overview = show()
    overview.slider(key="threshold").set_value(0.95).run()
    tiles = {tile.label: tile.value for tile in overview.metric}

    outcomes = ("Accepted, right", "Accepted, wrong", "Refused, right", "Refused, wrong")
    assert [tiles[name] for name in outcomes] == ["1", "0", "1", "1"]
    assert "33.3 % of the pictures" in texts(overview)


def test_a_threshold_can_be_linked_to(directory):
    assert show(threshold="0.2").slider(key="threshold").value == 0.2


def test_the_overview_says_what_changed_since_the_earlier_model(directory):
    assert "No earlier model" in texts(show())

    read = ["ANNE", "<B>IA", "D'ARC"]
    before = sample_results.predictions().assign(folded=read, distance=[1, 1, 0])
    results.write(directory / "earlier" / "validation", sample_results.metrics(), before)

    assert "**33.3 %** to **66.7 %** on 3 pictures" in texts(show())
    assert "1 fixed, 0 broken" in texts(show())


def test_names_of_files_are_no_markdown(directory):
    files = ("![x](https://example.org/x.png)", "*a*.png")
    spoiled = {"#1": LeftOut(count=2, files=files)}
    metrics = sample_results.metrics().model_copy(update={"left_out": spoiled})
    results.write(directory / "validation", metrics, sample_results.predictions())

    shown = texts(show())

    assert "\\!\\[x\\]\\(https\\://example\\.org/x\\.png\\), \\*a\\*\\.png" in shown
    assert "**2** · \\#1" in shown


def test_one_damaged_run_does_not_hide_the_others(directory):
    sample_results.write(directory, "drawn")
    (directory / "drawn" / "metrics.json").write_text("{}")

    overview = show()

    assert "drawn/metrics.json is damaged" in overview.warning[0].value
    assert list(overview.table[0].value.index) == ["validation"]


def test_the_worst_slices_are_found(many):
    worst = show("slices").dataframe[0].value

    assert worst["Kind"].tolist()[0] == "hyphen"
    assert worst["Exact"].tolist()[0] == 0


def test_slices_of_few_pictures_are_counted_and_not_shown(directory):
    page = show("slices")

    assert "No kind with at least 30 pictures is surely worse" in texts(page)
    assert "are not shown" in texts(page)
    page.slider(key="smallest").set_value(1).run()
    assert "are not shown" not in texts(page)
    assert not page.dataframe[0].value.empty


def test_a_subject_can_be_linked_to(many):
    shown = show("slices", subject="Source").dataframe[1].value

    assert sorted(shown["Kind"]) == ["pen", "scans"]


def test_the_threshold_for_a_wanted_error_is_named(directory):
    page = show("calibration")

    assert "Accept from **0.9900** on" in texts(page)
    page.slider(key="wanted").set_value(20.0).run()
    assert "Accept from **0.9900** on" in texts(page)  # the next reading is wrong: a half


def test_a_reader_surest_when_wrong_has_no_threshold(directory):
    table = sample_results.predictions().assign(distance=[1, 0, 0])
    results.write(directory / "validation", sample_results.metrics(), table)

    assert "No threshold does that" in texts(show("calibration"))


def test_trainings_share_a_chart(directory):
    results.write_training(directory.parent / "runs" / "long", sample_results.epochs())
    page = show("training")

    assert page.multiselect(key="trainings").options == ["The released model", "runs/long"]
    page.multiselect(key="trainings").set_value(["The released model", "runs/long"])
    page.slider(key="smoothing").set_value(0.5).run()
    assert not page.exception
    page.multiselect(key="trainings").set_value([]).run()
    assert "Choose a training." in texts(page)


def test_without_the_released_training_the_others_are_shown(directory):
    (directory / "training.csv").rename(directory / "elsewhere.csv")
    assert "`make train DATA=folder` makes one" in show("training").info[0].value

    other = directory.parent / "runs" / "own"
    other.mkdir(parents=True)
    (directory / "elsewhere.csv").rename(other / "training.csv")
    page = show("training")
    assert page.multiselect(key="trainings").value == ["runs/own"]
    assert page.caption[0].value.startswith("runs/own: ")


def test_runs_are_compared_with_the_earlier_one_of_the_same_name(directory):
    sample_results.write(directory, "drawn")
    read = ["ANNE", "<B>IA", "D'ARC"]
    before = sample_results.predictions().assign(folded=read, distance=[1, 1, 0])
    results.write(directory / "earlier" / "validation", sample_results.metrics(), before)

    page = show("compare")
    tiles = {tile.label: tile.value for tile in page.metric}

    assert "earlier/validation" in page.caption[0].value
    assert (tiles["Fixed"], tiles["Broken"], tiles["Unchanged"]) == ("1", "0", "2")
    assert "probability 1.000" in texts(page)
    assert "No kind has 30 pictures." in texts(page)
    page.segmented_control(key="change").set_value("still right").run()
    assert "1 pictures" in texts(page)


@pytest.mark.parametrize("run", ["validation", "earlier/validation"])
def test_what_was_seen_by_eye_is_told_of_runs_in_a_folder_of_runs_too(directory, run):
    seen = "file,label,corrected,verdict,reason\n1.png,<B>EA,,label right,clear\n"
    (directory / "names").mkdir()
    (directory / "names" / "corrected_labels.csv").write_text(seen)
    sample_results.write(directory, "earlier/validation")
    shown = "".join(part.proto.body for part in show("misclassified", run=run).get("html"))
    assert "By eye" in shown


def test_a_slim_run_can_be_chosen_and_borrows_its_pictures(directory):
    slim = sample_results.predictions().assign(picture=b"", letters="[]", alternatives="[]")
    results.write(directory / "earlier" / "validation", sample_results.metrics(), slim)

    for page in ("overview", "slices", "calibration", "compare", "data"):
        assert not show(page, run="earlier/validation").error
    lent = results.read_predictions(directory / "earlier" / "validation")
    assert lent["picture"].tolist() == [sample_results.png()] * 3


def test_pictures_are_borrowed_as_soon_as_they_are_there(directory):
    slim = sample_results.predictions().assign(picture=b"")
    results.write(directory / "earlier" / "new", sample_results.metrics(), slim)
    run = directory / "earlier" / "new"
    assert not loading.predictions(run)["picture"].any()
    results.write(directory / "new", sample_results.metrics(), sample_results.predictions())
    assert loading.predictions(run)["picture"].all()
    (directory / "new" / "predictions.parquet").write_bytes(b"spoiled")
    with pytest.raises(
        ResultsError, match=r"^new/predictions.parquet is .*`make evaluate`"
    ) as told:
        results.read_predictions(run)
    assert str(directory) not in str(told.value)


def test_a_single_run_has_nothing_to_be_compared_with(directory):
    assert "There is no other run to compare with" in texts(show("compare"))


def test_runs_on_other_pictures_give_one_sentence(directory):
    other = sample_results.predictions().assign(source="other")
    results.write(directory / "drawn", sample_results.metrics(), other)

    assert "share no picture" in show("compare").error[0].value


def test_data_tells_counts_and_what_it_cannot_know(directory):
    page = show("data")

    assert {tile.label: tile.value for tile in page.metric}["Different labels"] == "3"
    assert "Another model than the one in checkpoints/ was measured" in texts(page)
    assert page.selectbox(key="sheet").options


def test_a_run_named_in_the_command_line_is_shown_first(directory, monkeypatch):
    sample_results.write(directory, "drawn")
    monkeypatch.setattr("sys.argv", ["dashboard.py", "--results", str(directory / "drawn")])

    assert show().selectbox(key="run").value == "drawn"


def test_a_folder_that_is_none_gives_one_sentence(directory, monkeypatch):
    monkeypatch.setenv("HWR_RESULTS", str(directory / "nowhere"))

    assert show().error[0].value == "nowhere is no folder; `make evaluate` makes one."


@pytest.mark.parametrize("page", ["overview", "slices", "calibration", "compare", "data"])
def test_a_half_written_run_gives_one_sentence(directory, page):
    sample_results.write(directory, "other")
    (directory / "validation" / "predictions.parquet").write_bytes(b"")

    (error,) = show(page, run="validation").error
    assert "validation/predictions.parquet is damaged" in error.value
    assert "`make evaluate`" in error.value


def test_a_run_without_metrics_names_the_file(directory):
    (directory / "validation" / "metrics.json").unlink()

    (error,) = show().error
    assert error.value == "validation/metrics.json is missing; `make evaluate` writes it."


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"a": [1]}),
        sample_results.predictions().drop(columns="tags"),
        sample_results.predictions().assign(confidence="high"),
        sample_results.predictions().assign(confidence=3.0),
        sample_results.predictions()[:0],
    ],
    ids=["foreign", "older", "text for a number", "no share", "empty"],
)
def test_a_table_of_another_form_gives_one_sentence(directory, table):
    table.to_parquet(directory / "validation" / "predictions.parquet", index=False)

    (error,) = show("slices").error
    assert error.value.startswith("validation/predictions.parquet is damaged: ")
    assert "`make evaluate`" in error.value
    assert "\n" not in error.value
