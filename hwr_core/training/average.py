"""The weights between those a run began with and those it ended with.

Wortsman et al., Robust Fine-Tuning of Zero-Shot Models (CVPR 2022), section 3: what lies between
reads the new pictures nearly as well as the end, and the old ones as well as the beginning.
"""

from __future__ import annotations

from pathlib import Path

from hwr_core.checkpoint import Checkpoint, CheckpointError, write
from hwr_core.runtime.export import to_onnx
from hwr_core.training.reader import weights_of
from hwr_core.training.restore import restore
from hwr_core.training.widen import widened


def average(first: Path, last: Path, share: float, out: Path) -> Checkpoint:
    """Write a checkpoint whose weights are (1 - share) of the first's and `share` of the last's.

    Args:
        first: the checkpoint that the run started from.
        last: the run's candidate; the rest of the header is its.
        share: 0 to 1.
        out: the new checkpoint.

    Raises:
        CheckpointError: one of them is none, or they are not of the same network and alphabet.
    """
    begun, ended = Checkpoint.open(first), Checkpoint.open(last)
    network = restore(ended)
    weights = widened(restore(begun).state_dict(), network)  # a run may begin with fewer units
    one, other = ({n: w.shape for n, w in each.items()} for each in (network.state_dict(), weights))
    if begun.alphabet != ended.alphabet or one != other:
        message = f"{first} and {last} differ in network or alphabet; only like weights have a mean"
        raise CheckpointError(message)
    for name, value in network.state_dict().items():
        if value.is_floating_point():  # others count batches
            value.lerp_(weights[name], 1 - share)
    header = ended.header.untuned().carried()
    header["provenance"].pop("int8", None)  # the mean is exported in floats
    header["provenance"]["average"] = {"of": begun.header.weights_digest, "share": 1 - share}
    onnx = to_onnx(network, ended.header.picture.height)
    return write(
        out, weights_of(network), onnx, begun.training_names() | ended.training_names(), header
    )
