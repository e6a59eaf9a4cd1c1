from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from hwr_core.dashboard.confusions import SHARE
from tests import sample_results

DASHBOARD = Path(__file__).resolve().parent.parent / "dashboard.py"
PAGES = (
    "overview",
    "predictions",
    "misclassified",
    "confusions",
    "slices",
    "calibration",
    "label_noise",
    "training",
    "compare",
    "data",
    "corrections",
    "trial",
)


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HWR_RESULTS", str(tmp_path))
    return tmp_path


@pytest.fixture
def two_runs(directory: Path) -> Path:
    return sample_results.write(directory, "drawn", "validation")


def show(page: str = "overview", **query: str) -> AppTest:
    dashboard = AppTest.from_file(str(DASHBOARD), default_timeout=60)
    dashboard._page_hash = calc_hash(page)  # as `switch_page` does, which knows only pages in files
    for name, value in query.items():
        dashboard.query_params[name] = value
    dashboard.run()
    assert not dashboard.exception
    return dashboard


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("runs", [("validation",), ("drawn", "validation")])
def test_every_page_shows_something_and_no_error(directory, page, runs):
    sample_results.write(directory, *runs)

    dashboard = show(page)

    assert dashboard.title
    assert not dashboard.error
    assert dashboard.selectbox(key="run").options == list(runs)


def test_overview_shows_the_scores_as_they_were_written(two_runs):
    dashboard = show(run="validation")

    assert [(tile.label, tile.value) for tile in dashboard.metric[:2]] == [
        ("Pictures", "3"),
        ("Exact match", "66.7 %"),
    ]
    assert list(dashboard.table[1].value) == ["All (n = 3)", "Seen (n = 3)"]
    assert "hwr evaluate" in dashboard.code[0].value
    assert any("0123abcd" in caption.value for caption in dashboard.caption)
    assert any("label without a letter" in line.value for line in dashboard.markdown)


def test_a_run_can_be_linked_to(two_runs):
    assert "validation" in show(run="validation").caption[0].value
    assert "drawn" in show(run="drawn").caption[0].value


def test_an_unknown_link_shows_the_first_page_of_the_first_run(directory):
    sample_results.write(directory, "drawn", "other")
    dashboard = show("nonsense", run="nonsense")

    assert dashboard.title[0].value == "How well it reads"
    assert dashboard.selectbox(key="run").value == "drawn"


def test_the_scans_come_first_if_no_run_is_chosen(two_runs):
    assert show().selectbox(key="run").value == "validation"


@pytest.mark.parametrize("page", PAGES)
def test_no_results_give_one_sentence(directory, page):
    dashboard = show(page)

    assert [error.value for error in dashboard.error] == [
        f"{directory.name} holds no evaluated run yet; `make evaluate` makes one."
    ]


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("predictions", "validation/predictions.parquet"),
        ("misclassified", "validation/predictions.parquet"),
        ("confusions", "validation/predictions.parquet"),
        ("label_noise", "validation/predictions.parquet"),
        ("trial", "validation/predictions.parquet"),
        ("slices", "validation/predictions.parquet"),
        ("calibration", "validation/predictions.parquet"),
        ("training", "training.csv"),
        ("compare", "validation/predictions.parquet"),
        ("data", "validation/metrics.json"),
    ],
)
def test_a_damaged_file_gives_one_sentence_and_nothing_else(directory, page, name):
    sample_results.write(directory, "drawn", "validation")
    (directory / name).write_bytes(b"PAR1 damaged")

    dashboard = show(page, run="validation")

    (error,) = dashboard.error
    assert f"{name} is damaged" in error.value
    assert not dashboard.title


def test_a_damaged_run_does_not_hide_the_others_on_the_overview(directory):
    sample_results.write(directory, "drawn", "validation", "earlier/drawn")
    (directory / "validation/metrics.json").write_bytes(b"{")
    (directory / "earlier/drawn/predictions.parquet").write_bytes(b"PAR1 damaged")

    itself, other = show(run="validation"), show(run="drawn")

    (error,) = itself.error
    assert "validation/metrics.json is damaged" in error.value
    assert list(itself.table[0].value.index) == ["drawn"]
    assert "earlier/drawn/predictions.parquet is damaged" in other.warning[0].value
    assert str(directory) not in other.warning[0].value
    assert len(other.table) > 1


def test_a_missing_table_gives_one_sentence(directory):
    sample_results.write(directory, "validation")
    (directory / "validation/predictions.parquet").unlink()

    assert "predictions.parquet is missing" in show("misclassified").error[0].value


@pytest.mark.parametrize(
    ("page", "key", "given", "chosen"),
    [
        ("predictions", "outcome", ["wrong, refused"], ["wrong, refused"]),
        ("predictions", "source", ["sample"], ["sample"]),
        ("predictions", "source", ["of another run"], []),
        ("predictions", "letters", "E", "E"),
        ("predictions", "confidence", ["0.2", "0.8"], (0.2, 0.8)),
        ("misclassified", "group", "Confidence", "Confidence"),
        ("misclassified", "order", "Least sure first", "Least sure first"),
        ("confusions", "show", SHARE, SHARE),
        ("slices", "smallest", "7", 7),
        ("training", "smoothing", "0.5", 0.5),
        ("compare", "before validation", "drawn", "drawn"),
        ("trial", "picture", "D'ARC · 2.png", "D'ARC · 2.png"),
    ],
)
def test_what_is_chosen_on_a_page_can_be_linked_to(two_runs, page, key, given, chosen):
    linked = show(page, run="validation", **{key: given})

    assert linked.session_state[key] == chosen
