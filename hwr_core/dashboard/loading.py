"""What the pages read: files of results, kept in memory until they change on the disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import pandas as pd
import streamlit as st

from hwr_core.evaluation import results
from hwr_core.evaluation.compare import Change, by_slice, change, pair
from hwr_core.evaluation.records import Metrics

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
        return float((self.both["distance_before"] == 0).mean())

    @property
    def now(self) -> float:
        """The share that the newer one did."""
        return float((self.both["distance_now"] == 0).mean())


def metrics(run: Path) -> Metrics:
    """The scores of a run.

    Raises:
        ResultsError: see `results.read_metrics`; so for the others here.
    """
    return _kept(results.read_metrics, run, changed(run / results.METRICS))


def predictions(run: Path) -> pd.DataFrame:
    """Every column of a run's predictions, pictures too; nobody may change the table."""
    return _kept(results.read_predictions, run, changed(run / results.PREDICTIONS))


def facts(run: Path) -> pd.DataFrame:
    """The short columns of the same rows: all that counting needs, a tenth of the memory."""
    return _kept(results.read_facts, run, changed(run / results.PREDICTIONS))


def training(folder: Path) -> pd.DataFrame:
    """The epochs of a training; `folder` is that of the results or of one run of `make train`."""
    return _kept(results.read_training, folder, changed(folder / results.TRAINING))


def derived(make: Callable[[Path], Result], run: Path) -> Result:
    """What the function `make` computes of a run, again only when its predictions change."""
    return _kept(make, run, changed(run / results.PREDICTIONS))


def compared(before: Path, now: Path) -> Compared:
    """What two runs read of the same pictures."""
    return _compared(before, now, *(changed(run / results.PREDICTIONS) for run in (before, now)))


def changed(path: Path) -> int:
    """When a file was written, in nanoseconds; 0: there is none."""
    return path.stat().st_mtime_ns if path.exists() else 0


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
