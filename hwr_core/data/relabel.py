"""Labels corrected by eye: what somebody saw in a picture, and a source with its labels mended."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from hwr_core.data.samples import DataError, LeftOut, Sample
from hwr_core.data.sources.labelfiles import table, unusable
from hwr_core.spelling import fold, written

MENDED = "train"  # the only split: labels that judge a model are corrected in its report alone
DROPPED = "label cannot be decided"


class Correction(BaseModel):
    """What somebody saw in a picture; a picture without one keeps its label."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

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
    found = [
        _correction(row, f"{path}: line {n}") for n, row in table(path, Correction.model_fields)
    ]
    by_file = {correction.file: correction for correction in found}
    if len(by_file) < len(found):
        message = f"{path}: {len(found) - len(by_file)} pictures are named twice; keep one row each"
        raise DataError(message)
    return by_file


def to_csv(found: Iterable[Correction]) -> str:
    """The corrections as `corrections` reads them."""
    lines = io.StringIO()
    rows = csv.DictWriter(lines, Correction.model_fields, lineterminator="\n")
    rows.writeheader()
    rows.writerows(each.model_dump() for each in found)
    return lines.getvalue()


def tally(found: Iterable[Correction]) -> str:
    """What the corrections do to their labels, in one line."""
    verdicts = Counter(each.verdict for each in found)
    return (
        f"labels looked at: {verdicts['label right']:,} stand, {verdicts['label wrong']:,} mended, "
        f"{verdicts['cannot be decided']:,} left out"
    )


def mended(
    samples: Iterable[Sample], known: Mapping[str, Correction], left_out: LeftOut
) -> Iterator[Sample]:
    """The samples with their labels corrected; what cannot be decided is counted in `left_out`.

    Raises:
        DataError: a correction of a picture that is not there, that has another label, or that
            is not of the training split.
    """
    missing = dict(known)
    for sample in samples:
        if correction := missing.pop(sample.name, None):
            _check(sample, correction)
            if correction.verdict == "cannot be decided":
                left_out.add(sample.split, DROPPED, sample.name)
                continue
            yield _relabelled(sample, correction)
        else:
            yield sample
    if missing:
        first = next(iter(missing))
        message = (
            f"{len(missing)} corrections name pictures that the source does not have or leaves "
            f"out, {first} first; delete their rows"
        )
        raise DataError(message)


def _check(sample: Sample, correction: Correction) -> None:
    """Refuse a correction that was made for another picture, or for one that judges."""
    if fold(correction.label) != fold(sample.label):
        message = (
            f"{sample.name} has the label {sample.label!r} and not {correction.label!r}; "
            "its correction was made for another picture"
        )
        raise DataError(message)
    if sample.split != MENDED:
        message = (
            f"{sample.name} is of the split {sample.split}; only labels of {MENDED} are mended, "
            "the others judge a model and are corrected in its report"
        )
        raise DataError(message)


def _relabelled(sample: Sample, correction: Correction) -> Sample:
    """The sample with what the correction says is written there."""
    if correction.verdict == "label right":
        return sample
    spelled = fold(correction.corrected) if sample.folded else written(correction.corrected)
    if reason := unusable(spelled):
        message = f"{sample.name}: {spelled!r} cannot be learned from ({reason}); correct its row"
        raise DataError(message)
    return replace(sample, label=spelled)


def _correction(row: dict[str, str], place: str) -> Correction:
    """One line of a file."""
    try:
        return Correction.model_validate(row)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        message = f"{place}: {' '.join([*map(str, first['loc']), first['msg']])}"
        raise DataError(message) from None
