"""The development sets: what ships is what the whole sources hold, and no training picture."""

from pathlib import Path

import numpy as np
import pytest

from hwr_core.checkpoint import SHIPPED, Checkpoint
from hwr_core.data import development
from hwr_core.data.pack import pack
from hwr_core.data.samples import DataError, LeftOut
from hwr_core.data.sources import unipen
from hwr_core.data.store import Store
from hwr_core.data.travel import expand
from hwr_core.picture import PictureSpec
from tests import whole_sources

FOLDER = Path(__file__).resolve().parents[1] / "results" / "development"


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    return whole_sources.write(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def shipped(whole, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("shipped")
    list(development.ship(whole / "stores", whole, whole / "lexicons", out))
    return out


def test_the_strips_that_ship_are_the_development_strips_in_sixteen_levels(
    whole, shipped, tmp_path
):
    for name in development.STRIPS:
        store, small = (
            Store.open(whole / "stores" / name),
            expand(shipped / f"{name}.small", tmp_path / name),
        )
        rows = store.rows("validation")
        assert len(small.index) == len(rows)
        assert (
            small.column("label") == [store.column("label")[row] for row in rows] == ["ANNA", "BOB"]
        )
        for number, row in enumerate(rows):
            rounded = np.rint(store.strip(row) / 17) * 17
            assert np.array_equal(small.strip(number), rounded)


def test_strokes_are_rendered_to_the_strips_of_the_whole_source(whole, shipped, tmp_path):
    small = next(development.unpack(shipped, tmp_path / "small", PictureSpec()))
    left_out = LeftOut()
    store = pack(unipen.words(whole, left_out), tmp_path / "whole", PictureSpec(), left_out)
    rows = store.rows("validation")
    assert small.column("label") == [store.column("label")[row] for row in rows]
    assert small.column("label") == ["Anna", "Otto", "zebu"]
    for number, row in enumerate(rows):
        assert np.array_equal(small.strip(number), store.strip(row))


def test_a_word_is_a_name_if_a_lexicon_has_it_whatever_its_case_and_accents(shipped):
    assert development.names(shipped) == {"ANNA", "OTTO"}


def test_sets_that_are_there_are_not_overwritten(whole, shipped):
    with pytest.raises(DataError, match="exists already; remove it"):
        list(development.ship(whole / "stores", whole, whole / "lexicons", shipped))


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
