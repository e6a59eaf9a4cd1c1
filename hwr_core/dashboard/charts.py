"""The charts of the pages, drawn by Plotly in the one style."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
import plotly.graph_objects as go

from hwr_core.dashboard.style import COLOURS, chart, visible
from hwr_core.evaluation.confidence import Bin
from hwr_core.evaluation.intervals import wilson
from hwr_core.evaluation.outcomes import Curve, Operating
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
            x=[visible(score.char) for score in occurring],
            y=[getattr(score, value) for score in occurring],
            customdata=[score.support for score in occurring],
            name=name,
            mode=mode,
            marker={"size": 9},
            hovertemplate="%{x} %{y:.1%} (%{customdata:,} in the labels)",
        )
    return figure


def curves(
    tables: Mapping[str, pd.DataFrame],
    columns: Mapping[str, str],
    smoothing: float = 0,
    **layout: object,
) -> go.Figure:
    """One line over the epochs for each training and column.

    Args:
        tables: the epochs of each training, by its name.
        columns: to draw, each with its title.
        smoothing: the weight of what came before, 0 (none) to below 1.
        layout: see plotly.
    """
    ticks = 1 + max(map(len, tables.values())) // 12  # epochs are whole
    figure = chart(xaxis_title="epoch", xaxis_dtick=ticks, hovermode="x unified", **layout)
    for number, (training, table) in enumerate(tables.items()):
        for dash, (column, title) in zip(("solid", "dot"), columns.items(), strict=False):
            known = table[["epoch", column]].dropna()  # not every epoch is validated
            figure.add_scatter(
                x=known["epoch"],
                y=known[column].ewm(alpha=1 - smoothing).mean(),
                name=", ".join(filter(None, (training if len(tables) > 1 else "", title)))
                or training,
                mode="lines+markers" if len(table) < 3 else "lines",
                line={"dash": dash, "color": COLOURS[number % len(COLOURS)]},
            )
    return figure


def slices(found: pd.DataFrame, exact: float) -> go.Figure:
    """The exact match of slices with its interval, the worst on top; a line marks all pictures."""
    shown = found.iloc[::-1]
    figure = chart(
        height=90 + 26 * len(shown),
        showlegend=False,
        xaxis={"tickformat": ".0%", "title": "exact match"},
        yaxis={"type": "category", "dtick": 1},  # a name at every mark
    )
    figure.add_scatter(
        x=shown["exact"],
        y=shown["slice"],
        customdata=shown[["n", "cer"]],
        mode="markers",
        marker={"size": 9},
        error_x={
            "array": shown["exact_high"] - shown["exact"],
            "arrayminus": shown["exact"] - shown["exact_low"],
        },
        hovertemplate="%{y}: %{x:.1%} of %{customdata[0]:,}, CER %{customdata[1]:.1%}",
    )
    figure.add_vline(x=exact, line_dash="dot", line_color=COLOURS[2])
    return figure


def reliability(bins: Iterable[Bin]) -> go.Figure:
    """How often readings are right beside how sure they were."""
    parts = list(bins)
    low, high = wilson([part.right * part.n for part in parts], [part.n for part in parts])
    right = [part.right for part in parts]
    axis = {"range": [0, 1.02], "tickformat": ".0%"}
    figure = chart(
        height=420,
        xaxis={**axis, "title": "how sure it was"},
        yaxis={**axis, "title": "how often it was right"},
    )
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", name="perfect", line={"dash": "dot", "color": COLOURS[2]}
    )
    figure.add_scatter(
        x=[part.confidence for part in parts],
        y=right,
        customdata=[part.n for part in parts],
        mode="lines+markers",
        name="this model, with 95 % intervals",
        line={"color": COLOURS[0]},
        error_y={"array": high - right, "arrayminus": right - low},
        hovertemplate="%{x:.1%} sure, %{y:.1%} right (%{customdata:,})<extra></extra>",
    )
    return figure


def risk_coverage(curve: Curve, chosen: Operating | None) -> go.Figure:
    """The share of wrong readings among those accepted, over the share accepted."""
    step = max(1, len(curve.risk) // 1000)  # more points than pixels only take time
    figure = chart(
        xaxis={"tickformat": ".0%", "title": "accepted", "range": [0, 1]},
        yaxis={"tickformat": ".1%", "title": "wrong among them", "rangemode": "tozero"},
    )
    figure.add_scatter(
        x=curve.coverage[::step],
        y=curve.risk[::step],
        customdata=curve.threshold[::step],
        name="every threshold",
        mode="lines",
        hovertemplate="from %{customdata:.4f} on: %{x:.1%} accepted, %{y:.2%} wrong<extra></extra>",
    )
    if chosen:
        figure.add_scatter(
            x=[chosen.coverage], y=[chosen.risk], name="chosen", mode="markers", marker={"size": 12}
        )
    return figure


def counts(counted: pd.Series, title: str) -> go.Figure:
    """A bar for each value that was counted."""
    figure = chart(
        showlegend=False,
        xaxis={"title": title, "type": "category"},
        yaxis={"title": "how often"},
    )
    figure.add_bar(
        x=counted.index.astype(str), y=counted, hovertemplate="%{x}: %{y:,}<extra></extra>"
    )
    return figure
