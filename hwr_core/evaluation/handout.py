"""The handout of a run: numbers, figures and pictures that are read without the dashboard.

RUN/report.json       all numbers, a `Report`
RUN/report.md, .pdf   what a manager reads
RUN/figures/*.png     the figures of both
RUN/samples/*.png     pictures with label and reading drawn under them
RUN/misclassified/    every misread picture, and misclassified.csv with a row for each
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from hwr_core.evaluation import figures, results
from hwr_core.evaluation.errors import misread
from hwr_core.evaluation.figures import Drawing
from hwr_core.evaluation.records import Metrics, Prediction
from hwr_core.evaluation.story import Story
from hwr_core.evaluation.summing import Report, summed

JSON, MARKDOWN, PDF = "report.json", "report.md", "report.pdf"
FIGURES, SAMPLES, MISREAD = "figures", "samples", "misclassified"
SHOWN = 12  # pictures of a kind on a page
TOLD = ("label", "text", "folded", "confidence", "accepted", "distance", "error", "tags")
A4 = (8.3, 11.7)  # inches


@dataclass(frozen=True)
class Run:
    """All that is known of a run."""

    path: Path
    metrics: Metrics
    drawing: Drawing
    report: Report

    @property
    def right(self) -> list[Prediction]:
        """Pictures that were read right, spread evenly over the run."""
        table = self.drawing.predictions
        rows = table[table["distance"] == 0]
        return results.records(rows.iloc[:: max(1, len(rows) // SHOWN)].head(SHOWN), Prediction)

    @property
    def wrong(self) -> list[Prediction]:
        """Those that were read wrong although the reader was sure, the surest first."""
        table = self.drawing.predictions
        rows = table[table["distance"] > 0].sort_values(
            ["confidence", "file"], ascending=[False, True]
        )
        return results.records(rows.head(SHOWN), Prediction)


def write(folder: Path, name: str, command: str) -> str:
    """Write the handout of the run `name` in the results `folder`, and say where.

    Raises:
        ResultsError: a file of the run is missing or damaged.
    """
    run = _open(folder, name, command)
    (run.path / JSON).write_text(run.report.model_dump_json(indent=2) + "\n", "utf-8")
    for part in (FIGURES, SAMPLES, MISREAD):  # what an earlier handout left is not of this run
        shutil.rmtree(run.path / part, ignore_errors=True)
        (run.path / part).mkdir()
    for title, draw in figures.figures(run.drawing).items():
        picture = figures.png(figures.figure(draw, run.drawing))
        (run.path / FIGURES / f"{title}.png").write_bytes(picture)
    for kind, chosen in (("right", run.right), ("wrong", run.wrong)):
        page = figures.png(figures.samples(chosen, f"Read {kind}"))
        (run.path / SAMPLES / f"{kind}.png").write_bytes(page)
    number = _write_misread(run)
    story = Story(run.metrics, run.report)
    (run.path / MARKDOWN).write_text(_markdown(run, story), "utf-8")
    _write_pdf(run, story)
    return f"{run.path}: {PDF}, {MARKDOWN}, {JSON}, and {number:,} misread pictures in {MISREAD}/"


def _open(folder: Path, name: str, command: str) -> Run:
    """Read all files of a run."""
    path = folder / name
    metrics, table = results.read_metrics(path), results.read_predictions(path)
    known = (folder / results.TRAINING).is_file()
    epochs = results.read_training(folder) if known else pd.DataFrame()
    return Run(path, metrics, Drawing(table, epochs), summed(metrics, table, command))


def _write_misread(run: Run) -> int:
    """Write each misread picture as it is, and one row for each; return their number."""
    wrong = misread(run.drawing.predictions)
    with (run.path / MISREAD / f"{MISREAD}.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("picture", "source", "file", *TOLD))
        for number, (_, row) in enumerate(wrong.iterrows()):
            picture = f"{number:04}-{_tame(row['folded'])}.png" if row["picture"] else ""
            if picture:
                (run.path / MISREAD / picture).write_bytes(row["picture"])
            rows.writerow((picture, row["source"], row["file"], *(row[name] for name in TOLD)))
    return len(wrong)


def _tame(text: str) -> str:
    """A text as a part of a file's name."""
    return re.sub("[^A-Z]+", "_", text)[:40] or "nothing"


def _markdown(run: Run, story: Story) -> str:
    """The report with its figures beside it."""
    titles = figures.figures(run.drawing)
    shown = [f"![{title}]({FIGURES}/{title}.png)" for title in titles]
    pictures = [f"![read {kind}]({SAMPLES}/{kind}.png)" for kind in ("right", "wrong")]
    return "\n\n".join([*story.markdown(), *shown, "## Pictures", *pictures]) + "\n"


def _write_pdf(run: Run, story: Story) -> None:
    """The same on paper; without a date of its own, so that the same run gives the same file."""
    with PdfPages(run.path / PDF, metadata={"CreationDate": None, "Title": story.title}) as pages:
        for page in _pages(run, story):
            pages.savefig(page)


def _pages(run: Run, story: Story) -> Iterator[Figure]:
    words = Figure(figsize=A4)
    words.text(0.09, 0.94, story.title, fontsize=18, va="top")
    words.text(0.09, 0.89, "\n".join(story.lines()), fontsize=9.5, va="top", linespacing=1.6)
    yield words
    drawn = Figure(figsize=A4, layout="constrained")
    titles = figures.figures(run.drawing)
    axes = drawn.subplots(3, 2).flat
    for place, draw in zip(axes, titles.values(), strict=False):
        draw(place, run.drawing)
    for place in list(drawn.axes)[len(titles) : 6]:
        place.set_axis_off()
    yield drawn
    yield figures.samples(run.wrong, "Read wrong: label, reading, and how sure it was")
    yield figures.samples(run.right, "Read right")
