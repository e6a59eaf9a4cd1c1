"""A report in words: what a manager reads first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hwr_core.evaluation.records import Metrics, Rate
from hwr_core.evaluation.summing import Report, Threshold

WORST = 5  # slices that are named


@dataclass(frozen=True)
class Story:
    """The sentences and tables of one report."""

    metrics: Metrics
    report: Report

    @property
    def title(self) -> str:
        """What the report is about."""
        return f"How well it reads: {self.metrics.run}"

    def markdown(self) -> list[str]:
        """The paragraphs in Markdown."""
        return [f"# {self.title}", *("\n".join(f"- {line}" for line in self.lines()),)]

    def lines(self) -> list[str]:
        """One fact a line, the most important first."""
        return [*self._read(), *self._trusted(), *self._kinds(), *self._origin()]

    def _read(self) -> Iterator[str]:
        scores = self.metrics.scores.all
        yield f"{scores.n:,} pictures of whole names or words were read."
        yield f"Without any error: {_rate(scores.exact)}."
        yield f"Letters wrong (character error rate): {_rate(scores.cer)}."
        if corrected := self.metrics.corrected:
            yield (
                f"With {corrected.wrong} wrong labels corrected and {corrected.undecided} "
                f"undecidable ones left out: {_rate(corrected.scores.exact)} without any error."
            )
        for name, group in (
            ("seen", self.metrics.scores.seen),
            ("new", self.metrics.scores.unseen),
        ):
            if group:
                yield f"Of the {group.n:,} with a label that is {name} to it: {_rate(group.exact)}."
        if self.metrics.written:
            yield f"With capitals and accents as written: {_rate(self.metrics.written)}."

    def _trusted(self) -> Iterator[str]:
        acceptance, calibration = self.metrics.acceptance, self.report.calibration
        yield f"Accepted by itself: {_rate(acceptance.accepted)}."
        if acceptance.right:
            yield f"Right among the accepted: {_rate(acceptance.right)}."
        off = f"{100 * calibration.error:.1f} points on average"
        yield f"Its certainty is off by {off}{self._luck()}."
        yield from map(_threshold, calibration.thresholds)

    def _luck(self) -> str:
        """What a perfect certainty would be off by, with as few readings."""
        trust = self.metrics.trust
        if trust is None:
            return ""
        low, high = 100 * trust.perfect_low, 100 * trust.perfect_high
        return f"; a perfect one, of as many readings, by {low:.1f} to {high:.1f}"

    def _kinds(self) -> Iterator[str]:
        """The slices that are surely read worse than the whole."""
        whole = self.metrics.scores.all.exact.value
        found = [(tag, part.scores) for tag, part in self.metrics.slices.items() if part.scores]
        hard = [(scores.exact.value, tag, scores) for tag, scores in found]
        sure = [each for each in hard if each[2].exact.high < whole]
        for _, tag, scores in sorted(sure, key=lambda each: each[:2])[:WORST]:
            yield f"Hard: {tag} ({scores.n:,}), {_rate(scores.exact)} without any error."

    def _origin(self) -> Iterator[str]:
        metrics = self.metrics
        for reason, pictures in metrics.left_out.items():
            yield f"Left out: {pictures.count:,} ({reason})."
        if self.report.pictures_per_second:
            yield f"It read {self.report.pictures_per_second:,} pictures a second."
        checkpoint = metrics.checkpoint
        yield f"Model: {checkpoint.name}, {checkpoint.parameters:,} parameters."
        yield f"Digests: model {checkpoint.digest[:24]}, pictures {self.report.data_digest[:24]}."
        yield f"Measured on {metrics.made:%d %B %Y} by: {metrics.command}"
        yield f"This report: {self.report.command}"
        yield "Ranges are 95 % intervals."


def _rate(rate: Rate) -> str:
    return f"{100 * rate.value:.1f} % ({100 * rate.low:.1f} to {100 * rate.high:.1f})"


def _threshold(found: Threshold) -> str:
    wanted = f"{100 * found.wanted:g} % wrong"
    if found.threshold is None or found.wrong is None:
        return f"For at most {wanted}: no threshold is high enough."
    return (
        f"For at most {wanted}: accept from {100 * found.threshold:.2f} % on, "
        f"which is {100 * found.accepted:.1f} % of the pictures."
    )
