"""The names a run learns from and is judged by: a store's two splits, batched as a recipe says."""

from __future__ import annotations

import math

import lightning as L
import numpy as np
from numpy.typing import NDArray
from torch.utils.data import DataLoader

from hwr_core.alphabet import Alphabet
from hwr_core.data.batches import Batch, Strips, epoch_batches, equal_width_batches
from hwr_core.data.samples import DataError, LeftOut
from hwr_core.data.store import FRAME, Store
from hwr_core.decoding.score import frames_needed
from hwr_core.training.recipe import Recipe


class Names(L.LightningDataModule):
    """A store's training and validation split, as a recipe batches them."""

    def __init__(self, recipe: Recipe) -> None:
        """Open the store and check every label against the frames of its strip.

        Raises:
            DataError: no store, no such split, or a store of another canvas.
        """
        super().__init__()
        self.recipe, self.store, self.left_out = recipe, Store.open(recipe.store), LeftOut()
        if self.store.spec != recipe.picture:
            found, wanted = self.store.spec, recipe.picture
            message = (
                f"{recipe.store} holds strips of {found}, the recipe wants {wanted}; prepare one"
            )
            raise DataError(message)
        self.letters, self.labels = Alphabet(recipe.alphabet), self.store.column("label")
        self.rows = self._feasible(self.store.rows("train"))
        self.validation_rows = self.store.rows("validation")
        pictures = recipe.optim.epoch_pictures or len(self.rows)
        self.steps = math.ceil(pictures / (recipe.optim.batch * recipe.devices))  # of an epoch

    def _feasible(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows whose label some alignment can spell; the others are counted."""
        names, keep = self.store.column("name"), []
        for row in rows.tolist():
            needed = frames_needed(self.letters.encode(self.labels[row]))
            keep.append(fits := needed <= int(self.store.widths[row]) // FRAME)
            if not fits:
                self.left_out.add("train", "label longer than the frames allow", names[row])
        return rows[np.array(keep, np.bool_)]

    def train_dataloader(self) -> DataLoader[Batch]:
        """This epoch's batches; every device takes its share of the same stream."""
        optim, trainer = self.recipe.optim, self.trainer
        epoch, rank, world = (
            (trainer.current_epoch, trainer.global_rank, trainer.world_size)
            if trainer
            else (0, 0, 1)
        )
        seed, steps = self.recipe.seed, self.steps * world
        batches = epoch_batches(self.rows, self.store.widths, optim.batch, seed, epoch, steps)
        return _loader(Strips(self.store, self.letters, batches[rank::world]))

    def val_dataloader(self) -> DataLoader[Batch]:
        """The validation split, whole on every device: it is read faster than scores gathered."""
        batches = equal_width_batches(self.validation_rows, self.store.widths, 64)
        return _loader(Strips(self.store, self.letters, batches))


def _loader(strips: Strips) -> DataLoader[Batch]:
    """One batch an item; the mapped store is faster than any worker process."""
    return DataLoader(strips, batch_size=None, shuffle=False)
