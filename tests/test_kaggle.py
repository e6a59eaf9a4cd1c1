"""The Kaggle data set as it ships: what is kept, and what is left out, counted by its reason."""

import pytest

from hwr_core.data.samples import SHOWN, DataError, LeftOut, Sample
from hwr_core.data.sources.kaggle import samples
from tests import rendered


def read(folder):
    left_out = LeftOut()
    return list(samples(folder, left_out)), left_out.splits


def of(*labels):
    return {"train": list(labels)}


@pytest.fixture
def labels_file(tmp_path):
    """Replaces the label file of a data set of one name."""
    rendered.pictures(tmp_path, of("ANNA"))
    path = tmp_path / "written_name_train_v2.csv"

    def write(content):
        path.write_bytes(content)
        return tmp_path

    return write


def test_each_split_present_is_read_in_the_order_of_its_file(tmp_path):
    rendered.pictures(tmp_path, {"test": ["EVE"], "train": ["BOB", "ANNA"]})
    found, left_out = read(tmp_path)
    assert [(s.split, s.label, s.name) for s in found] == [
        ("train", "BOB", "train-0.png"),
        ("train", "ANNA", "train-1.png"),
        ("test", "EVE", "test-0.png"),
    ]
    assert all(sample.picture.is_file() for sample in found)
    assert isinstance(found[0], Sample)
    assert found[0].source == "kaggle"
    assert found[0].folded
    assert left_out == {}


def test_every_reason_is_counted_with_the_names_of_its_pictures(tmp_path):
    labels = ["ANNA", "", " ", "EMPTY", "UNREADABLE", "NONE", "NOM", "prenom", "ZOÉ", "A.B", "X1"]
    rendered.pictures(tmp_path, {"train": labels, "test": ["EMPTY"]})
    found, left_out = read(tmp_path)
    assert [sample.label for sample in found] == ["ANNA"]
    counted = {
        "missing label": [1, 2],
        "EMPTY": [3],
        "UNREADABLE": [4],
        "NONE": [5],
        "field name": [6, 7],
        "character outside the alphabet": [8, 9, 10],
    }
    assert left_out["train"] == {
        reason: {"count": len(rows), "files": [f"train-{row}.png" for row in rows]}
        for reason, rows in counted.items()
    }
    assert left_out["test"] == {"EMPTY": {"count": 1, "files": ["test-0.png"]}}


def test_a_picture_named_twice_is_kept_once_and_counted(labels_file):
    found, left_out = read(labels_file(b"FILENAME,IDENTITY\ntrain-0.png,ANNA\ntrain-0.png,HANNA\n"))
    assert [sample.label for sample in found] == ["ANNA"]
    assert left_out["train"] == {"named twice": {"count": 1, "files": ["train-0.png"]}}


def test_kept_and_left_out_add_up(tmp_path):
    labels = ["EMPTY"] * 30 + ["ANNA"] * 3
    found, left_out = read(rendered.pictures(tmp_path, of(*labels)))
    entry = left_out["train"]["EMPTY"]
    assert len(found) + entry["count"] == len(labels)
    assert len(entry["files"]) == SHOWN


@pytest.mark.parametrize("name", ["NA", "NULL", "NAN", "TRUE", "INF"])
def test_a_surname_that_looks_like_a_value_is_kept(tmp_path, name):
    found, _ = read(rendered.pictures(tmp_path, of(name)))
    assert [sample.label for sample in found] == [name]


def test_labels_are_spelled_by_the_one_policy(tmp_path):
    found, _ = read(rendered.pictures(tmp_path, of(" de  la tour ", "D\u2019ARC")))
    assert [sample.label for sample in found] == ["DE LA TOUR", "D'ARC"]


def test_a_missing_picture_is_left_to_whoever_opens_it(tmp_path):
    rendered.pictures(tmp_path, of("ANNA"))
    (tmp_path / "train_v2" / "train" / "train-0.png").unlink()
    assert len(read(tmp_path)[0]) == 1


def test_a_mark_of_the_byte_order_and_windows_lines_do_no_harm(labels_file):
    folder = labels_file(b"\xef\xbb\xbfFILENAME,IDENTITY\r\ntrain-0.png,ANNA\r\n\r\n")
    assert [sample.label for sample in read(folder)[0]] == ["ANNA"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", "line 1"),
        (b"train-0.png,ANNA\n", "line 1"),
        (b"FILENAME,NAME\ntrain-0.png,ANNA\n", "line 1"),
        (b"FILENAME,IDENTITY\ntrain-0.png,ANNA\ntrain-0.png\n", "line 3"),
        (b"FILENAME,IDENTITY\ntrain-0.png,ANNA,BOB\n", "line 2"),
        (b"FILENAME,IDENTITY\n,ANNA\n", "line 2"),
        (b"FILENAME,IDENTITY\ntrain-0.png,ZO\xc9\n", "save it as CSV in UTF-8"),
        (b"FILENAME,IDENTITY\ntrain-0.png," + b"A" * 200_000, "line 1"),
    ],
)
def test_a_damaged_label_file_is_named_with_its_line(labels_file, content, line):
    with pytest.raises(DataError, match=r"written_name_train_v2\.csv: ") as caught:
        read(labels_file(content))
    assert line in str(caught.value)


def test_a_folder_without_any_split_names_what_is_missing(tmp_path):
    with pytest.raises(DataError, match=r"no written_name_train_v2\.csv"):
        read(tmp_path)


def test_a_missing_folder_of_pictures_is_named(tmp_path):
    rendered.pictures(tmp_path, of("ANNA"))
    (tmp_path / "train_v2").rename(tmp_path / "elsewhere")
    with pytest.raises(DataError, match=r"train_v2/train: the pictures of written_name_train"):
        read(tmp_path)


def test_a_set_that_was_never_unpacked_whole_is_refused(tmp_path):
    rendered.pictures(tmp_path, of(*["ANNA"] * 44))
    for number in range(30):
        (tmp_path / "train_v2" / "train" / f"train-{number}.png").unlink()
    with pytest.raises(DataError, match="30 of 44 pictures are not there; unpack"):
        read(tmp_path)
