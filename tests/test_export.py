"""The ONNX export reads as torch does, at every batch size and width."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from hwr_core.model import build
from hwr_core.model.crnn import CRNNSettings
from hwr_core.model.seeds import SeedSettings
from hwr_core.runtime.export import to_onnx
from hwr_core.runtime.onnx import OnnxNetwork

CLASSES = 30
NETWORKS = {
    "crnn": (CRNNSettings(channels=(8, 16, 32), blocks=(1, 2, 1), hidden=16), 48),
    "seed-gru": (SeedSettings(kind="seed-gru", height=32), 32),
    "seed-bilstm": (SeedSettings(kind="seed-bilstm", height=64), 64),
}


@pytest.fixture(scope="module", params=NETWORKS)
def both(request) -> tuple[nn.Module, OnnxNetwork, int]:
    """A network in torch and in ONNX Runtime, with weights and norms away from their start."""
    settings, height = NETWORKS[request.param]
    torch.manual_seed(1)
    network = build(settings, CLASSES).train()
    with torch.no_grad():
        for _ in range(20):  # batch norm learns its statistics
            network(torch.rand(4, 1, height, 64))
    return network.eval(), OnnxNetwork(to_onnx(network, height), threads=1), height


@pytest.mark.parametrize("count", [1, 7, 32])
@pytest.mark.parametrize("width", [32, 100, 256])
def test_onnx_runtime_and_torch_agree(both, count, width):
    network, exported, height = both
    ink = np.random.default_rng(width + count).random((count, 1, height, width), np.float32)
    with torch.inference_mode():
        expected = network(torch.from_numpy(ink)).numpy()  # (B, T, C)
    found = exported(ink)
    assert found.shape == expected.shape == (count, width // 4, CLASSES)
    assert np.abs(found - expected).max() <= 1e-4


def test_strips_of_many_widths_are_read_in_order_and_each_as_if_alone(both):
    _, exported, height = both
    rng = np.random.default_rng(1)
    strips = [rng.random((height, width), np.float32) for width in (64, 32, 64, 96, 32, 64)]
    lattices = exported.lattices(strips)
    for strip, lattice in zip(strips, lattices, strict=True):
        assert np.abs(lattice - exported(strip[None, None])[0]).max() <= 1e-4


def test_the_shortcut_stays_out_of_the_export():
    settings = CRNNSettings(channels=(4, 4, 8), blocks=(1, 1, 1), hidden=8)
    network = build(settings, CLASSES)
    before = to_onnx(network, 48)
    with torch.no_grad():
        network.shortcut.weight.fill_(9)
    assert to_onnx(network, 48) == before
    assert b"shortcut" not in before


def test_the_export_leaves_gradients_and_shapes_to_others():
    """An export in float32 on the CPU of a network that came in another memory format."""
    settings = CRNNSettings(channels=(4, 4, 8), blocks=(1, 1, 1), hidden=8)
    torch.manual_seed(1)
    network = build(settings, CLASSES)
    plain = to_onnx(network, 48)
    assert to_onnx(network.to(memory_format=torch.channels_last), 48) == plain
