"""The names a run learns from and is judged by: the stores of a recipe, batched as it says."""

from __future__ import annotations

import lightning as L
import numpy as np
from numpy.typing import NDArray
from torch.utils.data import DataLoader

from hwr_core.data.batches import Batch, Strips, epoch_batches, equal_width_batches
from hwr_core.data.mixture import Mixture, epoch_rows
from hwr_core.training.recipe import Recipe


class Names(L.LightningDataModule):
    """The training and validation splits of a recipe's stores."""

    def __init__(self, recipe: Recipe) -> None:
        """Open the stores and check every label of both splits against the alphabet.

        Raises:
            DataError: no store, no such split, or a store of another canvas.
            AlphabetError: a label has a character that the recipe's alphabet lacks.
        """
        super().__init__()
        self.recipe = recipe
        self.mixture = Mixture.open(list(recipe.stores), recipe.picture)
        self.letters, self.labels = recipe.letters, self.mixture.column("label")
        self.rows = self.mixture.rows("train")
        self.validation_rows = np.concatenate(self.mixture.rows("validation"))
        used = np.concatenate([*self.rows, self.validation_rows])
        for label in sorted({self.labels[row] for row in used.tolist()}):
            self.letters.encode(label)  # what it refuses must not stop a run in its middle
        self.steps = len(self._epoch(0)) // recipe.devices

    def _epoch(self, epoch: int) -> list[NDArray[np.int64]]:
        """The batches of an epoch, for all devices."""
        recipe, passes = self.recipe, list(self.recipe.stores.values())
        rows = epoch_rows(self.rows, passes, recipe.seed, epoch)
        rng = np.random.default_rng((recipe.seed, epoch))
        return epoch_batches(rows, self.mixture.widths, recipe.optim.batch, recipe.devices, rng)

    def train_dataloader(self) -> DataLoader[Batch]:
        """This epoch's batches; every device takes its share of them."""
        epoch, rank = (
            (self.trainer.current_epoch, self.trainer.global_rank) if self.trainer else (0, 0)
        )
        return self._loader(self._epoch(epoch)[rank :: self.recipe.devices])

    def val_dataloader(self) -> DataLoader[Batch]:
        """The validation splits, whole on every device: read faster than scores gathered."""
        return self._loader(equal_width_batches(self.validation_rows, self.mixture.widths, 64))

    def _loader(self, batches: list[NDArray[np.int64]]) -> DataLoader[Batch]:
        """One batch an item; the mapped store is faster than any worker process."""
        strips = Strips(self.mixture, self.letters, batches)
        return DataLoader(strips, batch_size=None, shuffle=False)
