"""The development sets: what ships is what the whole sources hold, and no training picture."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from hwr_core.checkpoint import SHIPPED, Checkpoint
from hwr_core.data import development
from hwr_core.data.pack import pack
from hwr_core.data.samples import DataError, LeftOut
from hwr_core.data.sources import SOURCES, unipen
from hwr_core.picture import PictureSpec
from tests import whole_sources

FOLDER = Path(__file__).resolve().parents[1] / "results" / "development"


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    return whole_sources.write(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def shipped(whole, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("shipped")
    list(development.ship(whole, out))
    return out


@pytest.mark.parametrize("spec", [PictureSpec(), PictureSpec(height=32, line=20)], ids=str)
def test_photographs_are_prepared_for_any_canvas_as_the_whole_source_is(
    spec, whole, shipped, tmp_path
):
    _, *small = development.unpack(shipped, tmp_path / "small", spec)
    for name, store in zip(development.PHOTOGRAPHS, small, strict=True):
        samples = SOURCES[name](whole / name, LeftOut())
        rows = pack(samples, tmp_path / name, spec, LeftOut())
        wanted = rows.rows("validation")
        assert store.spec == spec
        assert store.column("label") == ["ANNA", "BOB"]
        assert store.column("split") == ["validation"] * 2
        for number, row in enumerate(wanted):
            assert np.array_equal(store.strip(number), rows.strip(row))


def test_what_ships_and_what_is_left_out_is_counted(whole, tmp_path):
    lines = list(development.ship(whole, tmp_path))
    assert [line.split(": ")[1].split(", ")[:2] for line in lines[2:]] == [
        ["2 pictures", "0 left out"],
        ["2 pictures", "1 left out"],
        ["2 pictures", "0 left out"],
    ]


def test_the_same_sources_give_the_same_bytes(whole, shipped, tmp_path):
    list(development.ship(whole, tmp_path))
    for name in development.PHOTOGRAPHS:
        again, archive = tmp_path / f"{name}.zip", shipped / f"{name}.zip"
        assert again.read_bytes() == archive.read_bytes()


@pytest.mark.parametrize("damage", [None, b"", b"PK\x03\x04 and no more"])
def test_a_damaged_archive_is_named_with_its_remedy(damage, shipped, tmp_path):
    folder = shutil.copytree(shipped, tmp_path / "damaged")
    (folder / "dhsd.zip").unlink()
    if damage is not None:
        (folder / "dhsd.zip").write_bytes(damage)
    with pytest.raises(DataError, match=r"dhsd\.zip: .*; `make development` packs it anew"):
        list(development.unpack(folder, tmp_path / "out", PictureSpec()))


def test_strokes_are_rendered_to_the_strips_of_the_whole_source(whole, shipped, tmp_path):
    small = next(development.unpack(shipped, tmp_path / "small", PictureSpec()))
    left_out = LeftOut()
    store = pack(
        unipen.words(whole / "unipen", left_out), tmp_path / "whole", PictureSpec(), left_out
    )
    rows = store.rows("validation")
    assert small.column("label") == [store.column("label")[row] for row in rows]
    assert small.column("label") == ["Anna", "Otto", "zebu"]
    for number, row in enumerate(rows):
        assert np.array_equal(small.strip(number), store.strip(row))


def test_a_word_is_a_name_if_a_lexicon_has_it_whatever_its_case_and_accents(shipped):
    assert development.names(shipped) == {"ANNA", "OTTO"}


@pytest.mark.parametrize("lacking", ["unipen", "dhsd"])
def test_a_missing_source_costs_no_set_that_is_there(lacking, whole, shipped, tmp_path):
    folder, less = shutil.copytree(shipped, tmp_path / "there"), tmp_path / "whole"
    shutil.copytree(whole, less, ignore=shutil.ignore_patterns(lacking))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(DataError):
        list(development.ship(less, folder))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_missing_list_of_names_is_named_with_its_remedy(tmp_path):
    with pytest.raises(DataError, match=r"names\.txt: .*; `make development` writes it"):
        development.names(tmp_path)


@pytest.mark.slow
def test_the_sets_of_this_repository_are_whole_and_fit_the_shipped_model(tmp_path):
    spec = Checkpoint.open(SHIPPED).header.picture
    sets = {s.path.name: s for s in development.unpack(FOLDER, tmp_path, spec)}
    assert {name: len(store.index) for name, store in sets.items()} == {
        "unipen-words": 3793,
        "dhsd": 656,
        "copiste": 2485,
        "full-names-fr": 64,
    }
    assert {split for store in sets.values() for split in store.column("split")} == {"validation"}
    assert {str(store.spec) for store in sets.values()} == {str(spec)}
