"""The page Try: a picture of any run spoiled step by step, and what is still read of it."""

from __future__ import annotations

import io
from html import escape

import streamlit as st
from PIL import Image

from hwr_core.checkpoint import SHIPPED
from hwr_core.dashboard import loading
from hwr_core.dashboard.closeup import WITHOUT
from hwr_core.dashboard.loading import Choice
from hwr_core.evaluation.closeup import ink_of
from hwr_core.evaluation.degradations import DEGRADATIONS, Degradation, Step, breaks, spoiled
from hwr_core.evaluation.finding import Query, find
from hwr_core.evaluation.gallery import data_uri

CHOICES = 200  # pictures offered; a search finds the others
# The paper stays white on a dark page; the colours are those of the charts.
STYLE = """
.steps { display: grid; gap: .6rem;
  grid-template-columns: repeat(auto-fill, minmax(min(46%, 15rem), 1fr)); }
.steps figure { margin: 0; overflow: hidden; border-radius: .5rem; border: 2px solid; }
.steps .right { border-color: #3d7ea6; } .steps .wrong { border-color: #e08e45; }
.steps img { display: block; width: 100%; height: 4rem; object-fit: contain; background: white; }
.steps figcaption { padding: .3rem .6rem; overflow-wrap: anywhere; }
.steps small { opacity: .75; display: block; }
"""


def show(choice: Choice) -> None:
    """The whole page."""
    facts = loading.facts(choice.run)
    st.title("Where it breaks")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input("Search", placeholder="label or file", key="q", bind="query-params")
        found = find(facts, Query(words=words or "")).head(CHOICES)
        if found.empty:
            st.info("No picture is like this; search for another one.")
            return
        titles = dict(zip(found["label"] + " · " + found["file"], found.index, strict=True))
        title = st.selectbox("Picture", list(titles), key="picture", bind="query-params")
    row = loading.predictions(choice.run).loc[titles[title]]
    if not row["picture"]:
        st.info(WITHOUT)
        return
    st.caption(
        "The stored picture is spoiled, prepared and read again by the shipped model. A blue frame "
        "has the letters of the label; an orange one has others."
    )
    for degradation in DEGRADATIONS:
        steps = read_spoiled(row["picture"], degradation.name, loading.changed(SHIPPED))
        show_steps(degradation, steps, row["truth"])


def show_steps(degradation: Degradation, steps: list[Step], truth: str) -> None:
    """One kind of damage, from none to the most."""
    st.subheader(degradation.name.capitalize())
    broken = next(breaks(steps, truth), None)
    held = "holds at every step" if broken is None else f"breaks at {broken:g} {degradation.unit}"
    st.caption(f"It {held}." if broken != 0 else "It is read wrong as it is.")
    cards = "".join(card(step, degradation.unit, truth) for step in steps)
    st.html(f'<style>{STYLE}</style><section class="steps">{cards}</section>')


def card(step: Step, unit: str, truth: str) -> str:
    """One spoiled picture with what is read of it, as HTML."""
    reading = step.reading
    outcome = "right" if reading.folded == truth else "wrong"
    said = f"{step.amount:g} {unit}: {reading.confidence:.0%} sure, {outcome}"
    return f"""<figure class="{outcome}">
<img src="{data_uri(as_png(step.picture))}" alt="{escape(truth)}, spoiled">
<figcaption><b>{escape(reading.text) or "(nothing)"}</b>
<small>{said}</small></figcaption></figure>"""


@st.cache_resource(max_entries=200, show_spinner=False)
def read_spoiled(picture: bytes, name: str, model: int) -> list[Step]:  # noqa: ARG001 - the key
    """A stored picture after each amount of one kind of damage, read."""
    (degradation,) = (each for each in DEGRADATIONS if each.name == name)
    return spoiled(ink_of(picture), degradation, loading.recognizer())


def as_png(picture: Image.Image) -> bytes:
    """A picture as a file."""
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
