"""The page Calibration: whether a confidence can be trusted, and where to set the threshold."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from hwr_core.dashboard import charts, loading
from hwr_core.dashboard.loading import Choice
from hwr_core.dashboard.style import percent, plot, tile
from hwr_core.evaluation.confidence import (
    calibration_error,
    exact_at,
    reliability,
    risk_area,
)
from hwr_core.evaluation.outcomes import Operating, operating, threshold_for

WANTED = (0.005, 0.01, 0.02, 0.05)  # error rates that people ask for


def show(choice: Choice) -> None:
    """The whole page."""
    facts = loading.facts(choice.run)
    sure, right = facts["confidence"], facts["distance"] == 0
    st.title("Whether its confidence can be trusted")
    st.caption(f"{len(facts):,} readings; a reading is right when no letter differs.")
    with st.container(horizontal=True):
        tile("Expected calibration error", percent(calibration_error(sure, right)))
        tile("Area under risk and coverage", percent(risk_area(sure, right)))
        tile("Right of the surest 80 %", percent(exact_at(0.8, sure, right)))
        tile("Right of the surest 90 %", percent(exact_at(0.9, sure, right)))
    st.subheader("Said and true")
    plot(charts.reliability(reliability(sure, right)))
    st.caption("Bins hold equally many readings; on the line, what it says is what is so.")
    st.subheader("The error left when only the surest are accepted")
    show_threshold(sure, right)


@st.fragment
def show_threshold(sure: pd.Series, right: pd.Series) -> None:
    """The risk-coverage curve, and the threshold for the error that the visitor wants."""
    title = "Wrong readings among the accepted, at most (%)"
    wanted = st.slider(title, 0.1, 20.0, 1.0, 0.1, key="wanted", bind="query-params")
    found = threshold_for(wanted / 100, sure, right)
    plot(charts.risk_coverage(operating(sure, right), found))
    if found is None:
        st.write("No threshold does that: even the surest readings are wrong more often.")
    else:
        st.markdown(f"Accept from **{found.threshold:.4f}** on. {_said(found)}")
    rows = [(risk, threshold_for(risk, sure, right)) for risk in WANTED]
    st.table(_table(rows))
    st.caption(
        "A threshold chosen on these very pictures does a little worse on others; "
        "the upper end of the interval says how much worse is likely."
    )


def _said(found: Operating) -> str:
    return (
        f"That accepts {percent(found.coverage)} of the pictures, and {percent(found.risk)} of "
        f"those are wrong (at most {percent(found.risk_high)} with 97.5 % probability)."
    )


def _table(rows: list[tuple[float, Operating | None]]) -> pd.DataFrame:
    """One row a wanted error."""
    columns = ("Threshold", "Accepted", "Wrong of those", "at most")
    shown = {
        f"Error up to {percent(risk)}": (
            (
                f"{found.threshold:.4f}",
                percent(found.coverage),
                percent(found.risk),
                percent(found.risk_high),
            )
            if found
            else ("none", "", "", "")
        )
        for risk, found in rows
    }
    return pd.DataFrame.from_dict(shown, orient="index", columns=columns)
