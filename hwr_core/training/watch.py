"""What watches over a run: its log, speed, collapse, the time limit."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import lightning as L
import pandas as pd
from lightning.pytorch.callbacks import Callback, EarlyStopping

from hwr_core.data.batches import Batch
from hwr_core.evaluation import results
from hwr_core.evaluation.records import Epoch
from hwr_core.training.reader import Reader

log = logging.getLogger(__name__)


class Speed(Callback):
    """Logs pictures a second, validation excluded, and the learning rate, as the epoch's means."""

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
        pl_module.log("pictures/s", self.rate, prog_bar=True, logger=False)
        rates = {
            "pictures_per_second": self.rate,
            "learning_rate": trainer.optimizers[0].param_groups[0]["lr"],
        }
        size = len(batch.images)
        pl_module.log_dict(rates, on_step=False, on_epoch=True, sync_dist=True, batch_size=size)


class EpochLog(Callback):
    """Writes the run's `training.csv`, a line an epoch; --resume keeps the lines before it."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the run's."""
        self.folder = folder

    def on_train_epoch_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Write all epochs so far."""
        epoch, measured = trainer.current_epoch, trainer.callback_metrics  # gathers: all take part
        if not trainer.is_global_zero:
            return
        now = {name: float(measured[name]) for name in Epoch.model_fields if name in measured}
        lost = int(now.pop("infinite_losses"))
        latest = Epoch(epoch=epoch, step=trainer.global_step, infinite_losses=lost, **now)
        lines = [*(line for line in self._known() if line.epoch < epoch), latest]
        results.write_training(self.folder, pd.DataFrame([dict(line) for line in lines]))

    def _known(self) -> list[Epoch]:
        """The lines of the file, if there is one yet."""
        if not (self.folder / results.TRAINING).is_file():
            return []
        return results.records(results.read_training(self.folder), Epoch)


class Collapse(Callback):
    """Names a model that reads everything alike: what hides behind many a low published rate."""

    def on_validation_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Warn when nearly every reading is the same."""
        readings = pl_module.readings if isinstance(pl_module, Reader) else []
        if (
            trainer.is_global_zero
            and len(readings) >= 20
            and len(set(readings)) <= len(readings) // 20
        ):
            example = max(set(readings), key=readings.count)
            log.warning(
                "the model is collapsed: %d pictures give %d different readings, mostly %r "
                "(all blank is normal for the first 20,000 or so pictures)",
                len(readings), len(set(readings)), example,
            )  # fmt: skip


class Patience(EarlyStopping):
    """Ends a run that becomes no better; one that it ended stays so when resumed."""

    def __init__(self, epochs: int) -> None:
        """`epochs` without a lower CER end it."""
        super().__init__("val_cer", patience=epochs)

    def on_train_start(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Lightning's hook, after the state was loaded."""
        trainer.should_stop = self.wait_count >= self.patience


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
        over = now - self.began + self.longest > self.limit
        # All processes of a distributed run must decide alike, or one would wait for the others.
        if trainer.strategy.reduce_boolean_decision(over, all=False):
            done, planned = trainer.current_epoch + 1, trainer.max_epochs
            if trainer.is_global_zero and done != planned:
                log.warning("stopped after %d of %s epochs; go on with --resume", done, planned)
            trainer.should_stop = True
