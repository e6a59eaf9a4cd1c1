"""Files and folders read in bulk: a line a picture, in order, whatever happens."""

import csv
import json
import os
import subprocess
import sys
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image

from hwr_core import cli
from hwr_core.bulk import FORMS, read_paths
from hwr_core.bundle import files
from hwr_core.checkpoint import CheckpointError
from hwr_core.recognizer import Options
from tests import rendered

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "results" / "handwritten-names" / "validation_v2" / "validation"
KEYS = [
    "file", "text", "folded", "confidence", "accepted", "alternatives", "letters", "remarks",
    "error",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    """Two pictures and, between them, a file that is none."""
    rendered.picture("ANNA").save(tmp_path / "1.png")
    (tmp_path / "2.png").write_text("no picture", "utf-8")
    rendered.picture("BOB").save(tmp_path / "3.png")
    return tmp_path


@pytest.fixture
def read(tiny_checkpoint, capsys):
    """Reads paths, and gives the status and what was written."""

    def run(*paths, form="jsonl", top=5):
        status = read_paths(paths, tiny_checkpoint, form, top)
        return status, capsys.readouterr().out

    return run


def command(folder, checkpoint):
    """The command line that reads a folder."""
    options = [str(folder), "--jsonl", "--checkpoint", str(checkpoint)]
    return [sys.executable, "-m", "hwr_core", "read", *options]


def is_reading(record):
    """Whether a JSON object keeps the contract of a picture that was read."""
    assert list(record) == KEYS
    assert record["error"] is None
    assert record["accepted"] in (True, False)
    assert 0 <= record["confidence"] <= 1
    assert "".join(letter["char"] for letter in record["letters"]) == record["text"]
    for letter in record["letters"]:
        assert list(letter) == ["char", "start", "end", "confidence"]
        assert 0 <= letter["start"] <= letter["end"]
    assert all(list(other) == ["text", "confidence"] for other in record["alternatives"])
    return True


def is_refusal(record):
    """Whether a JSON object keeps the contract of a file that could not be read."""
    assert list(record) == KEYS
    assert record["error"].endswith(".")
    assert [record[key] for key in ("text", "folded", "confidence")] == [None] * 3
    assert record["accepted"] is False
    assert record["alternatives"] == record["letters"] == record["remarks"] == []
    return True


def test_json_has_a_line_a_picture_in_order(read, folder):
    status, out = read(folder)
    first, bad, last = map(json.loads, out.splitlines())
    assert status == 1
    assert is_reading(first)
    assert is_refusal(bad)
    assert is_reading(last)
    assert [Path(record["file"]).name for record in (first, bad, last)] == [
        "1.png", "2.png", "3.png",
    ]  # fmt: skip


def test_all_pictures_read_is_a_success(read, folder):
    status, out = read(folder / "1.png", folder / "3.png")
    assert status == 0
    assert len(out.splitlines()) == 2


def test_csv_has_a_header_and_a_line_a_picture(read, folder):
    _, out = read(folder, form="csv")
    first, bad, last = csv.DictReader(out.splitlines())
    _, lines = read(folder)
    record = json.loads(lines.splitlines()[0])
    assert first["text"] == record["text"]
    assert float(first["confidence"]) == record["confidence"]
    assert first["alternatives"].split("|") == [o["text"] for o in record["alternatives"]]
    assert first["remarks"].split("|") == (record["remarks"] or [""])
    assert first["error"] == last["error"] == bad["text"] == ""
    assert bad["error"].endswith(".")


def test_text_has_a_line_for_people(read, folder):
    _, out = read(folder, form="text")
    first, bad, _ = out.splitlines()
    assert first.startswith(f"{folder / '1.png'}: ")
    assert "%" in first
    assert bad.startswith(f"{folder / '2.png'}: error: ")


def test_a_line_for_people_says_why_a_reading_is_doubted(read, tmp_path):
    Image.new("L", (200, 60), 255).save(tmp_path / "blank.png")
    _, out = read(tmp_path / "blank.png", form="text")
    assert "(not sure, no-ink)" in out


def test_standard_input_is_a_picture(read, folder, monkeypatch):
    picture = (folder / "1.png").read_bytes()
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(picture)))
    _, out = read(Path("-"))
    given, (_, kept) = json.loads(out), read(folder / "1.png")
    assert given == {**json.loads(kept), "file": "-"}


