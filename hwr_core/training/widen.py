"""A trained network with more LSTM units than it learned with, reading as before."""

from __future__ import annotations

import torch
from torch import Tensor, nn

GATES = 4  # blocks of rows in an LSTM's weights: input, forget, cell and output gate
UNITS = "sequence.weight_hh_l0"  # (4 U, U): tells the units of a direction


def widened(weights: dict[str, Tensor], network: nn.Module) -> dict[str, Tensor]:
    """The weights of a network of the same kind, for `network` with at least as many LSTM units.

    What reads a new unit begins at zero, so the network says what it said before, and what a new
    unit reads begins at random, so that it can learn what the old ones do not know (after
    Net2WiderNet, Chen, Goodfellow & Shlens 2016, which copies units instead).

    Args:
        weights: by name; those of another network are given back as they are.
        network: what they are for, as it was made.
    """
    own = network.state_dict()
    if UNITS not in weights or UNITS not in own or weights[UNITS].shape[1] >= own[UNITS].shape[1]:
        return weights
    units, wide = weights[UNITS].shape[1], own[UNITS].shape[1]
    return {name: _placed(name, old, own[name], units, wide) for name, old in weights.items()}


def _placed(name: str, old: Tensor, new: Tensor, units: int, wide: int) -> Tensor:
    """One tensor in the wider one's places."""
    both = torch.cat([torch.arange(units), wide + torch.arange(units)])  # of the two directions
    if name == "head.weight":  # (C, 2 U)
        placed = old.new_zeros(len(old), 2 * wide)
        placed[:, both] = old
        return placed
    if not name.startswith("sequence."):
        return old
    placed = new.clone()
    rows = torch.cat([gate * wide + torch.arange(units) for gate in range(GATES)])
    placed[rows] = 0
    if old.dim() == 1:  # a bias (4 U)
        placed[rows] = old
    elif "weight_hh" in name:  # (4 U, U)
        placed[rows[:, None], torch.arange(units)] = old
    else:  # (4 U, columns or 2 U)
        columns = torch.arange(old.shape[1]) if name.endswith(("_l0", "_l0_reverse")) else both
        placed[rows[:, None], columns] = old
    return placed
