"""The network in ONNX Runtime: what serving runs, without torch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import onnxruntime
from numpy.typing import NDArray

BATCH = 32  # strips at once; larger ones gain nothing on a CPU


class OnnxNetwork:
    """Ink strips to log-probabilities; a strip's result does not depend on its batch."""

    def __init__(self, model: bytes, threads: int = 0) -> None:
        """`threads` 0 lets ONNX Runtime decide."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, images: NDArray[np.float32]) -> NDArray[np.float32]:
        """(B, 1, H, W) ink 0 to 1 -> (B, T, C) natural log-probabilities."""
        result: NDArray[np.float32] = self._session.run(["log_probs"], {"ink": images})[0]
        return result

    def lattices(self, strips: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """(H, W) strips -> a (T, C) lattice each, in order; only equal widths share a batch."""
        results: dict[int, NDArray[np.float32]] = {}
        for numbers in _equal_widths([strip.shape[1] for strip in strips]):
            batch = self(np.stack([strips[i] for i in numbers])[:, None])
            results.update(zip(numbers, batch, strict=True))
        return [results[i] for i in range(len(strips))]


def _equal_widths(widths: Iterable[int]) -> Iterator[list[int]]:
    """The numbers of the strips, in batches of one width."""
    groups: dict[int, list[int]] = {}
    for number, width in enumerate(widths):
        groups.setdefault(width, []).append(number)
    for numbers in groups.values():
        for start in range(0, len(numbers), BATCH):
            yield numbers[start : start + BATCH]
