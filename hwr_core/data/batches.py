"""Batches of strips of similar width, in an order that is a pure function of seed and epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from hwr_core.alphabet import Alphabet
from hwr_core.data.store import Store


class Batch(NamedTuple):
    """Strips padded with paper to the widest, and their labels end to end."""

    images: Tensor  # (B, 1, H, W) uint8, 0 paper to 255 ink
    targets: Tensor  # (sum of lengths,) int64, classes 1 to C - 1
    lengths: Tensor  # (B,) int64, letters of each label
    rows: Tensor  # (B,) int64, the store's row of each strip


class Strips(Dataset[Batch]):
    """A store's rows as batches; each item is a whole batch, so nothing else needs collating."""

    def __init__(
        self, store: Store, alphabet: Alphabet, batches: Sequence[NDArray[np.int64]]
    ) -> None:
        self.store, self.batches = store, batches
        self.labels = store.column("label")
        self.alphabet = alphabet

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, number: int) -> Batch:
        """Batch `number`, padded with paper: what the right end of a strip looks like, too."""
        rows = self.batches[number]
        height, width = self.store.spec.height, int(self.store.widths[rows].max())
        images = np.zeros((len(rows), 1, height, width), np.uint8)
        for image, row in zip(images, rows, strict=True):
            strip = self.store.strip(int(row))
            image[0, :, : strip.shape[1]] = strip
        codes = [self.alphabet.encode(self.labels[row]) for row in rows]
        lengths = torch.tensor([len(code) for code in codes])
        targets = torch.tensor([c for code in codes for c in code])
        return Batch(torch.from_numpy(images), targets, lengths, torch.from_numpy(rows))


def epoch_batches(
    rows: NDArray[np.int64], widths: NDArray[np.int32], size: int, seed: int, epoch: int, steps: int
) -> list[NDArray[np.int64]]:
    """The `steps` batches of one epoch: a window of an endless stream of shuffled passes.

    Epochs need not be passes, so that a resume point lies never far away on large sets.
    """
    per_pass = -(-len(rows) // size)
    first, last = epoch * steps, (epoch + 1) * steps
    passes = range(first // per_pass, -(-last // per_pass))
    stream = [
        batch for number in passes for batch in shuffled_pass(rows, widths, size, seed, number)
    ]
    skip = first - passes.start * per_pass
    return stream[skip : skip + steps]


def shuffled_pass(
    rows: NDArray[np.int64], widths: NDArray[np.int32], size: int, seed: int, number: int
) -> list[NDArray[np.int64]]:
    """Every row once, in batches of near-equal width, batches in random order."""
    rng = np.random.default_rng((seed, number))
    shuffled = rng.permutation(rows)
    by_width = shuffled[np.argsort(widths[shuffled], kind="stable")]
    batches = [by_width[start : start + size] for start in range(0, len(rows), size)]
    return [batches[i] for i in rng.permutation(len(batches))]


def equal_width_batches(
    rows: NDArray[np.int64], widths: NDArray[np.int32], size: int
) -> list[NDArray[np.int64]]:
    """Every row once, in batches of one width each: nothing is padded, as when read alone."""
    batches = []
    for width in np.unique(widths[rows]):
        equal = rows[widths[rows] == width]
        batches += [equal[start : start + size] for start in range(0, len(equal), size)]
    return batches
