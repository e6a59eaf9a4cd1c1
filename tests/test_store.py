"""The packed store: what goes in comes out, whole or not at all."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from hwr_core.data import pack as packing
from hwr_core.data.samples import DataError, LeftOut, Sample
from hwr_core.data.store import ABOUT, INDEX, STRIPS, Store
from hwr_core.picture import PictureSpec, prepare
from tests import rendered

SPLITS = {"train": ["ANNA", "DE LA TOUR"], "validation": ["BOB"]}


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """A store of three names, and the folder it was made from."""
    folder = tmp_path_factory.mktemp("store")
    return rendered.store(folder, SPLITS)


@pytest.fixture
def copy(packed, tmp_path):
    """The same store in a folder that may be damaged."""
    return shutil.copytree(packed.path, tmp_path / "copy")


def sample(folder, label="ANNA", picture=None, name="a.png", split="train"):
    if picture is not None:
        picture.save(folder / name)
    return Sample(name, folder / name, label, split, "test")


def pack(samples, out, spec=None):
    left_out = LeftOut()
    return packing.pack(samples, out, spec or PictureSpec(), left_out), left_out


def test_strips_and_labels_come_back_as_they_were_prepared(packed):
    store = Store.open(packed.path)
    assert store.column("label") == ["ANNA", "DE LA TOUR", "BOB"]
    assert store.column("split") == ["train", "train", "validation"]
    assert store.column("source") == ["kaggle"] * 3
    assert store.column("writer") == [None] * 3
    assert store.column("folded") == [True] * 3
    pictures = packed.path.parent / "pictures"
    for row, (split, name) in enumerate(
        zip(store.column("split"), store.column("name"), strict=True)
    ):
        picture = pictures / f"{split}_v2" / split / name
        expected = prepare(picture, store.spec).ink
        assert store.strip(row).shape == expected.shape == (48, store.widths[row])
        assert store.strip(row) / 255 == pytest.approx(expected, abs=0.501 / 255)


def test_the_rows_of_a_split_are_found(packed):
    assert packed.rows("train").tolist() == [0, 1]
    assert packed.rows("validation").tolist() == [2]


def test_an_unknown_split_lists_the_known_ones(packed):
    with pytest.raises(DataError, match=r"no split 'tset'; it has \['train', 'validation'\]"):
        packed.rows("tset")


def test_a_store_keeps_its_canvas(tmp_path):
    spec = PictureSpec(height=32, width=100, step=4)
    store = rendered.store(tmp_path, SPLITS, spec)
    assert store.spec == Store.open(store.path).spec == spec
    assert store.strip(0).shape[0] == 32
    assert store.of(spec) is store
    with pytest.raises(DataError, match=r"holds strips of .*height=32.* needed are .*height=48"):
        store.of(PictureSpec())


def test_packing_again_gives_the_same_digest(packed, tmp_path):
    again = rendered.packed(packed.path.parent / "pictures", tmp_path / "again")
    assert again.digest == packed.digest
    assert again.identity == packed.identity


def test_another_label_is_another_digest_and_another_side_another_identity(tmp_path):
    ink = np.asarray(rendered.picture("ANNA"))

    def store(number, label="ANNA", split="train", folded=True):
        sample = Sample("1.png", ink, label, split, "test", folded=folded)
        return packing.pack([sample], tmp_path / str(number), PictureSpec(), LeftOut())

    one, label, split, folded = (
        store(1), store(2, label="ANNE"), store(3, split="test"), store(4, folded=False)
    )  # fmt: skip
    assert one.digest != label.digest
    assert one.digest == split.digest == folded.digest
    assert len({each.identity for each in (one, label, split, folded)}) == 4


def test_several_processes_give_what_one_gives(packed, tmp_path, monkeypatch):
    monkeypatch.setattr(packing, "CHUNK", 1)
    again = rendered.packed(packed.path.parent / "pictures", tmp_path / "again")
    assert again.digest == packed.digest


def test_a_description_counts_what_is_there(packed):
    text = "\n".join(packed.describe())
    assert "3 strips (2 train, 1 validation)" in text
    assert "bytes a picture" in text


def test_what_cannot_be_used_is_counted_by_its_reason(tmp_path):
    narrow = Image.new("L", (20, 40), 255)
    narrow.paste(0, (8, 8, 11, 32))
    (tmp_path / "text.png").write_text("no picture", "utf-8")
    samples = [
        sample(tmp_path, picture=rendered.picture("ANNA")),
        sample(tmp_path, name="none.png"),
        sample(tmp_path, name="text.png", split="test"),
        sample(tmp_path, "NOT ONE LETTER BUT MANY", narrow, "narrow.png"),
    ]
    store, left_out = pack(samples, tmp_path / "store")
    assert left_out.splits == {
        "train": {
            "missing picture": {"count": 1, "files": ["none.png"]},
            "label longer than the frames allow": {"count": 1, "files": ["narrow.png"]},
        },
        "test": {"unreadable picture": {"count": 1, "files": ["text.png"]}},
    }
    assert Store.open(store.path).about["left_out"] == left_out.splits
    assert store.column("name") == ["a.png"]
    assert "train: 1 left out, missing picture (none.png)" in "\n".join(store.describe())


def test_without_a_usable_picture_there_is_no_store_and_every_reason_is_said(tmp_path):
    with pytest.raises(DataError, match=r"no picture could be used: train: 1 left out, missing"):
        pack([sample(tmp_path, name="none.png")], tmp_path / "store")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_no_half_store(tmp_path, monkeypatch):
    def fail(*_args, **_options):
        message = "disk full"
        raise OSError(message)

    good = sample(tmp_path, picture=rendered.picture("ANNA"))
    monkeypatch.setattr("pyarrow.feather.write_feather", fail)
    with pytest.raises(OSError, match="disk full"):
        pack([good], tmp_path / "store")
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
    assert pack([good], tmp_path / "store")[0].column("label") == ["ANNA"]


def test_a_store_is_never_overwritten(packed):
    with pytest.raises(DataError, match="exists already; remove it or name another folder"):
        pack([], packed.path)
    assert Store.open(packed.path).column("label")


@pytest.mark.parametrize("name", [ABOUT, INDEX, STRIPS])
@pytest.mark.parametrize("damage", ["gone", "empty", "cut", "garbage"])
def test_a_damaged_store_is_refused(copy, name, damage):
    file = copy / name
    content = file.read_bytes()
    damaged = {"empty": b"", "cut": content[: len(content) // 2], "garbage": b"garbage"}
    file.unlink()
    if damage != "gone":
        file.write_bytes(damaged[damage])
    with pytest.raises(DataError, match=r"copy: .*prepare"):
        Store.open(copy)


@pytest.mark.parametrize("about", [[], None, {}, {"format": 1}, {"format": 1, "picture": {}}])
def test_an_incomplete_description_is_refused(copy, about):
    (copy / ABOUT).write_text(json.dumps(about), "utf-8")
    with pytest.raises(DataError, match=r"copy: .*prepare"):
        Store.open(copy)


@pytest.mark.parametrize("change", [{"format": 1}, {"bytes": 3}, {"picture": {"hight": 3}}])
def test_a_store_of_another_format_is_refused(copy, change):
    about = json.loads((copy / ABOUT).read_text("utf-8"))
    (copy / ABOUT).write_text(json.dumps({**about, **change}), "utf-8")
    with pytest.raises(DataError, match=r"copy: .*prepare"):
        Store.open(copy)


def test_a_missing_store_says_how_to_make_one(tmp_path):
    with pytest.raises(DataError, match=r"python -m hwr_core prepare SOURCE DIR --out .*none"):
        Store.open(tmp_path / "none")


def test_strips_are_mapped_and_cannot_be_written(packed):
    store = Store.open(packed.path)
    assert isinstance(store.strips, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        store.strip(0)[0, 0] = 1
