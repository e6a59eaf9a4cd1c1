"""The page Mistakes: the pictures that were read wrong, the worst first."""

from __future__ import annotations

import streamlit as st

from hwr_core.dashboard import loading
from hwr_core.dashboard.loading import Choice
from hwr_core.dashboard.style import page_of
from hwr_core.evaluation import results
from hwr_core.evaluation.gallery import gallery
from hwr_core.evaluation.records import Prediction

CARDS = 48  # on a page
ORDERS = {
    "Confidently wrong first": ["confidence", "distance"],
    "Most letters wrong first": ["distance", "confidence"],
}


def show(choice: Choice) -> None:
    """The pictures that were read wrong, the worst first."""
    table = loading.predictions(choice.run)
    wrong = table[table["distance"] > 0]
    st.title("What it gets wrong")
    st.caption(f"{len(wrong):,} of {len(table):,} pictures; the letters that differ are marked.")
    order = st.segmented_control("Order", list(ORDERS), default=next(iter(ORDERS)), required=True)
    shown = page_of(wrong.sort_values(ORDERS[order], ascending=False), CARDS)
    st.html(gallery(results.records(shown, Prediction)))
