"""A run of training: a recipe and a store in, a candidate for release and its logs out."""

from __future__ import annotations

import logging
import platform
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import lightning as L
import torch
import yaml
from lightning.fabric.utilities.exceptions import MisconfigurationException
from lightning.pytorch.callbacks import (
    Callback,
    ModelCheckpoint,
    TQDMProgressBar,
    WeightAveraging,
)
from lightning.pytorch.loggers import TensorBoardLogger
from torch import Tensor

from hwr_core.checkpoint import UNTUNED, Checkpoint, fingerprint, write
from hwr_core.runtime.export import to_onnx
from hwr_core.spelling import fold
from hwr_core.training.names import Names
from hwr_core.training.reader import Reader, TrainingError, weights_of
from hwr_core.training.recipe import Recipe
from hwr_core.training.state import SafetensorsIO
from hwr_core.training.watch import Collapse, EpochLog, Patience, Speed, TimeLimit

MISTAKEN = (  # warnings that do not concern a user
    ".isinstance.treespec, LeafSpec",  # Lightning 2.6 asks torch 2.13 in the older way
    "Checkpoint directory .* exists and is not empty",  # of course: the recipe is in it
    "The '.*' does not have many workers",  # the mapped store is faster than worker processes
    "GPU available but not used",  # Apple's, see Recipe.device, or one that was forbidden
)

RECIPE = "recipe.yaml"  # in a run's folder


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
) -> Checkpoint | None:
    """Train, or go on training, and write the best weights as a candidate for release.

    Returns:
        The candidate; None in the further processes of a run on several devices, as the first
        one writes everything.

    Raises:
        TrainingError: the loss is not finite, there is nothing to resume, the run to resume is
            of another recipe, or a run would be lost.
        DataError: the store cannot be used.
    """
    run = Run(folder)
    if resume and not run.last.is_file():
        message = f"{run.last} is not there; leave --resume out to start this run"
        raise TrainingError(message)
    if run.last.is_file() and not resume:
        message = (
            f"{folder} holds a run; go on with --resume (make train: RESUME=1), or --set name=NAME"
        )
        raise TrainingError(message)
    if resume and (other := recipe.differs_from(folder / RECIPE)):
        message = f"{folder} is of another recipe ({', '.join(other)}); start one: --set name=NAME"
        raise TrainingError(message)
    L.seed_everything(recipe.seed, verbose=False)
    if recipe.threads:
        torch.set_num_threads(recipe.threads)
    names = Names(recipe)
    origin = _seen(recipe, names), _revision()  # now: both may change while it runs
    with quiet():
        trainer = _trainer(recipe, run, minutes)
    reader = Reader(recipe, names.steps * recipe.optim.epochs, names.mixture)
    if trainer.is_global_zero:
        folder.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(recipe.model_dump(mode="json"), sort_keys=False)
        (folder / RECIPE).write_text(text, "utf-8")
    with quiet():
        trainer.fit(reader, datamodule=names, ckpt_path=run.last if resume else None)
    return _candidate(recipe, run, names, origin) if trainer.is_global_zero else None


@contextmanager
def quiet() -> Iterator[None]:
    """Lightning without its tips, greetings, and warnings that do not concern a user."""
    for library in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(library).setLevel(logging.WARNING)
    with warnings.catch_warnings():
        for message in MISTAKEN:
            warnings.filterwarnings("ignore", message)
        yield


def _trainer(recipe: Recipe, run: Run, minutes: float | None) -> L.Trainer:
    """Lightning's loop, as the recipe says.

    Raises:
        TrainingError: this machine has no such devices.
    """
    try:
        return L.Trainer(
            accelerator=recipe.device,
            devices=recipe.devices,
            strategy="ddp" if recipe.devices > 1 else "auto",
            use_distributed_sampler=False,  # the stream of batches is shared out by rank already
            precision=recipe.precision,
            max_epochs=recipe.optim.epochs,
            gradient_clip_val=recipe.optim.clip,
            reload_dataloaders_every_n_epochs=1,  # each epoch is another window of the stream
            num_sanity_val_steps=0,
            log_every_n_steps=0,  # an epoch's means are logged, not steps
            logger=TensorBoardLogger(run.folder / "tensorboard", "", ""),
            callbacks=_callbacks(recipe, run, minutes),
            plugins=[SafetensorsIO()],
            enable_model_summary=False,
        )
    except MisconfigurationException as error:
        reason, wanted = " ".join(str(error).split()), f"devices={recipe.devices}"
        message = f"accelerator={recipe.accelerator}, {wanted}: {reason}; try accelerator=cpu"
        raise TrainingError(message) from None


