"""Releasing: a candidate replaces the shipped model only if it reads the same pictures better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hwr_core.checkpoint import Checkpoint, CheckpointError, write
from hwr_core.data.samples import DataError, LeftOut, Sample
from hwr_core.data.sources import kaggle
from hwr_core.evaluation import results
from hwr_core.evaluation.metrics import Counts, score
from hwr_core.picture import PictureError
from hwr_core.recognizer import Reading, Recognizer

PRECISION = 0.95  # share of accepted readings that must be right, where labels allow it
CAUTIOUS = 0.9  # the threshold where they do not


@dataclass(frozen=True)
class Trial:
    """How a model read the pictures."""

    counts: Counts
    confidences: tuple[float, ...]  # one a picture
    right: tuple[bool, ...]

    def beats(self, other: Trial) -> bool:
        """More names exactly right, or as many with fewer wrong letters."""
        mine, theirs = self.counts, other.counts
        return (mine.exact, -mine.edits) > (theirs.exact, -theirs.edits)

    def metrics(self) -> dict[str, Any]:
        """What the header tells of the release, as JSON."""
        counts = self.counts
        return {"n": counts.names, "exact": counts.exact_match, "cer": counts.cer}

    def __str__(self) -> str:
        return f"exact {self.counts.exact_match:.2%}, CER {self.counts.cer:.2%}"


def release(candidate: Path, shipped: Path, pictures: Path, split: str) -> str:
    """Compare, and ship the candidate if it is better.

    Args:
        candidate: what `train` wrote.
        shipped: the released model, if there is one yet.
        pictures: a folder in the Kaggle layout; both models prepare the pictures themselves.
        split: the one to read, never a training split.

    Returns:
        What was measured and done, for people.

    Raises:
        CheckpointError: the candidate cannot be used, is not better, or was never tuned where
            the shipped model was: a better network would then read worse.
        DataError: the pictures cannot be used.
    """
    samples = [s for s in kaggle.samples(pictures, LeftOut()) if s.split == split]
    if not samples:
        message = f"{pictures}: no usable picture in the split {split!r}"
        raise DataError(message)
    checkpoint = Checkpoint.open(candidate)
    current = Checkpoint.open(shipped) if shipped.is_file() else None
    if current and current.header.language_digest and not checkpoint.header.language_digest:
        message = (
            f"{candidate} was never tuned; run first: python -m hwr_core tune {candidate} STORE"
        )
        raise CheckpointError(message)
    new = _trial(checkpoint, samples)
    lines = [f"{len(samples)} {split} pictures", f"candidate: {new}"]
    if current:
        old = _trial(current, samples)
        lines.append(f"shipped:   {old}")
        if not new.beats(old):
            message = "; ".join([*lines, "the candidate is not better, the shipped model stays"])
            raise CheckpointError(message)
    header = checkpoint.header  # what was tuned knows better than one split of scans
    tuned = header.accept if header.language_digest else None
    accept = threshold(new.confidences, new.right) if tuned is None else tuned
    _ship(checkpoint, shipped, accept, {"split": split, **new.metrics()})
    return "\n".join([*lines, f"accepted from confidence {accept:.2f}", f"shipped as {shipped}"])


def _trial(checkpoint: Checkpoint, samples: Sequence[Sample]) -> Trial:
    """Read the samples' pictures with a model, by the picture alone: networks are compared."""
    recognizer = Recognizer(checkpoint, tuned=False)
    outcomes = recognizer.read_many([sample.picture for sample in samples], top=0)
    pairs = list(zip(samples, outcomes, strict=True))
    texts = [_text(outcome) for _, outcome in pairs]
    counts = sum(map(score, (s.label for s in samples), texts), start=Counts())
    confidences = tuple(o.confidence if isinstance(o, Reading) else 0.0 for o in outcomes)
    right = tuple(s.label == text for s, text in zip(samples, texts, strict=True))
    return Trial(counts, confidences, right)


def _text(outcome: Reading | PictureError) -> str:
    """The text; a picture that cannot be read counts as read empty, not as left out."""
    return outcome.folded if isinstance(outcome, Reading) else ""


def threshold(
    confidences: Sequence[float], right: Sequence[bool], precision: float = PRECISION
) -> float:
    """What `lowest` finds, else `CAUTIOUS`."""
    found = lowest(confidences, right, precision)
    return CAUTIOUS if found is None else found


def lowest(confidences: Sequence[float], right: Sequence[bool], precision: float) -> float | None:
    """The lowest confidence, at least 0.5, from which a share of `precision` is right, if any.

    Below 0.5 another text may be more probable.
    """
    order = np.argsort(-np.asarray(confidences), kind="stable")
    sure, correct = np.asarray(confidences)[order], np.asarray(right)[order]
    share = np.cumsum(correct) / np.arange(1, len(correct) + 1)
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
