"""The page Confusions: which letters are taken for which, and the pictures in which they are."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from hwr_core.dashboard import loading
from hwr_core.dashboard.loading import Choice
from hwr_core.dashboard.misclassified import found_steps, walk
from hwr_core.dashboard.style import COLOURS, chart, literal, percent, visible
from hwr_core.evaluation import errors
from hwr_core.evaluation.confusion import Confusion, confusion

CELL = 17  # pixels a row of the matrix is high
CARDS = 12  # pictures on a page
TOP = 30  # pairs and sequences listed
RAW, SHARE = "Number", "Share of the label's letter"  # what the shades stand for
NAMES: dict[str, Any] = {
    "label": "Label",
    "read": "Read",
    "size": "Times",
    "share": "Of the letter",
}


def show(choice: Choice) -> None:
    """The whole page."""
    table = loading.predictions(choice.run)
    matrix, found = loading.derived(counted, choice.run), loading.derived(found_steps, choice.run)
    st.title("Which letters it takes for which")
    st.caption(
        f"{len(found):,} wrong letters, {table['truth'].str.len().sum():,} in the labels; case and "
        f"accents aside. {errors.NOTHING} stands for no letter: read where none is, or left out. "
        "Letters taken for each other stand side by side; what was read right is left blank."
    )
    if found.empty:
        st.info("No letter of this run was read wrong.")
        return
    how = st.segmented_control(
        "Show", (RAW, SHARE), default=RAW, required=True, key="show", bind="query-params"
    )
    clicked = st.plotly_chart(
        figure(matrix, how),
        config={"displayModeBar": False, "scrollZoom": False},
        key=f"matrix {choice.name}",
        on_select="rerun",
        selection_mode="points",
    )
    pictures = st.container()  # next to the matrix, whatever chose them
    listed = show_lists(choice, found)
    chosen = latest(choice.name, cell(clicked), listed)
    with pictures:
        if chosen is None:
            st.caption("Click a cell, or select a pair, to see its pictures.")
            return
        label, read = chosen
        st.subheader(literal(f"{visible(label)} read as {visible(read)}"))
        rows = table.loc[errors.with_step(found, label, read)]
        walk(rows, choice, f"{label} {read}", CARDS)


def counted(run: Path) -> Confusion:
    """The matrix of a run."""
    table = loading.predictions(run)
    return confusion(table, loading.derived(found_steps, run))


def sequences(run: Path) -> Counter[tuple[str, str]]:
    """The sequences of letters that were read as others."""
    return errors.sequences(loading.predictions(run))


def cell(clicked: Any) -> tuple[str, str] | None:  # noqa: ANN401 - as Streamlit types it
    """The label's letter and the one read, of the cell that was clicked."""
    points = clicked["selection"]["points"]
    return (points[0]["customdata"][0], points[0]["customdata"][1]) if points else None


def latest(
    run: str, clicked: tuple[str, str] | None, listed: tuple[str, str] | None
) -> tuple[str, str] | None:
    """Of what is chosen in the matrix and in the list, what was chosen last."""
    before = st.session_state.get("pairs", (run, None, None))
    if before != (run, clicked, listed):
        st.session_state["pairs"] = run, clicked, listed
        st.session_state["by list"] = before[2] != listed
    return (listed or clicked) if st.session_state.get("by list") else (clicked or listed)


def show_lists(choice: Choice, found: pd.DataFrame) -> tuple[str, str] | None:
    """The top pairs and sequences side by side; the pair that was selected."""
    one, other = st.columns(2)
    with one:
        st.subheader("Most frequent pairs")
        top = ranked(found, loading.derived(counted, choice.run))
        picked = st.dataframe(
            top.assign(label=top["label"].map(visible), read=top["read"].map(visible)),
            hide_index=True,
            key=f"pairs {choice.name}",
            on_select="rerun",
            selection_mode="single-row",
            column_config=NAMES,
        )
    with other:
        st.subheader("Most frequent sequences")
        st.caption("Letters side by side that were read as others, not one for one.")
        runs = loading.derived(sequences, choice.run).most_common(TOP)
        rows = [(visible(label), visible(read), number) for (label, read), number in runs]
        named = pd.DataFrame(rows, columns=["label", "read", "size"])
        st.dataframe(named.replace("", errors.NOTHING), hide_index=True, column_config=NAMES)
    for number in picked["selection"]["rows"]:
        return str(top["label"].iloc[number]), str(top["read"].iloc[number])
    return None


def ranked(found: pd.DataFrame, matrix: Confusion) -> pd.DataFrame:
    """The most frequent pairs, and what share of the label's letter each is."""
    top = errors.pairs(found).head(TOP)
    place = {letter: number for number, letter in enumerate(matrix.letters)}
    shares = [
        percent(float(matrix.shares[place[label], place[read]]))
        for label, read in zip(top["label"], top["read"], strict=True)
    ]
    return top.assign(share=shares)


def figure(matrix: Confusion, how: str) -> go.Figure:
    """The matrix without its diagonal: colours of a heat map, and points over it to click on."""
    letters = [visible(letter) for letter in matrix.letters]
    wrong = matrix.counts * (1 - np.eye(len(letters), dtype=np.int64))
    values = wrong if how == RAW else matrix.shares * (wrong > 0)
    places = np.argwhere(wrong)  # (N, 2): label, read
    drawn = chart(height=CELL * len(letters) + 90, showlegend=False, dragmode=False)
    drawn.update_layout(clickmode="event+select")
    drawn.add_heatmap(
        # Shades follow the root: a few pairs are a hundred times as frequent as most.
        z=np.sqrt(np.where(wrong, values, np.nan)),
        x=letters, y=letters, showscale=False, hoverinfo="skip", xgap=1, ygap=1,
        colorscale=[[0, "rgba(224,142,69,0.18)"], [1, "rgba(224,110,30,1)"]],
    )  # fmt: skip
    drawn.add_scatter(
        x=[letters[read] for _, read in places],
        y=[letters[label] for label, _ in places],
        customdata=[
            (matrix.letters[label], matrix.letters[read], int(wrong[label, read]),
             float(matrix.shares[label, read]))
            for label, read in places
        ],
        mode="markers",
        marker={"symbol": "square", "size": CELL - 3, "color": COLOURS[0]},
        selected={"marker": {"opacity": 0.9}},
        unselected={"marker": {"opacity": 0}},
        hovertemplate="%{y} read as %{x}: %{customdata[2]:,} times, "
        "%{customdata[3]:.1%} of the row<extra></extra>",
    )  # fmt: skip
    drawn.update_traces(marker_opacity=0, selector={"type": "scatter"})
    ends = (-0.5, len(letters) - 0.5)
    axis = {"type": "category", "dtick": 1, "showgrid": False, "tickangle": 0, "fixedrange": True}
    drawn.update_xaxes(axis | {"title": "read as", "side": "top", "range": ends})
    drawn.update_yaxes(axis | {"title": "label", "range": ends[::-1]})
    return drawn
