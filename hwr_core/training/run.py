"""A run of training: a recipe and a store in, a candidate for release and its logs out."""

from __future__ import annotations

import logging
import platform
import subprocess
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import lightning as L
import numpy as np
import torch
import yaml
from lightning.pytorch.callbacks import (
    Callback,
    EarlyStopping,
    ModelCheckpoint,
    TQDMProgressBar,
    WeightAveraging,
)
from lightning.pytorch.loggers import CSVLogger, TensorBoardLogger
from torch import Tensor
from torch.utils.data import DataLoader

from hwr_core.alphabet import Alphabet
from hwr_core.checkpoint import Checkpoint, write
from hwr_core.data.batches import Batch, Strips, epoch_batches, equal_width_batches
from hwr_core.data.samples import DataError, LeftOut
from hwr_core.data.store import FRAME, Store
from hwr_core.decoding.score import frames_needed
from hwr_core.runtime.export import to_onnx
from hwr_core.training.reader import Reader, TrainingError, weights_of
from hwr_core.training.recipe import Recipe
from hwr_core.training.state import SafetensorsIO
from hwr_core.training.watch import Collapse, Speed, TimeLimit

log = logging.getLogger(__name__)


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
            message = f"{recipe.store} holds strips of {self.store.spec}, the recipe wants {recipe.picture}"
            raise DataError(message)
        self.letters, self.labels = Alphabet(recipe.alphabet), self.store.column("label")
        self.rows = self._feasible(self.store.rows("train"))
        self.validation_rows = self.store.rows("validation")
        pictures = recipe.optim.epoch_pictures or len(self.rows)
        self.steps = -(
            -pictures // (recipe.optim.batch * recipe.devices)
        )  # an epoch's, on each device

    def _feasible(
        self, rows: np.ndarray[Any, np.dtype[np.int64]]
    ) -> np.ndarray[Any, np.dtype[np.int64]]:
        """The rows whose label some alignment can spell; the others are counted."""
        names, keep = self.store.column("name"), []
        for row in rows.tolist():
            fits = (
                frames_needed(self.letters.encode(self.labels[row]))
                <= self.store.widths[row] // FRAME
            )
            keep.append(fits)
            if not fits:
                self.left_out.add("label longer than the frames allow", names[row])
        return rows[np.array(keep)]

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
        """The validation split, whole on every device: 500 pictures are read faster than scores are gathered."""
        batches = equal_width_batches(self.validation_rows, self.store.widths, 64)
        return _loader(Strips(self.store, self.letters, batches))


def _loader(strips: Strips) -> DataLoader[Batch]:
    """One batch an item; the mapped store is faster than any worker process."""
    return DataLoader(strips, batch_size=None, shuffle=False)


@dataclass(frozen=True)
class Run:
    """Where a run's files lie."""

    folder: Path

    @property
    def last(self) -> Path:
        """The state after the last whole epoch, for --resume."""
        return self.folder / "last.safetensors"

    @property
    def best(self) -> Path:
        """The state with the lowest validation CER."""
        return self.folder / "best.safetensors"

    @property
    def candidate(self) -> Path:
        """The best weights as a checkpoint that `release` takes."""
        return self.folder / "candidate.safetensors"


def train(
    recipe: Recipe, folder: Path, *, resume: bool = False, minutes: float | None = None
) -> Checkpoint:
    """Train, or go on training, and write the best weights as a candidate for release.

    Raises:
        TrainingError: the loss is not finite, or there is nothing to resume.
        DataError: the store cannot be used.
    """
    run, code = Run(folder), _revision()
    if resume and not run.last.is_file():
        message = f"{run.last} is not there; leave --resume out to start this run"
        raise TrainingError(message)
    L.seed_everything(recipe.seed, verbose=False)
    if recipe.threads:
        torch.set_num_threads(recipe.threads)
    names = Names(recipe)
    reader = Reader(
        recipe, names.steps * recipe.optim.epochs, names.store.column("name"), names.labels
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recipe.yaml").write_text(
        yaml.safe_dump(recipe.model_dump(mode="json"), sort_keys=False), "utf-8"
    )
    trainer = _trainer(recipe, run, minutes)
    trainer.fit(reader, datamodule=names, ckpt_path=run.last if resume else None)
    return _candidate(recipe, run, names, code)


