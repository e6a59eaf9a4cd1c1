"""The documents quote the shipped results, and those are of the shipped model."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hwr_core.checkpoint import SHIPPED, Checkpoint, fingerprint
from hwr_core.evaluation import results
from hwr_core.evaluation.records import Metrics, Rate
from hwr_core.spelling import fold

ROOT = Path(__file__).resolve().parents[1]
README, CARD = ROOT / "README.md", ROOT / "checkpoints" / "README.md"
RUNS = sorted(path.parent.name for path in (ROOT / "results").glob("*/metrics.json"))


def metrics(run: str) -> Metrics:
    return results.read_metrics(ROOT / "results" / run)


def shown(rate: Rate) -> str:
    return f"{100 * rate.value:.1f} % [{100 * rate.low:.1f}, {100 * rate.high:.1f}]"


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("document", [README, CARD], ids=["README", "card"])
def test_the_documents_quote_the_shipped_results(document, run):
    scores = metrics(run).scores.all
    row = f"| {run} | {scores.n:,} | {shown(scores.exact)} | {shown(scores.cer)} |"
    assert row in document.read_text("utf-8")


@pytest.mark.parametrize("group", ["seen", "unseen"])
def test_the_card_tells_seen_names_from_unseen_ones(group):
    scores = getattr(metrics("validation").scores, group)
    row = (
        f"| validation, {group} names | {scores.n} | {shown(scores.exact)} | {shown(scores.cer)} |"
    )
    assert row in CARD.read_text("utf-8")


@pytest.mark.parametrize("run", RUNS)
def test_the_results_are_of_the_shipped_model(run):
    header, measured = Checkpoint.open(SHIPPED).header, metrics(run).checkpoint
    assert (measured.digest, measured.parameters) == (header.weights_digest, header.parameters)


def test_the_documents_quote_the_models_size():
    size = f"{Checkpoint.open(SHIPPED).header.parameters:,}"
    assert all(size in document.read_text("utf-8") for document in (README, CARD))


@pytest.mark.parametrize("run", RUNS)
def test_the_predictions_add_up_to_the_scores(run):
    table, scores = results.read_predictions(ROOT / "results" / run), metrics(run).scores
    assert len(table) == scores.all.n
    assert (table["distance"] == 0).mean() == pytest.approx(scores.all.exact.value)
    assert table["seen"].sum() == (scores.seen.n if scores.seen else 0)


def test_the_model_knows_the_names_it_was_trained_on():
    """Hundreds of names occur in validation and training; the fingerprints say which."""
    table, seen = (
        results.read_predictions(ROOT / "results" / "validation"),
        Checkpoint.open(SHIPPED).training_names(),
    )
    assert [fingerprint(fold(label)) in seen for label in table["label"]] == table["seen"].tolist()


def test_the_readings_in_the_readme_are_the_shipped_models():
    from hwr_core import Recognizer

    text = README.read_text("utf-8")
    line = re.search(r'\{"file": "(?P<file>[^"]+)", "text": "(?P<text>[^"]*)"', text)
    assert line
    assert Recognizer.load().read(ROOT / line["file"]).text == line["text"]
