"""The best path: the strongest class of every frame, repeats merged, blanks dropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hwr_core.alphabet import BLANK, Alphabet
from hwr_core.decoding.score import check, log_probability


@dataclass(frozen=True)
class Span:
    """The frames in which one character was read.

    Its confidence is the probability at its strongest frame, not the mean: CTC needs a single
    frame to write a letter, and the frames around it are shared with the blank by design, so a
    mean would punish wide letters.
    """

    char: str
    start: int  # frame
    end: int  # frame, exclusive
    confidence: float  # 0 to 1


@dataclass(frozen=True)
class Hypothesis:
    """One possible reading; `log_probability` counts all its alignments, not one path."""

    text: str
    log_probability: float  # nats
    spans: tuple[Span, ...]  # one a character, from left to right


def greedy(log_probs: NDArray[np.floating], alphabet: Alphabet) -> Hypothesis:
    """Best-path decoding (Graves et al. 2006, section 3.2): aa-a gives aa.

    Args:
        log_probs: (T, C) natural log-probabilities; T may be 0. A tie goes to the lower class.
        alphabet: the C - 1 characters.

    Raises:
        DecodingError: `log_probs` are not such log-probabilities.
    """
    check(log_probs, alphabet.classes)
    spans = tuple(_spans(log_probs, alphabet))
    text = "".join(span.char for span in spans)
    return Hypothesis(text, log_probability(log_probs, alphabet.encode(text)), spans)


def _spans(log_probs: NDArray[np.floating], alphabet: Alphabet) -> Iterator[Span]:
    path = log_probs.argmax(axis=1)  # (T,)
    starts = np.flatnonzero(np.diff(path, prepend=-1)).tolist()
    for start, end in pairwise((*starts, len(path))):
        if (number := int(path[start])) != BLANK:
            strongest = float(np.exp(log_probs[start:end, number].max()))
            # Rounding may leave it above 1.
            yield Span(alphabet.decode([number]), start, end, min(1.0, strongest))
