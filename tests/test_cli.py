"""The command line: numbers in their ranges, folders made before the work, errors in a sentence."""

import pytest

from hwr_core import cli
from hwr_core.cli.options import out_file, within


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ablate", "plan.yaml", "--processes", "0"], "--processes: expected 1 or more, got 0"),
        (["causes", "--number", "-1"], "--number: expected 1 or more, got -1"),
        (["average", "a", "b", "--out", "c", "--share", "2"], "--share: expected 0 to 1, got 2"),
        (
            ["average", "a", "b", "--out", "c", "--share", "nan"],
            "--share: expected 0 to 1, got nan",
        ),
        (["read", "a.png", "--errors", "x"], "--errors: invalid float value: 'x'"),
    ],
)
def test_a_number_out_of_its_range_is_refused(arguments, said, capsys):
    with pytest.raises(SystemExit):
        cli.main(arguments)
    assert said in capsys.readouterr().err


def test_the_ends_of_a_range_belong_to_it():
    parse = within(float, 0, 1)
    assert (parse("0"), parse("1"), parse("0.5")) == (0, 1, 0.5)


def test_the_folder_of_a_file_to_write_is_made(tmp_path):
    assert out_file(str(tmp_path / "new" / "table.md")).parent.is_dir()


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path, capsys):
    (tmp_path / "taken").mkdir()
    store = tmp_path / "taken"
    assert cli.main(["development", str(tmp_path), "--out", str(store / "x.txt" / "y")]) == 2
    blocked = tmp_path / "file"
    blocked.touch()
    assert cli.main(["development", str(tmp_path), "--out", str(blocked / "sets")]) == 2
    assert cli.main(["doubts", str(store), "--out", str(blocked / "new" / "x.csv")]) == 2
    said = capsys.readouterr().err.splitlines()
    assert all(line.startswith("error: ") for line in said)
    assert f"{blocked / 'sets'}: Not a directory" in said[-2]
    assert f"{blocked / 'new'}: Not a directory" in said[-1]


def test_there_must_be_pictures_to_time(tmp_path, capsys):
    assert cli.main(["bench", "--pictures", str(tmp_path)]) == 2
    assert "there is no picture to time" in capsys.readouterr().err
