"""The two networks most public notebooks on this data set start from, to be compared with."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from hwr_core.config import Settings


class SeedSettings(Settings):
    """Which seed network; each belongs to its own canvas (32 x 100, 64 x 256)."""

    kind: Literal["seed-gru", "seed-bilstm"]
    # The columns are flattened, so the height is part of the network.
    height: int = Field(ge=8)  # pixels


class SeedNetwork(nn.Module):
    """Three plain convolutions, flattened columns, two recurrent layers, one CTC head."""

    def __init__(self, settings: SeedSettings, classes: int) -> None:
        super().__init__()
        gru = settings.kind == "seed-gru"
        self.features = nn.Sequential(
            *_block(1, 32, pool=(2, 2)),  # (B, 32, H/2, W/2)
            *_block(32, 64, pool=(2, 2)),  # (B, 64, H/4, W/4)
            *_block(64, 128, pool=(2, 1)),  # (B, 128, H/8, W/4)
        )
        column = 128 * (settings.height // 8)
        width = column if gru else 64
        self.squeeze: nn.Module = (
            nn.Identity() if gru else nn.Sequential(nn.Linear(column, 64), nn.ReLU())
        )
        layer, hidden, dropout = (nn.GRU, 128, 0.0) if gru else (nn.LSTM, 256, 0.25)
        self.sequence = layer(
            width, hidden, 2, batch_first=True, bidirectional=True, dropout=dropout
        )
        self.head = nn.Linear(2 * hidden, classes)

    def forward(self, images: Tensor) -> Tensor:
        """(B, 1, H, W) ink 0 to 1 -> (B, T, C) log-probabilities, T = W / 4."""
        x = self.features(images)  # (B, 128, H/8, T)
        x = self.squeeze(x.flatten(1, 2).transpose(1, 2))  # (B, T, 128 * H/8 or 64)
        x, _ = self.sequence(x)  # (B, T, 2 * hidden)
        return F.log_softmax(self.head(x).float(), -1)


def _block(channels_in: int, channels: int, pool: tuple[int, int]) -> list[nn.Module]:
    convolution = nn.Conv2d(channels_in, channels, 3, padding=1)
    return [convolution, nn.BatchNorm2d(channels), nn.ReLU(inplace=True), nn.MaxPool2d(pool)]
