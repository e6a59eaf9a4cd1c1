"""A store in 16 levels of ink: a store like the one it is of, and much smaller when compressed."""

import lzma

import numpy as np
import pytest

from hwr_core.data.samples import DataError
from hwr_core.data.store import Store
from hwr_core.data.travel import coarsen
from tests import rendered


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    names = {"train": ["ANNA", "DE LA TOUR"], "validation": ["BOB"]}
    return rendered.store(tmp_path_factory.mktemp("travel"), names)


def test_ink_is_the_nearest_of_sixteen_levels(packed, tmp_path):
    store = coarsen(packed, tmp_path / "store")
    levels = np.rint(packed.strips / 17).astype(np.uint8)
    assert np.array_equal(store.strips, levels * 17)
    assert np.abs(store.strips.astype(int) - packed.strips).max() <= 8


def test_labels_and_all_else_of_the_index_stay(packed, tmp_path):
    store = coarsen(packed, tmp_path / "store")
    assert store.index.equals(packed.index)
    assert store.spec == packed.spec
    assert store.about["splits"] == packed.about["splits"]
    assert store.about["coarsened_from"] == packed.digest
    assert Store.open(tmp_path / "store").digest == store.digest != packed.digest


def test_again_it_stays_as_it_is(packed, tmp_path):
    once = coarsen(packed, tmp_path / "once")
    twice = coarsen(once, tmp_path / "twice")
    assert np.array_equal(once.strips, twice.strips)
    assert once.digest == twice.digest


def test_it_compresses_to_a_fraction(packed, tmp_path):
    store = coarsen(packed, tmp_path / "store")
    assert len(lzma.compress(store.strips)) < 0.6 * len(lzma.compress(packed.strips))


def test_nothing_is_overwritten(packed, tmp_path):
    (tmp_path / "store").mkdir()
    with pytest.raises(DataError, match="store exists already"):
        coarsen(packed, tmp_path / "store")
