"""The page Compare: two runs on the same pictures, what was fixed and what was broken."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st
from rapidfuzz.distance import Levenshtein

from hwr_core.dashboard import loading
from hwr_core.dashboard.loading import Choice, Compared
from hwr_core.dashboard.style import literal, page_of, percent, tile
from hwr_core.evaluation import results
from hwr_core.evaluation.compare import (
    BROKEN,
    FIXED,
    KEY,
    STILL_RIGHT,
    STILL_WRONG,
)
from hwr_core.evaluation.gallery import STYLE, image, marked
from hwr_core.evaluation.records import Metrics
from hwr_core.evaluation.slices import SMALLEST

CARDS = 24  # on a page
WORDS = [BROKEN, FIXED, STILL_WRONG, STILL_RIGHT]


def show(choice: Choice) -> None:
    """The whole page."""
    before = other(choice)
    if before is None:
        st.title("Two runs side by side")
        st.write("There is no other run to compare with; `make earlier` measures one.")
        return
    old, new = loading.metrics(choice.results / before), loading.metrics(choice.run)
    found = loading.compared(choice.results / before, choice.run)
    st.title("Two runs side by side")
    names = (literal(before), literal(choice.name))
    st.caption(f"Before: {names[0]}, {_model(old)}. Now: {names[1]}, {_model(new)}.")
    show_tiles(found)
    show_slices(found.slices)
    show_pictures(found.both, choice)


def other(choice: Choice) -> str | None:
    """The name of the run to compare with, chosen in the side bar."""
    names = [name for name in results.runs(choice.results) if name != choice.name]
    if not names:
        return None
    same = [name for name in names if name.rpartition("/")[2] == choice.run.name]
    place = names.index(same[0]) if same else 0
    return st.sidebar.selectbox(
        "Before", names, index=place, key=f"before {choice.name}", bind="query-params"
    )


def show_tiles(compared: Compared) -> None:
    """What changed in numbers, and whether chance alone would do as much."""
    found = compared.change
    with st.container(horizontal=True):
        tile("Pictures in both", f"{found.n:,}")
        tile("Exact before", percent(compared.before))
        tile("Exact now", percent(compared.now), f"{100 * found.gain:+.1f} points")
        tile("Fixed", f"{found.fixed:,}")
        tile("Broken", f"{found.broken:,}")
        tile("Unchanged", f"{found.n - found.fixed - found.broken:,}")
    st.caption(
        f"McNemar's exact test: two equally good models would differ at least this much "
        f"with probability {_chance(found.chance)}."
    )


def show_slices(every: pd.DataFrame) -> None:
    """The change in each slice that is large enough to say something."""
    st.subheader("Kind by kind")
    shown = every[every["n"] >= SMALLEST]
    if shown.empty:
        st.write(f"No kind has {SMALLEST} pictures.")
        return
    st.dataframe(
        shown.assign(gain=100 * shown["gain"], chance=shown["chance"].map(_chance)),
        column_config={
            "subject": "Subject",
            "slice": "Kind",
            "n": "Pictures",
            "fixed": "Fixed",
            "broken": "Broken",
            "gain": st.column_config.NumberColumn("Gain", format="%+.1f points"),
            "chance": "By chance",
        },
        hide_index=True,
        height="content" if len(shown) <= 12 else 420,
    )
    st.caption(
        f"{len(every) - len(shown):,} kinds with fewer than {SMALLEST} pictures are not shown. "
        "One kind in twenty falls below 0.05 by luck."
    )


@st.fragment
def show_pictures(both: pd.DataFrame, choice: Choice) -> None:
    """The pictures of one kind of change, those the model is surest of first."""
    st.subheader("Picture by picture")
    counts = both["change"].value_counts()
    words = [word for word in WORDS if counts.get(word, 0)]
    word = st.segmented_control(
        "Change", words, default=words[0], required=True, key="change", bind="query-params"
    )
    rows = both[both["change"] == word].sort_values("confidence_now", ascending=False)
    shown = page_of(rows, CARDS)
    pictures = _pictures(choice, shown)
    cards = "".join(map(card, shown.to_dict("records"), pictures))
    st.caption(f"{len(rows):,} pictures, the surest first.")
    st.html(f'<style>{STYLE}</style><section class="gallery">{cards}</section>')


def _pictures(choice: Choice, shown: pd.DataFrame) -> list[bytes]:
    """The pictures of the shown rows, in their order."""
    names = shown[KEY]
    table = loading.predictions(choice.run)
    found = table.loc[table["file"].isin(names["file"]), [*KEY, "picture"]]
    return names.merge(found, on=KEY, how="left", validate="one_to_one")["picture"].tolist()


def card(row: Mapping[Hashable, Any], picture: bytes) -> str:
    """One picture with its label and both readings; the letters that differ are marked."""
    truth = str(row["truth"])
    texts = {"Before": str(row["folded_before"]), "Now": str(row["folded_now"])}
    lines = "".join(
        f"<div><small>{title}</small><code>"
        f"{marked(text, Levenshtein.opcodes(text, truth))}</code></div>"
        for title, text in texts.items()
    )
    return f"""<figure title="{escape(str(row["file"]))}">{image(picture, truth)}
<figcaption><div><small>Label</small><code>{escape(truth)}</code></div>{lines}
<small>{row["confidence_before"]:.0%} sure before, {row["confidence_now"]:.0%} now</small>
</figcaption></figure>"""


def _model(metrics: Metrics) -> str:
    checkpoint = metrics.checkpoint
    return f"{checkpoint.parameters:,} parameters, digest {checkpoint.digest[:12]}"


def _chance(probability: float) -> str:
    return f"{probability:.3f}" if probability >= 0.001 else "below 0.001"
