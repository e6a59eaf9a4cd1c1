"""What every source of handwriting yields: samples, and a count of what was left out and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


class DataError(ValueError):
    """Data that cannot be used; the message names the file and the remedy."""


@dataclass(frozen=True)
class Sample:
    """One picture of one name."""

    name: str  # the picture's file name
    path: Path
    label: str
    split: str
    source: str
    writer: str | None = None


@dataclass
class LeftOut:
    """How many samples were left out for each reason, with the first ten names."""

    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)

    def add(self, reason: str, name: str) -> None:
        """Count one sample."""
        self.counts[reason] = self.counts.get(reason, 0) + 1
        if len(names := self.names.setdefault(reason, [])) < 10:
            names.append(name)

    def as_json(self) -> dict[str, dict[str, object]]:
        """{reason: {"count": n, "files": [up to ten]}}, most frequent first."""
        order = sorted(self.counts, key=lambda reason: -self.counts[reason])
        return {
            reason: {"count": self.counts[reason], "files": self.names[reason]} for reason in order
        }
