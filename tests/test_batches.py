"""Batches: every row once a pass, the same order at every start, shared out without overlap."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwr_core.alphabet import Alphabet, AlphabetError
from hwr_core.data.batches import Strips, epoch_batches, equal_width_batches
from hwr_core.data.mixture import Mixture
from hwr_core.data.pack import pack
from hwr_core.data.samples import LeftOut, Sample
from hwr_core.picture import PictureSpec
from hwr_core.training.recipe import Recipe
from hwr_core.training.run import Names
from tests import rendered

WIDTHS = np.random.default_rng(0).choice([32, 64, 96, 128], 50).astype(np.int32)
ROWS = np.arange(3, 50)  # the first three belong to another split


def flat(batches) -> list[int]:
    return [int(row) for batch in batches for row in batch]


def lists(batches) -> list[list[int]]:
    return [batch.tolist() for batch in batches]


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


@given(size=st.integers(1, 60), world=st.integers(1, 4))
def test_an_epoch_has_every_row_once_and_fills_up_what_processes_lack(size, world):
    batches = epoch_batches(ROWS, WIDTHS, size, world, rng())
    number = -(-len(ROWS) // size)
    assert sorted(flat(batches[:number])) == ROWS.tolist()
    assert all(0 < len(batch) <= size for batch in batches)
    assert len(batches) % world == 0
    assert lists(batches[number:]) == (lists(batches) * world)[: len(batches) - number]


def test_a_batch_holds_strips_of_similar_width():
    """Of the sorted widths a batch is a window, so few batches hold two widths."""
    batches = epoch_batches(ROWS, WIDTHS, 8, 1, rng())
    mixed = [batch for batch in batches if len(set(WIDTHS[batch])) > 1]
    assert len(mixed) <= len(set(WIDTHS)) - 1


def test_batches_of_equal_width_have_every_row_once_and_one_width_each():
    batches = equal_width_batches(ROWS, WIDTHS, 5)
    assert sorted(flat(batches)) == ROWS.tolist()
    assert all(len(set(WIDTHS[batch])) == 1 and len(batch) <= 5 for batch in batches)


def test_padding_is_paper():
    mixture = Mixture((rendered.in_memory([8, 20]),))
    batch = Strips(mixture, Alphabet("A"), [np.array([0, 1])])[0]
    assert batch.images.shape == (2, 1, 16, 20)
    assert batch.images[0, ..., :8].eq(255).all()
    assert batch.images[0, ..., 8:].eq(0).all()
    assert batch.images[1].eq(255).all()


def test_a_batch_of_equal_width_is_not_padded():
    mixture = Mixture((rendered.in_memory([8, 20, 8]),))
    batches = equal_width_batches(np.arange(3), mixture.widths, 64)
    for batch in Strips(mixture, Alphabet("A"), batches):
        assert batch.images.eq(255).all()


def test_labels_stand_end_to_end_in_the_order_of_the_rows():
    mixture = Mixture((rendered.in_memory([8, 8, 8], label="BA"),))
    batch = Strips(mixture, Alphabet("AB"), [np.array([2, 0])])[0]
    assert batch.targets.tolist() == [2, 1, 2, 1]
    assert batch.lengths.tolist() == [2, 2]
    assert batch.rows.tolist() == [2, 0]


@pytest.fixture(scope="module")
def names(tmp_path_factory) -> Names:
    train = [first + second for first in "ABCDE" for second in "XYZ"]
    folder = tmp_path_factory.mktemp("batches")
    store = rendered.store(folder, {"train": train, "validation": ["EVE"]})
    return Names(Recipe(name="x", stores={store.path: 1}, devices=2, optim={"batch": 4}))


def rows_of(names: Names, rank: int, epoch: int) -> list[list[int]]:
    """The rows of each batch that one of the processes of a training is given."""
    names.trainer = SimpleNamespace(current_epoch=epoch, global_rank=rank)
    return [batch.rows.tolist() for batch in names.train_dataloader()]


def test_processes_share_an_epoch_without_overlap(names):
    for epoch in range(3):
        first, second = rows_of(names, 0, epoch), rows_of(names, 1, epoch)
        assert len(first) == len(second) == names.steps == 2
        assert sorted(flat(first + second)) == names.rows[0].tolist()


def test_the_order_is_a_pure_function_of_seed_and_epoch(names):
    assert rows_of(names, 0, 4) == rows_of(names, 0, 4)
    assert rows_of(names, 0, 4) != rows_of(names, 0, 3)
    other = Names(names.recipe.model_copy(update={"seed": 2}))
    assert rows_of(names, 0, 4) != rows_of(other, 0, 4)


@pytest.mark.parametrize("split", ["train", "validation"])
def test_a_label_outside_the_alphabet_is_refused_before_the_run(tmp_path, split):
    labels = {"train": "LEA", "validation": "LEA", split: "Léa"}
    picture = np.asarray(rendered.picture("LEA"))
    samples = [Sample(part, picture, label, part, "test") for part, label in labels.items()]
    store = pack(samples, tmp_path / "store", PictureSpec(), LeftOut())
    with pytest.raises(AlphabetError, match="'Léa' has 'aé'"):
        Names(Recipe(name="x", stores={store.path: 1}, alphabet="folded"))


def test_a_batch_tells_which_labels_are_folded(names):
    names.trainer = SimpleNamespace(current_epoch=0, global_rank=0)
    assert all(batch.folded.all() for batch in names.train_dataloader())
