"""The network in ONNX Runtime: what serving runs, without torch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnxruntime
from numpy.typing import NDArray


class OnnxNetwork:
    """Ink strips to log-probabilities; strips are read one at a time."""

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
        """(H, W) strips -> a (T, C) lattice each, in order, each as if alone.

        One at a time: batches gain nothing on a CPU, and a network in 8-bit integers takes its
        ranges from all that it is given at once (ADR 6).
        """
        return [self(strip[None, None])[0] for strip in strips]
