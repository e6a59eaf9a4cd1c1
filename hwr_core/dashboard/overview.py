"""The page Overview: the scores with their intervals, what they leave out, where they come from."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from hwr_core.dashboard import charts, loading
from hwr_core.dashboard.loading import Choice
from hwr_core.dashboard.style import RATES, percent, plot, with_interval
from hwr_core.evaluation.records import LeftOut, Metrics, Rate


def show(choice: Choice) -> None:
    """The whole page."""
    metrics, table = loading.metrics(choice.run), loading.facts(choice.run)
    st.title("How well it reads")
    st.caption(f"Split: {metrics.split}. The ranges are 95 % bootstrap intervals.")
    show_tiles(metrics)
    st.subheader("Names seen in training, and unseen ones")
    st.table(score_table(metrics))
    st.subheader("Its confidence, when right and when wrong")
    plot(charts.confidences(table))
    st.subheader("Character by character, the weakest first")
    plot(charts.characters(metrics.characters))
    st.subheader("What was left out, and why")
    show_left_out(metrics.left_out)
    st.subheader("Where these numbers come from")
    show_origin(metrics)


def show_tiles(metrics: Metrics) -> None:
    """The number of pictures and the rates that people ask for first, as tiles that wrap."""
    scores = metrics.scores.all
    with st.container(horizontal=True):
        st.metric("Pictures", f"{scores.n:,}", border=True, height="stretch")
        for name in ("exact", "cer", "wer", "character_accuracy"):
            rate: Rate = getattr(scores, name)
            interval = f"{100 * rate.low:.1f} to {100 * rate.high:.1f}"
            st.metric(
                RATES[name],
                percent(rate.value),
                interval,
                delta_color="off",
                delta_arrow="off",
                border=True,
            )


def score_table(metrics: Metrics) -> pd.DataFrame:
    """One row a rate, one column a group of names."""
    groups = {
        "All": metrics.scores.all,
        "Seen": metrics.scores.seen,
        "Unseen": metrics.scores.unseen,
    }
    columns = {
        f"{title} (n = {scores.n:,})": [with_interval(getattr(scores, name)) for name in RATES]
        for title, scores in groups.items()
        if scores
    }
    return pd.DataFrame(columns, index=pd.Index(RATES.values()))


def show_left_out(left_out: dict[str, LeftOut]) -> None:
    """The pictures that were not scored, by reason, with some of their names."""
    if not left_out:
        st.write("Nothing: every picture of the split was scored.")
        return
    for reason, pictures in left_out.items():
        more = ", …" if pictures.count > len(pictures.files) else ""
        with st.container(gap="xxsmall"):
            st.markdown(f"**{pictures.count:,}** · {reason}")
            st.caption(", ".join(pictures.files) + more)


def show_origin(metrics: Metrics) -> None:
    """The command that made the numbers, and the file it measured."""
    checkpoint = metrics.checkpoint
    st.code(metrics.command, language="bash", wrap_lines=True)
    st.caption(
        f"{checkpoint.name}, {checkpoint.parameters:,} parameters, "
        f"digest {checkpoint.digest}, measured on {metrics.made:%d %B %Y}"
    )
