"""Texts that are one name, as one: spaces around it and a sentence's full stop do not count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hwr_core.alphabet import Alphabet
from hwr_core.decoding.beam import Candidate
from hwr_core.decoding.greedy import Hypothesis, Span

ABBREVIATED = 3  # letters at most before a full stop that belongs to its word: Jr., Str., Esq.


def merged(candidates: Sequence[Candidate], letters: Alphabet) -> tuple[Candidate, ...]:
    """Candidates of one name as the likeliest of them, with the probability of all.

    They are alignments of one answer; apart they would take its confidence, and the places of
    other names among the alternatives.

    Args:
        candidates: at least one, the best first.
        letters: the alphabet of their classes.

    Returns:
        One a name, the best first.
    """
    names: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        names.setdefault(name_of(letters.decode(candidate.classes)), []).append(candidate)
    one = (_together(same) for same in names.values())
    return tuple(sorted(one, key=lambda candidate: -candidate.score))


def _together(same: Sequence[Candidate]) -> Candidate:
    if len(same) == 1:
        return same[0]
    every = float(np.logaddexp.reduce([candidate.log_probability for candidate in same]))
    return replace(same[0], log_probability=min(0.0, every))


def name_of(text: str) -> str:
    """The name that a text writes: "Ann  Miller." is Ann Miller, "Ann Jr." stays as it is.

    One word keeps its full stop, as does a last one of up to three letters: they may be shortened.
    """
    words = text.split()
    if len(words) > 1 and len(word := words[-1].rstrip(".")) > ABBREVIATED:
        words[-1] = word
    return " ".join(words)


def as_name(hypothesis: Hypothesis) -> Hypothesis:
    """A hypothesis without the characters that are no part of the name."""
    name, spans = name_of(hypothesis.text), list[Span]()
    if name == hypothesis.text:
        return hypothesis
    for span in hypothesis.spans:  # the name is what is left: its characters in their order
        if len(spans) < len(name) and span.char == name[len(spans)]:
            spans.append(span)
    return Hypothesis(name, hypothesis.log_probability, tuple(spans))
