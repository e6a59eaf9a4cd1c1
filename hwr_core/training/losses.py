"""The CTC loss of a batch whose labels are as written or folded; finite, in nats a letter."""

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


def ctc_loss(log_probs: Tensor, batch: Batch, folding: Folding) -> Loss:
    """CTC (Graves et al. 2006, section 4) of (B, T, C) float32 log-probabilities.

    A folded label, whose letters are those that fold to themselves, is scored on the folded
    distribution: every way of writing its letters counts. Each name's loss is divided by its
    length, then averaged, as torch's "mean" does; infinite ones are zeroed and counted instead of
    turning the weights to NaN.
    """
    if len(rows := batch.folded.nonzero()[:, 0]):
        log_probs = log_probs.index_copy(0, rows, folding(log_probs[rows]))
    frames = torch.full((log_probs.shape[0],), log_probs.shape[1], dtype=torch.long)
    each = partial(
        F.ctc_loss,
        log_probs.transpose(0, 1),
        batch.targets,
        frames,
        batch.lengths,
        BLANK,
        reduction="none",
    )
    with torch.no_grad():
        infinite = torch.isinf(each(zero_infinity=False)).sum()  # apart: zeroed ones do not show
    return Loss((each(zero_infinity=True) / batch.lengths.clamp(min=1)).mean(), infinite)
