"""Why pictures are misread, as far as the letters tell: every misread picture has one cause."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

from hwr_core.data.relabel import corrections
from hwr_core.data.sheets import save, sheet
from hwr_core.evaluation import errors, results
from hwr_core.evaluation.closeup import ink_of
from hwr_core.evaluation.corrected import FILE, made_for
from hwr_core.spelling import fold

LABEL = "the label is wrong or cannot be decided"  # by eye, where somebody looked
FORM = "only case or accents"
SIGNS = "only full stops, apostrophes, hyphens or spaces"
MOST = "at least half of the letters"
JOINED = "letters run together, lost or split"
ALIKE = "single letters taken for another one"
CAUSES = (JOINED, ALIKE, MOST, FORM, SIGNS, LABEL)
SIGN = frozenset(" -'.")
RIGHT = "label right"
SEED = 3  # of the pictures drawn


def causes(predictions: pd.DataFrame, doubted: Collection[str] = ()) -> pd.DataFrame:
    """The misread pictures, as `errors.misread` finds them, with a column `cause`.

    Args:
        predictions: of one run.
        doubted: the files whose label somebody found to be wrong or undecidable.
    """
    wrong = errors.misread(predictions)
    columns = zip(wrong["file"], wrong["truth"], wrong["edits"], strict=True)
    found = [
        LABEL if file in doubted else cause(truth, json.loads(edits))
        for file, truth, edits in columns
    ]
    return wrong.assign(cause=found)


def cause(truth: str, steps: list[dict[str, str | int]]) -> str:
    """The cause of one misread picture, by the first of these rules that fits.

    Signs: every step is about a sign. Most: as many steps as half of the label's letters, and two
    or more. Alike: each step replaces a letter, and its neighbours were read right. Joined: all
    others, in which letters were lost or added, or several side by side were read as others.
    """
    if not steps:
        return FORM
    touched = [(str(step["label"]), str(step["read"])) for step in steps]
    if all(letter in SIGN for pair in touched for letter in pair if letter):
        return SIGNS
    if len(steps) >= max(2, len(truth) / 2):
        return MOST
    alone = all(len(label) == len(read) == 1 for label, read in errors.runs(steps))
    return ALIKE if alone else JOINED


def table(by_run: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """How many pictures of each run have which cause, the most frequent cause first, with totals.

    Args:
        by_run: what `causes` found of each run.
    """
    counts = {run: found["cause"].value_counts() for run, found in by_run.items()}
    counted = pd.DataFrame(counts).reindex(CAUSES).fillna(0).astype(int)
    counted["all"] = counted.sum(axis=1)
    ordered = counted.sort_values("all", ascending=False, kind="stable")
    return pd.concat([ordered, ordered.sum().rename("misread").to_frame().T])


def as_markdown(counted: pd.DataFrame) -> str:
    """That table for a document."""
    head = ["cause", *counted.columns]
    lines = [head, ["---", *["---:"] * len(counted.columns)]]
    lines += [[str(cause), *(f"{n:,}" for n in row)] for cause, *row in counted.itertuples()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def summary(by_run: Mapping[str, pd.DataFrame]) -> str:
    """How near the readings with a wrong letter came, and how many were accepted, in a sentence."""
    rows = pd.concat(by_run.values(), ignore_index=True)
    wrong = rows[rows["distance"] > 0]
    near = sum(
        any(fold(guess["text"]) == truth for guess in json.loads(guesses))
        for truth, guesses in zip(wrong["truth"], wrong["alternatives"], strict=True)
    )
    return (
        f"{len(wrong):,} have a wrong letter; of {near:,} the label is among the alternatives, "
        f"and {int(wrong['accepted'].sum()):,} were accepted."
    )


def of_results(folder: Path) -> dict[str, pd.DataFrame]:
    """The misread pictures of every run in a folder of results with their causes.

    Runs in folders of it, such as an earlier model's, are left out.

    Raises:
        ResultsError: there is no run, or one is damaged.
        DataError: a file of corrected labels is damaged.
    """
    seen = [each for path in folder.glob(f"*/{FILE}") for each in corrections(path).values()]
    runs = [run for run in results.runs(folder) if "/" not in run]
    found = {}
    for run in runs:
        rows = results.read_predictions(folder / run)
        own = made_for(seen, rows["file"], rows["truth"])
        found[run] = causes(rows, {file for file, each in own.items() if each.verdict != RIGHT})
    return found


def draw(by_run: Mapping[str, pd.DataFrame], path: Path, number: int) -> None:
    """Save a sheet with `number` pictures of each cause, drawn at random, a cause after another."""
    rows = pd.concat(by_run.values(), ignore_index=True)
    mixed = rows.sample(frac=1, random_state=SEED)
    shown = pd.concat([mixed[mixed["cause"] == each].head(number) for each in CAUSES])
    strips = [ink_of(picture) for picture in shown["picture"]]
    titles = [
        f"{label} | {text or '(nothing)'}"
        for label, text in zip(shown["label"], shown["text"], strict=True)
    ]
    save(sheet(strips, titles, columns=number), path)
