"""The bench of training: a ratio, and batches as the network gets them."""

import re

import torch

from hwr_core.data.augment import ROOM
from hwr_core.training.bench import delivered, delivery
from hwr_core.training.names import Names
from tests import learning, rendered


def test_both_rates_and_their_ratio_are_told(tmp_path):
    store = rendered.store(tmp_path, rendered.BY_HEART)
    head, *rates, ratio = delivery(learning.recipe(store), seconds=0.2)
    assert head == "cpu, 1 threads, batches of 2, median of 5 rounds"
    assert [re.sub(r" +[\d,]+ ", " N ", line) for line in rates] == [
        "delivered N pictures/s",
        "the network learns N pictures/s",
    ]
    assert float(re.fullmatch(r"ratio +([\d.]+)", ratio)[1]) > 0


def test_a_delivered_batch_is_augmented_ink(tmp_path):
    recipe = learning.recipe(rendered.store(tmp_path, rendered.BY_HEART))
    batch = next(iter(Names(recipe).train_dataloader()))
    given = delivered(batch, recipe, torch.Generator().manual_seed(1))
    assert given.images.dtype == torch.float32
    assert given.images.shape[-1] == batch.images.shape[-1] + 2 * ROOM
    assert 0 <= given.images.min() < given.images.max() <= 1
    assert torch.equal(given.targets, batch.targets)
