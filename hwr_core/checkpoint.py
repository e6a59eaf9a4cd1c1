"""The released model: one safetensors file that is enough, and the ONNX export made from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from hwr_core.alphabet import Alphabet
from hwr_core.config import ConfigError, Settings
from hwr_core.decoding.fusion import DecodingSettings
from hwr_core.decoding.posterior import Calibration
from hwr_core.picture import PictureSpec
from hwr_core.whole import whole

FORMAT = 1
SHIPPED = Path(__file__).resolve().parent.parent / "checkpoints" / "names.safetensors"
TRAINING_NAMES = "training_names"  # the tensor that is not a weight

Weights = dict[str, NDArray[Any]]


class CheckpointError(ValueError):
    """A checkpoint that cannot be used; the message names the file and what is wrong."""


UNTUNED = 0.5  # the threshold of a network that nobody has tuned


class Header(Settings):
    """What a checkpoint says of itself."""

    format: int
    name: str
    alphabet: str
    picture: PictureSpec
    network: dict[str, Any]  # parsed by hwr_core.model, which serving does not import
    parameters: int = Field(ge=1)  # of the exported network
    accept: float = Field(ge=0, le=1)  # confidence from which a reading counts as accepted
    # Shares of the accepted that may be wrong, and the confidence that each asks for.
    thresholds: tuple[tuple[float, float], ...] = ()
    decoding: DecodingSettings = DecodingSettings()  # what `tune` chose; plain before that
    calibration: Calibration = Calibration()  # from a posterior to a confidence
    language_digest: str = ""  # SHA-256 of the language file these were chosen with
    weights_digest: str  # SHA-256 of the weights
    onnx_digest: str  # SHA-256 of the ONNX file beside it
    provenance: dict[str, Any]  # code version, data digest, seed, recipe, metrics, left out

    def carried(self) -> dict[str, Any]:
        """As JSON, for another checkpoint: without what `write` adds."""
        return self.model_dump(mode="json", exclude={"format", "weights_digest", "onnx_digest"})

    def untuned(self) -> Header:
        """Without what `tune` chose."""
        chosen = ("thresholds", "decoding", "calibration", "language_digest")
        defaults = {name: type(self).model_fields[name].default for name in chosen}
        told = {k: v for k, v in self.provenance.items() if k not in {"tuned_on", "metrics"}}
        return self.model_copy(update={**defaults, "accept": UNTUNED, "provenance": told})

    def threshold(self, errors: float) -> float:
        """The confidence from which at most a share of `errors` of the accepted was wrong.

        Raises:
            CheckpointError: the model was never tuned, or is never as sure.
        """
        if enough := [confidence for share, confidence in self.thresholds if share <= errors]:
            return min(enough)
        least = min((share for share, _ in self.thresholds), default=None)
        remedy = (
            "has no table of errors; make one with: python -m hwr_core tune"
            if least is None
            else f"can keep errors to {least:.1%} at best; ask for that, or set a threshold"
        )
        message = f"{self.name}: errors of {errors:.1%} cannot be had, as the model {remedy}"
        raise CheckpointError(message)


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint's header and where it lies; weights are read on demand."""

    path: Path
    header: Header

    @classmethod
    def open(cls, path: Path = SHIPPED) -> Checkpoint:
        """Read the header.

        Raises:
            CheckpointError: no such file, damaged, a key missing or unknown, a future format.
        """
        try:
            with safe_open(path, framework="numpy") as file:
                values = {**json.loads((file.metadata() or {})["header"])}
        except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
            message = f"{path}: not a checkpoint of this project ({type(error).__name__}: {error})"
            raise CheckpointError(message) from None
        if (number := values.get("format")) != FORMAT:
            message = (
                f"{path}: format {number}; this version reads format {FORMAT}, update the project"
            )
            raise CheckpointError(message)
        try:
            return cls(path, Header.parse(values, str(path)))
        except ConfigError as error:
            raise CheckpointError(str(error)) from None

    @property
    def alphabet(self) -> Alphabet:
        """The characters and their classes."""
        return Alphabet(self.header.alphabet)

    def weights(self) -> Weights:
        """The network's state.

        Raises:
            CheckpointError: not the weights the header was made for.
        """
        weights = {name: value for name, value in self._tensors().items() if name != TRAINING_NAMES}
        self._check("weights", _digest(weights), self.header.weights_digest)
        return weights

    def onnx(self) -> bytes:
        """The exported network.

        Raises:
            CheckpointError: missing, or not the export of these weights.
        """
        path = self.path.with_suffix(".onnx")
        try:
            data = path.read_bytes()
        except OSError as error:
            message = (
                f"{path}: cannot be read ({error.strerror}); it belongs beside {self.path.name}"
            )
            raise CheckpointError(message) from None
        self._check(path.name, hashlib.sha256(data).hexdigest(), self.header.onnx_digest)
        return data

    def training_names(self) -> frozenset[int]:
        """Fingerprints of the labels this model was trained on; see `fingerprint`."""
        return frozenset(self._tensors([TRAINING_NAMES])[TRAINING_NAMES].tolist())

    def _tensors(self, names: Iterable[str] | None = None) -> Weights:
        try:
            with safe_open(self.path, framework="numpy") as file:
                return {name: file.get_tensor(name) for name in names or file.keys()}
        except (OSError, SafetensorError) as error:
            message = f"{self.path}: {error}; fetch both files again"
            raise CheckpointError(message) from None

    def _check(self, what: str, found: str, expected: str) -> None:
        if found != expected:
            message = (
                f"{self.path}: the {what} have digest {found[:12]}, "
                f"the header names {expected[:12]}; fetch both files again"
            )
            raise CheckpointError(message)


def fingerprint(name: str) -> int:
    """A 63-bit digest of a name: it tells seen from unseen names, and ships nobody's."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest()) >> 1


def write(
    path: Path, weights: Weights, onnx: bytes, seen: Iterable[int], header: dict[str, Any]
) -> Checkpoint:
    """Write both files, each whole or not at all.

    Args:
        path: of the safetensors file; the ONNX file lies beside it.
        weights: the network's state.
        onnx: the network's export.
        seen: the fingerprints of the training labels.
        header: `Header` without its format and digests.
    """
    digests = {"weights_digest": _digest(weights), "onnx_digest": hashlib.sha256(onnx).hexdigest()}
    checked = Header.parse({"format": FORMAT, **header, **digests})
    names = np.array(sorted(set(seen)), np.int64)
    text = json.dumps(checked.model_dump(mode="json"), ensure_ascii=False)
    with whole(path.with_suffix(".onnx")) as file:
        file.write(onnx)
    with whole(path) as file:
        file.write(save({**weights, TRAINING_NAMES: names}, metadata={"header": text}))
    return Checkpoint.open(path)


def _digest(weights: Weights) -> str:
    """SHA-256 over names, types, shapes and values, in the order of the names."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        value = np.ascontiguousarray(weights[name])
        digest.update(f"{name} {value.dtype} {value.shape}".encode() + value.tobytes())
    return digest.hexdigest()
