"""Labels corrected by eye: for reporting only, never for training, choosing or releasing."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Literal, Self

import numpy as np
from pydantic import ValidationError, model_validator

from hwr_core.data.samples import DataError
from hwr_core.evaluation.metrics import score
from hwr_core.evaluation.records import Corrected, Prediction, Record
from hwr_core.evaluation.scoring import scores
from hwr_core.spelling import fold

FILE = "corrected_labels.csv"  # beside the pictures it speaks of


class Correction(Record):
    """What somebody saw in a picture; a picture without one keeps its label."""

    file: str
    label: str  # as shipped, so that a correction never meets another label than it was made for
    corrected: str  # what is written, where the label is wrong; else empty
    verdict: Literal["label right", "label wrong", "cannot be decided"]
    reason: str  # in a few words

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if bool(self.corrected) != (self.verdict == "label wrong"):
            message = "corrected is given where the verdict is 'label wrong', and only there"
            raise ValueError(message)
        return self


def corrections(path: Path) -> dict[str, Correction]:
    """The corrections in a file, by picture.

    Raises:
        DataError: no such file, a column or verdict nobody knows, or a picture named twice.
    """
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, restkey="surplus"))
        found = [Correction.model_validate(row) for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error, ValidationError) as error:
        wanted = ",".join(Correction.model_fields)
        message = f"{path}: not rows of {wanted} ({_reason(error)})"
        raise DataError(message) from None
    by_file = {correction.file: correction for correction in found}
    if len(by_file) < len(found):
        message = f"{path}: {len(found) - len(by_file)} pictures are named twice; keep one row each"
        raise DataError(message)
    return by_file


def rescore(
    predictions: Sequence[Prediction], known: Mapping[str, Correction], rng: np.random.Generator
) -> Corrected:
    """The scores against corrected labels, without the pictures that cannot be decided.

    Raises:
        DataError: a correction of a picture that was not read, or of another label.
    """
    _check(predictions, known.values())
    by_verdict = {
        verdict: {file for file, each in known.items() if each.verdict == verdict}
        for verdict in ("label wrong", "cannot be decided")
    }
    undecided, wrong = by_verdict["cannot be decided"], by_verdict["label wrong"]
    truths = {p.file: known[p.file].corrected if p.file in wrong else p.label for p in predictions}
    counted = [p for p in predictions if p.file not in undecided]
    counts = [astuple(score(fold(truths[p.file]), fold(p.text))) for p in counted]
    return Corrected(
        checked=len(known),
        wrong=len(wrong),
        undecided=len(undecided),
        scores=scores(np.array(counts, dtype=float), rng),
    )


def _check(predictions: Iterable[Prediction], known: Iterable[Correction]) -> None:
    """Refuse corrections that were made for other pictures or labels."""
    labels = {prediction.file: prediction.label for prediction in predictions}
    for correction in known:
        if labels.get(correction.file) != fold(correction.label):
            message = (
                f"{FILE}: {correction.file} with the label {correction.label!r} is not a picture "
                "that was read; its row was made for other pictures"
            )
            raise DataError(message)


def _reason(error: Exception) -> str:
    """The first thing that is wrong, in a few words."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return " ".join([*map(str, first["loc"]), first["msg"]])
    return str(error)
