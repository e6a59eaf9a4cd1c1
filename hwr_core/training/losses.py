"""What a network in training is to make small, in nats a letter.

The CTC loss of a batch whose labels are as written or folded, and two losses of single frames.
"""

from __future__ import annotations

import math
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence

from hwr_core.alphabet import BLANK, Alphabet
from hwr_core.data.batches import Batch


class Loss(NamedTuple):
    """A mean over the batch, and how many of its names no alignment could spell."""

    mean: Tensor  # () nats a letter
    infinite: Tensor  # () names whose loss was infinite; they are zeroed, and counted


class Folding:
    """The distribution over letters without case and accents, for labels that have none."""

    def __init__(self, alphabet: Alphabet) -> None:
        """Group the C classes by what they fold to, as `Alphabet.fold` has it."""
        fold = torch.tensor(alphabet.fold)
        self.kept = torch.tensor(sorted(set(alphabet.fold)))  # (K,) classes
        groups = [torch.nonzero(fold == kept)[:, 0] for kept in self.kept]
        absent = alphabet.classes  # the number of a column of zero probability
        self.members = pad_sequence(groups, batch_first=True, padding_value=absent)  # (K, G)

    def __call__(self, log_probs: Tensor) -> Tensor:
        """(..., C) log-probabilities to as many, in which each class that folds away has -inf.

        The others have the log-sum-exp of all that fold to them, so the sum stays one.
        """
        room = F.pad(log_probs, (0, 1), value=-math.inf)  # (..., C + 1)
        sums = room[..., self.members.to(room.device)].logsumexp(-1)  # (..., K)
        nothing = torch.full_like(log_probs, -math.inf)
        return nothing.index_copy(-1, self.kept.to(room.device), sums)


def ctc_loss(log_probs: Tensor, batch: Batch, folding: Folding, focal: float = 0) -> Loss:
    """CTC (Graves et al. 2006, section 4) of (B, T, C) float32 log-probabilities.

    A folded label, whose letters are those that fold to themselves, is scored on the folded
    distribution: every way of writing its letters counts. Each name's loss is divided by its
    length, then averaged, as torch's "mean" does; infinite ones are zeroed and counted instead of
    turning the weights to NaN. With `focal` > 0 a name counts (1 - its probability) ** focal:
    less, the better it is known (Lin et al. 2017, section 3.2; for CTC, Feng et al. 2019).
    """
    each = partial(nats, as_told(log_probs, batch, folding), batch.targets, batch.lengths)
    with torch.no_grad():
        infinite = torch.isinf(each(zero_infinity=False)).sum()  # apart: zeroed ones do not show
    losses = each(zero_infinity=True)  # (B,) nats
    if focal:
        unknown = -torch.expm1(-losses)  # (B,) 1 - the name's probability
        losses = losses * unknown.clamp(min=1e-6) ** focal  # its root has no slope at 0
    return Loss((losses / batch.lengths.clamp(min=1)).mean(), infinite)


def as_told(log_probs: Tensor, batch: Batch, folding: Folding) -> Tensor:
    """(B, T, C) log-probabilities, folded where the label is."""
    rows = batch.folded.nonzero()[:, 0]
    return log_probs.index_copy(0, rows, folding(log_probs[rows])) if len(rows) else log_probs


def nats(
    log_probs: Tensor, targets: Tensor, lengths: Tensor, *, zero_infinity: bool = False
) -> Tensor:
    """(B,) minus the log of the probability of names, of (B, T, C) and their letters end to end."""
    frames = torch.full((log_probs.shape[0],), log_probs.shape[1], dtype=torch.long)
    return F.ctc_loss(
        log_probs.transpose(0, 1),
        targets.to(log_probs.device),
        frames,
        lengths,
        BLANK,
        reduction="none",
        zero_infinity=zero_infinity,
    )


def peakedness(log_probs: Tensor, batch: Batch) -> Tensor:
    """() the divergence of the (B, T, C) frames from even chances, KL(frame || uniform).

    Label smoothing for CTC, which has no label a frame (Kim et al. 2017, Improved Training for
    End-to-End Speech Recognition, section 4.1).
    """
    even = torch.full_like(log_probs, -math.log(log_probs.shape[-1]))
    return _divergence(log_probs, even, batch)


def distance(log_probs: Tensor, teacher: Tensor, batch: Batch) -> Tensor:
    """() how far the (B, T, C) frames are from a teacher's, KL(teacher || frame).

    Hinton et al. 2015, Distilling the Knowledge in a Neural Network, at temperature 1.
    """
    return _divergence(teacher, log_probs, batch)


def _divergence(of: Tensor, from_: Tensor, batch: Batch) -> Tensor:
    """() KL(of || from_), summed over a name's frames, divided by its letters, averaged."""
    each = (of.exp() * (of - from_)).sum((1, 2))  # (B,) nats
    return (each / batch.lengths.clamp(min=1)).mean()
