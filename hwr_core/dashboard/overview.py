"""The page Overview: the numbers that matter, what a threshold does, what changed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from hwr_core.dashboard import charts, loading
from hwr_core.dashboard.loading import Choice
from hwr_core.dashboard.style import RATES, literal, percent, plot, tile, with_interval
from hwr_core.evaluation import results
from hwr_core.evaluation.explaining import EARLIER, ResultsError
from hwr_core.evaluation.outcomes import outcomes
from hwr_core.evaluation.records import LeftOut, Metrics, Rate


def show(choice: Choice) -> None:
    """The whole page."""
    st.title("How well it reads")
    try:
        metrics, facts = loading.metrics(choice.run), loading.facts(choice.run)
    except ResultsError as error:
        st.error(str(error))
        show_domains(choice.results)
        return
    st.caption(f"Run: {literal(choice.name)}. The ranges are 95 % intervals.")
    show_tiles(metrics)
    st.subheader("What a threshold on the confidence does")
    show_outcomes(facts, metrics.checkpoint.accept)
    st.subheader("What changed since the first released model")
    show_change(choice)
    st.subheader("All kinds of pictures")
    show_domains(choice.results)
    st.subheader("Names seen in training, and unseen ones")
    st.table(score_table(metrics))
    st.subheader("Its confidence, when right and when wrong")
    plot(charts.confidences(facts))
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
        tile("Pictures", f"{scores.n:,}")
        for name in ("exact", "cer", "wer", "character_accuracy"):
            rate: Rate = getattr(scores, name)
            tile(RATES[name], percent(rate.value), f"{100 * rate.low:.1f} to {100 * rate.high:.1f}")


@st.fragment
def show_outcomes(facts: pd.DataFrame, model: float | None) -> None:
    """Accepted and refused, right and wrong, at the threshold of the slider; at first the model's.

    What is remarked upon is never accepted, so the model itself may accept less.
    """
    right, sure = facts["distance"] == 0, facts["confidence"]
    threshold = st.slider(
        "Accept readings at least this sure",
        *(0.0, 1.0, 0.95 if model is None else model, 0.0001),
        format="%.4f",
        key="threshold",
        bind="query-params",
    )
    found = outcomes(sure, right, threshold)
    with st.container(horizontal=True):
        tile(
            "Accepted, right", f"{found.accepted_right:,}", percent(found.accepted_right / found.n)
        )
        tile(
            "Accepted, wrong", f"{found.accepted_wrong:,}", percent(found.accepted_wrong / found.n)
        )
        tile("Refused, right", f"{found.refused_right:,}", percent(found.refused_right / found.n))
        tile("Refused, wrong", f"{found.refused_wrong:,}", percent(found.refused_wrong / found.n))
    wrong = f"; {percent(found.wrong_share)} of those are wrong" if found.accepted else ""
    own = "" if model is None else f" The model's own threshold is {model:.4f}."
    share = percent(found.accepted / found.n)
    st.caption(f"Nobody needs to look at {share} of the pictures{wrong}.{own}")


def show_change(choice: Choice) -> None:
    """This run beside the earlier one of the same name, in three sentences."""
    earlier = choice.results / EARLIER / choice.run.name
    if earlier == choice.run:
        st.write("This is the earlier model.")
        return
    if not results.is_run(earlier):
        st.write("No earlier model was measured on these pictures; `make earlier` does it.")
        return
    try:
        compared = loading.compared(earlier, choice.run)
    except ResultsError as error:
        st.warning(str(error))
        return
    found, before, now = compared.change, compared.before, compared.now
    st.write(
        f"Exact match went from **{percent(before)}** to **{percent(now)}** "
        f"on {found.n:,} pictures that both models read: "
        f"{found.fixed:,} fixed, {found.broken:,} broken. The page Compare shows which."
    )


def show_domains(folder: Path) -> None:
    """One row a run of the present model; a damaged one is named and does not hide the others."""
    rows = {}
    for run in results.runs(folder):
        if "/" not in run:
            try:
                rows[literal(run)] = domain_row(loading.metrics(folder / run))
            except ResultsError as error:
                st.warning(str(error))
    st.table(pd.DataFrame.from_dict(rows, orient="index"))


def domain_row(metrics: Metrics) -> dict[str, str]:
    """What matters of one run."""
    return {
        "Pictures": f"{metrics.scores.all.n:,}",
        "Exact match": with_interval(metrics.scores.all.exact),
        "Character error rate": with_interval(metrics.scores.all.cer),
        "Accepted": with_interval(metrics.acceptance.accepted),
        "Right of those": with_interval(metrics.acceptance.right),
    }


def score_table(metrics: Metrics) -> pd.DataFrame:
    """One row a rate, one column a group of names."""
    groups = {
        "All": metrics.scores.all,
        "Seen": metrics.scores.seen,
        "Unseen": metrics.scores.unseen,
        "Labels corrected by eye": metrics.corrected.scores if metrics.corrected else None,
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
            st.markdown(f"**{pictures.count:,}** · {literal(reason)}")
            st.caption(literal(", ".join(pictures.files)) + more)


def show_origin(metrics: Metrics) -> None:
    """The command that made the numbers, and the file it measured."""
    checkpoint = metrics.checkpoint
    st.code(metrics.command, language="bash", wrap_lines=True)
    st.caption(
        f"{literal(checkpoint.name)}, {checkpoint.parameters:,} parameters, "
        f"digest {checkpoint.digest}, measured on {metrics.made:%d %B %Y}"
    )
