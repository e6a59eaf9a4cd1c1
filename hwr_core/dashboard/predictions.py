"""The page Predictions: every picture with its reading, to find, to sort and to look at closely."""

from __future__ import annotations

import zlib
from typing import Any

import pandas as pd
import streamlit as st

from hwr_core.dashboard import loading
from hwr_core.dashboard.closeup import show_closely
from hwr_core.dashboard.loading import Choice
from hwr_core.dashboard.style import page_of
from hwr_core.evaluation import results
from hwr_core.evaluation.finding import OUTCOMES, Query, QueryError, find
from hwr_core.evaluation.gallery import thumbnail
from hwr_core.evaluation.slices import SEPARATOR

ROWS = 25  # on a page; so many pictures as data URIs stay well under a megabyte
ROW_HEIGHT, VISIBLE = 48, 8  # pixels, rows: what is selected appears below without scrolling
COLUMNS: dict[str, Any] = {  # of the table, in this order
    "picture": st.column_config.ImageColumn("Picture", width=260),
    "label": "Label",
    "text": "Read",
    "distance": "Letters off",
    "confidence": st.column_config.ProgressColumn("Confidence", format="%.2f", max_value=1),
    "accepted": st.column_config.CheckboxColumn("Accepted"),
    "seen": st.column_config.CheckboxColumn("Seen name"),
    "loss": st.column_config.NumberColumn("Loss of the label", format="%.2f"),
    "tags": "Kind of name",
    "source": "Source",
    "writer": "Writer",
    "file": "File",
}
ORDERS = {  # what the table can be sorted by: its title, and the column
    "As stored": "",
    "Label": "label",
    "Read": "text",
    "Letters off": "distance",
    "Confidence": "confidence",
    "Accepted": "accepted",
    "Seen name": "seen",
    "Loss of the label": "loss",
    "Kind of name": "tags",
    "Source": "source",
    "Writer": "writer",
    "File": "file",
}


def show(choice: Choice) -> None:
    """The whole page."""
    facts = loading.facts(choice.run)
    st.title("Every reading")
    try:
        found = find(facts, asked(facts))
    except QueryError as error:
        st.warning(str(error))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{len(found):,} of {len(facts):,} pictures. Select a row to look closely.")
        st.download_button(
            "Download these rows as CSV",
            lambda: found.to_csv(index=False).encode(),
            f"{choice.run.name}.csv",
            "text/csv",
            on_click="ignore",
        )
    if found.empty:
        st.info("No picture is like this; widen a filter.")
        return
    show_rows(choice, page_of(found, ROWS))


def show_rows(choice: Choice, rows: pd.DataFrame) -> None:
    """A page of the table, and under it the picture whose row was selected."""
    pictures = loading.predictions(choice.run)
    picked = st.dataframe(
        rows.assign(picture=pictures["picture"].loc[rows.index].map(thumbnail)),
        column_order=list(COLUMNS),
        column_config=COLUMNS,
        row_height=ROW_HEIGHT,
        height=40 + ROW_HEIGHT * min(VISIBLE, len(rows)),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"readings {zlib.crc32(rows.index.to_numpy().tobytes())}",  # others: no selection
    )
    for number in picked["selection"]["rows"]:
        (prediction,) = results.shown(pictures.loc[[rows.index[number]]], choice.run)
        show_closely(prediction)


def asked(facts: pd.DataFrame) -> Query:
    """What the visitor looks for, from the fields above the table."""
    longest = max(1, int(facts["truth"].str.len().max()))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            "Search", placeholder="label, reading or file", width=240, key="q", bind="query-params"
        )
        pattern = st.toggle("Regular expression", key="regex", bind="query-params")
        order = st.selectbox("Sort by", list(ORDERS), width=160, key="sort", bind="query-params")
        descending = st.toggle("Largest first", key="descending", bind="query-params")
    outcomes = st.pills(
        "Outcome", OUTCOMES, selection_mode="multi", key="outcome", bind="query-params"
    )
    with st.expander("More filters"), st.container(horizontal=True, vertical_alignment="bottom"):
        names = sorted(facts["source"].unique())
        sources = st.multiselect("Source", names, width=240, key="source", bind="query-params")
        tags = st.multiselect(
            "Kind of name", tags_of(facts), width=240, key="kind", bind="query-params"
        )
        letters = st.text_input(
            "Letters in the label", max_chars=10, width=160, key="letters", bind="query-params"
        )
        confidence = st.slider(
            "Confidence", 0.0, 1.0, (0.0, 1.0), width=200, key="confidence", bind="query-params"
        )
        length = st.slider(
            "Letters",
            0,
            longest,
            (0, longest),
            width=200,
            bind="query-params",
            key=f"length-{longest}",  # or the longest of one run would be a filter of the next
        )
    return Query(
        words=words or "",
        pattern=pattern,
        outcomes=tuple(outcomes) or OUTCOMES,
        sources=tuple(sources),
        tags=tuple(tags),
        letters=letters or "",
        confidence=confidence,
        length=length,
        order=ORDERS[order],
        descending=descending,
    )


def tags_of(facts: pd.DataFrame) -> list[str]:
    """Every kind of name among the pictures."""
    return sorted({tag for tags in facts["tags"].unique() for tag in tags.split(SEPARATOR) if tag})
