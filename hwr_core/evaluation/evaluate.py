"""Scoring a checkpoint on a split of a store, through the path that every picture takes."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from hwr_core.checkpoint import Checkpoint
from hwr_core.data.relabel import corrections
from hwr_core.data.samples import DataError
from hwr_core.data.store import Store
from hwr_core.evaluation import results
from hwr_core.evaluation.corrected import rescore
from hwr_core.evaluation.predictions import Reader
from hwr_core.evaluation.records import Checkpoint as CheckpointRecord
from hwr_core.evaluation.records import LeftOut, Metrics
from hwr_core.evaluation.report import Origin, report, summary
from hwr_core.evaluation.trust import trust

SLIM: dict[str, Any] = {
    "picture": b"",
    "letters": "[]",
    "alternatives": "[]",
}  # instead of what is long


@dataclass(frozen=True)
class Task:
    """What to read, and where to write what was read."""

    split: str
    out: Path  # a folder for the results; its name is the run's
    command: str  # what to run to get the same, for the report
    source: str | None = None  # read only pictures of it
    corrected: Path | None = None  # a file of labels corrected by eye, to score against as well
    slim: bool = False  # keep what comparing needs: no pictures, letters and alternatives


def evaluate(
    path: Path, store_path: Path, split: str, out: Path, command: str, source: str | None = None
) -> str:
    """Read a split, write `metrics.json` and `predictions.parquet` to `out`, return a summary.

    Args:
        path: the checkpoint.
        store_path: the store.
        split: see `Task` for this and the others.
        out: see there.
        command: see there.
        source: see there.

    Raises:
        CheckpointError, DataError: model or store cannot be used, or they do not fit together.
    """
    reader, store = Reader(Checkpoint.open(path)), Store.open(store_path)
    return summary(measure(reader, store, Task(split, out, command, source)))


def measure(reader: Reader, store: Store, task: Task) -> Metrics:
    """Read a split of a store, write both files of its results, and return the scores.

    Raises:
        CheckpointError, DataError: as `evaluate`; or the corrected labels are for other pictures.
    """
    header, path = reader.header, reader.checkpoint.path
    rows, began = _rows(store.of(header.picture), task.split, task.source), time.monotonic()
    predictions = list(reader.read(store, rows))
    seconds = round(time.monotonic() - began, 1)
    measured = CheckpointRecord(
        name=path.name,
        digest=header.weights_digest,
        parameters=header.parameters,
        accept=header.accept,
    )
    today = datetime.datetime.now(datetime.UTC).date()
    origin = Origin(task.out.name, task.split, measured, task.command, today)
    metrics = report(predictions, origin, _left_out(store, task.split))
    named = [prediction for prediction in predictions if prediction.truth]
    trusted = trust(named, [prediction.truth for prediction in named])
    metrics = metrics.model_copy(update={"seconds": seconds, "trust": trusted})
    if task.corrected and (known := corrections(task.corrected)):
        again = rescore(predictions, known)
        metrics = metrics.model_copy(update={"corrected": again})
    table = pd.DataFrame([p.model_dump(round_trip=True) for p in predictions])
    results.write(task.out, metrics, table.assign(**SLIM) if task.slim else table)
    return metrics


def _rows(store: Store, split: str, source: str | None) -> list[int]:
    """The rows of a split, or of one of its sources."""
    rows, sources = store.rows(split).tolist(), store.column("source")
    chosen = [row for row in rows if source in {None, sources[row]}]
    if not chosen:
        known = ", ".join(sorted({sources[row] for row in rows}))
        message = f"{store.path}: no source {source!r} in its split {split!r}; it has {known}"
        raise DataError(message)
    return chosen


def _left_out(store: Store, split: str) -> dict[str, LeftOut]:
    """What preparing the split left out."""
    entries = store.about["left_out"].get(split, {})
    return {
        reason: LeftOut(count=entry["count"], files=tuple(entry["files"]))
        for reason, entry in entries.items()
    }
