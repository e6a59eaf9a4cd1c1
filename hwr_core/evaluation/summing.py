"""All numbers of a run in one file, `report.json`."""

from __future__ import annotations

import hashlib

import pandas as pd

from hwr_core.evaluation.confidence import Bin, calibration_error, exact_at, reliability, risk_area
from hwr_core.evaluation.outcomes import Curve, operating
from hwr_core.evaluation.records import Metrics, NonNegative, Record, Share, Slice
from hwr_core.evaluation.scoring import counted
from hwr_core.evaluation.slices import slices

WANTED = (0.005, 0.01, 0.02, 0.05)  # shares of wrong readings that people put up with


class Threshold(Record):
    """The lowest confidence that keeps the wanted share of wrong readings."""

    wanted: Share
    threshold: Share | None  # None: even the surest are wrong more often
    accepted: Share
    wrong: Share | None
    wrong_high: Share | None  # upper end of the 95 % interval


class Calibrated(Record):
    """Whether confidences can be trusted."""

    error: Share  # expected calibration error
    risk_area: Share  # under the risk-coverage curve
    right_of_surest: dict[str, Share]  # by share accepted
    reliability: tuple[Bin, ...]
    thresholds: tuple[Threshold, ...]


class Report(Record):
    """Everything that was counted of a run."""

    command: str  # what wrote this file
    metrics: Metrics
    sources: dict[str, Slice]
    calibration: Calibrated
    pictures_per_second: NonNegative | None  # None: nobody took the time
    data_digest: str  # SHA-256 of sources, files, labels and pictures


def summed(metrics: Metrics, predictions: pd.DataFrame, command: str) -> Report:
    """All numbers of a run.

    Args:
        metrics: its scores.
        predictions: its rows, see `Prediction`.
        command: what to run to get the same.
    """
    return Report(
        command=command,
        metrics=metrics,
        sources=_sources(predictions),
        calibration=calibrated(predictions),
        pictures_per_second=_speed(metrics, len(predictions)),
        data_digest=digest(predictions),
    )


def calibrated(predictions: pd.DataFrame) -> Calibrated:
    """How the confidences of a run's readings compare with what was right."""
    sure, right = predictions["confidence"], predictions["distance"] == 0
    curve = operating(sure, right)
    return Calibrated(
        error=calibration_error(sure, right),
        risk_area=risk_area(sure, right),
        right_of_surest={f"{part:.0%}": exact_at(part, sure, right) for part in (0.8, 0.9, 1.0)},
        reliability=reliability(sure, right),
        thresholds=tuple(_threshold(risk, curve) for risk in WANTED),
    )


def digest(predictions: pd.DataFrame) -> str:
    """SHA-256 of what was read: sources, file names, labels, pictures, in their order."""
    found = hashlib.sha256()
    columns = (predictions[name] for name in ("source", "file", "label", "picture"))
    for *words, picture in zip(*columns, strict=True):
        found.update("\t".join(words).encode() + b"\n" + picture)
    return found.hexdigest()


def _sources(predictions: pd.DataFrame) -> dict[str, Slice]:
    pairs = zip(predictions["truth"], predictions["folded"], strict=True)
    each = [[str(source)] for source in predictions["source"]]
    return slices(each, counted(pairs))


def _threshold(risk: float, curve: Curve) -> Threshold:
    point = curve.threshold_for(risk)
    return Threshold(
        wanted=risk,
        threshold=point.threshold if point else None,
        accepted=point.coverage if point else 0.0,
        wrong=point.risk if point else None,
        wrong_high=point.risk_high if point else None,
    )


def _speed(metrics: Metrics, pictures: int) -> float | None:
    return round(pictures / metrics.seconds, 1) if metrics.seconds else None
