"""A network in 8-bit integers reads what its float weights read, from a quarter of the bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from hwr_core.checkpoint import SHIPPED, Checkpoint, CheckpointError
from hwr_core.picture import prepare
from hwr_core.runtime.export import to_onnx
from hwr_core.runtime.onnx import OnnxNetwork
from hwr_core.training.quantize import quantize, to_int8
from hwr_core.training.restore import restore
from tests import rendered

SCANS = sorted(
    (Path(__file__).parent.parent / "results/handwritten-names/test_v2/test").glob("*.jpg")
)[:30]


@pytest.fixture(scope="module")
def shipped() -> Checkpoint:
    return Checkpoint.open(SHIPPED)


@pytest.fixture(scope="module")
def strips(shipped) -> list[np.ndarray]:
    """Real strips, (H, W) each."""
    return [prepare(path, shipped.header.picture).ink for path in SCANS]


@pytest.fixture(scope="module")
def expected(shipped, strips) -> list[np.ndarray]:
    """The log-probabilities (T, C) of the float weights in torch."""
    network = restore(shipped)
    with torch.inference_mode():
        return [network(torch.from_numpy(ink)[None, None])[0].numpy() for ink in strips]


def agreement(network: OnnxNetwork, strips, expected) -> float:
    """The share of frames whose most probable class is the same."""
    pairs = zip(network.lattices(strips), expected, strict=True)
    same = [(found.argmax(-1) == wanted.argmax(-1)) for found, wanted in pairs]
    return float(np.concatenate(same).mean())


def test_the_shipped_network_reads_as_its_weights_do(shipped, strips, expected):
    assert agreement(OnnxNetwork(shipped.onnx()), strips, expected) > 0.98


def test_a_network_in_integers_is_a_quarter_of_the_size_and_reads_alike(shipped, strips, expected):
    plain = to_onnx(restore(shipped), shipped.header.picture.height)
    small = to_int8(plain, strips[:8])
    assert len(small) < 0.3 * len(plain)
    assert agreement(OnnxNetwork(small), strips, expected) > 0.98


def test_only_the_network_changes_and_the_checkpoint_says_how(tiny_checkpoint, tmp_path):
    store = rendered.store(tmp_path, rendered.BY_HEART)
    before = Checkpoint.open(tiny_checkpoint)
    after = quantize(tiny_checkpoint, [store.path], tmp_path / "small.safetensors")
    assert after.header.weights_digest == before.header.weights_digest
    assert after.header.onnx_digest != before.header.onnx_digest
    assert after.training_names() == before.training_names()
    assert after.header.provenance["int8"]["data_digests"] == {str(store.path): store.digest}


def test_a_network_in_integers_is_not_quantized_again(tiny_checkpoint, tmp_path):
    store = rendered.store(tmp_path, rendered.BY_HEART)
    once = quantize(tiny_checkpoint, [store.path], tmp_path / "small.safetensors").path
    with pytest.raises(CheckpointError, match="already"):
        quantize(once, [store.path], tmp_path / "smaller.safetensors")
