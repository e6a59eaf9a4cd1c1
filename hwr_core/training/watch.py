"""What watches over a run: speed, collapse, the time limit."""

from __future__ import annotations

import logging
import time

import lightning as L
from lightning.pytorch.callbacks import Callback

from hwr_core.data.batches import Batch
from hwr_core.training.reader import Reader

log = logging.getLogger(__name__)


class Speed(Callback):
    """Logs pictures a second, validation excluded, and the learning rate."""

    def on_train_epoch_start(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Start the clock."""
        self.pictures, self.began = 0, time.monotonic()

    def on_train_batch_end(
        self,
        trainer: L.Trainer,
        pl_module: L.LightningModule,
        outputs: object,
        batch: Batch,
        batch_idx: int,
    ) -> None:
        """Count, and show the rate so far."""
        self.pictures += len(batch.images) * trainer.world_size
        self.rate = self.pictures / (time.monotonic() - self.began)
        pl_module.log(
            "pictures_per_second",
            self.rate,
            prog_bar=True,
            on_step=False,
            on_epoch=True,
            reduce_fx="max",
        )
        pl_module.log(
            "learning_rate",
            trainer.optimizers[0].param_groups[0]["lr"],
            on_step=False,
            on_epoch=True,
            reduce_fx="max",
        )


class Collapse(Callback):
    """Names a model that reads everything alike: the failure behind many published "low" error rates."""

    def on_validation_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Warn when nearly every reading is the same."""
        readings = pl_module.readings if isinstance(pl_module, Reader) else []
        if (
            not trainer.sanity_checking
            and len(readings) >= 20
            and len(set(readings)) <= len(readings) // 20
        ):
            example = max(set(readings), key=readings.count)
            log.warning(
                "the model is collapsed: %d pictures give %d different readings, mostly %r "
                "(all blank is normal for the first 20,000 or so pictures)",
                len(readings), len(set(readings)), example,
            )  # fmt: skip


class TimeLimit(Callback):
    """Stops between epochs, so that the run stays within its minutes and resumes exactly."""

    def __init__(self, minutes: float) -> None:
        """The longest epoch so far says whether another one fits."""
        self.limit, self.began, self.longest = 60 * minutes, time.monotonic(), 0.0

    def on_train_epoch_start(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Start the epoch's clock."""
        self.epoch_began = time.monotonic()

    def on_train_epoch_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Stop when another epoch would not fit."""
        now = time.monotonic()
        self.longest = max(self.longest, now - self.epoch_began)
        if now - self.began + self.longest > self.limit:
            log.warning(
                "stopped by --minutes after epoch %d; go on with --resume",
                trainer.current_epoch + 1,
            )
            trainer.should_stop = True
