"""The development sets: what ships is what the whole sources hold, and no training picture."""

import gzip
import json
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
from tests import rendered

FOLDER = Path(__file__).resolve().parents[1] / "results" / "development"
WORDS = [("Anna", "kai-1"), ("Eve", "ugi-1"), ("Otto", "art-2"), ("zebu", "kai-1")]
STROKE = [0, 0, 40, 80, 80, 0, 120, 80]


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """Whole sources: a store for each set of strips, pen strokes, and lexicons."""
    folder = tmp_path_factory.mktemp("whole")
    for name in development.STRIPS:
        pictures = rendered.pictures(
            folder / name, {"train": ["EVE"], "validation": ["ANNA", "BOB"]}
        )
        rendered.packed(pictures, folder / "stores" / name)
    lines = (json.dumps({"text": t, "writer": w, "strokes": [STROKE]}) for t, w in WORDS)
    (folder / unipen.WORDS).write_bytes(gzip.compress("\n".join(lines).encode()))
    (folder / "lexicons").mkdir()
    for file, rows in {
        "insee_prenoms_1900_2021.csv": "name,female,male\nAnna,9,0\nEve,9,0",
        "us_ssa_given_names_1930on.csv": "name,female,male\nOttó,0,9",
        "cc0_common_forenames_by_country.csv": "Localized Name\nBob",
        "insee_noms_1891_2000_list.csv": "surname\nMARTIN",
        "us_census_surnames_1990.csv": "surname,percent\nSMITH,1",
        "cc0_common_surnames_by_country.csv": "Localized Name\nBobo",
    }.items():
        (folder / "lexicons" / file).write_text(rows)
    return folder


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
