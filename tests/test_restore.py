"""A checkpoint comes back as the torch network it was exported from."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from hwr_core.alphabet import AS_WRITTEN, FOLDED, Alphabet
from hwr_core.checkpoint import Checkpoint, CheckpointError, write
from hwr_core.model import CRNNSettings, build, network_settings
from hwr_core.training.restore import begin, restore


def rewritten(checkpoint: Checkpoint, path, weights) -> Checkpoint:
    """The same checkpoint with other weights."""
    header = checkpoint.header.model_dump(
        mode="json", exclude={"format", "weights_digest", "onnx_digest"}
    )
    return write(path, weights, checkpoint.onnx(), checkpoint.training_names(), header)


@pytest.mark.parametrize(("change", "sentence"), [("missing", "lacks"), ("extra", "has, but")])
def test_a_missing_or_extra_weight_is_named(tiny_checkpoint, tmp_path, change, sentence):
    checkpoint = Checkpoint.open(tiny_checkpoint)
    weights = checkpoint.weights()
    if change == "missing":
        del weights["head.bias"]
    else:
        weights["head.bias.more"] = np.zeros(3, np.float32)
    with pytest.raises(CheckpointError, match=rf"{sentence}.* head\.bias"):
        restore(rewritten(checkpoint, tmp_path / "odd.safetensors", weights))


def begun(checkpoint: Checkpoint, alphabet: Alphabet):
    """A network of the same kind for another alphabet, begun from the checkpoint."""
    network = build(network_settings(checkpoint.header.network), alphabet.classes).eval()
    begin(network, alphabet, checkpoint)
    return network


def test_a_new_alphabet_begins_with_the_letters_that_were_known(tiny_checkpoint):
    checkpoint, ink = Checkpoint.open(tiny_checkpoint), torch.rand(2, 1, 48, 96)
    with torch.inference_mode():
        old, new = restore(checkpoint)(ink), begun(checkpoint, AS_WRITTEN)(ink)
    theirs = checkpoint.alphabet
    for sign, known in [("A", "A"), ("a", "A"), ("é", "E"), ("-", "-"), ("Ł", "L")]:
        ours = new[..., AS_WRITTEN.encode(sign)[0]] - new[..., 0]  # against the blank
        expected = old[..., theirs.encode(known)[0]] - old[..., 0]
        assert torch.allclose(ours, expected, atol=1e-5)


def test_the_same_alphabet_begins_with_the_same_network(tiny_checkpoint):
    checkpoint, ink = Checkpoint.open(tiny_checkpoint), torch.rand(2, 1, 48, 96)
    with torch.inference_mode():
        assert torch.equal(restore(checkpoint)(ink), begun(checkpoint, FOLDED)(ink))


def test_a_start_of_another_network_is_refused(tiny_checkpoint):
    other = build(CRNNSettings(channels=(4, 4, 4), blocks=(1, 1, 1), hidden=8), 30)
    with pytest.raises(CheckpointError, match="give the recipe the same network"):
        begin(other, FOLDED, Checkpoint.open(tiny_checkpoint))


def test_a_wider_lstm_begins_with_the_same_readings_and_all_of_it_learns(tiny_checkpoint):
    checkpoint, ink = Checkpoint.open(tiny_checkpoint), torch.rand(2, 1, 48, 96)
    settings = network_settings(checkpoint.header.network)
    units, wide = settings.hidden, settings.hidden + 5
    larger = settings.model_copy(update={"hidden": wide})
    network = build(larger, FOLDED.classes).eval()
    begin(network, FOLDED, checkpoint)
    lattice = network(ink)
    assert torch.allclose(lattice, restore(checkpoint)(ink), atol=1e-5)
    lattice[..., 1].sum().backward()
    columns = network.head.weight.grad.reshape(FOLDED.classes, 2, wide)
    assert (columns[..., units:].abs().amax(0) > 0).all()


def test_a_narrower_lstm_is_refused(tiny_checkpoint):
    checkpoint = Checkpoint.open(tiny_checkpoint)
    settings = network_settings(checkpoint.header.network)
    smaller = settings.model_copy(update={"hidden": settings.hidden - 1})
    with pytest.raises(CheckpointError, match="sequence"):
        begin(build(smaller, FOLDED.classes), FOLDED, checkpoint)
