"""The figures of a report, drawn by Matplotlib for paper: each onto axes, all in one style."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image, ImageOps

from hwr_core.evaluation.confidence import reliability
from hwr_core.evaluation.confusion import confusion
from hwr_core.evaluation.errors import steps
from hwr_core.evaluation.groups import LENGTH, groups
from hwr_core.evaluation.intervals import wilson
from hwr_core.evaluation.outcomes import operating
from hwr_core.evaluation.records import Prediction
from hwr_core.picture import PictureSpec

SIZE = (6.4, 3.6)  # inches
BLUE, ORANGE, GREY = "#3d7ea6", "#c9752b", "#7f8c8d"
WIDEST = PictureSpec().width  # of a strip, pixels
COLOURS = 64  # of a PNG: enough for lines and smooth print, at a third of the bytes


@dataclass(frozen=True)
class Drawing:
    """What figures are drawn from."""

    predictions: pd.DataFrame  # of one run, a row a `Prediction`
    epochs: pd.DataFrame  # of the training, a row an `Epoch`; empty: nobody knows it


def loss(axes: Axes, drawing: Drawing) -> None:
    """Loss over the epochs of the training."""
    epochs = drawing.epochs
    _titled(axes, "Loss", "epoch", "CTC loss (nats)")
    for column, name, colour in (
        ("train_loss", "training", ORANGE),
        ("val_loss", "validation", BLUE),
    ):
        axes.plot(epochs["epoch"], epochs[column], marker=".", color=colour, label=name)
    axes.legend(frameon=False)


def accuracy(axes: Axes, drawing: Drawing) -> None:
    """Exact match and character accuracy over the epochs of the training."""
    epochs = drawing.epochs
    _titled(axes, "Validation while it learned", "epoch", "%")
    letters, exact = 100 * (1 - epochs["val_cer"]), 100 * epochs["val_exact"]
    axes.plot(epochs["epoch"], letters, marker=".", color=ORANGE, label="character accuracy")
    axes.plot(epochs["epoch"], exact, marker=".", color=BLUE, label="exact match")
    axes.legend(frameon=False)


def trust(axes: Axes, drawing: Drawing) -> None:
    """How often readings are right beside how sure they were."""
    table = drawing.predictions
    bins = reliability(table["confidence"], table["distance"] == 0)
    sizes, right = np.array([b.n for b in bins]), np.array([b.right for b in bins])
    low, high = wilson(right * sizes, sizes)
    _titled(axes, "Reliability", "how sure it was (%)", "how often it was right (%)")
    axes.plot([0, 100], [0, 100], ":", color=GREY)
    sure, spread = [100 * b.confidence for b in bins], [100 * (right - low), 100 * (high - right)]
    axes.errorbar(sure, 100 * right, yerr=spread, fmt="o-", color=BLUE, markersize=4, capsize=2)
    axes.set(xlim=(0, 102), ylim=(0, 102))


def risk(axes: Axes, drawing: Drawing) -> None:
    """The share of wrong readings among those accepted, over the share accepted."""
    table = drawing.predictions
    curve = operating(table["confidence"], table["distance"] == 0)
    _titled(axes, "Risk and coverage", "accepted, the surest first (%)", "wrong among them (%)")
    axes.plot(100 * curve.coverage, 100 * curve.risk, color=BLUE)
    axes.set(xlim=(0, 100), ylim=(0, None))


def confused(axes: Axes, drawing: Drawing) -> None:
    """Which letters are read for which, look-alikes side by side; right readings are left out."""
    found = confusion(drawing.predictions, steps(drawing.predictions))
    shares = 100 * found.shares
    np.fill_diagonal(shares, np.nan)
    _titled(axes, "Letters taken for others (% of each)", "read", "written")
    image = axes.imshow(shares, cmap="Blues", vmin=0)
    names = [letter.replace(" ", "␣") for letter in found.letters]
    axes.set_xticks(range(len(names)), names, fontsize=6)
    axes.set_yticks(range(len(names)), names, fontsize=6)
    axes.grid(visible=False)
    axes.figure.colorbar(image, ax=axes)


def length(axes: Axes, drawing: Drawing) -> None:
    """Exact match by the length of the label."""
    every = groups(drawing.predictions)
    found = every[every["subject"] == LENGTH]
    exact = 100 * found["exact"]
    spread = [exact - 100 * found["exact_low"], 100 * found["exact_high"] - exact]
    _titled(axes, "Exact match by length", "", "%")
    axes.bar(range(len(found)), exact, yerr=spread, color=BLUE, capsize=3, ecolor=GREY)
    kinds = (name.replace(" letters", "") for name in found["slice"])
    names = [f"{name}\nn = {n:,}" for name, n in zip(kinds, found["n"], strict=True)]
    axes.set_xticks(range(len(found)), names, fontsize=7)


FROM_TRAINING: dict[str, Callable[[Axes, Drawing], None]] = {"loss": loss, "accuracy": accuracy}
FROM_READINGS: dict[str, Callable[[Axes, Drawing], None]] = {
    "reliability": trust,
    "risk-coverage": risk,
    "confusion": confused,
    "length": length,
}


def figures(drawing: Drawing) -> dict[str, Callable[[Axes, Drawing], None]]:
    """The figures that can be drawn, by name."""
    return FROM_READINGS if drawing.epochs.empty else {**FROM_TRAINING, **FROM_READINGS}


def figure(draw: Callable[[Axes, Drawing], None], drawing: Drawing) -> Figure:
    """One figure alone."""
    alone = Figure(figsize=SIZE, layout="constrained")
    draw(alone.subplots(), drawing)
    return alone


def sample(axes: Axes, prediction: Prediction) -> None:
    """A picture with label and reading under it: right readings in blue, wrong ones in orange."""
    axes.set_axis_off()
    if prediction.picture:
        strip = Image.open(io.BytesIO(prediction.picture)).convert("L")
        frame = (max(WIDEST, strip.width), strip.height)  # all letters at one scale
        axes.imshow(ImageOps.pad(strip, frame, color=255, centering=(0.5, 0)), cmap="gray")
    lines = f"{prediction.truth}\n{prediction.folded}  ({prediction.confidence:.0%})"
    colour = ORANGE if prediction.distance else BLUE
    style: dict[str, Any] = {"ha": "center", "va": "top", "fontsize": 8, "family": "monospace"}
    shown = lines.replace("$", r"\$")  # else a sign of mathematics
    axes.text(0.5, -0.1, shown, transform=axes.transAxes, color=colour, **style)


def samples(predictions: Sequence[Prediction], title: str, columns: int = 3) -> Figure:
    """Many pictures on a page."""
    rows = max(1, -(-len(predictions) // columns))
    page = Figure(figsize=(8.3, 0.6 + 1.2 * rows), layout="constrained")
    page.suptitle(title)
    for axes, prediction in zip(page.subplots(rows, columns).flat, predictions, strict=False):
        sample(axes, prediction)
    for axes in page.axes[len(predictions) :]:
        axes.set_axis_off()
    return page


def png(drawn: Figure) -> bytes:
    """A figure as a picture; the same figure gives the same bytes."""
    full, small = io.BytesIO(), io.BytesIO()
    drawn.savefig(full, format="png", dpi=100)
    few = Image.open(full).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(small, "PNG", optimize=True)
    return small.getvalue()


def _titled(axes: Axes, title: str, x: str, y: str) -> None:
    axes.set(title=title, xlabel=x, ylabel=y)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
