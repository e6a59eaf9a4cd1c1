"""What every source of handwriting yields: samples, and a count of what was left out and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

SHOWN = 10  # names kept for each reason


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


class Entry(TypedDict):
    """Pictures left out for one reason."""

    count: int
    files: list[str]  # the first ten


@dataclass
class LeftOut:
    """How many pictures of each split were left out, for each reason."""

    splits: dict[str, dict[str, Entry]] = field(default_factory=dict)

    def add(self, split: str, reason: str, name: str) -> None:
        """Count one picture."""
        entry = self.splits.setdefault(split, {}).setdefault(reason, Entry(count=0, files=[]))
        entry["count"] += 1
        if len(entry["files"]) < SHOWN:
            entry["files"].append(name)

    def lines(self) -> Iterator[str]:
        """The counts for people, a line each."""
        for split, reasons in self.splits.items():
            for reason, entry in reasons.items():
                more = ", ..." if entry["count"] > len(entry["files"]) else ""
                names = ", ".join(entry["files"])
                yield f"{split}: {entry['count']:,} left out, {reason} ({names}{more})"
