"""From a lattice as written to its readings: letters first, their forms afterwards."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from hwr_core.alphabet import Alphabet
from hwr_core.decoding.align import best_paths
from hwr_core.decoding.beam import Candidate, search
from hwr_core.decoding.condense import Condensed, condense
from hwr_core.decoding.folding import Forms, fold_lattice
from hwr_core.decoding.fusion import DecodingSettings, Knowledge
from hwr_core.decoding.greedy import Hypothesis, Span
from hwr_core.decoding.letters import letter_shares
from hwr_core.decoding.merge import as_name, merged, name_of
from hwr_core.decoding.posterior import SUREST, Calibration, posteriors
from hwr_core.decoding.score import log_probability

SIGN = re.compile(r" ?([-'])[-' ]*")  # a hyphen or an apostrophe, and what may stand around it


@dataclass(frozen=True)
class Found:
    """The readings of a lattice, the best first, with their shares among all texts."""

    readings: tuple[Hypothesis, ...]  # as written, at least one
    shares: tuple[float, ...]  # 0 to 1, of all that was searched for, a reading each

    @property
    def best(self) -> Hypothesis:
        """The most probable reading; only its letters' confidences weigh other letters."""
        return self.readings[0]

    @property
    def nats_a_letter(self) -> float:
        """How improbable the best text is to the picture alone, for its length."""
        return -self.best.log_probability / max(1, len(self.best.text))

    def confidences(self, calibration: Calibration) -> list[float]:
        """The confidence of each reading; what the best leaves is shared among the others."""
        best, *others = self.shares
        sure = calibration(best)
        factor = (1 - sure) / max(1 - best, SUREST)
        return [sure, *(min(sure, share * factor) for share in others)]


def decode(
    log_probs: NDArray[np.floating],
    alphabet: Alphabet,
    settings: DecodingSettings,
    knowledge: Knowledge | None = None,
    top: int = 1,
    variants: Sequence[NDArray[np.floating]] = (),
) -> Found:
    """Search on the folded lattice, and write what is found as the picture shows it.

    Args:
        log_probs: (T, C) natural log-probabilities of `alphabet`.
        alphabet: as written.
        settings: of the search.
        knowledge: of names, for settings that are not `plain`.
        top: readings at most, at least 1; but for the best one none is empty.
        variants: lattices of the same strip written a little differently, which have their say
            about the texts that were found.

    Raises:
        DecodingError: not such log-probabilities.
    """
    short = condense(fold_lattice(log_probs, alphabet), settings.floor)
    others = [condense(fold_lattice(other, alphabet), settings.floor) for other in variants]
    candidates = merged(_reweighed(_ranked(short, settings, knowledge), others), alphabet.folded)
    shares = posteriors(candidates, settings.language).tolist()
    shown = list(islice(_texts(candidates, alphabet.folded), top))
    lexicon = knowledge.lexicon if knowledge else None
    forms = Forms(log_probs, alphabet, lexicon)
    placed = _placed(short, [candidates[n] for n in shown], alphabet.folded)
    readings = list(map(forms.write, placed))
    sure = letter_shares(short.log_probs, list(candidates[0].classes))
    spans = zip(readings[0].spans, sure.tolist(), strict=True)
    readings[0] = replace(
        readings[0], spans=tuple(replace(span, confidence=min(1.0, share)) for span, share in spans)
    )
    return Found(tuple(map(as_name, readings)), tuple(shares[n] for n in shown))


def _texts(candidates: Sequence[Candidate], letters: Alphabet) -> Iterator[int]:
    """The places of candidates to show, each of another name than those before it.

    Blank paper is a reading, but no other text; Anne- Lucie says nothing beside Anne-Lucie.
    """
    told = {""}
    for place, candidate in enumerate(candidates):
        name = SIGN.sub(r"\1", name_of(letters.decode(candidate.classes)))
        if not place or name not in told:
            yield place
        told.add(name)


def _ranked(
    short: Condensed, settings: DecodingSettings, knowledge: Knowledge | None
) -> tuple[Candidate, ...]:
    """The texts of a folded lattice, weighed by what is known, the best first."""
    adviser = None if settings.plain else knowledge
    found = search(short.log_probs, settings.width, adviser, settings.threshold)
    if adviser is None:
        return found
    advised = (
        Candidate(c.classes, c.log_probability, c.advice + adviser.final(c.classes)) for c in found
    )
    return tuple(sorted(advised, key=lambda candidate: -candidate.score))


def _reweighed(
    candidates: tuple[Candidate, ...], others: Sequence[Condensed]
) -> tuple[Candidate, ...]:
    """Texts with the mean of their probabilities over this lattice and others, the best first.

    Not frame by frame: the marks of a letter stand elsewhere in a copy of another size.
    """
    if not others:
        return candidates
    found = []
    for each in candidates:
        heard = [log_probability(other.log_probs, list(each.classes)) for other in others]
        mean = np.logaddexp.reduce([each.log_probability, *heard]) - math.log(1 + len(heard))
        found.append(Candidate(each.classes, float(mean), each.advice))
    return tuple(sorted(found, key=lambda candidate: -candidate.score))


def _placed(
    short: Condensed, candidates: Sequence[Candidate], letters: Alphabet
) -> Iterator[Hypothesis]:
    """Candidates with the frames of their letters, by their most probable paths."""
    paths = best_paths(short.log_probs, [list(candidate.classes) for candidate in candidates])
    shares = np.exp(short.log_probs).T.tolist()  # (C, T') floats: slices of lists are quick
    for candidate, path in zip(candidates, paths, strict=True):
        text, spans = letters.decode(candidate.classes), []
        for char, number, part in zip(text, candidate.classes, path.letters, strict=True):
            frames = short.frames(part)
            spans.append(Span(char, frames.start, frames.stop, min(1.0, max(shares[number][part]))))
        yield Hypothesis(text, candidate.log_probability, tuple(spans))
