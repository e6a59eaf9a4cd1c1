"""The network in training: loss, optimiser, validation. The network itself knows none of this."""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path
from statistics import mean
from typing import Any

import lightning as L
import numpy as np
import torch
from torch import Tensor, nn

from hwr_core.alphabet import BLANK
from hwr_core.checkpoint import Checkpoint, CheckpointError
from hwr_core.data.augment import augment
from hwr_core.data.batches import Batch
from hwr_core.data.mixture import Mixture
from hwr_core.decoding.folding import fold_lattice
from hwr_core.decoding.greedy import greedy
from hwr_core.evaluation.metrics import Counts, score
from hwr_core.model import build
from hwr_core.model.crnn import CRNN
from hwr_core.spelling import fold
from hwr_core.training.losses import Folding, Loss, ctc_loss, distance, peakedness
from hwr_core.training.mistakes import mistakes
from hwr_core.training.recipe import Recipe
from hwr_core.training.restore import begin, restore


class TrainingError(RuntimeError):
    """Training that cannot go on; the message is a diagnosis."""


class Reader(L.LightningModule):
    """A network that learns names by CTC, as its recipe says."""

    def __init__(self, recipe: Recipe, steps: int = 1, mixture: Mixture | None = None) -> None:
        """A new network, or that of the checkpoint which the recipe starts from.

        Args:
            recipe: what to build, and how it learns.
            steps: of the whole run.
            mixture: the stores whose strips it is given, for scores and diagnoses.

        Raises:
            CheckpointError: the recipe's start is none, or of another network.
        """
        super().__init__()
        self.recipe, self.steps = recipe, steps
        self.letters = recipe.letters
        self.folding = Folding(self.letters)
        columns = (mixture.column(name) if mixture else [] for name in ("name", "label", "source"))
        self.names, self.labels, self.sources = columns
        self.stores = mixture.identities if mixture else {}
        self.network: nn.Module = build(recipe.network, self.letters.classes).to(
            memory_format=torch.channels_last
        )  # type: ignore[call-overload]  # torch's stubs lack memory_format
        if recipe.start:
            begin(self.network, self.letters, Checkpoint.open(recipe.start))
        # In a tuple, so that its weights are neither trained nor written.
        self.teacher = (self._teacher(recipe.teacher),) if recipe.teacher else ()
        if isinstance(self.network, CRNN):  # DDP waits for the gradient of all that wants one
            self.network.shortcut.requires_grad_(recipe.optim.shortcut > 0)
        self._forget()

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """The loss of one batch: the main head's and, weighted, the shortcut's.

        Raises:
            TrainingError: the loss is NaN or infinite; the batch is named.
        """
        dropout_seed, augment_seed = self._seeds()
        torch.manual_seed(dropout_seed)
        generator = torch.Generator(self.device).manual_seed(augment_seed)
        with torch.autocast(self.device.type, enabled=False):
            images = augment(
                batch.images.float() / 255, self.recipe.augment_at(self.current_epoch), generator
            )  # (B, 1, H, W)
        loss = self.loss(images.contiguous(memory_format=torch.channels_last), batch)
        if not torch.isfinite(loss.mean):
            raise TrainingError(self._diagnosis(batch, loss.mean))
        self.log("loss", loss.mean, prog_bar=True, logger=False)
        epoch: dict[str, Any] = {
            "on_step": False,
            "on_epoch": True,
            "sync_dist": True,
            "batch_size": len(images),
        }
        self.log("train_loss", loss.mean, **epoch)
        self.log("infinite_losses", loss.infinite.float(), reduce_fx="sum", **epoch)
        return loss.mean

    def _seeds(self) -> tuple[int, int]:
        """Seeds of this step and process: a resumed run draws what the unbroken one drew."""
        sequence = np.random.SeedSequence((self.recipe.seed, self.global_step, self.global_rank))
        first, second = sequence.generate_state(2)
        return int(first), int(second)

    def loss(self, images: Tensor, batch: Batch) -> Loss:
        """Of images (B, 1, H, W): the main head's and, weighted, whatever else the recipe wants."""
        optim = self.recipe.optim
        heads = self._heads(images)
        main, *others = (
            ctc_loss(log_probs, batch, self.folding, optim.focal) for log_probs in heads
        )
        total = optim.labels * main.mean
        for shortcut in others:
            total = total + optim.labels * optim.shortcut * shortcut.mean
        if optim.smoothing:
            total = total + optim.smoothing * peakedness(heads[0], batch)
        if optim.mistakes:
            total = total + optim.mistakes * mistakes(heads[0], batch, self.folding)
        for teacher in self.teacher:
            with torch.no_grad():
                taught = teacher.to(images.device)(images)
            total = total + optim.distil * distance(heads[0], taught, batch)
        return Loss(total, main.infinite)

    def _heads(self, images: Tensor) -> tuple[Tensor, ...]:
        """(B, T, C) log-probabilities of the main head and, if it is to learn, the shortcut."""
        if isinstance(self.network, CRNN) and self.recipe.optim.shortcut:
            return self.network.both_heads(images)
        return (self.network(images),)

    def _teacher(self, path: Path) -> nn.Module:
        """The network of a checkpoint, to be imitated.

        Raises:
            CheckpointError: it is none, or writes another alphabet.
        """
        checkpoint = Checkpoint.open(path)
        if checkpoint.alphabet != self.letters:
            message = f"{path}: a teacher must write the recipe's alphabet, {self.recipe.alphabet}"
            raise CheckpointError(message)
        return restore(checkpoint)

    def _diagnosis(self, batch: Batch, loss: Tensor) -> str:
        names = ", ".join(self.names[row] for row in batch.rows.tolist()[:5])
        bad = [
            name
            for name, weights in self.network.named_parameters()
            if not torch.isfinite(weights).all()
        ]
        cause = (
            f"the weights of {bad[0]} are already not finite" if bad else "the weights are finite"
        )
        return (
            f"the loss is {loss.item()} at step {self.global_step} ({cause}); "
            f"the batch holds {names}, ...; lower optim.learning_rate or set precision=32-true"
        )

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Keep which pictures were learnt from."""
        checkpoint["stores"] = self.stores

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Refuse to go on with other pictures, which nobody could tell from the result.

        Raises:
            TrainingError: a store was prepared anew.
        """
        before = checkpoint.get("stores", self.stores)
        if changed := [path for path in self.stores if before.get(path) != self.stores[path]]:
            message = f"{', '.join(changed)}: prepared anew since; start a run: --set name=NAME"
            raise TrainingError(message)

    def on_validation_epoch_start(self) -> None:
        """Begin counting."""
        self._forget()

    def _forget(self) -> None:
        self.counts: defaultdict[str, Counts] = defaultdict(Counts)  # by source
        self.blank_frames, self.readings = 0.0, list[str]()

    def validation_step(self, batch: Batch, batch_idx: int) -> None:
        """Read a batch of equally wide strips greedily, in float32 as the released model does."""
        with torch.autocast(self.device.type, enabled=False):
            log_probs = self.network(batch.images.float() / 255)  # (B, T, C)
        loss = ctc_loss(log_probs, batch, self.folding).mean
        self.log("val_loss", loss, batch_size=len(log_probs), sync_dist=True)
        self.blank_frames += float((log_probs.argmax(-1) == BLANK).float().mean(1).sum())
        for row, lattice in zip(batch.rows.tolist(), log_probs.cpu().numpy(), strict=True):
            reading = greedy(fold_lattice(lattice, self.letters), self.letters.folded).text
            self.readings.append(reading)
            self.counts[self.sources[row]] += score(fold(self.labels[row]), fold(reading))

    def on_validation_epoch_end(self) -> None:
        """Log the rates that choose the best weights, and the two that betray a collapsed model.

        Rates are those of letters without case and accents, and the means over the sources: a
        large source must not drown a small one.
        """
        each = self.counts.values()
        rates = {
            "val_cer": mean(counts.cer for counts in each),
            "val_exact": mean(counts.exact_match for counts in each),
        }
        self.log_dict(rates, prog_bar=True, sync_dist=True)
        for source, counts in self.counts.items():
            rates = {f"val_exact/{source}": counts.exact_match, f"val_cer/{source}": counts.cer}
            self.log_dict(rates, sync_dist=True)
        number = len(self.readings)
        distinct = len(set(self.readings)) / number
        shares = {"blank_share": self.blank_frames / number, "distinct_share": distinct}
        self.log_dict(shares, sync_dist=True)

    def configure_optimizers(self) -> Any:  # noqa: ANN401 -- Lightning's own union
        """AdamW; linear warm-up, and half a cosine to zero over the last `cooldown` of the rest."""
        optim = self.recipe.optim
        groups = [
            {
                "params": [w for w in self.parameters() if w.ndim > 1],
                "weight_decay": optim.weight_decay,
            },
            {"params": [w for w in self.parameters() if w.ndim <= 1], "weight_decay": 0.0},
        ]
        optimizer = torch.optim.AdamW(groups, lr=optim.learning_rate)
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, self._rate)
        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": scheduler, "interval": "step"},
        }

    def _rate(self, step: int) -> float:
        """The share of the peak learning rate at a step."""
        optim = self.recipe.optim
        warm = max(1, round(optim.warmup * self.steps))
        if step < warm:
            return (step + 1) / warm
        rest = min(1.0, (step - warm) / max(1, self.steps - warm))  # of the steps, gone by
        return 0.5 * (1 + math.cos(math.pi * max(0.0, 1 - (1 - rest) / optim.cooldown)))


def weights_of(network: nn.Module) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
    """The network's state as arrays, contiguous, for the checkpoint."""
    return {
        name: value.detach().cpu().contiguous().numpy()
        for name, value in network.state_dict().items()
    }
