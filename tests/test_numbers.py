"""The documents quote the shipped results, and those are of the shipped model."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hwr_core.checkpoint import SHIPPED, Checkpoint, fingerprint
from hwr_core.data.development import PHOTOGRAPHS, STROKES
from hwr_core.evaluation import results, table
from hwr_core.evaluation.development import SCANS
from hwr_core.evaluation.records import Metrics
from hwr_core.spelling import fold

ROOT = Path(__file__).resolve().parents[1]
README, CARD = ROOT / "README.md", ROOT / "checkpoints" / "README.md"
RUNS = sorted(path.parent.name for path in (ROOT / "results").glob("*/metrics.json"))


def metrics(run: str) -> Metrics:
    return results.read_metrics(ROOT / "results" / run)


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("document", [README, CARD], ids=["README", "card"])
def test_the_documents_quote_the_shipped_results(document, run):
    text = document.read_text("utf-8")
    assert [row for row in table.rows(metrics(run)) if row not in text] == []


@pytest.mark.parametrize("run", RUNS)
def test_the_card_tells_how_many_of_the_accepted_are_right(run):
    assert table.accepted_row(metrics(run)) in CARD.read_text("utf-8")


def test_the_table_is_that_of_the_runs():
    text = (ROOT / "results" / results.TABLE).read_text("utf-8")
    assert sorted(text.splitlines()) == sorted(table.table(map(metrics, RUNS)).splitlines())


def test_every_set_that_ships_was_measured():
    assert {*SCANS, STROKES, *PHOTOGRAPHS} <= set(RUNS)


@pytest.mark.parametrize("group", ["seen", "unseen"])
def test_the_card_tells_seen_names_from_unseen_ones(group):
    scores = getattr(metrics("validation").scores, group)
    assert table.row(f"validation, {group} names", scores) in CARD.read_text("utf-8")


@pytest.mark.parametrize("run", RUNS)
def test_the_results_are_of_the_shipped_model(run):
    header, measured = Checkpoint.open(SHIPPED).header, metrics(run).checkpoint
    assert (measured.digest, measured.parameters) == (header.weights_digest, header.parameters)


def test_the_documents_quote_the_models_size():
    size = f"{Checkpoint.open(SHIPPED).header.parameters:,}"
    assert all(size in document.read_text("utf-8") for document in (README, CARD))


@pytest.mark.parametrize("run", RUNS)
def test_the_predictions_add_up_to_the_scores(run):
    rows, scores = results.read_predictions(ROOT / "results" / run), metrics(run).scores
    assert len(rows) == scores.all.n
    assert (rows["distance"] == 0).mean() == pytest.approx(scores.all.exact.value)
    assert rows["seen"].sum() == (scores.seen.n if scores.seen else 0)


def test_the_model_knows_the_names_it_was_trained_on():
    """Hundreds of names occur in validation and training; the fingerprints say which."""
    rows = results.read_predictions(ROOT / "results" / "validation")
    seen = Checkpoint.open(SHIPPED).training_names()
    assert [fingerprint(fold(label)) in seen for label in rows["label"]] == rows["seen"].tolist()


def test_the_readings_in_the_readme_are_the_shipped_models():
    from hwr_core import Recognizer

    text = README.read_text("utf-8")
    line = re.search(r'\{"file": "(?P<file>[^"]+)", "text": "(?P<text>[^"]*)"', text)
    assert line
    assert Recognizer.load().read(ROOT / line["file"]).text == line["text"]