def _callbacks(recipe: Recipe, run: Run, minutes: float | None) -> list[Callback]:
    watches = [Speed(), Collapse(), EpochLog(run.folder)]
    # `last` is the second, so that it knows how good `best` is by now.
    states = [_state(run.best, monitor="val_cer"), _state(run.last)]
    callbacks: list[Callback] = [*watches, *states, TQDMProgressBar(refresh_rate=5)]
    if recipe.optim.ema:
        callbacks.append(_Averaging(avg_fn=partial(_average, recipe.optim.ema)))
    if recipe.optim.patience:
        callbacks.append(Patience(recipe.optim.patience))
    if minutes is not None:
        callbacks.append(TimeLimit(minutes))
    return callbacks


def _state(path: Path, monitor: str | None = None) -> ModelCheckpoint:
    """Keeps the state with the lowest `monitor`, or without one the latest, at `path`.

    Lightning's `save_last` writes only when the monitored state is written, too.
    """
    callback = ModelCheckpoint(
        path.parent, path.stem, monitor=monitor, mode="min",
        save_on_train_epoch_end=True, enable_version_counter=False,
    )  # fmt: skip
    callback.FILE_EXTENSION = path.suffix
    return callback


class _Averaging(WeightAveraging):
    """Averages where the weights are trained; Lightning asks before they are moved there."""

    def setup(self, trainer: L.Trainer, pl_module: L.LightningModule, stage: str) -> None:
        """Lightning's hook, before the first step."""
        self._device = trainer.strategy.root_device
        super().setup(trainer, pl_module, stage)


def _average(decay: float, average: Tensor, current: Tensor, updates: Tensor | int) -> Tensor:
    """One step of the exponential moving average, younger at first: TensorFlow's `num_updates`.

    With a constant decay of 0.998 the random initial weights would spoil the first 2,000 steps.
    """
    weight = min(decay, (1 + int(updates)) / (10 + int(updates)))
    return average + (1 - weight) * (current - average)


def _seen(recipe: Recipe, names: Names) -> set[int]:
    """The fingerprints of all labels that its weights learnt from, before this run, too."""
    before = Checkpoint.open(recipe.start).training_names() if recipe.start else frozenset()
    own = (fingerprint(fold(names.labels[row])) for rows in names.rows for row in rows.tolist())
    return {*before, *own}


def _candidate(recipe: Recipe, run: Run, names: Names, origin: tuple[set[int], str]) -> Checkpoint:
    """Write the best weights as a checkpoint, with where they come from."""
    (seen, code), state = origin, SafetensorsIO().load_checkpoint(run.best)
    reader = Reader(recipe.model_copy(update={"start": None, "teacher": None}))
    reader.load_state_dict(state["state_dict"])
    header = {
        "name": recipe.name,
        "alphabet": recipe.letters.characters,
        "picture": recipe.picture.model_dump(),
        "network": recipe.network.model_dump(),
        "parameters": sum(
            w.numel() for name, w in reader.network.named_parameters() if "shortcut" not in name
        ),
        "accept": UNTUNED,
        "provenance": {"code": code, **_provenance(recipe, names, state)},
    }
    onnx = to_onnx(reader.network, recipe.picture.height)
    return write(run.candidate, weights_of(reader.network), onnx, seen, header)


def _provenance(recipe: Recipe, names: Names, state: dict[str, Any]) -> dict[str, Any]:
    """Enough to train the same model again."""
    return {
        "torch": torch.__version__,
        "machine": f"{platform.machine()}, {recipe.accelerator}, {torch.get_num_threads()} threads",
        "data_digests": names.mixture.digests,
        "splits": {str(s.path): s.about["splits"] for s in names.mixture.stores},
        "left_out": {str(s.path): s.about["left_out"] for s in names.mixture.stores},
        "seed": recipe.seed,
        "epoch": state["epoch"] + 1,
        "steps": state["global_step"],
        "recipe": recipe.model_dump(mode="json"),
    }


def _revision() -> str:
    """The commit of the code, or "unknown" outside a clone."""
    here = Path(__file__).parent
    command = ["git", "-C", str(here), "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 -- ours
        return said.stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
