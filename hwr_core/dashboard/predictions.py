"""The page Predictions: every picture with its label and reading, to search and to filter."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from hwr_core.dashboard import loading
from hwr_core.dashboard.loading import Choice
from hwr_core.dashboard.style import page_of
from hwr_core.evaluation.gallery import thumbnail

ROWS = 50  # on a page; so many pictures as data URIs stay well under a megabyte
CHOICES = {  # a column of true and false: its title, and what true and false are called
    "right": ("Reading", "Right", "Wrong"),
    "accepted": ("Verdict", "Accepted", "Rejected"),
    "seen": ("Name", "Seen", "Unseen"),
}
COLUMNS: dict[str, Any] = {  # of the table of predictions, in this order
    "picture": st.column_config.ImageColumn("Picture", width=260),
    "label": "Label",
    "text": "Read",
    "right": "Reading",
    "distance": "Letters off",
    "confidence": st.column_config.ProgressColumn("Confidence", format="%.2f", max_value=1),
    "accepted": "Verdict",
    "seen": "Name",
    "source": "Source",
    "writer": "Writer",
    "file": "File",
}


def show(choice: Choice) -> None:
    """Every picture with its label and reading, to search and to filter."""
    table = loading.predictions(choice.run)
    st.title("Every reading")
    found = filtered(table.assign(right=table["distance"] == 0))
    st.caption(f"{len(found):,} of {len(table):,} pictures")
    shown = page_of(found, ROWS)
    words = {
        name: shown[name].map({True: yes, False: no}) for name, (_, yes, no) in CHOICES.items()
    }
    st.dataframe(
        shown.assign(picture=shown["picture"].map(thumbnail), **words),
        column_order=list(COLUMNS),
        column_config=COLUMNS,
        row_height=48,
        height="content",
        hide_index=True,
    )


def filtered(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that the search and the filters above the table leave."""
    longest = max(1, int(table["label"].str.len().max()))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input("Search", placeholder="label, reading or file", width=240)
        texts = table["label"] + "\n" + table["text"] + "\n" + table["file"]
        keep = texts.str.contains(words, case=False, regex=False)
        for name, (title, yes, no) in CHOICES.items():
            if choice := st.segmented_control(title, [yes, no], key=name):
                keep &= table[name] == (choice == yes)
        shortest, longest = st.slider("Letters in the label", 0, longest, (0, longest), width=240)
    return table[keep & table["label"].str.len().between(shortest, longest)]
