"""The networks, each built from its settings."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError
from torch import nn

from hwr_core.config import ConfigError
from hwr_core.model.crnn import CRNN, CRNNSettings
from hwr_core.model.seeds import SeedNetwork, SeedSettings

__all__ = ["CRNNSettings", "NetworkSettings", "build", "network_settings"]

NetworkSettings = Annotated[CRNNSettings | SeedSettings, Field(discriminator="kind")]


def network_settings(values: dict[str, Any]) -> CRNNSettings | SeedSettings:
    """Network settings from a checkpoint's header.

    Raises:
        ConfigError: no network of this kind and shape is known here.
    """
    try:
        adapter: TypeAdapter[CRNNSettings | SeedSettings] = TypeAdapter(NetworkSettings)
        return adapter.validate_python(values)
    except ValidationError as error:
        message = (
            f"these network settings are not known here: {values} ({error.error_count()} faults)"
        )
        raise ConfigError(message) from None


def build(settings: CRNNSettings | SeedSettings, classes: int) -> nn.Module:
    """The network of these settings: (B, 1, H, W) ink -> (B, T, C) log-probabilities."""
    if isinstance(settings, CRNNSettings):
        return CRNN(settings, classes)
    return SeedNetwork(settings, classes)
