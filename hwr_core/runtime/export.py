"""The ONNX export of a network: dynamic batch and width, one file."""

from __future__ import annotations

import io
import warnings

import torch
from torch import nn

OPSET = 17


def to_onnx(network: nn.Module, height: int) -> bytes:
    """The network as ONNX: `ink` (B, 1, H, W) float32 -> `log_probs` (B, T, C), any B and W.

    The example has batch 2 and an odd multiple of the stride, so that neither is baked in.
    """
    network = network.eval().to("cpu", torch.float32)
    network.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]  # not in stubs
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # The TorchScript exporter is deprecated, but the dynamo one bakes T into the output.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (torch.zeros(2, 1, height, 36),),
            buffer,  # type: ignore[arg-type]  # the stubs know paths only
            input_names=["ink"],
            output_names=["log_probs"],
            dynamic_axes={"ink": {0: "batch", 3: "width"}, "log_probs": {0: "batch", 1: "frames"}},
            opset_version=OPSET,
            dynamo=False,
        )
    return buffer.getvalue()
