"""Labels that the model doubts: where its reading fits the ink far better than the label does.

Two readings of one picture are compared by the picture alone: the doubt is the logarithm of how
many times likelier the reading is than the label. What is known of names stays out of it, or
every rare name would be doubted.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from hwr_core.alphabet import Alphabet
from hwr_core.checkpoint import Checkpoint
from hwr_core.data.sheets import save, sheet
from hwr_core.data.store import Store
from hwr_core.evaluation.noise import UNWRITABLE, noise_rate
from hwr_core.evaluation.predictions import loss, strip_of
from hwr_core.recognizer import Recognizer
from hwr_core.spelling import fold

PER_SHEET = 50  # strips a person judges before looking away


@dataclass(frozen=True)
class Doubt:
    """One picture whose label is not what was read."""

    file: str
    label: str
    read: str  # folded, as the label is compared
    confidence: float  # of the reading, 0 to 1
    doubt: float  # nats; at most 0 where the label fits the ink as well


@dataclass(frozen=True)
class Ranking:
    """The doubts of one split, the largest first."""

    doubts: tuple[Doubt, ...]
    rows: tuple[int, ...]  # of the store, a doubt each
    pictures: int  # that were read, the agreed ones included

    @property
    def noise(self) -> float:
        """The most wrong labels that the doubts speak for, a share; see `noise_rate`."""
        return noise_rate([each.doubt for each in self.doubts], self.pictures)


def rank(checkpoint: Checkpoint, store: Store, split: str) -> Ranking:
    """Read a split and rank the labels that are not what was read.

    Raises:
        DataError: the store is of another canvas, or has no such split.
    """
    rows = store.of(checkpoint.header.picture).rows(split).tolist()
    found = sorted(_doubts(checkpoint, store, rows), key=lambda pair: -pair[1].doubt)
    return Ranking(tuple(each for _, each in found), tuple(row for row, _ in found), len(rows))


def write(ranking: Ranking, path: Path) -> None:
    """Write the doubts as CSV, a line each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines, lineterminator="\n")
        table.writerow([field.name for field in fields(Doubt)])
        for each in ranking.doubts:
            table.writerow([*astuple(each)[:3], f"{each.confidence:.4f}", f"{each.doubt:.2f}"])


def sheets(ranking: Ranking, store: Store, folder: Path, number: int) -> Iterator[Path]:
    """Save the `number` most doubted pictures on contact sheets, in their order."""
    for start in range(0, min(number, len(ranking.doubts)), PER_SHEET):
        part = slice(start, min(start + PER_SHEET, number))
        chosen = ranking.doubts[part]
        titles = [
            f"{place}  {each.label}  |  {each.read or '(nothing)'}"
            for place, each in enumerate(chosen, start + 1)
        ]
        path = folder / f"doubts-{start + 1:03d}.png"
        save(sheet([store.strip(row) for row in ranking.rows[part]], titles), path)
        yield path


def _doubts(
    checkpoint: Checkpoint, store: Store, rows: Sequence[int]
) -> Iterator[tuple[int, Doubt]]:
    """The rows whose label is not what was read, each with its doubt."""
    recognizer, alphabet = Recognizer(checkpoint, threads=1), checkpoint.alphabet
    names, labels = store.column("name"), store.column("label")
    for row in tqdm(rows, "read", unit=" pictures", mininterval=1):
        strip, label = strip_of(store.strip(row)), labels[row]
        (lattice,) = recognizer.lattices([strip])
        (reading,) = recognizer.read_lattices([lattice], [strip], top=0)
        if reading.folded == fold(label):
            continue
        doubt = _nats(lattice, label, alphabet) - _nats(lattice, reading.text, alphabet)
        yield row, Doubt(names[row], label, reading.folded, reading.confidence, doubt)


def _nats(lattice: NDArray[np.float32], text: str, alphabet: Alphabet) -> float:
    """The CTC loss of a text; of one that the model cannot write, a very large one."""
    nats = loss(lattice, text, alphabet)
    return UNWRITABLE if nats is None else nats
