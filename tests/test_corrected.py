"""Labels corrected by eye: they change what is reported, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from hwr_core.data.relabel import corrections
from hwr_core.data.samples import DataError
from hwr_core.evaluation import corrected, results
from hwr_core.evaluation.corrected import rescore
from hwr_core.evaluation.records import Prediction
from tests import sample_results

ROOT = Path(__file__).resolve().parents[1]
HEAD = "file,label,corrected,verdict,reason\n"


def file(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / corrected.FILE
    path.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def again(path: Path):
    """The sample's three readings, of which the second is wrong, against corrected labels."""
    rows = results.records(sample_results.predictions(), Prediction)
    return rescore(rows, corrections(path))


def test_a_corrected_label_takes_the_place_of_the_wrong_one(tmp_path):
    found = again(file(tmp_path, "1.png,<B>EA,<B>IA,label wrong,an I without a bar"))
    assert (found.scores.n, found.scores.exact.value) == (3, 1)
    assert (found.checked, found.wrong, found.undecided) == (1, 1, 0)


def test_a_label_with_case_and_accents_is_met_by_its_correction(tmp_path):
    written = sample_results.predictions().replace({"label": {"<B>EA": "<B>éa"}})
    known = corrections(file(tmp_path, "1.png,<B>éa,<B>ia,label wrong,an i without a dot"))
    found = rescore(results.records(written, Prediction), known)
    assert (found.scores.n, found.scores.exact.value, found.wrong) == (3, 1, 1)


def test_a_label_that_is_right_or_not_named_stands(tmp_path):
    found = again(file(tmp_path, "1.png,<B>EA,,label right,clearly an E"))
    assert found.scores.exact.value == pytest.approx(2 / 3)
    assert (found.checked, found.wrong) == (1, 0)


def test_a_picture_that_cannot_be_decided_is_left_out_and_counted(tmp_path):
    found = again(file(tmp_path, "1.png,<B>EA,,cannot be decided,a blot"))
    assert (found.scores.n, found.scores.exact.value, found.undecided) == (2, 1, 1)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("1.png,<B>EA,,label wrong,x", "corrected is given where"),
        ("1.png,<B>EA,EVA,label right,x", "corrected is given where"),
        ("1.png,<B>EA,,maybe,x", "verdict"),
        ("1.png,<B>EA,,label right", "reason"),
        ("1.png,<B>EA,,label right,a comma, too", "line 2 is not file,label"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_with_a_sentence(tmp_path, row, fault):
    with pytest.raises(DataError, match=fault) as refusal:
        corrections(file(tmp_path, row))
    assert "\n" not in str(refusal.value)


def test_a_picture_named_twice_is_refused(tmp_path):
    with pytest.raises(DataError, match="named twice"):
        corrections(file(tmp_path, *["1.png,<B>EA,,label right,x"] * 2))


@pytest.mark.parametrize("row", ["9.png,EVE,,label right,x", "1.png,EVE,,label right,x"])
def test_a_row_made_for_another_picture_or_label_is_refused(tmp_path, row):
    with pytest.raises(DataError, match="its row was made for other pictures"):
        again(file(tmp_path, row))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"corrected_labels\.csv: not there"):
        corrections(tmp_path / corrected.FILE)


def test_the_corrections_of_this_repository_are_of_its_pictures_and_their_labels():
    pictures = ROOT / "results" / "handwritten-names"
    labels = (pictures / "written_name_validation_v2.csv").read_text("utf-8-sig").splitlines()
    for correction in corrections(pictures / corrected.FILE).values():
        assert f"{correction.file},{correction.label}" in labels


def test_only_reports_and_the_dashboard_read_them():
    """Neither training nor choosing nor releasing may see a corrected label that judges.

    `prepare --labels` reads files of the same form, and refuses rows of other splits than train.
    """
    sources = {path: path.read_text("utf-8") for path in (ROOT / "hwr_core").rglob("*.py")}
    readers = {
        path.relative_to(ROOT / "hwr_core").as_posix()
        for path, text in sources.items()
        if "evaluation.corrected" in text
        or "import corrected" in text
        or "corrected_labels" in text
    }
    reports = {
        f"evaluation/{name}.py" for name in ("corrected", "evaluate", "development", "causes")
    }
    assert readers == reports | {"dashboard/loading.py", "dashboard/label_noise.py"}
    reporting = ("evaluation.evaluate", "evaluation.development", "evaluation.causes")
    for path, text in sources.items():
        learns = path.parent.name == "training" or path.name == "release.py"
        if learns or path.parent.name == "data":
            assert not [name for name in reporting if name in text]
        if learns:
            assert "relabel" not in text
