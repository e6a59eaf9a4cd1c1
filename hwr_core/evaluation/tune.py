"""Tuning: weights, calibration and threshold of a model, chosen on development pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hwr_core.alphabet import Alphabet
from hwr_core.checkpoint import Checkpoint, write
from hwr_core.data.samples import DataError
from hwr_core.decoding.decode import Found, decode
from hwr_core.decoding.fusion import DecodingSettings, Knowledge
from hwr_core.decoding.posterior import Calibration, log_odds
from hwr_core.evaluation.cases import FOLDS, Case
from hwr_core.evaluation.release import lowest, threshold
from hwr_core.evaluation.weights import LEXICON, Lists, choose
from hwr_core.language import Language
from hwr_core.spelling import fold

PRECISION = 0.98  # share of the accepted readings that must be right
ERRORS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1)  # shares that may be wrong, for callers to choose
TOP = 5


@dataclass(frozen=True, eq=False)
class Judged:
    """A case and how it was read with weights that were chosen without it."""

    case: Case
    found: Found
    confidence: float  # calibrated without it, too

    @property
    def right(self) -> bool:
        """Whether the best reading is right."""
        return self.rank == 0

    @property
    def rank(self) -> int | None:
        """Where the truth stands among the readings, from 0."""
        texts = [fold(reading.text) for reading in self.found.readings]
        return texts.index(self.case.truth) if self.case.truth in texts else None


@dataclass(frozen=True, eq=False)
class Tuned:
    """What was chosen on all cases, and what was read with choices made on other folds."""

    decoding: DecodingSettings
    calibration: Calibration
    accept: float
    thresholds: tuple[tuple[float, float], ...]  # see the checkpoint's header
    judged: tuple[Judged, ...]

    def header(self, language: Language) -> dict[str, Any]:
        """What a checkpoint says of it."""
        return {
            "decoding": self.decoding.model_dump(),
            "calibration": self.calibration.model_dump(),
            "accept": self.accept,
            "thresholds": self.thresholds,
            "language_digest": language.digest,
        }


def tune(
    cases: Sequence[Case],
    reader: Reader,
    options: Lists,
    lexicon: Sequence[float] = LEXICON,
) -> Tuned:
    """Choose weights, calibration and threshold on all cases, and judge them by cross-validation.

    Args:
        cases: development pictures; never test ones.
        reader: of their lattices.
        options: what weights are chosen from, of the same cases.
        lexicon: the shares of the lexicon to choose from; (0,) for n-grams alone.

    Raises:
        DataError: all names are in one fold, so that nothing is left to judge by.
    """
    folds = np.array([case.fold_number for case in cases])
    if len(set(folds.tolist())) < 2:
        message = f"{len(cases)} pictures hold too few names to choose by; take more (--most)"
        raise DataError(message)
    chosen = [choose(options.part(folds != number), lexicon) for number in range(FOLDS)]
    found = [reader.read(case, chosen[case.fold_number]) for case in cases]
    right = np.array([fold(f.best.text) == c.truth for f, c in zip(found, cases, strict=True)])
    odds = np.array([log_odds(f.shares[0]) for f in found])
    fits = [_fit(odds[folds != number], right[folds != number]) for number in range(FOLDS)]
    judged = tuple(
        Judged(case, each, fits[case.fold_number](each.shares[0]))
        for case, each in zip(cases, found, strict=True)
    )
    sure, correct = [each.confidence for each in judged], [each.right for each in judged]
    accept = threshold(sure, correct, PRECISION, options.weight)
    found_at = ((errors, lowest(sure, correct, 1 - errors, options.weight)) for errors in ERRORS)
    thresholds = tuple((errors, least) for errors, least in found_at if least is not None)
    return Tuned(choose(options, lexicon), _fit(odds, right), accept, thresholds, judged)


class Reader:
    """Reads lattices with any settings, and keeps what each needs."""

    def __init__(self, letters: Alphabet, language: Language) -> None:
        self.letters, self.language = letters, language
        self._advisers: dict[DecodingSettings, Knowledge] = {}

    def read(self, case: Case, settings: DecodingSettings) -> Found:
        """The readings of a case, `TOP` at most."""
        if settings not in self._advisers:
            given = (self.language.kinds, self.letters.folded, settings)
            self._advisers[settings] = Knowledge(*given)
        knowledge = self._advisers[settings]
        return decode(case.log_probs, self.letters, settings, knowledge, TOP, case.variants)


def store(path: Path, tuned: Tuned, language: Language) -> Checkpoint:
    """Write what was chosen into a checkpoint, whose weights stay."""
    old = Checkpoint.open(path)
    header = old.header.carried()
    counts: dict[str, int] = {}
    for each in tuned.judged:
        counts[each.case.store] = counts.get(each.case.store, 0) + 1
    provenance = {**header["provenance"], "tuned_on": counts}
    header |= {**tuned.header(language), "provenance": provenance}
    return write(path, old.weights(), old.onnx(), old.training_names(), header)


def _fit(odds: NDArray[np.float64], right: NDArray[np.bool_], rounds: int = 50) -> Calibration:
    """Logistic regression of being right on the log-odds, by Newton's method.

    Targets are drawn in by a pseudo-count (Platt 1999), so that it ends even where all are right.
    """
    positive, negative = right.sum(), (~right).sum()
    target = np.where(right, (positive + 1) / (positive + 2), 1 / (negative + 2))
    inputs = np.stack([odds, np.ones_like(odds)], axis=1)  # (N, 2)
    weights = np.array([1.0, 0.0])
    for _ in range(rounds):
        shares = 1 / (1 + np.exp(-inputs @ weights))
        gradient = inputs.T @ (target - shares) - 1e-3 * (weights - [1, 0])
        hessian = (inputs.T * (shares * (1 - shares))) @ inputs + 1e-3 * np.eye(2)
        weights = weights + np.clip(np.linalg.solve(hessian, gradient), -1, 1)
    return Calibration(scale=max(float(weights[0]), 0.05), bias=float(weights[1]))
