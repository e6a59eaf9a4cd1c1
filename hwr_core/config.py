"""Settings: YAML to strict, frozen models; an unknown key is an error that lists the known ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

SHOWN = 80  # characters of a value that cannot be used


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
            message = f"{origin}: " + "; ".join(_described(cls, error.errors()))
            raise ConfigError(message) from None


def _described(model: type[BaseModel], faults: Iterable[Any]) -> Iterator[str]:
    """Every fault in words; the known keys once for all that are unknown beside them."""
    unknown: defaultdict[tuple[Any, ...], list[str]] = defaultdict(list)
    for fault in faults:
        key = ".".join(str(part) for part in fault["loc"])
        if fault["type"] == "extra_forbidden":
            unknown[fault["loc"][:-1]].append(key)
        else:
            yield _fault(key, fault)
    for parents, keys in unknown.items():
        are = "is" if len(keys) == 1 else "are"
        yield f"{', '.join(keys)} {are} unknown; known here: {', '.join(_known(model, parents))}"


def _fault(key: str, fault: Any) -> str:  # noqa: ANN401 -- pydantic's own
    """What is wrong with one value, and what it is; validators of ours say that themselves."""
    said, given = fault["msg"], repr(fault["input"])
    if fault["type"] == "missing":
        return f"{key} is missing"
    if fault["type"] in ("value_error", "union_tag_invalid"):
        return f"{key}: {said}"
    return f"{key} is {given[:SHOWN]}, but {said[:1].lower()}{said[1:]}"


def _known(model: type[BaseModel], parents: Iterable[Any]) -> list[str]:
    """The field names of the settings that lie at `parents` below `model`.

    A parent is a field or, below a field of several settings, their kind or a key of one's own.
    """
    models = [model]
    for name in parents:
        if fields := [m.model_fields[name].annotation for m in models if name in m.model_fields]:
            kinds = [kind for field in fields for kind in get_args(field) or (field,)]
            models = [k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)]
        else:
            models = [m for m in models if name in _kinds(m)] or models
    return sorted({field for m in models for field in m.model_fields})


def _kinds(model: type[BaseModel]) -> tuple[Any, ...]:
    """The kinds that settings may be of, if they are of several."""
    return get_args(model.model_fields["kind"].annotation) if "kind" in model.model_fields else ()


class _Strict(yaml.SafeLoader):
    """YAML in which no key is given twice: PyYAML would keep the last one and say nothing."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:  # noqa: ANN401 -- PyYAML's own
        node = super().compose_mapping_node(anchor)
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                message = f"line {key.start_mark.line + 1} gives {key.value} again; keep one"
                raise yaml.YAMLError(message)
            seen.add(str(key.value))
        return node


def _value(text: str) -> Any:  # noqa: ANN401 -- whatever stands there
    """What a YAML text holds.

    Raises:
        YAMLError: it is none, or gives a key twice.
    """
    try:
        return _Strict(text).get_single_data()
    except (ValueError, RecursionError) as error:  # the 30th of February; brackets without end
        raise yaml.YAMLError(str(error)) from None


def read_yaml(path: Path, overrides: list[str] | None = None) -> dict[str, Any]:
    """The mapping in a YAML file, with `key.subkey=value` overrides (values are YAML, too).

    Raises:
        ConfigError: no such file, not YAML, a key given twice (with its line), not a mapping, or
            an override without '='.
    """
    try:
        values = _value(path.read_text(encoding="utf-8"))
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
        ConfigError: an assignment that is none, is no YAML, or goes below a plain value.
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
        try:
            inner[key] = _value(text)
        except yaml.YAMLError:
            message = f"--set {assignment}: {text!r} is not a YAML value"
            raise ConfigError(message) from None
    return values
