"""What the pages read: files of results, kept in memory until they change on the disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import pandas as pd
import streamlit as st

from hwr_core.checkpoint import SHIPPED, CheckpointError
from hwr_core.data.relabel import Correction, corrections
from hwr_core.data.samples import DataError
from hwr_core.evaluation import results
from hwr_core.evaluation.compare import Change, by_slice, change, pair
from hwr_core.evaluation.corrected import FILE, made_for
from hwr_core.evaluation.explaining import ResultsError
from hwr_core.evaluation.records import Metrics
from hwr_core.language import LanguageError
from hwr_core.recognizer import Recognizer

Result = TypeVar("Result")


@dataclass(frozen=True)
class Choice:
    """What the visitor looks at."""

    results: Path  # the folder of all runs
    run: Path  # one of them

    @property
    def name(self) -> str:
        """The run as the side bar lists it, such as earlier/validation."""
        return self.run.relative_to(self.results).as_posix()


@dataclass(frozen=True, eq=False)
class Compared:
    """Two runs on the same pictures."""

    both: pd.DataFrame  # see `pair`
    change: Change

    @cached_property
    def slices(self) -> pd.DataFrame:
        """The change in every slice, see `by_slice`; half a second for 41,000 pictures."""
        return by_slice(self.both)

    @property
    def before(self) -> float:
        """The share that the older run read without an error."""
        return (self.change.right + self.change.broken) / self.change.n

    @property
    def now(self) -> float:
        """The share that the newer one did."""
        return (self.change.right + self.change.fixed) / self.change.n


def metrics(run: Path) -> Metrics:
    """The scores of a run.

    Raises:
        ResultsError: see `results.read_metrics`; so for the others here.
    """
    return _kept(results.read_metrics, run, changed(run / results.METRICS))


def predictions(run: Path) -> pd.DataFrame:
    """Every column of a run's predictions, pictures too; nobody may change the table."""
    written = changed(run / results.PREDICTIONS), changed(results.lender(run) / results.PREDICTIONS)
    return _kept(results.read_predictions, run, hash(written))


def facts(run: Path) -> pd.DataFrame:
    """The short columns of the same rows: all that counting needs, a tenth of the memory."""
    return _kept(results.read_facts, run, changed(run / results.PREDICTIONS))


def training(folder: Path) -> pd.DataFrame:
    """The epochs of a training; `folder` is that of the results or of one run of `make train`."""
    return _kept(results.read_training, folder, changed(folder / results.TRAINING))


def corrected(folder: Path, pictures: pd.DataFrame) -> dict[str, Correction]:
    """What was seen by eye in these pictures, by file, as files in the folder of results tell.

    Raises:
        ResultsError: a file of corrections is damaged.
    """
    files = sorted(folder.glob(f"*/{FILE}"))
    known = [each for path in files for each in _kept(_corrections, path, changed(path))]
    return made_for(known, pictures["file"], pictures["truth"])


def derived(make: Callable[[Path], Result], run: Path) -> Result:
    """What the function `make` computes of a run, again only when its predictions change.

    Raises:
        ResultsError: it met a damaged row.
    """
    try:
        return _kept(make, run, changed(run / results.PREDICTIONS))
    except ResultsError:
        raise
    except (ValueError, KeyError, TypeError) as error:  # rows are not checked one by one before
        name = f"{run.name}/{results.PREDICTIONS}"
        message = f"{name} is damaged: a row cannot be understood; `make evaluate` writes it anew."
        raise ResultsError(message) from error


def recognizer() -> Recognizer:
    """The shipped model, without torch, for what a page has read anew.

    Raises:
        ResultsError: it is missing or damaged.
    """
    return _recognizer(changed(SHIPPED))


@st.cache_resource(max_entries=1, show_spinner="Loading the model")
def _recognizer(written: int) -> Recognizer:  # noqa: ARG001 - the key: a release replaces the file
    try:
        return Recognizer.load(threads=1)
    except (CheckpointError, LanguageError) as error:
        raise ResultsError(str(error)) from error


def compared(before: Path, now: Path) -> Compared:
    """What two runs read of the same pictures."""
    return _compared(before, now, *(changed(run / results.PREDICTIONS) for run in (before, now)))


def changed(path: Path) -> int:
    """When a file was written, in nanoseconds; 0: there is none."""
    return path.stat().st_mtime_ns if path.exists() else 0


def _corrections(path: Path) -> list[Correction]:
    try:
        return list(corrections(path).values())
    except DataError as error:
        raise ResultsError(str(error)) from error


def _kept(make: Callable[[Path], Result], path: Path, written: int) -> Result:
    """`make(path)`; the name of the function stands for it, as the key of what is kept."""
    return _made(make, f"{make.__module__}.{make.__qualname__}", path, written)


# A resource and not data: every visitor shares one value, which nobody changes; data would be
# copied, pictures and all, at every click.
@st.cache_resource(max_entries=24, show_spinner=False)
def _made(_make: Callable[[Path], Result], name: str, path: Path, written: int) -> Result:  # noqa: ARG001 - parts of the key
    return _make(path)


@st.cache_resource(max_entries=4, show_spinner=False)
def _compared(before: Path, now: Path, *written: int) -> Compared:  # noqa: ARG001 - as above
    both = pair(facts(before), facts(now))
    return Compared(both, change(both["change"]))
