"""Trainings small enough for a test: a tiny network on one thread of a CPU."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hwr_core.checkpoint import Checkpoint
from hwr_core.data.augment import AugmentSettings
from hwr_core.data.store import Store
from hwr_core.training.recipe import Recipe
from hwr_core.training.run import train

TINY = {"kind": "crnn", "channels": [4, 8, 8], "blocks": [1, 1, 1], "hidden": 8, "dropout": 0.2}
OPTIM = {"epochs": 3, "batch": 2, "ema": 0.9}
PICTURES = 12  # six steps an epoch

# Larger, and without all that keeps a network from learning by heart.
EAGER = {"kind": "crnn", "channels": [16, 32, 48], "blocks": [1, 1, 1], "hidden": 48, "layers": 1}
BY_HEART: dict[str, Any] = {
    "network": EAGER | {"dropout": 0},
    "alphabet": "folded",
    "seed": 3,
    "augment": dict.fromkeys(AugmentSettings.model_fields, 0),
    "pictures": 80,
    "optim": {
        "epochs": 20, "learning_rate": 5e-3, "warmup": 0.2,
        "shortcut": 1, "weight_decay": 0, "clip": 1,
    },
}  # fmt: skip


def values(store: Store, /, **changes: Any) -> dict[str, Any]:
    """What stands in the YAML file of such a recipe."""
    optim = OPTIM | changes.pop("optim", {})
    passes = changes.pop("pictures", PICTURES) / len(store.rows("train"))
    machine = {"accelerator": "cpu", "threads": 1, "precision": "32-true"}
    stores = {str(store.path): passes}
    base = {"name": "tiny", "stores": stores, "network": TINY, "optim": optim}
    return base | machine | changes


def recipe(store: Store, /, **changes: Any) -> Recipe:
    """Such a recipe."""
    return Recipe.parse(values(store, **changes))


def by_heart(store: Store, folder: Path) -> Checkpoint:
    """A model that knows the training names of `store`, if they are few."""
    checkpoint = train(recipe(store, **BY_HEART), folder)
    assert checkpoint is not None
    return checkpoint
