"""Groups of pictures: every slice of a run with its scores, and those that do worst."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hwr_core.evaluation.intervals import ratio_error, wilson
from hwr_core.evaluation.slices import (
    FORM,
    LONG,
    LONGER,
    LOOKS,
    RARE_FORM,
    SEPARATOR,
    SIGNS,
    SMALLEST,
)

# What each tag tells about, for tables that are read by subject; the rest is a `CASE`.
LENGTH, NAME, SIGN, LOOK, CASE = "Length", "Kind of name", "Signs", "Ink", "Case and accents"
PRINT = "Printed form"
SUBJECTS = {
    **{tag: LENGTH for _, tag in LONG},
    LONGER: LENGTH,
    **dict.fromkeys(SIGNS.values(), SIGN),
    **dict.fromkeys(LOOKS, LOOK),
    RARE_FORM: PRINT,
    **dict.fromkeys(
        ("seen name", "unseen name", "rare letter", "in the lexicons", "not in the lexicons"), NAME
    ),
}
LETTER, WRITER, SOURCE = "Letter", "Writer", "Source"


def groups(facts: pd.DataFrame) -> pd.DataFrame:
    """Every slice of a run, a row each, in the order of subjects.

    Args:
        facts: the predictions of a run, see `results.FACTS`.

    Returns:
        subject, slice, n, then exact and cer, each with its low and high end, 0 to 1.
    """
    right = facts["distance"].to_numpy() == 0
    edits = facts["distance"].to_numpy(float)
    letters = facts["truth"].str.len().to_numpy(float)
    rows = [
        (subject, name, *_scored(right[rows], edits[rows], letters[rows]))
        for subject, name, rows in members(facts)
    ]
    names = ["subject", "slice", "n", "exact", "exact_low", "exact_high"]
    return pd.DataFrame(rows, columns=[*names, "cer", "cer_low", "cer_high"])


def worst(groups: pd.DataFrame, exact: float) -> pd.DataFrame:
    """The slices that are surely read worse than the whole run, the costliest first.

    Surely: the upper end of the interval lies below `exact`; so a few unlucky pictures are not
    blamed. Cost: how many more pictures would be right if the slice were read like all.

    Args:
        groups: see `groups`.
        exact: the share of the whole run that is right.
    """
    lost = (exact - groups["exact"]) * groups["n"]
    sure = (groups["n"] >= SMALLEST) & (groups["exact_high"] < exact)
    found = groups.assign(lost=lost)[sure]
    return found.sort_values(["lost", "slice"], ascending=[False, True])


def members(facts: pd.DataFrame) -> Iterator[tuple[str, str, NDArray[np.integer]]]:
    """Subject, name and row numbers of every slice.

    Args:
        facts: a row a picture, with its source, writer, truth and tags.
    """
    tags = facts["tags"].str.split(SEPARATOR).explode()
    numbered = pd.Series(np.arange(len(facts)).repeat(_lengths(facts["tags"])), index=tags.index)
    yield from _tagged(tags.to_numpy(), numbered.to_numpy())
    for letter in sorted({letter for truth in facts["truth"].unique() for letter in truth}):
        holds = facts["truth"].str.contains(letter, regex=False)
        yield LETTER, letter.replace(" ", "␣"), np.flatnonzero(holds)
    for subject, names in ((SOURCE, facts["source"]), (WRITER, _writers(facts))):
        for name, rows in facts.groupby(names, sort=True).indices.items():
            yield subject, str(name), np.asarray(rows)


def _writers(facts: pd.DataFrame) -> pd.Series:
    """The writer of each picture; of several sources with its source, for each counts its own."""
    alone = facts["source"].nunique() == 1
    return facts["writer"] if alone else facts["source"] + " " + facts["writer"]


def _scored(
    right: NDArray[np.bool_], edits: NDArray[np.float64], letters: NDArray[np.float64]
) -> tuple[float, ...]:
    """n, exact and CER with their intervals."""
    low, high = wilson(right.sum(), len(right))
    return len(right), float(right.mean()), float(low), float(high), *ratio_error(edits, letters)


def _tagged(
    tags: NDArray[np.object_], rows: NDArray[np.integer]
) -> Iterator[tuple[str, str, NDArray[np.integer]]]:
    """The slices of tags, by subject and then in the order in which `SUBJECTS` names them."""
    order = {tag: place for place, tag in enumerate(SUBJECTS)}
    subjects = (LENGTH, NAME, SIGN, CASE, LOOK, PRINT)
    found = sorted(
        {tag for tag in tags if tag},
        key=lambda tag: (subjects.index(_subject(tag)), order.get(tag, 99), tag),
    )
    for tag in found:
        yield _subject(tag), tag, rows[tags == tag]


def _subject(tag: str) -> str:
    """What a tag tells about."""
    return PRINT if tag.startswith(FORM) else SUBJECTS.get(tag, CASE)


def _lengths(tags: pd.Series) -> NDArray[np.integer]:
    """How many tags each row has; one without any counts as one empty tag."""
    return tags.str.count(SEPARATOR).to_numpy(np.int64) + 1
