"""The handout of a run: its files, its numbers, and the same again from the same run."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pandas as pd
import pytest

from hwr_core.cli import main
from hwr_core.evaluation import results
from hwr_core.evaluation.explaining import ResultsError
from hwr_core.evaluation.figures import Drawing, figures
from hwr_core.evaluation.handout import write
from hwr_core.evaluation.summing import Report, summed
from tests import sample_results

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    folder = sample_results.write(tmp_path_factory.mktemp("results"), "validation")
    assert main(["report", "--results", str(folder)]) == 0
    return folder / "validation"


def test_the_numbers_are_those_of_the_run(run):
    report = Report.model_validate_json((run / "report.json").read_bytes())

    assert report.metrics == results.read_metrics(run)
    assert report.command == "make report RUN=validation"
    assert report.sources["sample"].n == 3
    assert report.calibration.right_of_surest["100%"] == pytest.approx(2 / 3)
    assert sum(part.n for part in report.calibration.reliability) == 3
    assert report.pictures_per_second is None  # the sample was not timed


def test_the_words_name_figures_that_are_there(run):
    words = (run / "report.md").read_text("utf-8")
    named = [line.partition("](")[2].rstrip(")") for line in words.splitlines() if "![" in line]

    assert "66.7 % (10.0 to 90.0)" in words
    assert len(named) == 8
    assert all((run / name).read_bytes().startswith(b"\x89PNG") for name in named)
    assert (run / "report.pdf").read_bytes().startswith(b"%PDF")


def test_every_misread_picture_is_written_with_a_row(run):
    with (run / "misclassified" / "misclassified.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)

    assert (row["label"], row["folded"], row["error"]) == ("<B>EA", "<B>IA", "substitution")
    assert (run / "misclassified" / row["picture"]).read_bytes() == sample_results.png()


def test_the_same_run_gives_the_same_bytes_and_nothing_of_an_earlier_one(run):
    before = digests(run)
    (run / "misclassified" / "stale.png").write_bytes(b"")
    write(run.parent, "validation", "make report RUN=validation")

    assert digests(run) == before


def test_other_pictures_have_another_digest(run):
    metrics, table = results.read_metrics(run), results.read_predictions(run)
    other = table.assign(label="X")

    assert summed(metrics, table, "").data_digest == summed(metrics, table, "").data_digest
    assert summed(metrics, table, "").data_digest != summed(metrics, other, "").data_digest


def test_a_training_nobody_knows_leaves_its_figures_out():
    found = figures(Drawing(sample_results.predictions(), pd.DataFrame()))

    assert set(found) == {"reliability", "risk-coverage", "confusion", "length"}


def test_a_run_that_is_not_there_gives_a_sentence(tmp_path):
    with pytest.raises(ResultsError, match=r"metrics\.json is missing; `make evaluate` writes it"):
        write(tmp_path, "nothing", "make report")


def digests(run: Path) -> dict[str, str]:
    files = (path for path in run.rglob("*") if path.is_file())
    return {
        str(path.relative_to(run)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }
