"""The CRNN: convolutions over the strip, a maximum over its height, BiLSTMs along it, CTC classes.

After Shi et al., An End-to-End Trainable Neural Network for Image-based Sequence Recognition
(2015), with the column maximum and the CTC shortcut of Retsinas et al., Best Practices for a
Handwritten Text Recognition System (DAS 2022). Letters: B batch, T frames, C classes, H x W strip.
"""

from __future__ import annotations

import math
from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from hwr_core.config import Settings


class CRNNSettings(Settings):
    """The size of a CRNN; the defaults are the released model's."""

    kind: Literal["crnn"] = "crnn"
    channels: tuple[int, int, int] = (32, 64, 128)  # at 1/2, 1/4 and 1/8 of the height
    blocks: tuple[int, int, int] = (1, 2, 3)  # residual blocks at each
    frame: Literal[2, 4] = 4  # pixels of strip a frame spans; 2 doubles the work from 1/4 on
    hidden: int = Field(default=160, ge=8)  # LSTM units a direction
    layers: int = Field(default=2, ge=1)
    dropout: float = Field(default=0.3, ge=0, lt=1)  # between columns, LSTM layers and head


class CRNN(nn.Module):
    """Strip to CTC log-probabilities, a frame every few pixels."""

    def __init__(self, settings: CRNNSettings, classes: int) -> None:
        super().__init__()
        first, second, third = settings.channels
        across = settings.frame // 2  # stride of the second stage; the widths below are for 2
        self.features = nn.Sequential(
            _convolution(1, first, kernel=5, stride=(2, 2)),  # (B, c1, H/2, W/2)
            *_stage(first, first, settings.blocks[0], stride=(1, 1)),  # (B, c1, H/2, W/2)
            *_stage(first, second, settings.blocks[1], stride=(2, across)),  # (B, c2, H/4, W/4)
            *_stage(second, third, settings.blocks[2], stride=(2, 1)),  # (B, c3, H/8, W/4)
        )
        self.dropout = nn.Dropout(settings.dropout)
        inner = settings.dropout if settings.layers > 1 else 0.0
        self.sequence = nn.LSTM(
            third,
            settings.hidden,
            settings.layers,
            batch_first=True,
            bidirectional=True,
            dropout=inner,
        )
        self.head = nn.Linear(2 * settings.hidden, classes)
        self.shortcut = nn.Conv1d(third, classes, kernel_size=3, padding=1)  # in training only

    def columns(self, images: Tensor) -> Tensor:
        """(B, 1, H, W) ink 0 to 1 -> (B, T, c3), T = W / frame."""
        x: Tensor = self.features(images)  # (B, c3, H/8, T)
        return x.amax(2).transpose(1, 2)  # (B, T, c3); amax, not pooling: it exports with any width

    def forward(self, images: Tensor) -> Tensor:
        """(B, 1, H, W) ink 0 to 1 -> (B, T, C) log-probabilities."""
        return self._read(self.columns(images))

    def both_heads(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """(B, T, C) log-probabilities of the main head and of the CTC shortcut.

        The shortcut teaches the convolutions more directly (DAS 2022, section 3.4).
        """
        columns = self.columns(images)  # (B, T, c3)
        logits = self.shortcut(columns.transpose(1, 2)).transpose(1, 2)  # (B, T, C)
        return self._read(columns), F.log_softmax(logits.float(), -1)

    def _read(self, columns: Tensor) -> Tensor:
        """(B, T, c3) -> (B, T, C) log-probabilities, float32: bfloat16 would round them to 0.02."""
        x, _ = self.sequence(self.dropout(columns))  # (B, T, 2 * hidden)
        return F.log_softmax(self.head(self.dropout(x)).float(), -1)


class Residual(nn.Module):
    """Two 3 x 3 convolutions with batch norm around an identity (He et al. 2015)."""

    def __init__(self, channels_in: int, channels: int, stride: tuple[int, int]) -> None:
        super().__init__()
        self.first = _convolution(channels_in, channels, kernel=3, stride=stride)
        self.second = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
        )
        same = channels_in == channels and stride == (1, 1)
        self.skip: nn.Module = nn.Identity() if same else Projection(channels_in, channels, stride)

    def forward(self, x: Tensor) -> Tensor:
        """(B, c_in, h, w) -> (B, c, h / stride, w / stride)."""
        return torch.relu(self.second(self.first(x)) + self.skip(x))


class Projection(nn.Sequential):
    """Average, then project (ResNet-D, He et al. 2018): no pixel is skipped.

    A strided 1 x 1 convolution would skip three of four, and its backward pass over few channels
    crashes torch 2.13 on CPUs in channels-last format.
    """

    def __init__(self, channels_in: int, channels: int, stride: tuple[int, int]) -> None:
        project = nn.Conv2d(channels_in, channels, 1, bias=False)
        super().__init__(nn.AvgPool2d(stride), project, nn.BatchNorm2d(channels))
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        """(B, c_in, h, w) -> (B, c, h / stride, w / stride)."""
        pool, project, norm = self
        if self.training:
            return norm(project(pool(x)))  # type: ignore[no-any-return]  # modules are untyped
        # The same as one convolution: what the network is exported to has no fast average.
        weight: Tensor = project.get_parameter("weight")  # (c, c_in, 1, 1)
        weight = weight.expand(-1, -1, *self.stride) / math.prod(self.stride)
        return norm(F.conv2d(x, weight, stride=self.stride))  # type: ignore[no-any-return]


def _stage(
    channels_in: int, channels: int, blocks: int, stride: tuple[int, int]
) -> list[nn.Module]:
    """Residual blocks, the first of which strides."""
    later = [Residual(channels, channels, (1, 1)) for _ in range(blocks - 1)]
    return [Residual(channels_in, channels, stride), *later]


def _convolution(
    channels_in: int, channels: int, kernel: int, stride: tuple[int, int]
) -> nn.Sequential:
    convolution = nn.Conv2d(channels_in, channels, kernel, stride, padding=kernel // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(channels), nn.ReLU(inplace=True))
