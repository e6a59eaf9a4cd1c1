"""Two runs on the same pictures: what the one reads that the other does not, and if by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hwr_core.evaluation.explaining import ResultsError
from hwr_core.evaluation.groups import members

KEY = ["source", "file"]  # what names a picture
FIXED, BROKEN, STILL_RIGHT, STILL_WRONG = "fixed", "broken", "still right", "still wrong"
WORDS = ["truth", "tags", "writer"]  # what both runs say of a picture; the newer one is believed


@dataclass(frozen=True)
class Change:
    """How two runs differ over some pictures."""

    n: int
    fixed: int  # wrong before, right now
    broken: int  # right before, wrong now
    right: int  # both times

    @property
    def gain(self) -> float:
        """Points of exact match gained, -1 to 1."""
        return (self.fixed - self.broken) / self.n

    @property
    def chance(self) -> float:
        """See `mcnemar`."""
        return mcnemar(self.fixed, self.broken)


def pair(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """The pictures that two runs share, with what each read and what became of it.

    Args:
        before: the predictions of the older run, see `results.FACTS`.
        now: of the newer run.

    Returns:
        A row a picture, in the order of `now`: `KEY`, `WORDS`, `change` (one of the four words
        above), and `folded` and `confidence` of both, ending in `_before` and `_now`.

    Raises:
        ResultsError: no picture is in both, or one is there twice.
    """
    told = ["folded", "confidence"]
    try:
        both = now[KEY + WORDS + told].merge(
            before[[*KEY, *told]], on=KEY, suffixes=("_now", "_before"), validate="one_to_one"
        )
    except pd.errors.MergeError:
        message = "One of the runs names a picture twice: `make evaluate` writes it anew."
        raise ResultsError(message) from None
    if both.empty:
        message = "These runs share no picture: choose two runs on the same pictures."
        raise ResultsError(message)
    # The newer label judges both: one that was mended since is no reading that was.
    was, is_now = (both[name] == both["truth"] for name in ("folded_before", "folded_now"))
    words = np.where(is_now, np.where(was, STILL_RIGHT, FIXED), np.where(was, BROKEN, STILL_WRONG))
    return both.assign(change=pd.Categorical(words))  # four words, 41,000 times


def change(words: pd.Series) -> Change:
    """How often each of the four words occurs."""
    counts = words.value_counts()
    fixed, broken, right = (int(counts.get(word, 0)) for word in (FIXED, BROKEN, STILL_RIGHT))
    return Change(len(words), fixed, broken, right)


def by_slice(both: pd.DataFrame) -> pd.DataFrame:
    """The change in every slice of what `pair` gives.

    Returns:
        subject, slice, n, fixed, broken, gain (-1 to 1), chance.
    """
    columns = ["subject", "slice", "n", "fixed", "broken", "gain", "chance"]
    rows = []
    for subject, name, places in members(both):
        found = change(both["change"].iloc[places])
        rows.append((subject, name, found.n, found.fixed, found.broken, found.gain, found.chance))
    return pd.DataFrame(rows, columns=columns)


def mcnemar(fixed: int, broken: int) -> float:
    """How likely a difference at least as uneven is, were both runs equally good (McNemar 1947).

    Exact and two-sided: of the pictures that changed, each is a fair coin. 1 if none changed.
    """
    changed, ways, tail = fixed + broken, 1, 0
    for k in range(min(fixed, broken) + 1):
        tail += ways  # in how many ways k coins of all fall one way; whole numbers, so exact
        ways = ways * (changed - k) // (k + 1)
    return float(min(1.0, 2 * tail / 2**changed))
