"""The page Label noise: labels that the model doubts, to be kept, corrected or dropped by eye."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from hwr_core.dashboard import loading
from hwr_core.dashboard.loading import Choice
from hwr_core.dashboard.style import literal, page_of, percent, tile, with_interval
from hwr_core.data.relabel import Correction, to_csv
from hwr_core.evaluation import noise, results
from hwr_core.evaluation.gallery import thumbnail

ROWS = 20  # on a page
VERDICTS = {"keep": "label right", "relabel": "label wrong", "drop": "cannot be decided"}
MARKS = {verdict: mark for mark, verdict in VERDICTS.items()}
REASON = "looked at in the dashboard"
PICTURE, EDGE = 200, 10  # pixels of its column, and of a cell's edge on either side
COLUMNS: dict[str, Any] = {
    "picture": st.column_config.ImageColumn("Picture", width=PICTURE),
    "label": st.column_config.TextColumn("Label", width=150),
    "read": st.column_config.TextColumn("Read", width=150),
    "mark": st.column_config.SelectboxColumn("Verdict", options=list(VERDICTS), width=90),
    "corrected": st.column_config.TextColumn("New label", width=150),
    "doubt": st.column_config.NumberColumn("Doubt, nats", format="%.1f", width=80),
    "confidence": st.column_config.ProgressColumn(
        "Confidence", format="%.2f", max_value=1, width=105
    ),
    "reason": st.column_config.TextColumn("Why"),
    "file": "File",
}
MARKED = ["mark", "corrected", "reason"]  # by a person; the others cannot be changed
HOW_TO_APPLY = """
For training pictures: `python -m hwr_core prepare kaggle DIR --out STORE --labels FILE.csv`
mends and drops them, and says how many. For the runs `validation` and `dhsd`: lay the file as
`corrected_labels.csv` in `results/handwritten-names` or `results/development`, and `make evaluate`
reports both scores. Labels that choose or judge a model are never changed for its training.
"""


@dataclass(frozen=True)
class Mark:
    """What somebody found in one picture; "" for `mark` while undecided."""

    mark: str
    corrected: str
    reason: str


def show(choice: Choice) -> None:
    """The whole page."""
    doubts = loading.derived(doubted, choice.run)
    st.title("Labels that may be wrong")
    if doubts.empty:
        st.info("Every picture of this run was read as its label; none is doubted.")
        return
    facts = loading.facts(choice.run)
    if facts["file"].duplicated().any():
        st.info("Sources of this run have files of one name; evaluate them apart to judge labels.")
        return
    marks = known(choice, facts)
    estimate = st.container()
    shown = page_of(doubts, ROWS)
    st.caption("The most doubted first. Choose a verdict; a mark stays while you turn pages.")
    mark(choice, shown, marks)
    with estimate:  # it counts what was marked a moment ago
        show_estimate(choice, doubts, marks)
    found = list(decided(facts[facts["file"].isin(marks)], marks))
    st.download_button(
        f"Download {len(found):,} verdicts as CSV",
        to_csv(found).encode(),
        "corrected_labels.csv",
        "text/csv",
        disabled=not found,
        on_click="ignore",
    )
    st.caption(HOW_TO_APPLY)


def doubted(run: Path) -> pd.DataFrame:
    """The doubted pictures of a run, in the order of their doubt."""
    return noise.doubted(loading.predictions(run))


def show_estimate(choice: Choice, doubts: pd.DataFrame, marks: dict[str, Mark]) -> None:
    """Two bounds on the share of wrong labels, and what eyes say, with how each was made."""
    table = loading.predictions(choice.run)
    low = noise.surely_read_otherwise(table)
    high = noise.noise_rate(doubts["doubt"].tolist(), len(table))
    seen = Counter(marks[file].mark for file in doubts["file"] if file in marks)
    with st.container(horizontal=True):
        tile("Labels", f"{len(table):,}")
        tile("Read otherwise", f"{len(doubts):,}")
        tile("Accepted, not as labelled", percent(low.value) if low else "unknown")
        tile("Labels wrong, at most", percent(high) if high < noise.MOST else "unknown")
    judged = sum(seen[name] for name in VERDICTS)
    st.caption(
        f"Of the accepted readings {with_interval(low)} are not the label; where the model hardly "
        "ever errs in those, about as many labels are wrong at least. At most: the share at which "
        "the doubts agree best with the model, which believes itself too much. Of these labels "
        f"{judged:,} were judged by eye: {seen['relabel']:,} wrong, {seen['drop']:,} that cannot "
        f"be decided, {seen['keep']:,} right."
    )


def known(choice: Choice, facts: pd.DataFrame) -> dict[str, Mark]:
    """The marks of a run's pictures, this visitor's over those that lie beside them."""
    kept = st.session_state.setdefault("marks", {})
    if str(choice.run) not in kept:
        kept[str(choice.run)] = {
            file: Mark(MARKS[each.verdict], each.corrected, each.reason)
            for file, each in loading.corrected(choice.results, facts).items()
        }
    marks: dict[str, Mark] = kept[str(choice.run)]
    return marks


def mark(choice: Choice, shown: pd.DataFrame, marks: dict[str, Mark]) -> None:
    """The table of one page, in which verdicts are chosen; they are noted in `marks`."""
    written = loading.changed(choice.run / results.PREDICTIONS)
    key = f"marks-{choice.run}-{written}-{shown.index[0]}"
    if st.session_state.get("marking") != key or key not in st.session_state:
        # Made once a page: the editor keeps its changes, and would forget them with other rows.
        # After a visit to another page it has forgotten them, and begins with what is marked.
        st.session_state["marking"], st.session_state["rows"] = key, editable(shown, marks)
    changed = st.data_editor(
        st.session_state["rows"],
        key=key,
        column_order=list(COLUMNS),
        column_config=COLUMNS,
        disabled=[name for name in COLUMNS if name not in MARKED],
        row_height=48,
        height="content",
        hide_index=True,
    )
    for row in changed.fillna("").to_dict("records"):
        if row["mark"] or row["file"] in marks:
            marks[row["file"]] = Mark(*(str(row[name]).strip() for name in MARKED))


def editable(shown: pd.DataFrame, marks: dict[str, Mark]) -> pd.DataFrame:
    """The rows with what is marked so far; where nothing is, the reading is what may be written."""
    read = shown["text"].where(shown["cased"], shown["folded"])  # in the letters of the labels
    given = zip(shown["file"], read, strict=True)
    found = [marks.get(file, Mark("", text, "")) for file, text in given]
    return shown.assign(
        picture=shown["picture"].map(partial(thumbnail, width=PICTURE - 2 * EDGE)),
        read=read,
        mark=pd.Series([each.mark or None for each in found], shown.index, dtype=object),
        corrected=[each.corrected for each in found],
        reason=[each.reason for each in found],
    )[list(COLUMNS)]


def decided(facts: pd.DataFrame, marks: dict[str, Mark]) -> Iterator[Correction]:
    """What was decided, as `prepare --labels` and `evaluate` read it."""
    for file, label in zip(facts["file"], facts["label"], strict=True):
        each = marks.get(file, Mark("", "", ""))
        new = each.corrected if each.mark == "relabel" else ""
        if each.mark == "relabel" and not new:
            st.warning(f"{literal(file)} has no new label yet and is left out of the file.")
        elif each.mark:
            seen = {"verdict": VERDICTS[each.mark], "reason": each.reason or REASON}
            yield Correction.model_validate(
                {"file": file, "label": label, "corrected": new, **seen}
            )
