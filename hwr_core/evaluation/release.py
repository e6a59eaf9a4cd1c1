"""Releasing: a candidate replaces the shipped model only if it reads the same pictures better."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hwr_core.checkpoint import Checkpoint, CheckpointError, write
from hwr_core.data import development
from hwr_core.data.samples import DataError, LeftOut, Sample
from hwr_core.data.sources import kaggle
from hwr_core.evaluation import results
from hwr_core.evaluation.compare import mcnemar
from hwr_core.evaluation.metrics import Counts, score
from hwr_core.picture import PictureError
from hwr_core.recognizer import Reading, Recognizer
from hwr_core.spelling import fold

PRECISION = 0.95  # share of accepted readings that must be right, where labels allow it
CAUTIOUS = 0.9  # the threshold where they do not
CHANCE = 0.05  # a loss less likely than this, were both models equally good, is no accident
KINDS = SCANS, PAD, PHOTOGRAPHS = "scans", "pad", "photographs"  # the ways names come to the page

Pictures = Mapping[str, Sequence[Sample]]  # of each kind


@dataclass(frozen=True)
class Trial:
    """How a model read the pictures of a kind."""

    counts: Counts
    confidences: tuple[float, ...]  # one a picture
    right: tuple[bool, ...]

    def loses_to(self, other: Trial) -> bool:
        """Fewer of the same pictures are right, and not by accident."""
        pairs = list(zip(self.right, other.right, strict=True))
        fixed, broken = pairs.count((True, False)), pairs.count((False, True))
        return broken > fixed and mcnemar(fixed, broken) < CHANCE

    def metrics(self) -> dict[str, Any]:
        """What the header tells of the release, as JSON."""
        counts = self.counts
        return {"n": counts.names, "exact": counts.exact_match, "cer": counts.cer}

    def __str__(self) -> str:
        return f"exact {self.counts.exact_match:.2%}, CER {self.counts.cer:.2%}"


Trials = Mapping[str, Trial]  # of each kind


def pictures(
    scans: Path, split: str, sets: Path, work: Path, kinds: Iterable[str] = KINDS
) -> dict[str, list[Sample]]:
    """The pictures to judge by.

    Args:
        scans: a folder in the Kaggle layout.
        split: of it, never a training split.
        sets: the folder of the development sets.
        work: a folder for what is unpacked; it must stay as long as the pictures are read.
        kinds: which of `KINDS`.

    Raises:
        DataError: pictures are missing or damaged, or a kind is unknown.
    """
    chosen: dict[str, list[Sample]] = {kind: [] for kind in kinds}
    if unknown := set(chosen) - set(KINDS):
        message = f"No kind of pictures is called {min(unknown)!r}; there are {', '.join(KINDS)}"
        raise DataError(message)
    if SCANS in chosen:
        chosen[SCANS] = [s for s in kaggle.samples(scans, LeftOut()) if s.split == split]
        if not chosen[SCANS]:
            message = f"{scans}: no usable picture in the split {split!r}"
            raise DataError(message)
    for name, _, samples in development.samples(sets, work) if set(chosen) - {SCANS} else ():
        kind = PAD if name == development.STROKES else PHOTOGRAPHS
        if kind in chosen:
            chosen[kind].extend(samples)
    return chosen


def release(candidate: Path, shipped: Path, judged_by: Pictures) -> str:
    """Compare, and ship the candidate if it is better.

    Args:
        candidate: what `train` wrote.
        shipped: the released model, if there is one yet.
        judged_by: see `pictures`; both models prepare them themselves.

    Returns:
        What was measured and done, for people.

    Raises:
        CheckpointError: the candidate cannot be used, is not better, or was never tuned where
            the shipped model was: a better network would then read worse.
    """
    checkpoint = Checkpoint.open(candidate)
    current = Checkpoint.open(shipped) if shipped.is_file() else None
    if current and current.header.language_digest and not checkpoint.header.language_digest:
        message = (
            f"{candidate} was never tuned; run first: python -m hwr_core tune {candidate} STORE"
        )
        raise CheckpointError(message)
    new = _trials(checkpoint, judged_by)
    lines = [f"{kind}, {trial.counts.names:,}: candidate {trial}" for kind, trial in new.items()]
    if current:
        old = _trials(current, judged_by)
        lines = [f"{line}; shipped {old[kind]}" for kind, line in zip(new, lines, strict=True)]
        if reason := refusal(new, old):
            message = "; ".join([*lines, f"{reason}, the shipped model stays"])
            raise CheckpointError(message)
    accept = _accept(checkpoint, new)
    told = {kind: trial.metrics() for kind, trial in new.items()}
    _ship(checkpoint, shipped, accept, told)
    return "\n".join([*lines, f"accepted from confidence {accept:.2f}", f"shipped as {shipped}"])


def refusal(new: Trials, old: Trials) -> str | None:
    """Why the new model does not replace the old one, if it does not.

    It must read more names exactly in the mean over the kinds, so that thousands of words from
    the pad do not outweigh hundreds of scans, or as many with fewer wrong letters; and in no kind
    fewer, beyond what chance does.
    """
    lost = [kind for kind in new if new[kind].loses_to(old[kind])]
    if lost:
        kept = " ".join(kind for kind in new if kind not in lost)
        hint = f" (--only {kept} judges without)" if kept else ""
        return f"the candidate reads fewer names of {' and '.join(lost)}{hint}"
    mine, theirs = _mean(new), _mean(old)
    return None if mine > theirs else "the candidate is not better"


def _mean(trials: Trials) -> tuple[float, float]:
    """Over the kinds: the exact match, and the CER, negated. More is better."""
    counts = [trial.counts for trial in trials.values()]
    mean = np.mean([(c.exact_match, -c.cer) for c in counts], axis=0)
    return float(mean[0]), float(mean[1])


def _accept(checkpoint: Checkpoint, trials: Trials) -> float:
    """The threshold: what was tuned knows better than one reading of the pictures."""
    if checkpoint.header.language_digest:
        return checkpoint.header.accept
    confidences = chain.from_iterable(trial.confidences for trial in trials.values())
    right = chain.from_iterable(trial.right for trial in trials.values())
    return threshold(list(confidences), list(right))


def _trials(checkpoint: Checkpoint, judged_by: Pictures) -> dict[str, Trial]:
    """Read the pictures with a model, by the picture alone: networks are compared."""
    recognizer = Recognizer(checkpoint, tuned=False)
    return {kind: _trial(recognizer, samples) for kind, samples in judged_by.items()}


def _trial(recognizer: Recognizer, samples: Sequence[Sample]) -> Trial:
    outcomes = recognizer.read_many([sample.picture for sample in samples], top=0)
    texts, truths = [_text(outcome) for outcome in outcomes], [fold(s.label) for s in samples]
    counts = sum(map(score, truths, texts), start=Counts())
    confidences = tuple(o.confidence if isinstance(o, Reading) else 0.0 for o in outcomes)
    right = tuple(truth == text for truth, text in zip(truths, texts, strict=True))
    return Trial(counts, confidences, right)


def _text(outcome: Reading | PictureError) -> str:
    """The text; a picture that cannot be read counts as read empty, not as left out."""
    return outcome.folded if isinstance(outcome, Reading) else ""


def threshold(
    confidences: Sequence[float],
    right: Sequence[bool],
    precision: float = PRECISION,
    weights: ArrayLike = 1.0,
) -> float:
    """What `lowest` finds, else `CAUTIOUS`."""
    found = lowest(confidences, right, precision, weights)
    return CAUTIOUS if found is None else found


def lowest(
    confidences: Sequence[float],
    right: Sequence[bool],
    precision: float,
    weights: ArrayLike = 1.0,
) -> float | None:
    """The lowest confidence, at least 0.5, from which a share of `precision` is right, if any.

    Below 0.5 another text may be more probable. `weights` says how much each reading counts.
    """
    order = np.argsort(-np.asarray(confidences), kind="stable")
    sure, correct = np.asarray(confidences)[order], np.asarray(right)[order]
    weight = np.broadcast_to(weights, sure.shape)[order]
    share = np.cumsum(correct * weight) / np.cumsum(weight)
    last = np.append(np.diff(sure) < 0, True)  # what is equally sure is accepted together
    enough = np.flatnonzero((share >= precision) & (sure >= 0.5) & last)
    return float(sure[enough[-1]]) if enough.size else None


def _ship(checkpoint: Checkpoint, shipped: Path, accept: float, metrics: dict[str, Any]) -> None:
    """Write the shipped files, and beside the results how the model was trained."""
    header = checkpoint.header.carried()
    provenance = {**header["provenance"], "metrics": metrics}
    write(
        shipped,
        checkpoint.weights(),
        checkpoint.onnx(),
        checkpoint.training_names(),
        {**header, "accept": accept, "provenance": provenance},
    )
    run = checkpoint.path.parent
    if (run / results.TRAINING).is_file():
        results.write_training(shipped.parent.parent / "results", results.read_training(run))
