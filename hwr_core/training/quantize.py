"""A network in 8-bit integers: a quarter of the size, some two and a half times as fast.

After Jacob et al., Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-
Only Inference (CVPR 2018): weights a channel, activations by the ranges seen on real strips. The
LSTMs and the head measure their ranges anew on every strip, so strips are read one at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from onnxruntime import quantization
from onnxruntime.quantization.shape_inference import quant_pre_process

from hwr_core.checkpoint import Checkpoint, CheckpointError, write
from hwr_core.data.mixture import Mixture

SAMPLES = 128  # strips whose activations give the ranges


def quantize(path: Path, stores: Sequence[Path], out: Path, seed: int = 0) -> Checkpoint:
    """Write a checkpoint again with its network in 8-bit integers; the weights stay as they are.

    Args:
        path: a candidate whose network is in float32.
        stores: training strips from which the ranges are taken, as many from each.
        out: the new checkpoint.
        seed: of the choice of strips.

    Raises:
        CheckpointError: not a checkpoint, or quantized already.
        DataError: a store cannot be used, or is of another canvas.
    """
    checkpoint = Checkpoint.open(path)
    header = checkpoint.header.untuned().carried()
    if "int8" in header["provenance"]:
        message = f"{path}: its network is in 8-bit integers already"
        raise CheckpointError(message)
    mixture = Mixture.open(stores, checkpoint.header.picture)
    strips = _sample(mixture, np.random.default_rng(seed))
    model = to_int8(checkpoint.onnx(), strips)
    how = {"strips": len(strips), "seed": seed, "data_digests": mixture.digests}
    header["provenance"]["int8"] = how
    return write(out, checkpoint.weights(), model, checkpoint.training_names(), header)


def to_int8(model: bytes, strips: Sequence[NDArray[np.float32]]) -> bytes:
    """An ONNX network of float32 weights in 8-bit integers, same inputs and outputs.

    Weights keep 7 bits: processors without VNNI add two products in 16 bits, which 8 would
    overflow, and every machine is to read the same.

    Args:
        model: takes `ink` (B, 1, H, W).
        strips: (H, W) ink 0 to 1 each, as the network will see.
    """
    with TemporaryDirectory() as folder:
        plain, convolutions, whole = (str(Path(folder, f"{n}.onnx")) for n in range(3))
        Path(plain).write_bytes(model)
        quant_pre_process(plain, plain, skip_symbolic_shape=True)  # folds the batch norms
        quantization.quantize_static(
            plain,
            convolutions,
            _Strips(strips),
            per_channel=True,
            reduce_range=True,
            activation_type=quantization.QuantType.QUInt8,
            weight_type=quantization.QuantType.QInt8,
            op_types_to_quantize=["Conv", "Relu"],  # both: a step, no range for the negative
        )
        root = logging.getLogger()
        root.disabled, loud = True, root.disabled  # it warns of a model quantized before: ours is
        quantization.quantize_dynamic(
            convolutions, whole, op_types_to_quantize=["LSTM", "MatMul"], reduce_range=True
        )
        root.disabled = loud
        return Path(whole).read_bytes()


class _Strips(quantization.CalibrationDataReader):  # type: ignore[misc]  # it has no stubs
    """Strips one by one, as the quantizer asks for them."""

    def __init__(self, strips: Sequence[NDArray[np.float32]]) -> None:
        self._feeds: Iterator[dict[str, NDArray[np.float32]]] = (
            {"ink": strip[None, None]} for strip in strips
        )

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """The next feed, None behind the last."""
        return next(self._feeds, None)


def _sample(mixture: Mixture, rng: np.random.Generator) -> list[NDArray[np.float32]]:
    """Training strips, as many from each store."""
    stores = mixture.rows("train")
    each = -(-SAMPLES // len(stores))
    rows = [row for rows in stores for row in rng.permutation(rows)[:each].tolist()]
    return [np.divide(mixture.strip(row), 255, dtype=np.float32) for row in rows]