def test_an_empty_path_is_not_the_current_folder(capsys):
    with pytest.raises(SystemExit):
        cli.main(["read", ""])
    assert "a path is empty" in capsys.readouterr().err


def test_no_more_alternatives_than_asked_for(read, folder):
    for top in (-1, 0, 2):
        _, out = read(folder / "1.png", top=top)
        assert len(json.loads(out)["alternatives"]) <= max(top, 0)


def test_every_page_of_a_file_and_file_of_a_zip_has_a_line(read, folder):
    first, second = [rendered.picture(name) for name in ("ANNA", "BOB")]
    first.save(folder / "one.TIFF")
    first.save(folder / "two.tif", save_all=True, append_images=[second])
    first.save(folder / "two.pdf", save_all=True, append_images=[second])
    with ZipFile(folder / "three.ZIP", "w") as archive:
        for name in ("1.png", "2.png", "3.png"):
            archive.write(folder / name, name)
    (folder / "none.pdf").write_bytes(b"%PDF-1.7 cut short")
    given = ("two.pdf", "two.tif", "one.TIFF", "three.ZIP", "none.pdf", "none.zip")
    status, out = read(*(folder / name for name in given))
    records = list(map(json.loads, out.splitlines()))
    assert status == 1
    assert [(r["file"].removeprefix(f"{folder}/"), bool(r["error"])) for r in records] == [
        ("two.pdf, page 1", False),
        ("two.pdf, page 2", False),
        ("two.tif, page 1", False),
        ("two.tif, page 2", False),
        ("one.TIFF", False),
        ("three.ZIP/1.png", False),
        ("three.ZIP/2.png", True),
        ("three.ZIP/3.png", False),
        ("none.pdf", True),
        ("none.zip", True),
    ]


def test_what_a_file_holds_counts_not_how_it_is_called(read, tmp_path):
    sheet = rendered.picture("ANNA")
    sheet.save(tmp_path / "scan", "TIFF", save_all=True, append_images=[sheet, sheet])
    status, out = read(tmp_path / "scan", form="text")
    assert status == 0
    assert [line.partition(": ")[0].rpartition("/")[2] for line in out.splitlines()] == [
        f"scan, page {number}" for number in (1, 2, 3)
    ]


FORGED = "a.jpg: DUPONT  99%\n\x1b[2Jb.jpg"


def test_no_name_of_a_file_forges_a_line_or_reaches_the_terminal(read, folder):
    with ZipFile(folder / "two.zip", "w") as archive:
        archive.write(folder / "1.png", FORGED)
        archive.write(folder / "2.png", f"{FORGED}2")
    _, out = read(folder / "two.zip", folder / f"none\n{FORGED}".replace("/", ""), form="text")
    assert len(out.splitlines()) == 3
    assert "two.zip/a.jpg: DUPONT  99%\\n\\x1b[2Jb.jpg: " in out
    assert "\x1b" not in out
    _, lines = read(folder / "two.zip")
    assert json.loads(lines.splitlines()[0])["file"].endswith(FORGED)  # as it is, for programs


