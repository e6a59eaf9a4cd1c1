"""One command measures a model on every set that ships, and prints one table."""

from __future__ import annotations

import pytest

from hwr_core import cli
from hwr_core.checkpoint import SHIPPED
from hwr_core.data import development
from hwr_core.evaluation import corrected, results
from hwr_core.evaluation.development import CHECKED, PICTURES, SCANS, SETS
from tests import parrot, rendered, whole_sources

RUNS = (*SCANS, development.STROKES, *development.PHOTOGRAPHS)


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """What a model that reads ANNA everywhere wrote, and the folder of what ships."""
    folder = tmp_path_factory.mktemp("measure")
    (folder / "whole").mkdir()
    whole = whole_sources.write(folder / "whole")
    shipped = folder / "shipped"
    rendered.pictures(shipped / PICTURES, {"validation": ["ANNA", "ANN"], "test": ["BOB"]})
    (shipped / PICTURES / corrected.FILE).write_text(
        "file,label,corrected,verdict,reason\nvalidation-1.png,ANN,ANNA,label wrong,cut off\n"
    )
    (shipped / SETS).mkdir()
    list(development.ship(whole, shipped / SETS))
    (shipped / SETS / corrected.FILE).write_text(
        "file,label,corrected,verdict,reason\nwriter6/6_1.png,BOB,,cannot be decided,a blot\n"
    )
    model = parrot.checkpoint(folder / "parrot.safetensors", "ANNA").path
    arguments = [
        "--checkpoint",
        str(model),
        "--shipped",
        str(shipped),
        "--out",
        str(folder / "out"),
    ]
    assert cli.main(["measure", *arguments]) == 0
    return folder / "out"


@pytest.mark.parametrize("other", [["--untuned"], ["--slim"], ["--checkpoint", "other"]])
def test_the_results_of_the_shipped_model_are_no_other_ones(other, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["measure", *other]) == 2
    assert "--out: name a folder" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_shipped_model_may_be_named(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(SHIPPED.parent.parent)
    missing = ["--shipped", str(tmp_path / "none")]  # so that nothing is measured
    assert cli.main(["measure", "--checkpoint", "checkpoints/names.safetensors", *missing]) == 2
    assert "--out" not in capsys.readouterr().err


def test_every_set_is_a_run(measured):
    assert results.runs(measured) == sorted(RUNS)
    numbers = {run: results.read_metrics(measured / run).scores.all.n for run in RUNS}
    assert numbers == {
        "validation": 2,
        "test": 1,
        "unipen-words": 3,
        "dhsd": 2,
        "copiste": 2,
        "full-names-fr": 2,
    }


def test_the_table_has_a_row_for_each_and_one_for_corrected_labels(measured):
    text = (measured / results.TABLE).read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    titles = [row.split(" | ")[0].removeprefix("| ") for row in rows]
    by_eye = {run: [run, f"{run}, labels corrected by eye"] for run in CHECKED}
    first = [title for run in RUNS for title in by_eye.get(run, [run])]
    assert titles == ["pictures", *first, "pictures", *RUNS, "pictures", *first]
    assert "| validation | 2 | 50.0 %" in text
    assert "| validation, labels corrected by eye | 2 | 100.0 %" in text
    assert "| dhsd | 2 | 50.0 %" in text
    assert "| dhsd, labels corrected by eye | 1 | 100.0 %" in text


def test_words_that_are_names_are_tagged_in_the_pen_strokes_only(measured):
    tagged = {
        run: [
            label
            for label, tags in results.read_predictions(measured / run)[
                ["label", "tags"]
            ].to_numpy()
            if ", in the lexicons" in tags
        ]
        for run in RUNS
    }
    assert tagged.pop("unipen-words") == ["Anna", "Otto"]
    assert not any(tagged.values())


def test_case_counts_where_labels_are_as_written(measured):
    rate = results.read_metrics(measured / "unipen-words").written
    exact = results.read_metrics(measured / "unipen-words").scores.all.exact
    assert (rate.value, exact.value) == (0, pytest.approx(1 / 3))  # Anna is read as ANNA
    assert results.read_metrics(measured / "validation").written is None
