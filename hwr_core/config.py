"""Settings: YAML to strict, frozen models; a key nobody declared is an error that lists the known ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError


class ConfigError(ValueError):
    """Settings that cannot be used; the message names the key and the remedy."""


class Settings(BaseModel):
    """The base of every settings class; each lives beside what it sets."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)

    @classmethod
    def parse(cls, values: dict[str, Any], origin: str = "settings") -> Self:
        """Validate `values`.

        Raises:
            ConfigError: every fault in one message, unknown keys with the known ones beside them.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            faults = [_describe(cls, fault) for fault in error.errors()]
            message = f"{origin}: " + "; ".join(faults)
            raise ConfigError(message) from None


def _describe(model: type[BaseModel], fault: Any) -> str:  # noqa: ANN401 -- pydantic's own dict
    """One fault in words, with the known keys when the key is unknown."""
    *parents, _ = fault["loc"] or ("",)
    key = ".".join(str(part) for part in fault["loc"])
    if fault["type"] != "extra_forbidden":
        return f"{key}: {fault['msg']}"
    return f"{key} is unknown; known here: {', '.join(_known(model, parents))}"


def _known(model: type[BaseModel], parents: list[Any]) -> list[str]:
    """The field names of the settings that lie at `parents` below `model`."""
    for name in parents:
        kind = model.model_fields[name].annotation if name in model.model_fields else None
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            return []
        model = kind
    return sorted(model.model_fields)


def read_yaml(path: Path, overrides: list[str] | None = None) -> dict[str, Any]:
    """The mapping in a YAML file, with `key.subkey=value` overrides (values are YAML, too).

    Raises:
        ConfigError: no such file, not YAML, not a mapping, or an override without '='.
    """
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = (
            f"{path}: cannot be read ({error.strerror}); name a recipe such as configs/names.yaml"
        )
        raise ConfigError(message) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        message = f"{path}: not a YAML file ({' '.join(str(error).split())})"
        raise ConfigError(message) from None
    if not isinstance(values, dict):
        message = f"{path}: expected 'key: value' lines"
        raise ConfigError(message)
    return override(values, overrides or [])


def override(values: dict[str, Any], assignments: list[str]) -> dict[str, Any]:
    """`values` with each `key.subkey=value` set in it; the value is YAML.

    Raises:
        ConfigError: an assignment that is none, or goes below a plain value.
    """
    for assignment in assignments:
        path, sign, text = assignment.partition("=")
        if not sign:
            message = f"--set {assignment}: expected key=value"
            raise ConfigError(message)
        *parents, key = path.split(".")
        inner = values
        for parent in parents:
            inner = inner.setdefault(parent, {})
            if not isinstance(inner, dict):
                message = f"--set {assignment}: {parent} has no keys below it"
                raise ConfigError(message)
        inner[key] = yaml.safe_load(text)
    return values
