"""Slices: what kind of name a picture holds, in tags, and the scores of every kind."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from hwr_core.evaluation.records import Slice
from hwr_core.evaluation.scoring import scores
from hwr_core.spelling import fold

SMALLEST = 30  # names; of fewer, the interval of a share of a half is over 36 points wide
LONG = (
    (3, "1 to 3 letters"),
    (6, "4 to 6 letters"),
    (9, "7 to 9 letters"),
    (14, "10 to 14 letters"),
)
LONGER = "15 letters or more"
RARE = frozenset("FJKQWXZ")  # each under 1 % of the letters of the scans' training labels
SIGNS = {"-": "hyphen", " ": "space", "'": "apostrophe"}
FAINT, HEAVY = 0.045, 0.09  # share of ink in a strip: a fifth of the scans each
BESIDE = 0.3  # share of the ink before the first letter and after the last: form lines and print
LOOKS = ("faint or little ink", "heavy ink", "ink beside the name")
FORM, RARE_FORM = "form of", "rarer form"  # printed forms are known by the size they were cut to
SEPARATOR = ", "  # of the tags of a name; none of them holds it


def tags(label: str, *, folded: bool, seen: bool, names: Collection[str] = ()) -> tuple[str, ...]:
    """What kind of name `label` is.

    Args:
        label: as it stands in the store.
        folded: capitals whatever the paper shows, so its case and accents say nothing.
        seen: it was a training label.
        names: the folded labels that count as names; without them nothing is said of it.
    """
    plain = fold(label)
    found = ["seen name" if seen else "unseen name", _length(plain)]
    found += [tag for sign, tag in SIGNS.items() if sign in plain]
    found += ["rare letter"] * bool(RARE.intersection(plain))
    if not folded:
        found += ["accent"] * (not label.isascii())
        found.append(_case(label))
    if names:
        found.append("in the lexicons" if plain in names else "not in the lexicons")
    return tuple(found)


def looks(ink: NDArray[np.uint8], start: float, end: float) -> tuple[str, ...]:
    """What a strip looks like, as tags.

    Args:
        ink: (H, W), 0 paper to 255 ink.
        start: where the first letter read begins, pixels.
        end: where the last one ends; if nothing was read, the same as `start`.
    """
    columns = ink.sum(axis=0, dtype=float)  # (W,)
    density = columns.sum() / (255 * ink.size)
    inside = columns[max(0, int(start)) : math.ceil(end)].sum()
    found = (density < FAINT, density > HEAVY, inside < (1 - BESIDE) * columns.sum())
    return tuple(tag for tag, holds in zip(LOOKS, found, strict=True) if holds)


def slices(tagged: Sequence[Collection[str]], counts: NDArray[np.float64]) -> dict[str, Slice]:
    """The scores of the names of each tag; of fewer than `SMALLEST` only their number.

    Args:
        tagged: the tags of N names.
        counts: (N, K), the fields of `Counts` of each.
    """
    return dict(_slices(tagged, counts))


def _slices(
    tagged: Sequence[Collection[str]], counts: NDArray[np.float64]
) -> Iterator[tuple[str, Slice]]:
    for tag in sorted({tag for each in tagged for tag in each}):
        chosen = np.array([tag in each for each in tagged])
        number = int(chosen.sum())
        enough = number >= SMALLEST
        yield tag, Slice(n=number, scores=scores(counts[chosen]) if enough else None)


def _length(plain: str) -> str:
    return next((tag for most, tag in LONG if len(plain) <= most), LONGER)


def _case(label: str) -> str:
    """How a label as written uses capitals."""
    if label.isupper():
        return "capitals"
    return "small letters" if label.islower() else "both cases"
