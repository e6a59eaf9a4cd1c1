"""A model that reads every picture as one name: a checkpoint whose readings are known before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from hwr_core.alphabet import BLANK, FOLDED
from hwr_core.checkpoint import Checkpoint, fingerprint, write
from hwr_core.picture import PictureSpec
from hwr_core.runtime.export import to_onnx
from hwr_core.training.reader import weights_of


class Parrot(nn.Module):
    """Says `name`, a letter every second frame, then blanks, `certainty` logits above all else."""

    def __init__(self, name: str, certainty: float) -> None:
        super().__init__()
        path = [frame for code in FOLDED.encode(name) for frame in (code, BLANK)]
        rows = torch.zeros(len(path), FOLDED.classes)
        rows[range(len(path)), path] = certainty
        silence = torch.zeros(FOLDED.classes)
        silence[BLANK] = certainty
        self.register_buffer("silence", silence)  # (C,) the logits of all later frames
        self.register_buffer("speech", rows - silence)  # (N, C) what the first N frames add

    def forward(self, ink: Tensor) -> Tensor:
        """(B, 1, H, W) -> (B, W / 4, C) log-probabilities, whatever the ink."""
        frames = ink[:, 0, 0, ::4]  # (B, T)
        place = torch.ones_like(frames).cumsum(1)[..., None] - 1  # (B, T, 1)
        now = (1 - (place - torch.arange(len(self.speech))).abs()).clamp(min=0)  # (B, T, N)
        return (now @ self.speech + self.silence).log_softmax(-1)


def checkpoint(
    path: Path, name: str, certainty: float = 12.0, seen: tuple[str, ...] = ()
) -> Checkpoint:
    """Such a model as a checkpoint of the released format, trained on the names `seen`."""
    network = Parrot(name, certainty)
    header: dict[str, Any] = {
        "name": path.stem,
        "alphabet": FOLDED.characters,
        "picture": PictureSpec().model_dump(),
        "network": {"kind": "parrot", "name": name},
        "parameters": 1,
        "accept": 0.5,
        "provenance": {"code": "test"},
    }
    onnx = to_onnx(network, PictureSpec().height)
    return write(path, weights_of(network), onnx, map(fingerprint, seen), header)
