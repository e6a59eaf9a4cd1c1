"""What went wrong in a misread picture: its kind of error, and every single step of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

import pandas as pd

from hwr_core.spelling import fold, written

SUBSTITUTION, INSERTION, DELETION = "substitution", "insertion", "deletion"
CASE, ACCENT, FORM = "case only", "accent only", "case and accent"
WORDS, SEVERAL = "split or joined words", "several kinds"
KINDS = (SUBSTITUTION, INSERTION, DELETION, WORDS, SEVERAL, CASE, ACCENT, FORM)
BETWEEN = frozenset({" ", "-", ""})  # what stands between words, or nothing
STEPS = {"replace": SUBSTITUTION, "insert": INSERTION, "delete": DELETION}
NOTHING = "∅"  # the place of a letter that only the other text has


def misread(predictions: pd.DataFrame) -> pd.DataFrame:
    """The pictures that were read wrong, in letters or in form, with a column `error`: its kind.

    Form is case and accents, and counts only where the label tells them.
    """
    form = predictions["cased"] & (predictions["label"].map(written) != predictions["text"])
    wrong = predictions[(predictions["distance"] > 0) | form]
    columns = ("label", "text", "edits")
    given = zip(*(wrong[name] for name in columns), strict=True)
    return wrong.assign(error=[kind(*row) for row in given])


def kind(label: str, text: str, edits: str) -> str:
    """The kind of error of one picture that was read wrong.

    Args:
        label: as in the store.
        text: as it was read.
        edits: from the folded label to the folded reading, as JSON; without any, only the form of
            the letters differs.
    """
    steps = json.loads(edits)
    if not steps:
        return _form(written(label), text)
    if all(step["label"] in BETWEEN and step["read"] in BETWEEN for step in steps):
        return WORDS
    kinds = {STEPS[step["kind"]] for step in steps}
    return kinds.pop() if len(kinds) == 1 else SEVERAL


def steps(predictions: pd.DataFrame) -> pd.DataFrame:
    """Every edit of every picture: its index in `predictions`, the letter of the label, that read.

    `NOTHING` stands for the letter that an insertion or a deletion lacks.
    """
    wrong = predictions.loc[predictions["distance"] > 0, "edits"]
    found = [
        (index, step["label"] or NOTHING, step["read"] or NOTHING)
        for index, edits in wrong.items()
        for step in json.loads(edits)
    ]
    return pd.DataFrame(found, columns=["index", "label", "read"])


def pairs(found: pd.DataFrame) -> pd.DataFrame:
    """The label, the letter read, and their number among `steps`, the most frequent first."""
    counted = found.groupby(["label", "read"], as_index=False).size()
    return counted.sort_values("size", ascending=False, kind="stable", ignore_index=True)


def sequences(predictions: pd.DataFrame) -> Counter[tuple[str, str]]:
    """What was read for what, where steps stand side by side: RN for M, a word for another.

    Runs of one letter for one letter are `pairs` and left out.
    """
    found = Counter[tuple[str, str]]()
    for edits in predictions.loc[predictions["distance"] > 0, "edits"]:
        found.update(run for run in runs(json.loads(edits)) if max(map(len, run)) > 1)
    return found


def with_step(found: pd.DataFrame, label: str, read: str) -> list[int]:
    """The indices of the pictures in which `read` was read for `label`."""
    rows = found[(found["label"] == label) & (found["read"] == read)]
    indices: list[int] = rows["index"].unique().tolist()
    return indices


def _form(label: str, text: str) -> str:
    """Which forms of letters differ in two texts of the same letters."""
    if label.casefold() == text.casefold():
        return CASE
    plain = [_plain(label), _plain(text)]
    return ACCENT if plain[0] == plain[1] else FORM


def _plain(text: str) -> str:
    """A text without accents, in the case it has."""
    letters = (fold(letter) for letter in text)
    return "".join(
        plain.lower() if letter.islower() else plain or letter
        for letter, plain in zip(text, letters, strict=True)
    )


def runs(edits: Sequence[dict[str, str | int]]) -> list[tuple[str, str]]:
    """The edits joined where no letter that was read right stands between them."""
    runs: list[tuple[str, str]] = []
    end = -1  # place in the label after the last edit
    for edit in edits:
        at, label, read = int(edit["at"]), str(edit["label"]), str(edit["read"])
        if at == end and runs:
            runs[-1] = (runs[-1][0] + label, runs[-1][1] + read)
        else:
            runs.append((label, read))
        end = at + len(label)
    return runs
