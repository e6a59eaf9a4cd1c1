"""A checkpoint comes back as the torch network it was exported from."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from hwr_core.checkpoint import SHIPPED, Checkpoint, CheckpointError, write
from hwr_core.runtime.onnx import OnnxNetwork
from hwr_core.training.restore import restore


def rewritten(checkpoint: Checkpoint, path, weights) -> Checkpoint:
    """The same checkpoint with other weights."""
    header = checkpoint.header.model_dump(
        mode="json", exclude={"format", "weights_digest", "onnx_digest"}
    )
    return write(path, weights, checkpoint.onnx(), checkpoint.training_names(), header)


@pytest.mark.parametrize("count", [1, 7, 32])
@pytest.mark.parametrize("width", [32, 160, 384])
def test_the_shipped_export_agrees_with_the_shipped_weights(count, width):
    checkpoint = Checkpoint.open(SHIPPED)
    height = checkpoint.header.picture.height
    ink = np.random.default_rng(count).random((count, 1, height, width), np.float32)
    with torch.inference_mode():
        expected = restore(checkpoint)(torch.from_numpy(ink)).numpy()  # (B, T, C)
    assert np.abs(OnnxNetwork(checkpoint.onnx())(ink) - expected).max() <= 1e-4


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
