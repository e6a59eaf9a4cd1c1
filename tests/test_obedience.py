"""What a recipe says is done: each setting counts, and pictures are changed in training alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from hwr_core.checkpoint import Checkpoint
from hwr_core.data.augment import AugmentSettings
from hwr_core.data.batches import Strips
from hwr_core.data.mixture import Mixture
from hwr_core.data.store import Store
from hwr_core.evaluation import results
from hwr_core.training.losses import Loss
from hwr_core.training.reader import Reader
from hwr_core.training.run import train
from hwr_core.training.state import SafetensorsIO
from tests import rendered
from tests.learning import recipe

AS_IT_IS = dict.fromkeys(AugmentSettings.model_fields, 0)
SHORT = {"pictures": 4, "optim": {"epochs": 2}}
CHANGES = {
    "ema": {"optim": {"epochs": 2, "ema": 0}},
    "clip": {"optim": {"epochs": 2, "clip": 1e-3}},
    "shortcut": {"optim": {"epochs": 2, "shortcut": 1}},
    "weight decay": {"optim": {"epochs": 2, "weight_decay": 0.5}},
    "mistakes": {"optim": {"epochs": 2, "mistakes": 1}},
    "later": {"later": {"epoch": 1, "augment": AS_IT_IS}},
    "seed": {"seed": 9},
}


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    return rendered.store(tmp_path_factory.mktemp("names"), rendered.BY_HEART)


def weights(folder: Path) -> dict[str, torch.Tensor]:
    """Those after the last epoch."""
    state = SafetensorsIO().load_checkpoint(folder / "last.safetensors")["state_dict"]
    assert isinstance(state, dict)
    return state


@pytest.fixture(scope="module")
def plain(store, tmp_path_factory) -> dict[str, torch.Tensor]:
    folder = tmp_path_factory.mktemp("plain")
    train(recipe(store, **SHORT), folder)
    return weights(folder)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_setting_changes_what_is_learned(store, plain, change, tmp_path):
    train(recipe(store, **{**SHORT, **change}), tmp_path)
    found = weights(tmp_path)
    assert found.keys() == plain.keys()
    assert any(not torch.equal(found[name], plain[name]) for name in plain)


def test_the_same_recipe_learns_the_same(store, plain, tmp_path):
    """Or the test above would hold of chance alone."""
    train(recipe(store, **SHORT), tmp_path)
    found = weights(tmp_path)
    assert all(torch.equal(found[name], plain[name]) for name in plain)


def test_the_augmentation_changes_at_its_epoch(store):
    given = recipe(store, later={"epoch": 2, "augment": AS_IT_IS})
    kinds = [given.augment_at(epoch) == AugmentSettings(**AS_IT_IS) for epoch in range(4)]
    assert kinds == [False, False, True, True]


def test_only_matrices_and_kernels_decay(store):
    reader = Reader(recipe(store, optim={"weight_decay": 0.25}))
    decaying, others = reader.configure_optimizers()["optimizer"].param_groups
    assert (decaying["weight_decay"], others["weight_decay"]) == (0.25, 0)
    assert {weight.ndim > 1 for weight in decaying["params"]} == {True}
    assert {weight.ndim > 1 for weight in others["params"]} == {False}


def test_the_rate_moves_at_every_step(store, tmp_path):
    train(recipe(store, pictures=12, optim={"epochs": 1, "warmup": 0.5}), tmp_path)
    (logged,) = results.read_training(tmp_path)["learning_rate"]
    reader = Reader(recipe(store, optim={"warmup": 0.5}), steps=6)
    assert logged == pytest.approx(2e-3 * np.mean([reader._rate(step) for step in range(1, 7)]))


def test_a_run_that_became_no_better_ends_and_stays_so(tmp_path):
    store = rendered.store(tmp_path, {"train": ["ANNA"], "validation": ["ANNA"]})
    idle = {"epochs": 9, "patience": 1, "learning_rate": 1e-6}
    for resume in (False, True):
        train(recipe(store, pictures=2, optim=idle), tmp_path / "run", resume=resume)
        assert results.read_training(tmp_path / "run")["epoch"].tolist() == [0, 1]


def test_the_candidate_is_of_the_epoch_with_the_lowest_cer(store, tmp_path, monkeypatch):
    def measured(self):
        rates = {"val_cer": [0.5, 0.2, 0.9][self.current_epoch], "val_exact": 0.0}
        self.log_dict({**rates, "blank_share": 0.0, "distinct_share": 0.0})

    monkeypatch.setattr(Reader, "on_validation_epoch_end", measured)
    train(recipe(store, pictures=4, optim={"epochs": 3}), tmp_path)
    candidate = Checkpoint.open(tmp_path / "candidate.safetensors")
    assert candidate.header.provenance["epoch"] == 2


def test_every_step_sees_a_strip_otherwise(tmp_path, monkeypatch):
    store = rendered.store(tmp_path, {"train": ["ANNA"], "validation": ["ANNA"]})
    seen, loss = [], Reader.loss

    def watched(self, images, batch) -> Loss:
        seen.append(images.detach().clone())
        return loss(self, images, batch)

    monkeypatch.setattr(Reader, "loss", watched)
    train(recipe(store, pictures=6, optim={"epochs": 1}), tmp_path / "run")
    assert len(seen) == 3
    assert not torch.equal(seen[0], seen[1])
    assert not torch.equal(seen[1], seen[2])


def test_steps_and_processes_draw_apart(store, monkeypatch):
    reader = Reader(recipe(store))
    drawn = set()
    for step, rank in ((0, 0), (1, 0), (0, 1), (1, 1)):
        monkeypatch.setattr(Reader, "global_step", step)
        monkeypatch.setattr(Reader, "global_rank", rank)
        drawn |= set(reader._seeds())
    assert len(drawn) == 8


def test_validation_sees_strips_as_they_are(store):
    """And so does the released model."""

    class Watched(nn.Module):
        def forward(self, images):
            self.seen = images
            return torch.zeros(len(images), 40, reader.letters.classes).log_softmax(-1)

    mixture = Mixture.open([store.path], store.spec)
    reader = Reader(recipe(store), mixture=mixture)
    reader.network, reader.log = Watched(), lambda *_, **__: None
    batch = Strips(mixture, reader.letters, [np.array([0])])[0]
    reader.validation_step(batch, 0)
    assert torch.equal(reader.network.seen, batch.images.float() / 255)


def test_a_teacher_does_not_learn(store, tmp_path):
    train(recipe(store, **SHORT), tmp_path)
    reader = Reader(recipe(store, teacher=str(tmp_path / "candidate.safetensors")))
    assert not reader.teacher[0].training
    assert not {name for name, _ in reader.named_parameters() if name.startswith("teacher")}
