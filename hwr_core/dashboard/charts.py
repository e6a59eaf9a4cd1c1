"""The charts of the results: confidences, characters, and the course of a training."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
import plotly.graph_objects as go

from hwr_core.dashboard.style import chart
from hwr_core.evaluation.records import Character


def confidences(predictions: pd.DataFrame) -> go.Figure:
    """How the confidences of right readings, and those of wrong ones, are spread."""
    right = predictions["distance"] == 0
    figure = chart(
        barmode="overlay",
        bargap=0.05,
        xaxis={"title": "confidence", "range": [0, 1], "dtick": 0.2, "tickformat": ".0%"},
        yaxis={"title": "share of its group", "ticksuffix": " %"},
    )
    for name, rows in (("Right", predictions[right]), ("Wrong", predictions[~right])):
        figure.add_histogram(
            x=rows["confidence"].clip(upper=0.9999),  # 1 itself belongs to the last bar
            name=f"{name} ({len(rows):,})",
            histnorm="percent",  # of its own group: the few wrong ones would not show otherwise
            xbins={"start": 0, "end": 1, "size": 0.05},
            opacity=0.7,
            hovertemplate="%{y:.1f} %",
        )
    return figure


def characters(scores: Iterable[Character]) -> go.Figure:
    """Precision, recall and F1 of each character that occurs, the lowest F1 first."""
    occurring = [score for score in scores if score.f1 is not None]
    occurring.sort(key=lambda score: score.f1 or 0)
    figure = chart(yaxis_tickformat=".0%", xaxis={"type": "category", "dtick": 1, "tickangle": 0})
    for value, name, mode in (
        ("precision", "Precision", "markers"),
        ("recall", "Recall", "markers"),
        ("f1", "F1", "lines"),
    ):
        figure.add_scatter(
            x=[score.char.replace(" ", "␣") for score in occurring],
            y=[getattr(score, value) for score in occurring],
            customdata=[score.support for score in occurring],
            name=name,
            mode=mode,
            marker={"size": 9},
            hovertemplate="%{x} %{y:.1%} (%{customdata:,} in the labels)",
        )
    return figure


def curves(epochs: pd.DataFrame, names: Mapping[str, str], **layout: object) -> go.Figure:
    """One line over the epochs for each column in `names`, which gives its title."""
    figure = chart(xaxis_title="epoch", hovermode="x unified", **layout)
    for column, name in names.items():
        figure.add_scatter(x=epochs["epoch"], y=epochs[column], name=name, mode="lines")
    return figure
