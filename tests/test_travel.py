"""A store that travels: what was packed comes back, or a sentence says that it did not."""

import lzma
import re

import numpy as np
import pytest

from hwr_core.data import travel
from hwr_core.data.samples import DataError
from hwr_core.data.store import Store
from hwr_core.data.travel import expand, shrink
from tests import rendered


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    names = {"train": ["ANNA", "DE LA TOUR"], "validation": ["BOB"]}
    return rendered.store(tmp_path_factory.mktemp("travel"), names)


@pytest.fixture
def file(packed, tmp_path):
    shrink(packed, tmp_path / "small")
    return tmp_path / "small"


def test_ink_comes_back_at_its_nearest_of_sixteen_levels(packed, file, tmp_path):
    store = expand(file, tmp_path / "store")
    levels = np.rint(packed.strips / 17).astype(np.uint8)
    assert np.array_equal(store.strips, levels * 17)
    assert np.abs(store.strips.astype(int) - packed.strips).max() <= 8


def test_labels_and_all_else_of_the_index_come_back(packed, file, tmp_path):
    store = expand(file, tmp_path / "store")
    assert store.index.equals(packed.index)
    assert store.spec == packed.spec
    assert store.about["splits"] == packed.about["splits"]
    assert store.about["shrunk_from"] == packed.digest
    assert Store.open(tmp_path / "store").digest == store.digest != packed.digest


def test_what_came_back_travels_on_unchanged(file, tmp_path):
    once = expand(file, tmp_path / "once")
    shrink(once, tmp_path / "smaller")
    twice = expand(tmp_path / "smaller", tmp_path / "twice")
    assert np.array_equal(once.strips, twice.strips)
    assert once.digest == twice.digest


@pytest.mark.parametrize("chunk", [2_000, 7_168, 10_000_000])
def test_chunks_of_any_size_come_back_whole(packed, tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(travel, "CHUNK", chunk)
    shrink(packed, tmp_path / "small")
    store = expand(tmp_path / "small", tmp_path / "store")
    assert len(store.strips) == len(packed.strips)


def test_the_file_is_a_small_part_of_the_store(packed, tmp_path):
    said = shrink(packed, tmp_path / "small")
    size = (tmp_path / "small").stat().st_size
    assert size < len(packed.strips) / 4
    assert re.search(rf"3 strips, [\d.]+ MB, {size / 3:,.0f} bytes a picture", said)


@pytest.mark.parametrize("share", [0, 0.02, 0.3, 0.7, 0.999])
def test_a_file_cut_short_is_refused_and_leaves_nothing(file, tmp_path, share):
    whole = file.read_bytes()
    file.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(DataError, match=r"small: damaged or cut short \(.+\); copy it again"):
        expand(file, tmp_path / "store")
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match="nowhere: damaged or cut short"):
        expand(tmp_path / "nowhere", tmp_path / "store")


def test_other_ink_than_was_packed_is_noticed(packed, file, tmp_path):
    wrong = lzma.compress(bytes(len(packed.strips) // 2), lzma.FORMAT_RAW, filters=travel.FILTERS)
    with file.open("rb") as blocks:
        blocks.read(len(travel.MARK))
        for _ in range(2):
            blocks.seek(int.from_bytes(blocks.read(4), "little"), 1)
        kept = file.read_bytes()[: blocks.tell()]
    file.write_bytes(kept + len(wrong).to_bytes(4, "little") + wrong)
    with pytest.raises(DataError, match="holds other strips or labels than were packed"):
        expand(file, tmp_path / "store")


def test_nothing_is_overwritten(packed, file, tmp_path):
    with pytest.raises(DataError, match="small exists already"):
        shrink(packed, file)
    (tmp_path / "store").mkdir()
    with pytest.raises(DataError, match="store exists already"):
        expand(file, tmp_path / "store")
