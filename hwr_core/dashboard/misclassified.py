"""The page Misclassified: the pictures that were read wrong, in groups, to walk through."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from hwr_core.dashboard import loading
from hwr_core.dashboard.loading import Choice
from hwr_core.dashboard.style import literal, visible
from hwr_core.evaluation import errors, results
from hwr_core.evaluation.gallery import gallery

CARDS = 24  # on a page
PAGE = "gallery-page"  # the key of its number
PAIRS = 40  # the most frequent ones, to choose from
BANDS = ((0.9, 1.01), (0.7, 0.9), (0.5, 0.7), (0.3, 0.5), (0.0, 0.3))  # confidence, from below 1
ORDERS = {
    "Confidently wrong first": (["confidence", "distance"], False),
    "Least sure first": (["confidence", "distance"], True),
    "Most letters wrong first": (["distance", "confidence"], False),
}


def show(choice: Choice) -> None:
    """The whole page."""
    table = loading.predictions(choice.run)
    wrong = loading.derived(misread, choice.run)
    st.title("What it gets wrong")
    st.caption(
        f"{len(wrong):,} of {len(table):,} pictures, those included of which only case or accents "
        "are wrong; what differs is marked."
    )
    if known := loading.metrics(choice.run).corrected:
        st.caption(
            f"Not all is its fault: of {known.checked:,} labels looked at, {known.wrong:,} are "
            f"wrong, {known.undecided:,} cannot be decided."
        )
    if wrong.empty:
        st.info("Every picture of this run was read right.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.segmented_control(
            "Group by", list(GROUPS), default=next(iter(GROUPS)), required=True, key="group",
            bind="query-params",
        )  # fmt: skip
        order = st.selectbox("Order", list(ORDERS), width=240, key="order", bind="query-params")
    groups = GROUPS[by](choice.run, wrong)
    name = st.pills(
        by, list(groups), default=next(iter(groups)), required=True, key=f"{by} {choice.name}",
        bind="query-params", format_func=lambda name: titled(name, len(groups[name])),
    )  # fmt: skip
    columns, ascending = ORDERS[order]
    walk(groups[name].sort_values(columns, ascending=ascending), choice, f"{by} {name}")


def titled(group: str, number: int) -> str:
    """A group as a button shows it, in Markdown: a hyphen at its beginning is no list."""
    return f"{literal(group)} ({number:,})"


def walk(wrong: pd.DataFrame, choice: Choice, name: str, cards: int = CARDS) -> None:
    """A page of the gallery, with buttons and keys that lead to the next one and back.

    `name` is that of the group in its run: the first page is shown when it changes.
    """
    pages = max(1, math.ceil(len(wrong) / cards))
    if st.session_state.get("walked") != (choice.run, name):
        st.session_state["walked"] = (choice.run, name)
        st.session_state[PAGE] = 1
    number = st.session_state[PAGE]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Previous", shortcut="Left", disabled=number == 1, on_click=partial(turn, number - 1)
        )
        st.button(
            "Next", shortcut="Right", disabled=number == pages, on_click=partial(turn, number + 1)
        )
        st.caption(f"Page {number:,} of {pages:,}; the arrow keys turn it.")
    shown = wrong.iloc[(number - 1) * cards : number * cards]
    seen = loading.corrected(choice.results, shown)
    st.html(gallery(results.shown(shown, choice.run), seen))


def turn(number: int) -> None:
    """Go to a page of the gallery."""
    st.session_state[PAGE] = number


def misread(run: Path) -> pd.DataFrame:
    """The misread pictures of a run with their kinds of error."""
    return errors.misread(loading.predictions(run))


def found_steps(run: Path) -> pd.DataFrame:
    """Every edit of every picture of a run."""
    return errors.steps(loading.predictions(run))


def by_kind(_: Path, wrong: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The pictures of each kind of error there is."""
    kinds = wrong["error"]
    return {kind: wrong[kinds == kind] for kind in errors.KINDS if (kinds == kind).any()}


def by_confidence(_: Path, wrong: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The pictures of each band of confidence in which there are any."""
    sure = wrong["confidence"]
    bands = {
        f"{low:.0%} to {min(high, 1):.0%} sure": wrong[(sure >= low) & (sure < high)]
        for low, high in BANDS
    }
    return {name: rows for name, rows in bands.items() if not rows.empty}


def by_pair(run: Path, wrong: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The pictures of the most frequent pairs of a letter and what was read for it."""
    found = loading.derived(found_steps, run)
    if found.empty:
        return {"no letter, only its form": wrong}
    named = errors.pairs(found).head(PAIRS)
    return {
        f"{visible(label)} as {visible(read)}": wrong.loc[errors.with_step(found, label, read)]
        for label, read in zip(named["label"], named["read"], strict=True)
    }


GROUPS = {"Kind of error": by_kind, "Confidence": by_confidence, "Confused pair": by_pair}
