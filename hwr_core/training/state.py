"""The state of a run under way, as safetensors: without pickle, written whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from lightning.fabric.plugins import CheckpointIO
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from hwr_core.training.reader import TrainingError

TENSOR, PAIRS, TUPLE = "__tensor__", "__pairs__", "__tuple__"


class SafetensorsIO(CheckpointIO):
    """Lightning's checkpoint dictionary: tensors as safetensors, the rest as JSON in the header."""

    def save_checkpoint(
        self,
        checkpoint: dict[str, Any],
        path: str | os.PathLike[str],
        storage_options: object = None,
    ) -> None:
        """Write beside the target, then move over it: a kill leaves the old file or the new one.

        Raises:
            TrainingError: the disk does not take it.
        """
        tensors: dict[str, Tensor] = {}
        rest = json.dumps(_freeze(checkpoint, tensors))
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        partly = target.with_name(target.name + ".partly")
        try:
            save_file(tensors, partly, metadata={"state": rest})
            partly.replace(target)
        except (OSError, SafetensorError) as error:
            message = f"{target}: cannot be written ({error}); make room, then go on with --resume"
            raise TrainingError(message) from None

    def load_checkpoint(
        self,
        path: str | os.PathLike[str],
        map_location: object = None,
        weights_only: bool | None = None,
    ) -> dict[str, Any]:
        """Read a state back.

        Raises:
            TrainingError: not such a file.
        """
        try:
            with safe_open(path, framework="pt") as file:
                tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 -- not a mapping
                rest = json.loads(file.metadata()["state"])
        except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
            message = f"{path}: not the state of a run ({error}); start anew without --resume"
            raise TrainingError(message) from None
        state: dict[str, Any] = _thaw(rest, tensors)
        return state

    def remove_checkpoint(self, path: str | os.PathLike[str]) -> None:
        """Delete a state that a better one replaces."""
        Path(path).unlink(missing_ok=True)


def _freeze(value: Any, tensors: dict[str, Tensor]) -> Any:  # noqa: ANN401 -- any JSON
    """JSON of `value`; each tensor goes to `tensors` and leaves its key."""
    if isinstance(value, Tensor):
        key = str(len(tensors))
        tensors[key] = value.detach().cpu().contiguous().clone()  # no memory may be shared
        return {TENSOR: key}
    if isinstance(value, dict):  # as pairs: the optimiser's keys are numbers
        return {PAIRS: [[key, _freeze(item, tensors)] for key, item in value.items()]}
    if isinstance(value, list | tuple):
        items = [_freeze(item, tensors) for item in value]
        return {TUPLE: items} if isinstance(value, tuple) else items
    return value


def _thaw(value: Any, tensors: dict[str, Tensor]) -> Any:  # noqa: ANN401 -- any JSON
    """The inverse of `_freeze`."""
    if isinstance(value, list):
        return [_thaw(item, tensors) for item in value]
    if not isinstance(value, dict):
        return value
    if TENSOR in value:
        return tensors[value[TENSOR]]
    if TUPLE in value:
        return tuple(_thaw(item, tensors) for item in value[TUPLE])
    return {key: _thaw(item, tensors) for key, item in value[PAIRS]}
