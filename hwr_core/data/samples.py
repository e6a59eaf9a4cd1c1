"""What every source of handwriting yields: samples, and a count of what was left out and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from hwr_core.strokes import Drawing

SPLITS = ("train", "validation", "test")
SHOWN = 10  # names kept for each reason


class DataError(ValueError):
    """Data that cannot be used; the message names the file and the remedy."""


@dataclass(frozen=True)
class Sample:
    """One picture of one name, and what is written in it."""

    name: str  # unique in its source: the file, or "words_train.jsonl.gz:123"
    # a file, pen strokes, or grey values (H, W), 0 ink to 255 paper
    picture: Path | Drawing | NDArray[np.uint8]
    label: str  # as written, or folded capitals when `folded`
    split: str  # one of `SPLITS`
    source: str  # "kaggle", "unipen-words", ...
    writer: str | None = None  # who wrote it, unique within the source
    folded: bool = False  # the label is capitals without accents, whatever the paper shows


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
