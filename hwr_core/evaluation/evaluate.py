"""Scoring a checkpoint on a split of a store, through the path that every picture takes."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from hwr_core.checkpoint import Checkpoint, fingerprint
from hwr_core.data.samples import DataError
from hwr_core.data.store import Store
from hwr_core.evaluation import results
from hwr_core.evaluation.metrics import score
from hwr_core.evaluation.records import Checkpoint as CheckpointRecord
from hwr_core.evaluation.records import LeftOut, Prediction
from hwr_core.evaluation.report import Origin, report, summary
from hwr_core.picture import Strip
from hwr_core.recognizer import Reading, Recognizer
from hwr_core.spelling import fold

SEED = 1  # of the bootstrap
CHUNK = 512  # strips held at once


def evaluate(
    path: Path, store_path: Path, split: str, out: Path, command: str, source: str | None = None
) -> str:
    """Read a split, write `metrics.json` and `predictions.parquet` to `out`, return a summary.

    Args:
        path: the checkpoint.
        store_path: the store; `split` of it is read, of one `source` only if that is given.
        split: see there.
        out: a folder for the results; its name is the run's.
        command: what to run to get the same, for the report.
        source: see there.

    Raises:
        CheckpointError, DataError: model or store cannot be used, or they do not fit together.
    """
    checkpoint, store = Checkpoint.open(path), Store.open(store_path)
    if store.spec != checkpoint.header.picture:
        message = (
            f"{store_path} holds strips of {store.spec}, {path} reads {checkpoint.header.picture}"
        )
        raise DataError(message)
    predictions = _predictions(checkpoint, store, _rows(store, split, source))
    header = checkpoint.header
    measured = CheckpointRecord(
        name=path.name, digest=header.weights_digest, parameters=header.parameters
    )
    origin = Origin(out.name, split, measured, command, datetime.datetime.now(datetime.UTC).date())
    metrics = report(predictions, origin, _left_out(store, split), np.random.default_rng(SEED))
    results.write(out, metrics, pd.DataFrame([dict(p) for p in predictions]))
    return summary(metrics)


def _rows(store: Store, split: str, source: str | None) -> list[int]:
    """The rows of a split, or of one of its sources."""
    rows, sources = store.rows(split).tolist(), store.column("source")
    chosen = [row for row in rows if source in {None, sources[row]}]
    if not chosen:
        known = ", ".join(sorted({sources[row] for row in rows}))
        message = f"{store.path}: no source {source!r} in its split {split!r}; it has {known}"
        raise DataError(message)
    return chosen


def _predictions(checkpoint: Checkpoint, store: Store, rows: list[int]) -> list[Prediction]:
    """One prediction a row, in order."""
    recognizer, seen = Recognizer(checkpoint), checkpoint.training_names()
    columns = {name: store.column(name) for name in ("name", "label", "source", "writer")}
    predictions = []
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        inks = [store.strip(row) for row in chunk]
        strips = [_strip(ink) for ink in inks]
        for row, ink, reading in zip(chunk, inks, recognizer.read_strips(strips, 0), strict=True):
            entry = {name: values[row] for name, values in columns.items()}
            predictions.append(_prediction(entry, ink, reading, seen))
    return predictions


def _strip(ink: NDArray[np.uint8]) -> Strip:
    """A stored strip as the network takes it; the picture it came from is gone."""
    share = np.divide(ink, 255, dtype=np.float32)
    return Strip(share, left=0, right=ink.shape[1], scale=1, offset=0, lost=0)


def _prediction(
    entry: dict[str, Any], ink: NDArray[np.uint8], reading: Reading, seen: frozenset[int]
) -> Prediction:
    """What was read of one picture, beside its label."""
    return Prediction(
        file=entry["name"],
        label=entry["label"],
        text=reading.text,
        confidence=reading.confidence,
        accepted=reading.accepted,
        distance=score(fold(entry["label"]), reading.folded).edits,
        seen=fingerprint(fold(entry["label"])) in seen,
        source=entry["source"],
        writer=entry["writer"],
        picture=_png(ink),
    )


def _png(ink: NDArray[np.uint8]) -> bytes:
    """(H, W) ink as a picture of black strokes on white paper."""
    buffer = io.BytesIO()
    Image.fromarray(255 - ink).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _left_out(store: Store, split: str) -> dict[str, LeftOut]:
    """What preparing the split left out."""
    entries = store.about["left_out"].get(split, {})
    return {
        reason: LeftOut(count=entry["count"], files=tuple(entry["files"]))
        for reason, entry in entries.items()
    }
