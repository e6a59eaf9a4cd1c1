"""The names a run learns from and is judged by: the stores of a recipe, batched as it says."""

from __future__ import annotations

import lightning as L
import numpy as np
from numpy.typing import NDArray
from torch.utils.data import DataLoader

from hwr_core.data.batches import Batch, Strips, epoch_batches, equal_width_batches
from hwr_core.data.mixture import Mixture, epoch_rows
from hwr_core.data.samples import LeftOut
from hwr_core.data.store import FRAME
from hwr_core.decoding.score import frames_needed
from hwr_core.training.recipe import Recipe


class Names(L.LightningDataModule):
    """The training and validation splits of a recipe's stores."""

    def __init__(self, recipe: Recipe) -> None:
        """Open the stores and check every label against the frames of its strip.

        Raises:
            DataError: no store, no such split, or a store of another canvas.
            AlphabetError: a label has a character that the recipe's alphabet lacks.
        """
        super().__init__()
        self.recipe, self.left_out = recipe, LeftOut()
        self.mixture = Mixture.open(list(recipe.stores), recipe.picture)
        self.letters, self.labels = recipe.letters, self.mixture.column("label")
        self.rows = [self._feasible(rows) for rows in self.mixture.rows("train")]
        self.validation_rows = np.concatenate(self.mixture.rows("validation"))
        self.steps = len(self._epoch(0)) // recipe.devices

    def _feasible(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows whose label some alignment can spell; the others are counted."""
        names, keep = self.mixture.column("name"), []
        for row in rows.tolist():
            needed = frames_needed(self.letters.encode(self.labels[row]))
            keep.append(fits := needed <= int(self.mixture.widths[row]) // FRAME)
            if not fits:
                self.left_out.add("train", "label longer than the frames allow", names[row])
        return rows[np.array(keep, np.bool_)]

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
