"""One picture looked at closely: letters over it, frames under it, and what else it may say."""

from __future__ import annotations

from html import escape

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from PIL import Image
from plotly.subplots import make_subplots

from hwr_core.dashboard import loading
from hwr_core.dashboard.style import COLOURS, literal, plot, visible
from hwr_core.evaluation import closeup
from hwr_core.evaluation.closeup import CloseUp, CloseUpError
from hwr_core.evaluation.records import Prediction
from hwr_core.spelling import fold

DESK = 760  # pixels the chart is wide on a desktop
NARROW = 256  # pixels of strip that take all of it; a narrower picture is not enlarged further
ABOVE = 18  # pixels of strip, for the letters
ROW = 16  # pixels a letter of the heat map is high
WITHOUT = "This run was stored without its pictures; choose another run."
SURE = 0.9  # confidence below which a letter's place is drawn in the second colour


def show_closely(prediction: Prediction) -> None:
    """The picture of one prediction, large, with all that is known of its reading."""
    st.subheader(literal(f"{prediction.label} · {prediction.file}"))
    if not prediction.picture:
        st.info(WITHOUT)
        return
    try:
        seen = closeup.look(loading.recognizer(), prediction.picture)
    except CloseUpError as error:
        st.info(str(error))
        return
    plot(figure(prediction, seen), key=f"closeup-{prediction.file}")
    st.caption(
        "Above, the letters of the stored reading at their places; orange, underlined ones are "
        f"less than {SURE:.0%} sure. Below, the share of each letter in every frame, by the "
        "shipped model."
    )
    one, other = st.columns(2)
    with one:
        st.table(guesses(prediction).rename(index=literal))
    with other:
        st.table(ways(prediction, seen).map(literal))
        if seen.reading.text != prediction.text:
            st.caption(
                "This picture is read otherwise now: it is stored in four greys, or another "
                "model read it then."
            )


def guesses(prediction: Prediction) -> pd.DataFrame:
    """The reading and its alternatives with their confidences."""
    texts = [(prediction.text, prediction.confidence)]
    texts += [(guess.text, guess.confidence) for guess in prediction.alternatives]
    rows = [(text or "(nothing)", f"{sure:.2%}") for text, sure in texts]
    return pd.DataFrame(rows, columns=["Most probable readings", "Confidence"]).set_index(
        "Most probable readings"
    )


def ways(prediction: Prediction, seen: CloseUp) -> pd.DataFrame:
    """The label beside three readings: stored, by the frames alone, and with what is known."""
    texts = {
        "Label": prediction.label,
        "Read then": prediction.text,
        "Frames alone (greedy)": seen.greedy,
        "With what is known of names": seen.reading.text,
    }
    rows = {
        name: (text or "(nothing)", "yes" if fold(text) == prediction.truth else "no")
        for name, text in texts.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["Text", "Same letters as label"])


def figure(prediction: Prediction, seen: CloseUp) -> go.Figure:
    """The picture with its letters, over the heat map of its frames; both share their pixels."""
    height, width = seen.ink.shape
    shown = max(width, NARROW)
    picture_height, map_height = DESK * (height + ABOVE) / shown, ROW * len(seen.letters)
    drawn = make_subplots(
        rows=2,
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.02,
        row_heights=[picture_height, map_height],
    )
    drawn.add_layout_image(
        source=Image.fromarray(255 - seen.ink),
        x=0, y=0, sizex=width, sizey=height, sizing="stretch", layer="below", xref="x", yref="y",
    )  # fmt: skip
    add_letters(drawn, prediction, height)
    add_frames(drawn, seen)
    drawn.update_layout(
        height=picture_height + map_height + 40, margin={"l": 0, "r": 0, "t": 10, "b": 0}
    )
    drawn.update_xaxes(range=[0, shown], showgrid=False, visible=False)
    drawn.update_yaxes(showgrid=False)
    drawn.update_yaxes(range=[height, -ABOVE], visible=False, row=1, col=1)
    # On a phone the picture becomes lower, not narrower: its letters keep their shape.
    drawn.update_yaxes(scaleanchor="x", constrain="domain", constraintoward="bottom", row=1, col=1)
    drawn.update_yaxes(autorange="reversed", type="category", dtick=1, row=2, col=1)
    return drawn


def add_letters(drawn: go.Figure, prediction: Prediction, height: int) -> None:
    """The letters of the stored reading, each above its place on a strip so many pixels high."""
    for letter in prediction.letters:
        sure = letter.confidence >= SURE
        colour, sign = COLOURS[not sure], escape(visible(letter.char))
        drawn.add_shape(
            type="rect", x0=letter.start, x1=letter.end, y0=2 - ABOVE, y1=height, row=1, col=1,
            line={"color": colour, "width": 1}, fillcolor=colour, opacity=0.18,
        )  # fmt: skip
        drawn.add_annotation(
            text=f"<b>{sign if sure else f'<u>{sign}</u>'}</b>", row=1, col=1,
            x=(letter.start + letter.end) / 2, y=-ABOVE / 2, showarrow=False,
            font={"color": colour, "size": 15},
            hovertext=f"{letter.confidence:.0%} sure",
        )  # fmt: skip


def add_frames(drawn: go.Figure, seen: CloseUp) -> None:
    """The heat map: the share of each letter in every frame."""
    drawn.add_heatmap(
        z=seen.shares,
        x=[(number + 0.5) * seen.frame for number in range(seen.shares.shape[1])],
        y=[visible(letter) for letter in seen.letters],
        colorscale=[[0, "rgba(61,126,166,0)"], [1, "rgba(61,126,166,1)"]],
        zmin=0,
        zmax=1,
        showscale=False,
        hovertemplate="%{y} %{z:.1%}<extra></extra>",
        row=2,
        col=1,
    )
