"""Batches: every row once a pass, the same order at every start, shared out without overlap."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwr_core.alphabet import Alphabet
from hwr_core.data.batches import Strips, epoch_batches, equal_width_batches, shuffled_pass
from hwr_core.training.recipe import Recipe
from hwr_core.training.run import Names
from tests import rendered

WIDTHS = np.random.default_rng(0).choice([32, 64, 96, 128], 50).astype(np.int32)
ROWS = np.arange(3, 50)  # the first three belong to another split


def flat(batches) -> list[int]:
    return [int(row) for batch in batches for row in batch]


def lists(batches) -> list[list[int]]:
    return [batch.tolist() for batch in batches]


@given(size=st.integers(1, 60), seed=st.integers(0, 5), number=st.integers(0, 5))
def test_a_pass_has_every_row_once(size, seed, number):
    batches = shuffled_pass(ROWS, WIDTHS, size, seed, number)
    assert sorted(flat(batches)) == ROWS.tolist()
    assert all(0 < len(batch) <= size for batch in batches)


@given(size=st.integers(1, 20), steps=st.integers(1, 30), epochs=st.integers(1, 6))
def test_epochs_are_windows_of_one_endless_stream_of_passes(size, steps, epochs):
    windows = [
        batch
        for epoch in range(epochs)
        for batch in lists(epoch_batches(ROWS, WIDTHS, size, 1, epoch, steps))
    ]
    passes = epochs * steps * size // len(ROWS) + 2
    stream = [
        batch
        for number in range(passes)
        for batch in lists(shuffled_pass(ROWS, WIDTHS, size, 1, number))
    ]
    assert windows == stream[: epochs * steps]


def test_the_order_is_a_pure_function_of_seed_and_epoch():
    def order(seed: int, epoch: int) -> list[list[int]]:
        return lists(epoch_batches(ROWS, WIDTHS, 8, seed, epoch, 6))

    assert order(1, 4) == order(1, 4)
    assert order(1, 4) != order(1, 3)
    assert order(1, 4) != order(2, 4)


def test_a_batch_holds_strips_of_similar_width():
    """Of the sorted widths a batch is a window, so few batches of a pass hold two widths."""
    batches = shuffled_pass(ROWS, WIDTHS, 8, 1, 0)
    mixed = [batch for batch in batches if len(set(WIDTHS[batch])) > 1]
    assert len(mixed) <= len(set(WIDTHS)) - 1


def test_batches_of_equal_width_have_every_row_once_and_one_width_each():
    batches = equal_width_batches(ROWS, WIDTHS, 5)
    assert sorted(flat(batches)) == ROWS.tolist()
    assert all(len(set(WIDTHS[batch])) == 1 and len(batch) <= 5 for batch in batches)


def test_padding_is_paper():
    store = rendered.in_memory([8, 20])
    batch = Strips(store, Alphabet("A"), [np.array([0, 1])])[0]
    assert batch.images.shape == (2, 1, 16, 20)
    assert batch.images[0, ..., :8].eq(255).all()
    assert batch.images[0, ..., 8:].eq(0).all()
    assert batch.images[1].eq(255).all()


def test_a_batch_of_equal_width_is_not_padded():
    store = rendered.in_memory([8, 20, 8])
    for batch in Strips(store, Alphabet("A"), equal_width_batches(np.arange(3), store.widths, 64)):
        assert batch.images.eq(255).all()


def test_labels_stand_end_to_end_in_the_order_of_the_rows():
    store = rendered.in_memory([8, 8, 8], label="BA")
    batch = Strips(store, Alphabet("AB"), [np.array([2, 0])])[0]
    assert batch.targets.tolist() == [2, 1, 2, 1]
    assert batch.lengths.tolist() == [2, 2]
    assert batch.rows.tolist() == [2, 0]


@pytest.fixture(scope="module")
def names(tmp_path_factory) -> Names:
    train = [first + second for first in "ABCDE" for second in "XYZ"]
    folder = tmp_path_factory.mktemp("batches")
    store = rendered.store(folder, {"train": train, "validation": ["EVE"]})
    return Names(Recipe(name="x", store=store.path, devices=2, optim={"batch": 4}))


def rows_of(names: Names, rank: int, world: int, epoch: int) -> list[list[int]]:
    """The rows of each batch that a process of a training of `world` processes is given."""
    names.trainer = SimpleNamespace(current_epoch=epoch, global_rank=rank, world_size=world)
    return [batch.rows.tolist() for batch in names.train_dataloader()]


def test_processes_share_the_stream_without_overlap(names):
    stream = [
        batch
        for epoch in range(4)
        for pair in zip(*(rows_of(names, r, 2, epoch) for r in (0, 1)), strict=True)
        for batch in pair
    ]
    expected = epoch_batches(names.rows, names.store.widths, 4, 1, 0, 4 * 2 * names.steps)
    assert stream == lists(expected)
    one_pass = stream[:4]  # 15 rows in batches of 4
    assert sorted(flat(one_pass)) == names.rows.tolist()


def test_an_epoch_has_as_many_steps_on_every_process(names):
    assert len(rows_of(names, 0, 2, 0)) == len(rows_of(names, 1, 2, 0)) == names.steps == 2
