"""The page Training: how trainings went, epoch by epoch, several on one chart."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from hwr_core.dashboard import charts, loading
from hwr_core.dashboard.loading import Choice
from hwr_core.dashboard.style import literal, plot
from hwr_core.evaluation import results

TITLE = "How it learned"
RELEASED = "The released model"
NOTHING = "No training is here yet; `make train DATA=folder` makes one."
CURVES = {  # heading: the columns on its chart with their titles, and how to write its axis
    "Loss": ({"train_loss": "training", "val_loss": "validation"}, {}),
    "Character error rate": ({"val_cer": "validation"}, {"yaxis_tickformat": ".2~%"}),
    "Exact match": ({"val_exact": "validation"}, {"yaxis_tickformat": ".2~%"}),
    "Learning rate": ({"learning_rate": ""}, {"yaxis_exponentformat": "power"}),
    "Pictures a second": ({"pictures_per_second": ""}, {}),
}


def show(choice: Choice) -> None:
    """The whole page."""
    trainings = found(choice.results.parent / "runs")
    if (choice.results / results.TRAINING).is_file():
        trainings = {RELEASED: choice.results, **trainings}
    if not trainings:
        st.title(TITLE)
        st.info(NOTHING)
        return
    first, *_ = trainings
    epochs = loading.training(trainings[first])
    which = f"{first}, the last of its trainings" if first == RELEASED else first
    st.title(TITLE)
    st.caption(
        f"{literal(which)}: {len(epochs):,} epochs, {epochs['step'].max():,} steps. "
        "Validation is the mean over what it learned from, by the picture alone, without search."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = st.multiselect(
            "Trainings", list(trainings), [first], key="trainings", bind="query-params"
        )
        weight = st.slider(
            "Smoothing", 0.0, 0.9, 0.0, 0.1, key="smoothing", width=240, bind="query-params"
        )
    if not names:
        st.write("Choose a training.")
        return
    tables = {name: loading.training(trainings[name]) for name in names}
    for heading, (columns, layout) in CURVES.items():
        st.subheader(heading)
        plot(charts.curves(tables, columns, weight, **layout))


def found(runs: Path) -> dict[str, Path]:
    """The trainings of this machine, `runs/NAME` of `make train`, that have a whole epoch."""
    return {
        f"runs/{path.parent.name}": path.parent
        for path in sorted(runs.glob(f"*/{results.TRAINING}"))
    }
