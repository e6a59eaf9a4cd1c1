"""Batches of strips of similar width: an epoch's, shuffled, and those to be judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from hwr_core.alphabet import Alphabet
from hwr_core.data.mixture import Mixture


class Batch(NamedTuple):
    """Strips padded with paper to the widest, and their labels end to end."""

    images: Tensor  # (B, 1, H, W) uint8, 0 paper to 255 ink
    targets: Tensor  # (sum of lengths,) int64, classes 1 to C - 1
    lengths: Tensor  # (B,) int64, letters of each label
    folded: Tensor  # (B,) bool, the label tells neither case nor accents
    rows: Tensor  # (B,) int64, the mixture's row of each strip


class Strips(Dataset[Batch]):
    """A mixture's rows as batches; each item is a whole batch, so nothing else needs collating."""

    def __init__(
        self, mixture: Mixture, alphabet: Alphabet, batches: Sequence[NDArray[np.int64]]
    ) -> None:
        self.mixture, self.batches = mixture, batches
        self.labels, self.folded = mixture.column("label"), mixture.column("folded")
        self.alphabet = alphabet

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, number: int) -> Batch:
        """Batch `number`, padded with paper: what the right end of a strip looks like, too."""
        rows = self.batches[number]
        height, width = self.mixture.height, int(self.mixture.widths[rows].max())
        images = np.zeros((len(rows), 1, height, width), np.uint8)
        for image, row in zip(images, rows, strict=True):
            strip = self.mixture.strip(int(row))
            image[0, :, : strip.shape[1]] = strip
        codes = [self.alphabet.encode(self.labels[row]) for row in rows]
        lengths = torch.tensor([len(code) for code in codes])
        targets = torch.tensor([c for code in codes for c in code])
        folded = torch.tensor([self.folded[row] for row in rows])
        return Batch(torch.from_numpy(images), targets, lengths, folded, torch.from_numpy(rows))


def epoch_batches(
    rows: NDArray[np.int64],
    widths: NDArray[np.int32],
    size: int,
    world: int,
    rng: np.random.Generator,
) -> list[NDArray[np.int64]]:
    """The rows of an epoch in batches of near-equal width, both shuffled.

    Their number is a multiple of `world`, the processes that share them; the first batches come
    again to fill it up.
    """
    shuffled = rng.permutation(rows)
    by_width = shuffled[np.argsort(widths[shuffled], kind="stable")]
    batches = [by_width[start : start + size] for start in range(0, len(rows), size)]
    order = np.resize(rng.permutation(len(batches)), -(-len(batches) // world) * world)
    return [batches[i] for i in order]


def equal_width_batches(
    rows: NDArray[np.int64], widths: NDArray[np.int32], size: int
) -> list[NDArray[np.int64]]:
    """Every row once, in batches of one width each: nothing is padded, as when read alone."""
    batches = []
    for width in np.unique(widths[rows]):
        equal = rows[widths[rows] == width]
        batches += [equal[start : start + size] for start in range(0, len(equal), size)]
    return batches
