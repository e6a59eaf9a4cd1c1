"""The error dashboard: what the recognizer reads right and wrong, from the files in results/.

It shows what evaluation and training wrote and computes no score. `make dashboard` starts it;
HWR_RESULTS names another directory of results.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from hwr_core.evaluation import charts, results
from hwr_core.evaluation.gallery import gallery, thumbnail
from hwr_core.evaluation.records import LeftOut, Metrics, Prediction, Rate
from hwr_core.evaluation.results import ResultsError

RESULTS = Path(os.environ.get("HWR_RESULTS", Path(__file__).parent / "results"))
ROWS, CARDS = 50, 48  # on a page; so many pictures as data URIs stay well under a megabyte

RATES = {
    "exact": "Exact match",
    "cer": "Character error rate",
    "wer": "Word error rate",
    "character_accuracy": "Character accuracy",
    "normalised_edit_distance": "Normalised edit distance",
}
CHOICES = {  # a column of true and false: its title, and what true and false are called
    "right": ("Reading", "Right", "Wrong"),
    "accepted": ("Verdict", "Accepted", "Rejected"),
    "seen": ("Name", "Seen", "Unseen"),
}
COLUMNS: dict[str, Any] = {  # of the table of predictions, in this order
    "picture": st.column_config.ImageColumn("Picture", width=260),
    "label": "Label",
    "text": "Read",
    "right": "Reading",
    "distance": "Letters off",
    "confidence": st.column_config.ProgressColumn("Confidence", format="%.2f", max_value=1),
    "accepted": "Verdict",
    "seen": "Name",
    "source": "Source",
    "writer": "Writer",
    "file": "File",
}
ORDERS = {
    "Confidently wrong first": ["confidence", "distance"],
    "Most letters wrong first": ["distance", "confidence"],
}


def main() -> None:
    """Show the chosen view of the chosen run, or one sentence that says why there is none."""
    st.set_page_config(page_title="Name reader: results", page_icon="✍️", layout="wide")
    views = {
        "Overview": show_overview,
        "Predictions": show_predictions,
        "Mistakes": show_mistakes,
        "Training": show_training,
    }
    view = st.sidebar.radio("View", list(views), key="view", bind="query-params")
    try:
        runs = results.runs(RESULTS)
        run = st.sidebar.selectbox("Run", runs, key="run", bind="query-params")
        views[view](RESULTS / run)
    except ResultsError as error:
        st.error(str(error))


def show_overview(run: Path) -> None:
    """The scores with their intervals, what they leave out and where they come from."""
    metrics, table = results.read_metrics(run), predictions(run)
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


def show_predictions(run: Path) -> None:
    """Every picture with its label and reading, to search and to filter."""
    table = predictions(run)
    st.title("Every reading")
    found = filtered(table.assign(right=table["distance"] == 0))
    st.caption(f"{len(found):,} of {len(table):,} pictures")
    shown = page_of(found, ROWS)
    words = {
        name: shown[name].map({True: yes, False: no}) for name, (_, yes, no) in CHOICES.items()
    }
    st.dataframe(
        shown.assign(picture=shown["picture"].map(thumbnail), **words),
        column_order=list(COLUMNS),
        column_config=COLUMNS,
        row_height=48,
        height="content",
        hide_index=True,
    )


def filtered(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that the search and the filters above the table leave."""
    longest = max(1, int(table["label"].str.len().max()))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input("Search", placeholder="label, reading or file", width=240)
        texts = table["label"] + "\n" + table["text"] + "\n" + table["file"]
        keep = texts.str.contains(words, case=False, regex=False)
        for name, (title, yes, no) in CHOICES.items():
            if choice := st.segmented_control(title, [yes, no], key=name):
                keep &= table[name] == (choice == yes)
        shortest, longest = st.slider("Letters in the label", 0, longest, (0, longest), width=240)
    return table[keep & table["label"].str.len().between(shortest, longest)]


def show_mistakes(run: Path) -> None:
    """The pictures that were read wrong, the worst first."""
    table = predictions(run)
    wrong = table[table["distance"] > 0]
    st.title("What it gets wrong")
    st.caption(f"{len(wrong):,} of {len(table):,} pictures; the letters that differ are marked.")
    order = st.segmented_control("Order", list(ORDERS), default=next(iter(ORDERS)), required=True)
    shown = page_of(wrong.sort_values(ORDERS[order], ascending=False), CARDS)
    st.html(gallery(results.records(shown, Prediction)))


def show_training(run: Path) -> None:
    """How the training of the released model went, epoch by epoch."""
    table = results.read_training(run.parent)
    st.title("How it learned")
    st.caption(f"{len(table):,} epochs, {table['step'].max():,} steps.")
    st.subheader("Loss")
    plot(charts.curves(table, {"train_loss": "Training", "val_loss": "Validation"}))
    st.subheader("Validation")
    names = {"val_exact": "Exact match", "val_cer": "Character error rate"}
    plot(charts.curves(table, names, yaxis_tickformat=".0%"))
    st.subheader("Learning rate")
    plot(charts.curves(table, {"learning_rate": "Learning rate"}, yaxis_exponentformat="power"))


def plot(figure: go.Figure) -> None:
    """A chart without its tool bar."""
    st.plotly_chart(figure, config={"displayModeBar": False})


def page_of(table: pd.DataFrame, size: int) -> pd.DataFrame:
    """The rows of the page that the visitor chose."""
    pages = math.ceil(len(table) / size)
    number = st.pagination(pages) if pages > 1 else 1
    return table.iloc[(number - 1) * size : number * size]


def predictions(run: Path) -> pd.DataFrame:
    """The predictions of a run, read again only when their file changes."""
    path = run / results.PREDICTIONS
    return read_predictions(run, path.stat().st_mtime_ns if path.exists() else 0)


# A resource and not data: every visitor shares one table, which nobody changes; data would be
# copied, pictures and all, at every click.
@st.cache_resource(max_entries=2, show_spinner=False)
def read_predictions(run: Path, written: int) -> pd.DataFrame:  # noqa: ARG001 - a part of the key
    """The predictions of a run as they were at the time `written` (nanoseconds)."""
    return results.read_predictions(run)


def percent(share: float) -> str:
    """A share as people read it."""
    return f"{100 * share:.1f} %"


def with_interval(rate: Rate) -> str:
    """A rate with its 95 % interval."""
    return f"{percent(rate.value)} ({100 * rate.low:.1f} to {100 * rate.high:.1f})"


if __name__ == "__main__":
    main()
