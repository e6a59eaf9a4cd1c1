"""A training recipe: everything that decides a run, read strictly from YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import torch
from pydantic import Field, ValidationInfo, field_validator

from hwr_core.alphabet import AS_WRITTEN, FOLDED, Alphabet
from hwr_core.config import Settings, read_yaml
from hwr_core.data.augment import AugmentSettings
from hwr_core.model import CRNNSettings, NetworkSettings
from hwr_core.picture import PictureSpec

# Keys that may differ when a run is resumed; with other devices an epoch has other steps.
MACHINE = ("accelerator", "threads")


class OptimSettings(Settings):
    """How the weights move."""

    epochs: int = Field(default=24, ge=1)
    batch: int = Field(default=64, ge=1)  # names a step and device
    learning_rate: float = Field(default=2e-3, gt=0)  # the peak
    warmup: float = Field(default=0.05, ge=0, lt=1)  # share of the steps in which the rate rises
    cooldown: float = Field(default=1, gt=0, le=1)  # share, after warm-up, in which it falls to 0
    weight_decay: float = Field(default=0.01, ge=0)  # on matrices and kernels, not on biases
    clip: float = Field(default=2.0, gt=0)  # norm of the gradient
    labels: float = Field(default=1, ge=0)  # weight of the labels' losses; 0: learns from a teacher
    shortcut: float = Field(default=0.1, ge=0)  # weight of its loss (DAS 2022, section 3.4)
    focal: float = Field(default=0, ge=0)  # how much less names count that are known well
    smoothing: float = Field(default=0, ge=0, le=1)  # weight of the frames' peakedness
    distil: float = Field(default=0, ge=0)  # weight of the distance from the teacher's frames
    mistakes: float = Field(default=0, ge=0)  # weight of the letters expected to be wrong
    ema: float = Field(default=0.998, ge=0, lt=1)  # decay a step of the averaged weights; 0: none
    patience: int | None = Field(default=None, ge=1)  # epochs without a better CER before stopping


class Later(Settings):
    """Another augmentation for the rest of a run: milder, when the letters are known."""

    epoch: int = Field(ge=1)  # the first one, counted from 0
    augment: AugmentSettings


class Recipe(Settings):
    """One run of training; `configs/*.yaml` override these defaults."""

    name: str = Field(pattern=r"^[\w.-]+$")  # the run's folder in `runs`
    # How often an epoch passes each store: 1 takes every strip once, 0.1 the next tenth of them.
    stores: dict[Path, Annotated[float, Field(gt=0)]] = Field(
        {Path("stores/kaggle"): 1.0}, min_length=1
    )
    start: Path | None = None  # a checkpoint to begin from, of any alphabet; None: random weights
    teacher: Path | None = None  # a checkpoint of the same alphabet to imitate, with optim.distil
    seed: int = Field(default=1, ge=0)
    alphabet: Literal["as written", "folded"] = "as written"
    picture: PictureSpec = PictureSpec()
    network: NetworkSettings = CRNNSettings()
    augment: AugmentSettings = AugmentSettings()
    later: Later | None = None
    optim: OptimSettings = OptimSettings()
    precision: Literal["bf16-mixed", "32-true"] = "bf16-mixed"
    devices: int = Field(default=1, ge=1)  # processes or GPUs of one machine; several train by DDP
    accelerator: Literal["auto", "cpu", "gpu"] = "auto"
    threads: int | None = Field(default=None, ge=1)  # CPU threads a process; None: torch decides

    @field_validator("optim")
    @classmethod
    def _learns(cls, optim: OptimSettings, info: ValidationInfo) -> OptimSettings:
        """Refuse to learn neither from labels nor from a teacher."""
        if not optim.labels and not (optim.distil and info.data.get("teacher")):
            message = "labels=0 leaves nothing to learn from; set teacher and optim.distil"
            raise ValueError(message)
        return optim

    @property
    def letters(self) -> Alphabet:
        """The characters of the labels, and of the model."""
        return AS_WRITTEN if self.alphabet == "as written" else FOLDED

    @property
    def device(self) -> str:
        """What it trains on, as Lightning names it; torch has no CTC for Apple's GPU."""
        auto = "cuda" if torch.cuda.is_available() else "cpu"
        return auto if self.accelerator == "auto" else self.accelerator

    def differs_from(self, path: Path) -> list[str]:
        """The keys of another recipe in a run's folder, if there is one, `MACHINE` excepted.

        Raises:
            ConfigError: that file is no recipe.
        """
        if not path.is_file():
            return []
        other = Recipe.parse(read_yaml(path), str(path))
        keys = [key for key in Recipe.model_fields if key not in MACHINE]
        return [key for key in keys if getattr(self, key) != getattr(other, key)]

    def augment_at(self, epoch: int) -> AugmentSettings:
        """The augmentation of an epoch, counted from 0."""
        return self.later.augment if self.later and epoch >= self.later.epoch else self.augment


def load_recipe(path: Path, overrides: list[str] | None = None) -> Recipe:
    """The recipe in a YAML file, with `key.subkey=value` overrides.

    Raises:
        ConfigError: an unknown key (the known ones are listed), a bad value, no such file.
    """
    return Recipe.parse(read_yaml(path, overrides), str(path))
