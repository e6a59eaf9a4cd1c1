"""The table of all runs, as the documents quote it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hwr_core.evaluation.records import Metrics, Rate, Scores

HEAD = ("| pictures | n | exact match | CER |", "|---|---:|---|---|")
MORE = ("| pictures | accepted | right of those | read as written |", "|---|---|---|---|")
EXTRA = {"in the lexicons": "names only"}  # slices that have a row of their own, and its title


def table(runs: Iterable[Metrics]) -> str:
    """Both tables in Markdown: exact match and CER of folded texts, then what else was counted."""
    every = list(runs)
    first = [line for metrics in every for line in rows(metrics)]
    return "\n".join([*HEAD, *first, "", *MORE, *map(accepted_row, every), ""])


def rows(metrics: Metrics) -> Iterator[str]:
    """The rows of one run: all pictures, corrected labels, and slices of note."""
    yield row(metrics.run, metrics.scores.all)
    if metrics.corrected:
        yield row(f"{metrics.run}, labels corrected by eye", metrics.corrected.scores)
    for tag, title in EXTRA.items():
        found = metrics.slices.get(tag)
        if found and found.scores:
            yield row(f"{metrics.run}, {title}", found.scores)


def row(title: str, scores: Scores) -> str:
    """One row: `| title | n | exact | CER |`."""
    return f"| {title} | {scores.n:,} | {shown(scores.exact)} | {shown(scores.cer)} |"


def accepted_row(metrics: Metrics) -> str:
    """One row: `| title | accepted | right of those | read as written |`."""
    rates = (metrics.acceptance.accepted, metrics.acceptance.right, metrics.written)
    return f"| {metrics.run} | " + " | ".join(shown(r) if r else "-" for r in rates) + " |"


def shown(rate: Rate) -> str:
    """A rate with its 95 % interval."""
    return f"{100 * rate.value:.1f} % [{100 * rate.low:.1f}, {100 * rate.high:.1f}]"
