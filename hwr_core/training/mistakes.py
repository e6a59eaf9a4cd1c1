"""The letters that a network is expected to get wrong: a loss on whole readings, not on labels."""

from __future__ import annotations

from itertools import groupby

import torch
from rapidfuzz.distance import Levenshtein
from torch import Tensor

from hwr_core.alphabet import BLANK
from hwr_core.data.batches import Batch
from hwr_core.training.losses import Folding, as_told, nats

SAMPLES = 8  # paths drawn a name


def mistakes(log_probs: Tensor, batch: Batch, folding: Folding) -> Tensor:
    """() the edits expected between readings and labels, over a label's letters.

    Expected among the readings of paths drawn frame by frame from (B, T, C) log-probabilities
    (Shannon 2017, Optimizing Expected Word Error Rate via Sampling), each weighed by all its
    alignments, and these weights made to sum to one (Prabhavalkar et al. 2018, Minimum Word Error
    Rate Training, section 3.2). A name of which all paths read alike has no slope, so the wrong
    label of a clear picture teaches nothing. Torch's own generator draws.
    """
    log_probs = as_told(log_probs, batch, folding)
    labels = [label.tolist() for label in torch.split(batch.targets, batch.lengths.tolist())]
    found = [(row, reading) for row, some in enumerate(_drawn(log_probs)) for reading in some]
    rows = torch.tensor([row for row, _ in found], device=log_probs.device)
    wrong = log_probs.new_tensor(
        [
            Levenshtein.distance(reading, labels[row]) / max(1, len(labels[row]))
            for row, reading in found
        ]
    )
    each = nats(log_probs[rows], *_joined(found))  # (N,)
    empty = log_probs.new_zeros(len(log_probs))
    least = empty.scatter_reduce(0, rows, each.detach(), "amin", include_self=False)  # (B,)
    shares = (least[rows] - each).exp()  # of the likeliest of a name, which has 1
    total = empty.index_add(0, rows, shares)
    return (empty.index_add(0, rows, shares * wrong) / total).mean()


def _drawn(log_probs: Tensor) -> list[list[tuple[int, ...]]]:
    """The different readings of each name's paths, B lists of up to `SAMPLES`."""
    with torch.no_grad():
        drawn = torch.multinomial(log_probs.exp().flatten(0, 1), SAMPLES, replacement=True)
    paths = drawn.view(*log_probs.shape[:2], SAMPLES).transpose(1, 2)  # (B, S, T)
    return [sorted({_written(path) for path in of}) for of in paths.tolist()]


def _written(path: list[int]) -> tuple[int, ...]:
    """What a path spells: repeats merged, then blanks dropped."""
    return tuple(code for code, _ in groupby(path) if code != BLANK)


def _joined(found: list[tuple[int, tuple[int, ...]]]) -> tuple[Tensor, Tensor]:
    """The letters of readings end to end, and how many each has."""
    letters = [code for _, reading in found for code in reading]
    lengths = [len(reading) for _, reading in found]
    return torch.tensor(letters, dtype=torch.long), torch.tensor(lengths)
