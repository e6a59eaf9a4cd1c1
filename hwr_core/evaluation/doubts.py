"""Labels that the model doubts: where its reading fits the ink far better than the label does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from hwr_core.checkpoint import Checkpoint
from hwr_core.data.sheets import save, sheet
from hwr_core.data.store import Store
from hwr_core.evaluation.noise import doubted, noise_rate
from hwr_core.evaluation.predictions import Reader

# Of a prediction; all of it, of all training pictures of the Kaggle set, would be gigabytes.
NEEDED = {"file", "label", "truth", "folded", "confidence", "loss", "read_loss"}
PER_SHEET = 50  # strips a person judges before looking away


@dataclass(frozen=True, eq=False)
class Ranking:
    """The doubts of one split."""

    doubts: pd.DataFrame  # of `doubted`; the index is the row of the store
    pictures: int  # that were read, the agreed ones included

    @property
    def noise(self) -> float:
        """The most wrong labels that the doubts speak for, a share; see `noise_rate`."""
        return noise_rate(self.doubts["doubt"].tolist(), self.pictures)


def rank(checkpoint: Checkpoint, store: Store, split: str) -> Ranking:
    """Read a split and rank the labels that are not what was read.

    Raises:
        DataError: the store is of another canvas, or has no such split.
    """
    rows = store.of(checkpoint.header.picture).rows(split).tolist()
    every = Reader(checkpoint).read(store, rows)
    read = tqdm(every, "read", len(rows), unit=" pictures", mininterval=1)
    table = pd.DataFrame([p.model_dump(include=NEEDED) for p in read], index=rows)
    return Ranking(doubted(table), len(rows))


def write(ranking: Ranking, path: Path) -> None:
    """Write the doubts as CSV, a line each: file, label, read (folded), confidence, doubt."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shown = ranking.doubts.assign(
        read=ranking.doubts["folded"],
        confidence=ranking.doubts["confidence"].map("{:.4f}".format),
        doubt=ranking.doubts["doubt"].map("{:.2f}".format),
    )
    columns = ["file", "label", "read", "confidence", "doubt"]
    shown.to_csv(path, columns=columns, index=False, lineterminator="\n")


def sheets(ranking: Ranking, store: Store, folder: Path, number: int) -> Iterator[Path]:
    """Save the `number` most doubted pictures on contact sheets, in their order."""
    for start in range(0, min(number, len(ranking.doubts)), PER_SHEET):
        chosen = ranking.doubts[start : min(start + PER_SHEET, number)]
        titles = [
            f"{place}  {label}  |  {read or '(nothing)'}"
            for place, (label, read) in enumerate(
                zip(chosen["label"], chosen["folded"], strict=True), start + 1
            )
        ]
        path = folder / f"doubts-{start + 1:03d}.png"
        save(sheet([store.strip(row) for row in chosen.index], titles), path)
        yield path
