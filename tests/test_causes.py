"""Causes of misreadings: one for every misread picture, by rules that can be told."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from hwr_core.cli import main
from hwr_core.evaluation import causes
from tests import sample_results
from tests.test_errors import edits, table


@pytest.mark.parametrize(
    ("truth", "read", "expected"),
    [
        ("ANNA", "ANNO", causes.ALIKE),
        ("ANNABELLA", "ONNABELLO", causes.ALIKE),
        ("ANNABELLA", "AMABELLA", causes.JOINED),
        ("ANNABELLA", "AUMABELLA", causes.JOINED),
        ("ANNA", "ANA", causes.JOINED),
        ("ANNA", "HANNA", causes.JOINED),
        ("ANNA", "EMMA", causes.MOST),
        ("ANNA", "", causes.MOST),
        ("A", "O", causes.ALIKE),
        ("M. ANNA", "MANNA", causes.SIGNS),
        ("D'ARC", "DARC", causes.SIGNS),
        ("LE HEBEL", "LE-HEBEL", causes.SIGNS),
        ("D'ARC", "DARK", causes.JOINED),
    ],
)
def test_a_misread_picture_has_the_first_cause_that_fits(truth, read, expected):
    assert causes.cause(truth, json.loads(edits(truth, read))) == expected


def test_form_and_doubted_labels_are_causes_too():
    rows = table(("Anna", "ANNA"), ("Anna", "Anno"), ("Eva", "Evi"), ("Eva", "Eva"))
    found = causes.causes(rows.assign(file=list("abcd")), {"c"})
    assert found["cause"].tolist() == [causes.FORM, causes.ALIKE, causes.LABEL]


def test_every_misread_picture_of_every_run_is_counted(tmp_path):
    sample_results.write(tmp_path, "drawn", "scans", "earlier/scans")
    counted = causes.table(causes.of_results(tmp_path))
    assert counted.columns.tolist() == ["drawn", "scans", "all"]
    assert counted.loc["misread"].tolist() == [1, 1, 2]
    assert counted.loc[causes.ALIKE].tolist() == [1, 1, 2]


def test_the_verb_prints_the_table_and_draws_a_sheet(tmp_path, capsys):
    sample_results.write(tmp_path, "scans")
    (tmp_path / "pictures").mkdir()
    seen = "file,label,corrected,verdict,reason\n1.png,<B>EA,,cannot be decided,a blot\n"
    (tmp_path / "pictures" / "corrected_labels.csv").write_text(seen)
    sheet = tmp_path / "sheet.png"

    assert main(["causes", "--results", str(tmp_path), "--sheet", str(sheet)]) == 0

    said = capsys.readouterr().out
    assert f"| {causes.LABEL} | 1 | 1 |" in said
    assert "| misread | 1 | 1 |" in said
    assert "1 have a wrong letter; of 0 the label is among the alternatives, and 1 were" in said
    with Image.open(sheet) as page:
        assert page.height > 48


def test_a_folder_without_a_run_is_refused_with_a_sentence(tmp_path, capsys):
    assert main(["causes", "--results", str(tmp_path)]) == 2
    assert "holds no evaluated run yet" in capsys.readouterr().err
