"""The mean of two checkpoints: between both, and only of like networks."""

import numpy as np
import pytest
import torch

from hwr_core.checkpoint import Checkpoint, CheckpointError, write
from hwr_core.training.average import average
from hwr_core.training.quantize import quantize
from hwr_core.training.restore import restore
from hwr_core.training.run import train
from tests import learning, rendered


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A run, and one that began where it ended."""
    folder = tmp_path_factory.mktemp("runs")
    store = rendered.store(folder, rendered.BY_HEART)
    once = {"optim": {"epochs": 1}}
    train(learning.recipe(store, **once), folder / "first")
    first = folder / "first" / "candidate.safetensors"
    train(learning.recipe(store, start=str(first), seed=2, **once), folder / "last")
    train(learning.recipe(store, alphabet="folded", **once), folder / "folded")
    more = {"network": learning.TINY | {"hidden": 12}}
    train(learning.recipe(store, start=str(first), **more, **once), folder / "wider")
    names = ("first", "last", "folded", "wider")
    paths = {name: folder / name / "candidate.safetensors" for name in names}
    return paths | {"store": store.path}


@pytest.mark.parametrize("share", [0, 0.25, 1])
def test_every_weight_lies_between_the_two_in_the_same_proportion(runs, tmp_path, share):
    mean = average(runs["first"], runs["last"], share, tmp_path / "mean.safetensors")
    first, last = (Checkpoint.open(runs[name]).weights() for name in ("first", "last"))
    moved = 0
    for name, value in mean.weights().items():
        if value.dtype == np.float32:
            expected = (1 - share) * first[name] + share * last[name]
            np.testing.assert_allclose(value, expected, atol=1e-6)
            moved += not np.array_equal(first[name], last[name])
    assert moved > 10
    told = mean.header.provenance
    assert told["average"]["share"] == 1 - share
    assert told["recipe"] == Checkpoint.open(runs["last"]).header.provenance["recipe"]


def test_the_mean_of_integers_is_a_checkpoint_in_floats(runs, tmp_path):
    integers = tmp_path / "integers.safetensors"
    quantize(runs["last"], [runs["store"]], integers)
    mean = average(runs["first"], integers, 0.5, tmp_path / "mean.safetensors")
    floats = average(runs["first"], runs["last"], 0.5, tmp_path / "floats.safetensors")
    assert "int8" not in mean.header.provenance
    assert mean.onnx() == floats.onnx()


def test_the_mean_is_not_tuned_though_its_end_was(runs, tmp_path):
    last, tuned = Checkpoint.open(runs["last"]), tmp_path / "tuned.safetensors"
    header = last.header.carried() | {
        "accept": 0.97,
        "language_digest": "abc",
        "thresholds": [[0.01, 0.97]],
        "calibration": {"scale": 2.0},
    }
    header["provenance"] = header["provenance"] | {"tuned_on": {"kaggle": 9}}
    write(tuned, last.weights(), last.onnx(), last.training_names(), header)
    for fresh in (
        average(runs["first"], tuned, 0.5, tmp_path / "mean.safetensors").header,
        quantize(tuned, [runs["store"]], tmp_path / "integers.safetensors").header,
    ):
        for name in ("accept", "language_digest", "thresholds", "calibration", "decoding"):
            assert getattr(fresh, name) == getattr(last.header, name)
        assert "tuned_on" not in fresh.provenance


def test_a_header_that_lacks_a_later_setting_is_of_a_like_network(runs, tmp_path):
    first, old = Checkpoint.open(runs["first"]), tmp_path / "old.safetensors"
    header = first.header.carried()
    del header["network"]["frame"]
    write(old, first.weights(), first.onnx(), first.training_names(), header)
    mean = average(old, runs["last"], 0.5, tmp_path / "mean.safetensors")
    assert mean.header.network == Checkpoint.open(runs["last"]).header.network


def test_between_a_network_and_one_with_more_units_that_began_as_it(runs, tmp_path):
    means = [
        restore(average(runs["first"], runs["wider"], share, tmp_path / "mean.safetensors"))
        for share in (0, 1)
    ]
    ends = [restore(Checkpoint.open(runs[name])) for name in ("first", "wider")]
    ink = torch.rand(2, 1, 48, 96, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        for mean, end in zip(means, ends, strict=True):
            torch.testing.assert_close(mean(ink), end(ink))


def test_what_only_training_needs_does_not_part_like_networks(runs, tmp_path):
    first, other = Checkpoint.open(runs["first"]), tmp_path / "other.safetensors"
    header = first.header.carried()
    header["network"]["dropout"] = 0.5
    write(other, first.weights(), first.onnx(), first.training_names(), header)
    assert average(other, runs["last"], 0.5, tmp_path / "mean.safetensors")


def test_networks_of_two_alphabets_have_no_mean(runs, tmp_path):
    with pytest.raises(CheckpointError, match="differ in network or alphabet"):
        average(runs["first"], runs["folded"], 0.5, tmp_path / "mean.safetensors")
    assert not list(tmp_path.iterdir())
