"""How all pages look: one kind of chart, numbers as people read them, pages of long lists."""

from __future__ import annotations

import math
import re

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from hwr_core.evaluation.records import Rate

# Blue and orange are told apart by every kind of colour vision, on white and on black.
COLOURS = ("#3d7ea6", "#e08e45", "#7f8c8d", "#9b6fb0", "#4f9d69")
RATES = {
    "exact": "Exact match",
    "cer": "Character error rate",
    "wer": "Word error rate",
    "character_accuracy": "Character accuracy",
    "normalised_edit_distance": "Normalised edit distance",
}


def chart(**layout: object) -> go.Figure:
    """An empty chart with its legend above it, so that a phone has all of its width."""
    return go.Figure(
        layout={
            "height": 320,
            "colorway": COLOURS,
            "margin": {"l": 0, "r": 20, "t": 30, "b": 0},
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "showlegend": True,
            **layout,
        }
    )


def plot(figure: go.Figure, key: str | None = None) -> None:
    """A chart without its tool bar."""
    st.plotly_chart(figure, config={"displayModeBar": False}, key=key)


def tile(title: str, value: str, below: str | None = None) -> None:
    """One number in a frame, with a remark below it; tiles of one row are equally high."""
    st.metric(
        title, value, below, delta_color="off", delta_arrow="off", border=True, height="stretch"
    )


def page_of(table: pd.DataFrame, size: int) -> pd.DataFrame:
    """The rows of the page that the visitor chose."""
    pages = math.ceil(len(table) / size)
    number = st.pagination(pages) if pages > 1 else 1
    return table.iloc[(number - 1) * size : number * size]


def visible(text: str) -> str:
    """A text whose spaces can be seen."""
    return text.replace(" ", "␣")


def literal(text: str) -> str:
    """A text of the data where Streamlit takes Markdown: it is shown letter by letter."""
    return re.sub(r"[\\`*_{}\[\]<>()#+\-.!|~$:@&=]", r"\\\g<0>", text)


def percent(share: float) -> str:
    """A share as people read it."""
    return f"{100 * share:.1f} %"


def with_interval(rate: Rate | None) -> str:
    """A rate with its 95 % interval."""
    if rate is None:
        return "none"
    shown = f"{percent(rate.value)} ({100 * rate.low:.1f} to {100 * rate.high:.1f})"
    return shown.replace(" ", "\u00a0")  # a narrow table scrolls instead of breaking it in four
