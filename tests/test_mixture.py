"""Several stores are one: rows numbered through, each passed as often as its share says."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwr_core.data.mixture import Mixture, epoch_rows
from hwr_core.data.samples import DataError
from hwr_core.picture import PictureSpec
from tests import rendered

STORES = [np.arange(3, 20), np.arange(30, 35), np.array([], np.int64)]


def test_rows_are_numbered_through():
    mixture = Mixture((rendered.in_memory([8, 16], "A"), rendered.in_memory([24], "B")))
    assert mixture.widths.tolist() == [8, 16, 24]
    assert [mixture.strip(row).shape for row in range(3)] == [(16, 8), (16, 16), (16, 24)]
    assert mixture.column("label") == ["A", "A", "B"]
    assert [rows.tolist() for rows in mixture.rows("train")] == [[0, 1], [2]]


def test_a_split_that_no_store_has_is_refused():
    with pytest.raises(DataError, match="no split 'validation' in nowhere"):
        Mixture((rendered.in_memory([8]),)).rows("validation")


def test_a_store_of_another_canvas_is_refused(tmp_path):
    store = rendered.store(tmp_path, {"train": ["ANNA"]})
    with pytest.raises(DataError, match="needed are height=32"):
        Mixture.open([store.path], PictureSpec(height=32))


@given(passes=st.floats(0.05, 3), seed=st.integers(0, 3))
def test_an_epoch_takes_each_stores_share(passes, seed):
    rows = Counter(epoch_rows(STORES, [passes, 1, 1], seed, 0).tolist())
    first, second = (sum(rows[row] for row in store.tolist()) for store in STORES[:2])
    assert (first, second) == (round(passes * 17), 5)


def test_no_row_comes_twice_before_all_came_once():
    epochs = [epoch_rows(STORES, [0.3, 0.4, 1], 1, epoch).tolist() for epoch in range(40)]
    for store, size in zip(STORES[:2], (5, 2), strict=True):
        stream = [row for epoch in epochs for row in epoch if row in store]
        assert len(stream) == 40 * size
        cuts = range(0, len(stream), len(store))
        for start, end in pairwise(cuts):
            assert sorted(stream[start:end]) == store.tolist()


def test_the_rows_are_a_pure_function_of_seed_and_epoch():
    def rows(seed: int, epoch: int) -> list[int]:
        return epoch_rows(STORES, [0.5, 0.5, 1], seed, epoch).tolist()

    assert rows(1, 2) == rows(1, 2)
    assert rows(1, 2) != rows(1, 3)
    assert rows(1, 2) != rows(2, 2)
