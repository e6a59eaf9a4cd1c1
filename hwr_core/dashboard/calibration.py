"""The page Calibration: whether a confidence can be trusted, and where to set the threshold."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from hwr_core.dashboard import charts, loading
from hwr_core.dashboard.loading import Choice
from hwr_core.dashboard.style import percent, plot, tile
from hwr_core.evaluation.outcomes import Curve, Operating, operating
from hwr_core.evaluation.summing import WANTED, Calibrated, calibrated


def show(choice: Choice) -> None:
    """The whole page."""
    facts, found = loading.facts(choice.run), loading.derived(_calibrated, choice.run)
    st.title("Whether its confidence can be trusted")
    st.caption(f"{len(facts):,} readings; a reading is right when no letter differs.")
    with st.container(horizontal=True):
        tile("Expected calibration error", percent(found.error), luck(choice.run))
        tile("Area under risk and coverage", percent(found.risk_area))
        tile("Right of the surest 80 %", percent(found.right_of_surest["80%"]))
        tile("Right of the surest 90 %", percent(found.right_of_surest["90%"]))
    st.subheader("Said and true")
    plot(charts.reliability(found.reliability))
    st.caption("Bins hold equally many readings; on the line, what it says is what is so.")
    st.subheader("The error left when only the surest are accepted")
    show_threshold(loading.derived(_curve, choice.run))


@st.fragment
def show_threshold(curve: Curve) -> None:
    """The risk-coverage curve, and the threshold for the error that the visitor wants."""
    title = "Wrong readings among the accepted, at most (%)"
    wanted = st.slider(title, 0.1, 20.0, 1.0, 0.1, key="wanted", bind="query-params")
    found = curve.threshold_for(wanted / 100)
    plot(charts.risk_coverage(curve, found))
    if found is None:
        st.write("No threshold does that: even the surest readings are wrong more often.")
    else:
        st.markdown(f"Accept from **{found.threshold:.4f}** on. {_said(found)}")
    st.table(_table([(risk, curve.threshold_for(risk)) for risk in WANTED]))
    st.caption(
        "A threshold chosen on these very pictures does a little worse on others; "
        "the upper end of the interval says how much worse is likely."
    )


def luck(run: Path) -> str | None:
    """The errors that a perfect calibration would show, of as many readings."""
    trust = loading.metrics(run).trust
    if trust is None:
        return None
    return f"a perfect one: {100 * trust.perfect_low:.1f} to {100 * trust.perfect_high:.1f}"


def _calibrated(run: Path) -> Calibrated:
    return calibrated(loading.facts(run))


def _curve(run: Path) -> Curve:
    facts = loading.facts(run)
    return operating(facts["confidence"], facts["distance"] == 0)


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
