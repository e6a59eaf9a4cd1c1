"""The CTC loss of a batch, finite, in nats a letter."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from hwr_core.alphabet import BLANK
from hwr_core.data.batches import Batch


class Loss(NamedTuple):
    """A mean over the batch, and how many of its names no alignment could spell."""

    mean: Tensor  # () nats a letter
    infinite: Tensor  # () names whose loss was infinite; they are zeroed, and counted


def ctc_loss(log_probs: Tensor, batch: Batch) -> Loss:
    """CTC (Graves et al. 2006, section 4) of (B, T, C) float32 log-probabilities.

    Each name's loss is divided by its length, then averaged, as torch's "mean" does; infinite
    ones are zeroed and counted instead of turning the weights to NaN.
    """
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
