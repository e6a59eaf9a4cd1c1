"""Finding pictures among tens of thousands: what a person asks for, and the rows that answer."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from hwr_core.evaluation.slices import SEPARATOR
from hwr_core.spelling import fold

OUTCOMES = ("right, accepted", "right, refused", "wrong, accepted", "wrong, refused")
SEARCHED = ("label", "text", "file")


class QueryError(ValueError):
    """A question that cannot be answered; one sentence that says why."""


@dataclass(frozen=True)
class Query:
    """What somebody looks for; the defaults leave every picture."""

    words: str = ""  # in label, reading or file, whatever the case
    pattern: bool = False  # `words` is a regular expression
    outcomes: tuple[str, ...] = OUTCOMES
    sources: tuple[str, ...] = ()  # none: all
    tags: tuple[str, ...] = ()  # all of them
    letters: str = ""  # the folded label has all of them
    confidence: tuple[float, float] = (0.0, 1.0)  # both ends included
    length: tuple[int, int] = (0, 10_000)  # of the folded label, letters
    order: str = ""  # a column to sort by; "": as they stand
    descending: bool = False


def find(facts: pd.DataFrame, query: Query) -> pd.DataFrame:
    """The rows of `facts` that `query` asks for, in its order.

    Raises:
        QueryError: the regular expression is none.
    """
    keep = facts["confidence"].between(*query.confidence)
    keep &= facts["truth"].str.len().between(*query.length)
    keep &= outcomes(facts).isin(query.outcomes)
    if query.sources:
        keep &= facts["source"].isin(query.sources)
    for letter in "".join(map(fold, query.letters)):
        keep &= facts["truth"].str.contains(letter, regex=False)
    for tag in query.tags:
        keep &= (SEPARATOR + facts["tags"] + SEPARATOR).str.contains(
            SEPARATOR + tag + SEPARATOR, regex=False
        )
    if query.words:
        keep &= _holding(facts, query)
    found = facts[keep]
    if not query.order:
        return found
    return found.sort_values(query.order, ascending=not query.descending, kind="stable")


def outcomes(facts: pd.DataFrame) -> pd.Series[str]:
    """One of `OUTCOMES` a row."""
    number = 2 * (facts["distance"] > 0) + ~facts["accepted"]
    return number.map(dict(enumerate(OUTCOMES)))


def _holding(facts: pd.DataFrame, query: Query) -> pd.Series[bool]:
    """The rows one of whose texts holds the words, or matches the pattern."""
    # Arrow's expressions take time in proportion to the text, whatever somebody types.
    match = pc.match_substring_regex if query.pattern else pc.match_substring
    held = pd.Series(data=False, index=facts.index)
    for name in SEARCHED:
        texts = pa.array(facts[name], pa.string())
        try:
            held |= match(texts, query.words, ignore_case=True).to_pandas().to_numpy(bool)
        except pa.ArrowInvalid as error:
            reason = str(error).removeprefix("Invalid regular expression: ")
            message = f"{query.words} is no regular expression: {reason}."
            raise QueryError(message) from None
    return held
