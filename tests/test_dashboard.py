from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests import sample_results

DASHBOARD = Path(__file__).resolve().parent.parent / "dashboard.py"
VIEWS = ("Overview", "Predictions", "Mistakes", "Training")


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HWR_RESULTS", str(tmp_path))
    return tmp_path


@pytest.fixture
def two_runs(directory: Path) -> Path:
    return sample_results.write(directory, "drawn", "validation")


def show(view: str = "Overview", **query: str) -> AppTest:
    dashboard = AppTest.from_file(str(DASHBOARD), default_timeout=60)
    dashboard.query_params["view"] = view
    for name, value in query.items():
        dashboard.query_params[name] = value
    dashboard.run()
    assert not dashboard.exception
    return dashboard


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("runs", [("validation",), ("drawn", "validation")])
def test_every_view_shows_something_and_no_error(directory, view, runs):
    sample_results.write(directory, *runs)

    dashboard = show(view)

    assert dashboard.title
    assert not dashboard.error
    assert dashboard.selectbox(key="run").options == list(runs)


def test_overview_shows_the_scores_as_they_were_written(two_runs):
    dashboard = show(run="validation")

    assert [(tile.label, tile.value) for tile in dashboard.metric[:2]] == [
        ("Pictures", "3"),
        ("Exact match", "66.7 %"),
    ]
    assert list(dashboard.table[0].value) == ["All (n = 3)", "Seen (n = 3)"]
    assert "hwr evaluate" in dashboard.code[0].value
    assert any("0123abcd" in caption.value for caption in dashboard.caption)
    assert any("label without a letter" in line.value for line in dashboard.markdown)


def test_a_run_can_be_linked_to(two_runs):
    assert "validation" in show(run="validation").caption[0].value
    assert "drawn" in show(run="drawn").caption[0].value


def test_an_unknown_link_shows_the_first_view_of_the_first_run(two_runs):
    dashboard = show("Nonsense", run="nonsense")

    assert dashboard.radio(key="view").value == "Overview"
    assert dashboard.selectbox(key="run").value == "drawn"


def test_predictions_can_be_searched(two_runs):
    dashboard = show("Predictions")
    dashboard.text_input[0].set_value("arc").run()

    assert list(dashboard.dataframe[0].value["label"]) == ["D'ARC"]


def test_predictions_can_be_filtered(two_runs):
    for name, choice, labels in (
        ("right", "Wrong", ["<B>EA"]),
        ("accepted", "Rejected", ["D'ARC"]),
        ("seen", "Unseen", ["ANNA"]),
    ):
        dashboard = show("Predictions")
        dashboard.segmented_control(key=name).set_value(choice).run()

        assert list(dashboard.dataframe[0].value["label"]) == labels


def test_predictions_can_be_filtered_by_length(two_runs):
    dashboard = show("Predictions")
    dashboard.slider[0].set_range(0, 4).run()

    assert list(dashboard.dataframe[0].value["label"]) == ["ANNA"]


def test_a_search_without_a_hit_says_so(two_runs):
    dashboard = show("Predictions")
    dashboard.text_input[0].set_value("nobody [").run()

    assert not dashboard.exception
    assert dashboard.caption[0].value == "0 of 3 pictures"


def test_mistakes_counts_the_wrong_readings(two_runs):
    assert show("Mistakes").caption[0].value.startswith("1 of 3 pictures")


@pytest.mark.parametrize("view", VIEWS)
def test_no_results_give_one_sentence(directory, view):
    dashboard = show(view)

    assert [error.value for error in dashboard.error] == [
        f"{directory.name} holds no evaluated run yet; `make evaluate` makes one."
    ]


@pytest.mark.parametrize(
    ("view", "name"),
    [
        ("Overview", "validation/metrics.json"),
        ("Predictions", "validation/predictions.parquet"),
        ("Mistakes", "validation/predictions.parquet"),
        ("Training", "training.csv"),
    ],
)
def test_a_damaged_file_gives_one_sentence_and_nothing_else(directory, view, name):
    sample_results.write(directory, "validation")
    (directory / name).write_bytes(b"PAR1 damaged")

    dashboard = show(view)

    (error,) = dashboard.error
    assert f"{name} is damaged" in error.value
    assert not dashboard.title


def test_a_missing_table_gives_one_sentence(directory):
    sample_results.write(directory, "validation")
    (directory / "validation/predictions.parquet").unlink()

    assert "predictions.parquet is missing" in show("Mistakes").error[0].value
