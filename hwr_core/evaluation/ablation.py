"""What each part of the decoding gains and costs, as tables for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import thread_time

import numpy as np
from numpy.typing import NDArray

from hwr_core.decoding.folding import Forms, fold_lattice
from hwr_core.decoding.fusion import DecodingSettings
from hwr_core.decoding.greedy import greedy
from hwr_core.evaluation import tune as tuning
from hwr_core.evaluation.cases import Case, gather
from hwr_core.evaluation.confidence import (
    calibration_error,
    exact_at,
    perfect_errors,
    risk_area,
    top,
)
from hwr_core.evaluation.intervals import percentiles
from hwr_core.evaluation.scoring import share
from hwr_core.evaluation.table import shown
from hwr_core.evaluation.trials import trials
from hwr_core.evaluation.tune import Judged, Reader, Tuned
from hwr_core.evaluation.weights import lists
from hwr_core.language import Language
from hwr_core.recognizer import Recognizer
from hwr_core.spelling import fold

ENOUGH = 200  # pictures to choose by: of fewer a name or two decides
TIMED = 100  # cases each way of reading is timed on
ROUNDS = 5  # of timing all ways in turn, so that a slow moment hits each; the quickest counts
SEED = 1  # of the luck of a perfect one


@dataclass(frozen=True, eq=False)
class Row:
    """One way of reading all cases."""

    name: str
    texts: tuple[str, ...]  # as written, a case each
    read: Callable[[Case], str]  # what is timed
    cases: Sequence[Case]

    @classmethod
    def of(cls, name: str, read: Callable[[Case], str], cases: Sequence[Case]) -> Row:
        """All cases read that way."""
        return cls(name, tuple(map(read, cases)), read, cases)


@dataclass(frozen=True)
class Comparison:
    """What to compare the tuned decoding with, besides its own parts."""

    variants: bool = False  # smaller and larger copies read, too: takes thrice as long
    labels: Path | None = None  # counts of training labels, for the `trials`; None: none of these


PARTS = Comparison()


def tune_and_compare(
    path: Path, stores: Sequence[Path], split: str, most: int, more: Comparison = PARTS
) -> Iterator[str]:
    """Tune a checkpoint, write what was chosen into it, and tell what that gains; line by line.

    Args:
        path: of the checkpoint.
        stores: with development pictures; each weighs as much as another.
        split: of each.
        most: pictures a store.
        more: what else to compare with.
    """
    language = Language.open()
    recognizer = Recognizer.load(path, threads=1, tuned=False)
    cases, letters = gather(recognizer, stores, split, most), recognizer.alphabet
    reader = Reader(letters, language)
    options = lists(cases, letters, language)
    spelled = tuning.tune(cases, reader, options, (0.0,))
    tuned = tuning.tune(cases, reader, options)
    tuning.store(path, tuned, language)
    yield f"{path}: {tuned.decoding!r}, {tuned.calibration!r}, accepted from {tuned.accept:.3f}"
    if len(cases) < ENOUGH:
        yield f"{len(cases)} pictures are few: what is chosen is chance; name more stores, too"
    resized = gather(recognizer, stores, split, most, variants=True) if more.variants else []
    known = np.array([case.in_lexicon(language.lexicon, letters) for case in cases])
    rows = list(_rows(cases, reader, spelled, tuned, resized))
    if more.labels:
        tried = trials(letters, language, tuned.decoding, more.labels)
        rows += [Row.of(each.name, each.read, cases) for each in tried]
    yield from comparison(cases, rows, known)
    yield from confidences(tuned)


def comparison(
    cases: Sequence[Case], rows: Sequence[Row], known: NDArray[np.bool_]
) -> Iterator[str]:
    """Exact match of each way of reading by store, in and outside the lexicon, beside its cost."""
    stores = list(dict.fromkeys(case.store for case in cases))
    groups = {name: np.array([case.store == name for case in cases]) for name in stores}
    groups |= {"in lexicon": known, "outside": ~known}
    heads = [f"{name} ({int(chosen.sum())})" for name, chosen in groups.items()]
    yield ""
    yield f"| decoding | {' | '.join(heads)} | ms a name | of greedy |"
    yield f"|---|{'---|' * (len(heads) + 2)}"
    costs = _costs(rows)
    for row, cost in zip(rows, costs, strict=True):
        right = np.array([fold(t) == c.truth for t, c in zip(row.texts, cases, strict=True)])
        shares = [_shown(right[chosen]) for chosen in groups.values()]
        cells = [row.name, *shares, f"{cost:.2f}", f"{cost / costs[0]:.1f}"]
        yield f"| {' | '.join(cells)} |"


def confidences(tuned: Tuned) -> Iterator[str]:
    """How far the confidences can be trusted, by store; cross-validated."""
    yield ""
    yield (
        "| store | n | top 1 | top 3 | top 5 | ECE | of a perfect one | mean confidence "
        "| risk area | at 90 % | accepted | wrong |"
    )
    yield "|---|" + "---|" * 11
    for name in dict.fromkeys(each.case.store for each in tuned.judged):
        yield _trust(name, [j for j in tuned.judged if j.case.store == name], tuned.accept)


def _trust(name: str, judged: Sequence[Judged], accept: float) -> str:
    sure, right = [j.confidence for j in judged], [j.right for j in judged]
    accepted = [j.right for j in judged if j.confidence >= accept]
    wrong = f"{1 - sum(accepted) / len(accepted):.1%}" if accepted else "-"
    tops = [f"{top([j.rank for j in judged], most):.1%}" for most in (1, 3, 5)]
    perfect = perfect_errors(sure, np.random.default_rng(SEED))
    luck = f"{perfect.mean():.3f} [{', '.join(f'{end:.3f}' for end in percentiles(perfect))}]"
    cells = [name, str(len(judged)), *tops, f"{calibration_error(sure, right):.3f}", luck]
    cells += [f"{np.mean(sure):.3f}", f"{risk_area(sure, right):.3f}"]
    cells += [f"{exact_at(0.9, sure, right):.1%}", f"{len(accepted) / len(judged):.0%}", wrong]
    return f"| {' | '.join(cells)} |".replace("%", " %")


def _rows(
    cases: Sequence[Case], reader: Reader, spelled: Tuned, tuned: Tuned, resized: Sequence[Case]
) -> Iterator[Row]:
    """The ways of reading, from the simplest on."""
    plain = DecodingSettings()

    def best_path(case: Case) -> str:
        best = greedy(fold_lattice(case.log_probs, reader.letters), reader.letters.folded)
        return Forms(case.log_probs, reader.letters).write(best).text

    def searched(settings: DecodingSettings) -> Callable[[Case], str]:
        return lambda case: reader.read(case, settings).best.text

    yield Row.of("greedy", best_path, cases)
    yield Row.of("beam", searched(plain), cases)
    for name, each in (("+ n-gram", spelled), ("+ lexicon", tuned)):
        texts = tuple(judged.found.best.text for judged in each.judged)
        yield Row(name, texts, searched(each.decoding), cases)
    if resized:
        yield Row.of("+ variants", searched(tuned.decoding), resized)


def _costs(rows: Sequence[Row]) -> list[float]:
    """Milliseconds of this thread a case, of each way; the network's not included."""
    rounds = [[_cost(row) for row in rows] for _ in range(ROUNDS)]
    return [min(times) for times in zip(*rounds, strict=True)]


def _cost(row: Row) -> float:
    """Milliseconds a case, this time."""
    some = row.cases[:: max(1, len(row.cases) // TIMED)]
    began = thread_time()
    for case in some:
        row.read(case)
    return 1000 * (thread_time() - began) / len(some)


def _shown(right: NDArray[np.bool_]) -> str:
    """A share with its 95 % bootstrap interval."""
    return shown(share(right)) if right.size else "-"
