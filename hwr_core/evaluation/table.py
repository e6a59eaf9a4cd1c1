"""The table of all runs, as the documents quote it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hwr_core.evaluation.intervals import wilson
from hwr_core.evaluation.records import Metrics, Rate, Scores, Trust

HEAD = ("| pictures | n | exact match | CER |", "|---|---:|---|---|")
MORE = ("| pictures | accepted | right of those | read as written |", "|---|---|---|---|")
TRUST = (
    "| pictures | n | truth among five | ECE (a perfect one) | exact, surest 90 % |",
    "|---|---:|---|---|---|",
)
EXTRA = {"in the lexicons": "names only"}  # slices that have a row of their own, and its title


def table(runs: Iterable[Metrics]) -> str:
    """The tables in Markdown: exact match and CER of folded texts, acceptance, trust."""
    every = list(runs)
    first = [line for metrics in every for line in rows(metrics)]
    last = [line for metrics in every for line in trust_rows(metrics)]
    accepted = map(accepted_row, every)
    return "\n".join([*HEAD, *first, "", *MORE, *accepted, "", *TRUST, *last, ""])


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


def trust_rows(metrics: Metrics) -> Iterator[str]:
    """The rows of one run: `| title | n | among five | ECE | surest |`, corrected labels apart."""
    if metrics.trust:
        yield _trust_row(metrics.run, metrics.trust)
    if metrics.corrected and metrics.corrected.trust:
        yield _trust_row(f"{metrics.run}, labels corrected by eye", metrics.corrected.trust)


def _trust_row(title: str, trust: Trust) -> str:
    error = f"{trust.ece:.3f} ({trust.perfect_low:.3f} to {trust.perfect_high:.3f})"
    return f"| {title} | {trust.n:,} | {shown(trust.top5)} | {error} | {shown(trust.surest)} |"


def share_of(hits: int, n: int) -> str:
    """The share of `hits` among n > 0 with its interval."""
    low, high = wilson(hits, n)
    return shown(Rate(value=hits / n, low=float(low), high=float(high)))


def shown(rate: Rate) -> str:
    """A rate with its 95 % interval."""
    return f"{100 * rate.value:.1f} % [{100 * rate.low:.1f}, {100 * rate.high:.1f}]"