@pytest.mark.parametrize("first", "=+-@\t")
def test_no_spreadsheet_runs_a_name_as_a_formula(first, capsys):
    record = {"file": f"{first}1\r.png", "text": f"{first}A", "alternatives": [], "remarks": []}
    FORMS["csv"](sys.stdout)({**record, "confidence": 0.5, "error": None})
    (row,) = csv.DictReader(StringIO(capsys.readouterr().out, newline=""))
    assert (row["file"], row["text"]) == (f"'{first}1\\r.png", f"'{first}A")
    assert (row["confidence"], row["error"]) == ("0.5", "")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_a_name_that_the_systems_encoding_lacks_ends_nothing(folder, tiny_checkpoint, encoding):
    try:
        (folder / "1.png").rename(folder / os.fsdecode(b"1\xe9\xc5\x82.png"))  # Latin-1, and ł
    except OSError as error:  # macOS
        pytest.skip(f"this file system takes no name that is not UTF-8 ({error})")
    system = {**os.environ, "PYTHONIOENCODING": encoding}
    line = command(folder, tiny_checkpoint)
    done = subprocess.run(line, cwd=ROOT, env=system, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 3
    assert os.fsencode(json.loads(lines[0])["file"]).endswith(b"/1\xe9\xc5\x82.png")


def test_a_missing_file_is_a_line_as_well(read, folder):
    status, out = read(folder / "none.png", folder / "1.png")
    bad, good = map(json.loads, out.splitlines())
    assert status == 1
    assert is_refusal(bad)
    assert is_reading(good)


def test_a_name_too_long_for_any_system_is_a_line_as_well(read, folder):
    status, out = read(folder / (300 * "x"), folder / "1.png")
    bad, good = map(json.loads, out.splitlines())
    assert status == 1
    assert is_refusal(bad)
    assert is_reading(good)


def test_a_share_of_errors_that_nobody_tuned_to_is_refused_before_any_line(
    folder, tiny_checkpoint, capsys
):
    with pytest.raises(CheckpointError):
        read_paths([folder], tiny_checkpoint, "csv", 5, Options(errors=0.0001))
    assert not capsys.readouterr().out


def test_variants_make_readings_of_their_own(folder, tiny_checkpoint, capsys):
    def confidence(*options):
        given = [str(folder / "1.png"), "--jsonl", "--checkpoint", str(tiny_checkpoint)]
        assert cli.main(["read", *given, *options]) == 0
        return json.loads(capsys.readouterr().out)["confidence"]

    assert confidence() == confidence() != confidence("--variants")


def test_a_folder_stands_for_every_visible_file_below_it(tmp_path):
    for name in ("b/2.png", "b/1.png", "a.png", ".hidden", ".git/x.png", "b/.x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    below = [str(path.relative_to(tmp_path)) for path in files(tmp_path)]
    assert below == ["a.png", "b/1.png", "b/2.png"]
    assert list(files(tmp_path / ".hidden")) == [tmp_path / ".hidden"]


def test_a_missing_model_is_refused_before_any_picture_is_read(folder, tmp_path):
    with pytest.raises(CheckpointError, match="none"):
        read_paths([folder], tmp_path / "none.safetensors", "jsonl", 5)


def test_an_empty_folder_is_a_line_as_well(read, folder, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".hidden").touch()
    status, out = read(tmp_path / "empty", folder / "1.png")
    empty, good = map(json.loads, out.splitlines())
    assert status == 1
    assert "There is no file in this folder" in empty["error"]
    assert is_reading(good)


def test_a_reader_that_has_seen_enough_ends_the_program_quietly(folder, tiny_checkpoint):
    process = subprocess.Popen(
        command(folder, tiny_checkpoint), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


@pytest.mark.slow
def test_one_bad_file_among_500_costs_one_line_and_the_status(tmp_path, tiny_checkpoint):
    for picture in sorted(PICTURES.iterdir())[:500]:
        (tmp_path / picture.name).symlink_to(picture)
    (tmp_path / "VALIDATION_0250_unreadable.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut")
    ran = subprocess.run(
        command(tmp_path, tiny_checkpoint),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert ran.returncode == 1, ran.stderr
    records = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [record["file"] for record in records] == sorted(map(str, tmp_path.iterdir()))
    bad = [record for record in records if record["error"]]
    assert len(records) == 501
    assert len(bad) == 1
    assert is_refusal(bad[0])
    assert all(is_reading(record) for record in records if record not in bad)
