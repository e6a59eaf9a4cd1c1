"""The page Slices: every kind of picture with its scores, and the kinds that do worst."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from hwr_core.dashboard import charts, loading
from hwr_core.dashboard.loading import Choice
from hwr_core.dashboard.style import percent, plot
from hwr_core.evaluation.groups import groups, worst
from hwr_core.evaluation.slices import SMALLEST

SHARES = ("exact", "exact_low", "exact_high", "cer", "cer_low", "cer_high")
SHOWN = 40  # slices in a chart


def show(choice: Choice) -> None:
    """The whole page."""
    facts, found = loading.facts(choice.run), loading.derived(_groups, choice.run)
    exact = float((facts["distance"] == 0).mean())
    st.title("Which kinds it reads badly")
    st.caption(f"{percent(exact)} of {len(facts):,} pictures are read without an error.")
    st.subheader("The worst")
    show_worst(found, exact)
    st.subheader("Every kind")
    show_subject(found, exact)


def show_worst(found: pd.DataFrame, exact: float) -> None:
    """The slices that are surely worse than the whole, or the sentence that there is none."""
    bad = worst(found, exact)
    if bad.empty:
        st.write(f"No kind with at least {SMALLEST} pictures is surely worse than the rest.")
        return
    show_table(bad, "lost")
    st.caption(
        f"Kinds of at least {SMALLEST} pictures whose whole interval lies below all pictures' "
        "exact match. *Lost* is how many more would be right if the kind were read as well as all. "
        "Kinds overlap, so the losses do not add up."
    )


@st.fragment
def show_subject(found: pd.DataFrame, exact: float) -> None:
    """The slices of one subject, as a chart and as a table."""
    subjects = found["subject"].unique().tolist()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        subject = st.selectbox("Subject", subjects, key="subject", bind="query-params", width=240)
        smallest = st.slider(
            "Pictures at least", 1, 200, SMALLEST, key="smallest", width=240, bind="query-params"
        )
    chosen = found[found["subject"] == subject]
    shown = chosen[chosen["n"] >= smallest]
    few = len(chosen) - len(shown)
    if few:
        st.caption(f"{few:,} of {len(chosen):,} have fewer pictures and are not shown.")
    if not shown.empty:
        plot(charts.slices(shown.sort_values("exact").head(SHOWN), exact))
        show_table(shown)
    st.caption("Ranges: 95 %, Wilson's for exact match, linearised for the character error rate.")


def show_table(found: pd.DataFrame, *more: str) -> None:
    """Slices with n, exact match and CER, each with its interval."""
    shares = found[list(SHARES)] * 100
    config = {name: st.column_config.NumberColumn(format="%.1f %%") for name in SHARES}
    titles = {"subject": "Subject", "slice": "Kind", "n": "Pictures", "lost": "Lost"}
    titles |= {"exact": "Exact", "exact_low": "from", "exact_high": "to"}
    titles |= {"cer": "CER", "cer_low": "from ", "cer_high": "to "}
    st.dataframe(
        found.assign(**shares).rename(columns=titles),
        column_order=[titles[name] for name in ("subject", "slice", "n", *more, *SHARES)],
        column_config={
            **{titles[name]: setting for name, setting in config.items()},
            "Lost": st.column_config.NumberColumn(format="%.0f"),
        },
        hide_index=True,
        height="content" if len(found) <= 20 else 420,
    )


def _groups(run: Path) -> pd.DataFrame:
    return groups(loading.facts(run))
