"""The report of one evaluated split: from readings with their labels to `Metrics`."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hwr_core.data.samples import SHOWN
from hwr_core.evaluation.intervals import COVERAGE, RESAMPLES
from hwr_core.evaluation.metrics import characters
from hwr_core.evaluation.records import (
    Acceptance,
    Character,
    Checkpoint,
    Groups,
    LeftOut,
    Metrics,
    Prediction,
    Rate,
    Scores,
)
from hwr_core.evaluation.scoring import counted, scores, share
from hwr_core.evaluation.slices import SEPARATOR, slices
from hwr_core.spelling import fold, written

NO_LETTER = "label without a letter"  # the reason in `Metrics.left_out`


class ReportError(ValueError):
    """Rows that give no report; one sentence that says why."""


@dataclass(frozen=True)
class Origin:
    """What was evaluated, and how to do it again."""

    run: str
    split: str
    checkpoint: Checkpoint
    command: str
    made: datetime.date


def report(
    rows: Iterable[Prediction],
    origin: Origin,
    left_out: Mapping[str, LeftOut],
) -> Metrics:
    """The scores of `rows`, with intervals.

    Labels and texts are compared in their folded spelling, applied here and nowhere else.

    Args:
        rows: every picture that was read.
        origin: what they are.
        left_out: the pictures that were not read, by reason; labels without a letter are added.

    Raises:
        ReportError: no row has a label.
    """
    every = list(rows)
    labelled = [row for row in every if fold(row.label)]
    empty = [row.file for row in every if not fold(row.label)]
    if not labelled:
        message = f"no picture of the run {origin.run!r} has a label: there is nothing to score."
        raise ReportError(message)
    pairs = [(fold(row.label), fold(row.text)) for row in labelled]
    counts = counted(pairs)
    tagged = [row.tags.split(SEPARATOR) for row in labelled]
    return Metrics(
        **vars(origin),
        left_out={**left_out, **_left_out(empty)},
        scores=_groups(counts, np.array([row.seen for row in labelled])),
        written=_written(labelled),
        acceptance=_acceptance(labelled, np.array([a == b for a, b in pairs])),
        slices=slices(tagged, counts),
        characters=characters(pairs),
    )


def _written(rows: Iterable[Prediction]) -> Rate | None:
    """The share of names read as written, among those whose labels tell."""
    right = [written(row.label) == written(row.text) for row in rows if row.cased]
    return share(np.array(right)) if right else None


def _acceptance(rows: Sequence[Prediction], right: NDArray[np.bool_]) -> Acceptance:
    """How often readings are accepted, and right (N,) if so."""
    accepted = np.array([row.accepted for row in rows])
    of_those = share(right[accepted]) if accepted.any() else None
    return Acceptance(accepted=share(accepted), right=of_those)


def _left_out(files: Sequence[str]) -> dict[str, LeftOut]:
    """The entry for the labels without a letter, if there are any."""
    if not files:
        return {}
    return {NO_LETTER: LeftOut(count=len(files), files=tuple(files[:SHOWN]))}


def _groups(counts: NDArray[np.float64], seen: NDArray[np.bool_]) -> Groups:
    """The scores of all names, of the seen and of the unseen; counts (N, K), seen (N,)."""
    return Groups(
        all=scores(counts),
        seen=scores(counts[seen]) if seen.any() else None,
        unseen=scores(counts[~seen]) if not seen.all() else None,
    )


def summary(metrics: Metrics) -> str:
    """The report on one screen of a terminal."""
    groups = [(name, scores) for name, scores in metrics.scores if scores is not None]
    rates = [name for name in Scores.model_fields if name != "n"]
    lines = [
        f"{metrics.run}: {metrics.split}, read by {metrics.checkpoint.name} "
        f"({metrics.checkpoint.digest[:12]}, {metrics.checkpoint.parameters:,} parameters)",
        "",
        _line("in %", [f"{name} labels" for name, _ in groups]),
        _line("names", [f"{scores.n:,}" for _, scores in groups]),
        *(_line(name, [_shown(getattr(s, name)) for _, s in groups]) for name in rates),
        "",
        *(_line_left_out(reason, pictures) for reason, pictures in metrics.left_out.items()),
        _hardest(metrics.characters),
        f"[low, high]: {COVERAGE:.0%} interval of {RESAMPLES:,} bootstrap resamples of names.",
        f"{metrics.made.isoformat()}: {metrics.command}",
    ]
    return "\n".join(lines)


def _line(title: str, cells: Sequence[str]) -> str:
    title = title.replace("_", " ")
    return f"{title:25}" + "".join(f"{cell:>24}" for cell in cells)


def _shown(rate: Rate) -> str:
    return f"{100 * rate.value:.2f} [{100 * rate.low:.2f}, {100 * rate.high:.2f}]"


def _line_left_out(reason: str, pictures: LeftOut) -> str:
    examples = f", such as {', '.join(pictures.files[:2])}" if pictures.files else ""
    return f"left out: {pictures.count:,} ({reason}){examples}"


def _hardest(every: Iterable[Character]) -> str:
    """The five characters with the lowest F1."""
    hardest = sorted(every, key=lambda character: character.f1 or 0.0)[:5]
    shown = (f"{c.char!r} {100 * (c.f1 or 0):.1f} ({c.support:,})" for c in hardest)
    return f"lowest F1 (how often): {', '.join(shown)}"
