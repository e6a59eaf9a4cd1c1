"""The page Training: how the training went, epoch by epoch."""

from __future__ import annotations

import streamlit as st

from hwr_core.dashboard import charts, loading
from hwr_core.dashboard.loading import Choice
from hwr_core.dashboard.style import plot


def show(choice: Choice) -> None:
    """How the training of the released model went, epoch by epoch."""
    table = loading.training(choice.results)
    st.title("How it learned")
    st.caption(f"{len(table):,} epochs, {table['step'].max():,} steps.")
    st.subheader("Loss")
    plot(charts.curves(table, {"train_loss": "Training", "val_loss": "Validation"}))
    st.subheader("Validation")
    names = {"val_exact": "Exact match", "val_cer": "Character error rate"}
    plot(charts.curves(table, names, yaxis_tickformat=".0%"))
    st.subheader("Learning rate")
    plot(charts.curves(table, {"learning_rate": "Learning rate"}, yaxis_exponentformat="power"))
