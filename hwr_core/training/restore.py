"""A checkpoint back as a torch network: to check its export, or to learn on."""

from __future__ import annotations

import torch
from torch import nn

from hwr_core.checkpoint import Checkpoint, CheckpointError
from hwr_core.model import build, network_settings


def restore(checkpoint: Checkpoint) -> nn.Module:
    """The network of a checkpoint, in evaluation mode.

    Raises:
        CheckpointError: its weights are not those of its network; the first odd one is named.
        ConfigError: no network of this kind is known here.
    """
    network = build(network_settings(checkpoint.header.network), checkpoint.alphabet.classes)
    weights = {name: torch.from_numpy(value) for name, value in checkpoint.weights().items()}
    if odd := sorted(network.state_dict().keys() ^ weights.keys()):
        side = "lacks" if odd[0] in network.state_dict() else "has, but its network lacks,"
        message = f"{checkpoint.path}: it {side} the weights {odd[0]}; fetch the file again"
        raise CheckpointError(message)
    network.load_state_dict(weights)
    return network.eval()
