"""The released file: what is written comes back, and anything else is refused by name."""

from __future__ import annotations

import json
import pickletools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from hwr_core.checkpoint import Checkpoint, CheckpointError, fingerprint, write
from hwr_core.config import ConfigError

WEIGHTS = {
    "head.weight": np.arange(6, dtype=np.float32).reshape(2, 3),
    "norm.num_batches_tracked": np.array(7, np.int64),
}
ONNX = b"not really a network"
HEADER = {
    "name": "tiny",
    "alphabet": "AB",
    "picture": {"height": 32, "width": 64, "step": 8, "margin": 2, "line": None},
    "network": {"kind": "crnn"},
    "parameters": 6,
    "accept": 0.75,
    "provenance": {"seed": 1, "left_out": {"train": {"missing picture": {"count": 2}}}},
}


@pytest.fixture
def path(tmp_path) -> Path:
    path = tmp_path / "tiny.safetensors"
    write(path, WEIGHTS, ONNX, [fingerprint("ANNA"), fingerprint("BOB")], HEADER)
    return path


def altered(path: Path, **changes: Any) -> Checkpoint:
    """The same file with other keys in its header (None: without the key), opened."""
    with safe_open(path, framework="numpy") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        header = json.loads(file.metadata()["header"]) | changes
    kept = {key: value for key, value in header.items() if value is not None}
    save_file(tensors, path, metadata={"header": json.dumps(kept)})
    return Checkpoint.open(path)


def test_what_is_written_comes_back(path):
    checkpoint = Checkpoint.open(path)
    for key, value in HEADER.items():
        assert checkpoint.header.model_dump(mode="json")[key] == value
    assert checkpoint.alphabet.characters == "AB"
    assert checkpoint.onnx() == ONNX
    weights = checkpoint.weights()
    assert weights.keys() == WEIGHTS.keys()
    for name, value in WEIGHTS.items():
        assert weights[name].dtype == value.dtype
        assert np.array_equal(weights[name], value)


def test_training_names_are_known_by_their_fingerprints_only(path):
    seen = Checkpoint.open(path).training_names()
    assert seen == {fingerprint("ANNA"), fingerprint("BOB")}
    assert fingerprint("EVE") not in seen
    assert b"ANNA" not in path.read_bytes()


def test_writing_leaves_nothing_but_the_two_files(path):
    assert sorted(file.name for file in path.parent.iterdir()) == ["tiny.onnx", "tiny.safetensors"]


def test_the_same_model_gives_the_same_bytes(path):
    before = path.read_bytes()
    write(path, WEIGHTS, ONNX, [fingerprint("BOB"), fingerprint("ANNA")] * 2, HEADER)
    assert path.read_bytes() == before


def test_no_pickle_is_inside(path):
    with pytest.raises(ValueError, match=r"opcode|pickle"):
        list(pickletools.genops(path.read_bytes()))


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(CheckpointError, match=r"absent\.safetensors: not a checkpoint"):
        Checkpoint.open(tmp_path / "absent.safetensors")


@pytest.mark.parametrize("share", [0, 0.02, 0.5, 0.99])
def test_a_truncated_file_is_refused_by_name(path, share):
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(CheckpointError, match=r"tiny\.safetensors: not a checkpoint"):
        Checkpoint.open(path)


def test_a_file_of_another_kind_is_refused_by_name(path):
    save_file(WEIGHTS, path)  # safetensors, but without a header of ours
    with pytest.raises(CheckpointError, match=r"tiny\.safetensors: not a checkpoint"):
        Checkpoint.open(path)


@pytest.mark.parametrize("header", ["[]", "3", "null", "{"])
def test_a_header_that_is_no_mapping_is_refused_by_name(path, header):
    save_file(WEIGHTS, path, metadata={"header": header})
    with pytest.raises(CheckpointError, match=r"tiny\.safetensors"):
        Checkpoint.open(path)


def test_a_future_format_is_refused_with_the_remedy(path):
    with pytest.raises(CheckpointError, match=r"format 2; this version reads format 1, update"):
        altered(path, format=2)


@pytest.mark.parametrize("key", [*HEADER, "weights_digest", "onnx_digest"])
def test_a_missing_key_is_refused_by_name(path, key):
    with pytest.raises(CheckpointError, match=rf"tiny\.safetensors: {key} is missing"):
        altered(path, **{key: None})


def test_an_extra_key_is_refused_beside_the_known_ones(path):
    with pytest.raises(CheckpointError, match=r"colour is unknown; known here: accept, alphabet"):
        altered(path, colour="red")


@pytest.mark.parametrize(
    ("key", "value"),
    [("accept", 1.5), ("accept", "high"), ("parameters", 0), ("picture", {"height": 1})],
)
def test_a_value_out_of_range_is_refused_by_name(path, key, value):
    with pytest.raises(CheckpointError, match=rf"tiny\.safetensors: {key}"):
        altered(path, **{key: value})


def test_weights_of_another_model_are_refused_by_their_digest(path):
    checkpoint = altered(path, weights_digest="0" * 64)
    with pytest.raises(
        CheckpointError, match=r"weights have digest \w{12}, the header names 0{12}"
    ):
        checkpoint.weights()


def test_one_changed_weight_is_noticed(path):
    data = bytearray(path.read_bytes())
    place = bytes(data).rindex(np.float32(5).tobytes())
    data[place : place + 4] = np.float32(6).tobytes()
    path.write_bytes(data)
    with pytest.raises(CheckpointError, match="weights have digest"):
        Checkpoint.open(path).weights()


def test_a_missing_network_is_refused_by_name(path):
    path.with_suffix(".onnx").unlink()
    with pytest.raises(CheckpointError, match=r"tiny\.onnx: cannot be read .* beside tiny\.safe"):
        Checkpoint.open(path).onnx()


def test_the_network_of_other_weights_is_refused_by_name(path):
    path.with_suffix(".onnx").write_bytes(b"the export of another model")
    with pytest.raises(CheckpointError, match=r"the tiny\.onnx have digest|tiny\.onnx has digest"):
        Checkpoint.open(path).onnx()


def test_a_header_that_could_not_be_read_back_is_not_written(tmp_path):
    with pytest.raises(ConfigError, match="accept"):
        write(tmp_path / "x.safetensors", WEIGHTS, ONNX, [], {**HEADER, "accept": 2})
    assert list(tmp_path.iterdir()) == []


def test_a_reader_never_meets_half_a_file(path, monkeypatch):
    """A failing write leaves the old files as they were."""
    before = path.read_bytes()
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write(path, WEIGHTS, b"another network", [], HEADER)
    assert path.read_bytes() == before
    assert Checkpoint.open(path).onnx() == ONNX
