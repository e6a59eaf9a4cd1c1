"""A checkpoint back as a torch network: to check its export, or to learn on."""

from __future__ import annotations

import torch
from torch import nn

from hwr_core.alphabet import BLANK, Alphabet
from hwr_core.checkpoint import Checkpoint, CheckpointError
from hwr_core.model import build, network_settings
from hwr_core.spelling import fold
from hwr_core.training.widen import widened


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


def begin(network: nn.Module, alphabet: Alphabet, checkpoint: Checkpoint) -> None:
    """Give a network the weights of a checkpoint, also of one with another alphabet.

    What is a row a class (the heads) is taken over character by character; a character that the
    checkpoint does not write begins as the letter it folds to, and one without that as it is.
    With more LSTM units than the checkpoint has it reads as the checkpoint does, see `widened`.

    Raises:
        CheckpointError: the checkpoint's network is another one.
    """
    theirs = widened(restore(checkpoint).state_dict(), network)
    classes = _classes(alphabet, checkpoint.alphabet)
    own, their = (torch.tensor(side) for side in zip(*classes, strict=True))
    heads = (alphabet.classes,), (checkpoint.alphabet.classes,)
    for name, weights in network.state_dict().items():
        old = theirs.get(name, torch.empty(0))
        if (weights.shape[:1], old.shape[:1]) == heads:
            weights[own] = old[their]
        elif weights.shape == old.shape:
            weights.copy_(old)
        else:
            shapes = f"{tuple(old.shape)} there and {tuple(weights.shape)} in the recipe"
            message = f"{checkpoint.path}: {name} is {shapes}; give the recipe the same network"
            raise CheckpointError(message)


def _classes(own: Alphabet, their: Alphabet) -> list[tuple[int, int]]:
    """Pairs of a class of `own` and the class of `their` with the same or the folded character."""
    pairs = [(BLANK, BLANK)]
    for number, character in enumerate(own.characters, start=1):
        known = [form for form in (character, fold(character)) if not their.unknown(form)]
        pairs += [(number, their.encode(form)[0]) for form in known[:1] if len(form) == 1]
    return pairs