def _trainer(recipe: Recipe, run: Run, minutes: float | None) -> L.Trainer:
    """Lightning's loop, as the recipe says."""
    return L.Trainer(
        accelerator=recipe.accelerator,
        devices=recipe.devices,
        strategy="ddp" if recipe.devices > 1 else "auto",
        use_distributed_sampler=False,  # the stream of batches is shared out by rank already
        precision=recipe.precision,
        max_epochs=recipe.optim.epochs,
        gradient_clip_val=recipe.optim.clip,
        reload_dataloaders_every_n_epochs=1,  # each epoch is another window of the stream
        num_sanity_val_steps=0,
        log_every_n_steps=10**9,  # an epoch's means are logged, not steps
        logger=[CSVLogger(run.folder, "", ""), TensorBoardLogger(run.folder, "", "tensorboard")],
        callbacks=_callbacks(recipe, run, minutes),
        plugins=[SafetensorsIO()],
        enable_model_summary=False,
    )


def _callbacks(recipe: Recipe, run: Run, minutes: float | None) -> list[Callback]:
    states = ModelCheckpoint(
        run.folder, "best", monitor="val_cer", mode="min", save_last=True,
        save_on_train_epoch_end=True, enable_version_counter=False,
    )  # fmt: skip
    states.FILE_EXTENSION = ".safetensors"
    callbacks: list[Callback] = [Speed(), Collapse(), states, TQDMProgressBar(refresh_rate=5)]
    if recipe.optim.ema:
        callbacks.append(WeightAveraging(avg_fn=partial(_average, recipe.optim.ema)))
    if recipe.optim.patience:
        callbacks.append(EarlyStopping("val_cer", patience=recipe.optim.patience))
    if minutes:
        callbacks.append(TimeLimit(minutes))
    return callbacks


def _average(decay: float, average: Tensor, current: Tensor, updates: Tensor | int) -> Tensor:
    """One step of the exponential moving average, younger at first (Tensorflow's `num_updates` rule).

    With a constant decay of 0.998 the random initial weights would spoil the first 2,000 steps.
    """
    weight = min(decay, (1 + int(updates)) / (10 + int(updates)))
    return average + (1 - weight) * (current - average)


def _candidate(recipe: Recipe, run: Run, names: Names, code: str) -> Checkpoint:
    """Write the best weights as a checkpoint, with where they come from."""
    state = SafetensorsIO().load_checkpoint(run.best)
    reader = Reader(recipe, 1, [], [])
    reader.load_state_dict(state["state_dict"])
    header = {
        "name": recipe.name,
        "alphabet": recipe.alphabet,
        "picture": recipe.picture.model_dump(),
        "network": recipe.network.model_dump(),
        "parameters": sum(
            w.numel() for name, w in reader.network.named_parameters() if "shortcut" not in name
        ),
        "accept": 0.5,
        "provenance": {"code": code, **_provenance(recipe, names, state)},
    }
    training_names = {names.labels[row] for row in names.rows.tolist()}
    onnx = to_onnx(reader.network, recipe.picture.height)
    return write(run.candidate, weights_of(reader.network), onnx, training_names, header)


def _provenance(recipe: Recipe, names: Names, state: dict[str, Any]) -> dict[str, Any]:
    """Enough to train the same model again."""
    return {
        "torch": torch.__version__,
        "machine": f"{platform.machine()}, {recipe.accelerator}, {torch.get_num_threads()} threads",
        "data_digest": names.store.digest,
        "splits": names.store.about["splits"],
        "left_out": names.store.about["left_out"] | names.left_out.as_json(),
        "seed": recipe.seed,
        "epoch": state["epoch"] + 1,
        "steps": state["global_step"],
        "recipe": recipe.model_dump(mode="json"),
    }


def _revision() -> str:
    """The commit of the code, or "unknown" outside a clone."""
    command = [
        "git",
        "-C",
        str(Path(__file__).parent),
        "describe",
        "--always",
        "--dirty",
        "--abbrev=12",
    ]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
