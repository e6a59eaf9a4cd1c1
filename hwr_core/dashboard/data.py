"""The page Data: what the model learned from and is measured on, and what was left out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

import hwr_core
from hwr_core.checkpoint import SHIPPED, Checkpoint, CheckpointError
from hwr_core.dashboard import charts, loading
from hwr_core.dashboard.loading import Choice
from hwr_core.dashboard.overview import show_left_out
from hwr_core.dashboard.style import literal, plot, tile
from hwr_core.evaluation.inventory import inventory, lengths, letters, widths
from hwr_core.evaluation.records import LeftOut

SHEETS = Path(hwr_core.__file__).parent.parent / "docs" / "sheets"


def show(choice: Choice) -> None:
    """The whole page."""
    metrics, facts = loading.metrics(choice.run), loading.facts(choice.run)
    st.title("What it learned from and is measured on")
    st.caption(f"The pictures of {literal(choice.name)}, split {literal(metrics.split)}.")
    with st.container(horizontal=True):
        tile("Pictures", f"{len(facts):,}")
        tile("Different labels", f"{facts['truth'].nunique():,}")
        writers = facts.groupby(["source", "writer"]).ngroups  # without those that are unknown
        tile("Writers", f"{writers:,}" if writers else "unknown")
        tile("Sources", f"{facts['source'].nunique():,}")
    show_charts(choice.run, facts)
    st.subheader("Left out of this run, and why")
    show_left_out(metrics.left_out)
    show_learned(metrics.checkpoint.digest)
    show_sheets(facts["source"].iloc[0])


def show_charts(run: Path, facts: pd.DataFrame) -> None:
    """Lengths of labels, their letters, and how wide the strips are."""
    st.subheader("Lengths of the labels")
    plot(charts.counts(lengths(facts), "letters in a label"))
    st.subheader("Letters")
    plot(charts.counts(letters(facts), "letter"))
    st.subheader("Widths of the strips")
    found = loading.derived(_widths, run)
    if found.empty:
        st.write("This run was written without its pictures.")
    else:
        plot(charts.counts(found, "pixels; a strip is 48 high"))


def show_learned(digest: str) -> None:
    """The data of the training, from the header of the released model if that was measured."""
    st.subheader("What it learned from")
    try:
        header = Checkpoint.open(SHIPPED).header
    except CheckpointError as error:
        st.write(str(error))
        return
    if header.weights_digest != digest:
        st.write("Another model than the one in checkpoints/ was measured; its data is not known.")
        return
    st.dataframe(inventory(header.provenance), hide_index=True, height="content")
    with st.expander("Left out before training, and why"):
        for store, splits in header.provenance.get("left_out", {}).items():
            for split, reasons in splits.items():
                st.markdown(f"**{literal(Path(store).name)}, {literal(split)}**")
                show_left_out(
                    {
                        why: LeftOut(count=x["count"], files=tuple(x["files"]))
                        for why, x in reasons.items()
                    }
                )


def show_sheets(source: str) -> None:
    """The contact sheets that ship with the documents, first that of the run's own `source`."""
    st.subheader("Contact sheets")
    sheets = sorted(SHEETS.glob("*.png"))
    if not sheets:
        st.write("There is none here; `python -m hwr_core sheet STORE --out FILE.png` draws one.")
        return
    names = [sheet.stem for sheet in sheets]
    place = names.index(source) if source in names else 0
    name = st.selectbox("Source", names, place, key="sheet", bind="query-params", width=240)
    st.image(str(SHEETS / f"{name}.png"))
    st.caption("Strips drawn at random, as the network sees them, with their labels.")


def _widths(run: Path) -> pd.Series:
    return widths(loading.predictions(run)["picture"])
