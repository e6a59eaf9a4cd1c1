"""Prefix beam search: the most probable texts of a lattice, whatever their alignments."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from hwr_core.alphabet import BLANK
from hwr_core.decoding.score import DecodingError, check

WIDTH = 32  # texts kept from frame to frame at most
THRESHOLD = 10.0  # nats below the best text at which another is given up
FEWEST = 6  # texts kept however far below: a sure name has alternatives, too
SMALL = 1e-100  # a probability; those of texts in a beam are not so far apart
LETTERS = [bytes([number]) for number in range(256)]

# What a text so far, as classes, says of what follows it: (C,) nats; the blank means its end.
Adviser = Callable[[bytes], NDArray[np.float64]]

# A text in play: the probabilities of its alignments that end with a blank and with its last
# letter, the nats of advice given so far, the (C,) nats that each next class would add.
Text = tuple[float, float, float, list[float]]
# Its rank among those of a frame, nats, and the text; a new one has not asked for advice yet.
Scored = tuple[float, bytes, float, float, float, list[float] | None]


@dataclass(frozen=True)
class Candidate:
    """A text that was found, with what speaks for it."""

    classes: bytes  # 1 to C - 1 each
    log_probability: float  # nats, of its alignments that stayed in the beam
    advice: float  # nats, what the adviser adds

    @property
    def score(self) -> float:
        """Nats by which candidates are ranked; normalised only without an adviser."""
        return self.log_probability + self.advice


def search(
    log_probs: NDArray[np.floating],
    width: int = WIDTH,
    adviser: Adviser | None = None,
    threshold: float = math.inf,
) -> tuple[Candidate, ...]:
    """Search for the most probable texts (Hannun et al. 2014, after Graves 2006).

    Each text has two probabilities, of its alignments that end with a blank and with its last
    letter: only after a blank may the letter be written again. Alignments of one text meet
    wherever they come from, so with a `width` above the number of all texts, and no `threshold`,
    the search is exact. A sure frame leaves a text or two within the threshold, a doubtful one
    many: what the one saves is there for the other (beam pruning, Steinbiss et al. 1994).

    Args:
        log_probs: (T, C) natural log-probabilities, C at most 256; letters of -inf cost nothing.
        width: texts kept from frame to frame, at least 1.
        adviser: a language model, weighted, with any bonus for a letter.
        threshold: nats below the best text of a frame at which another is given up, above 0; but
            for the best `FEWEST`.

    Returns:
        Different texts, the best first, at most `width`, at least one.

    Raises:
        DecodingError: not such log-probabilities, `width` below 1, `threshold` not above 0, or no
            text is possible.
    """
    check(log_probs)
    if width < 1 or not threshold > 0 or log_probs.shape[1] > 256:
        given = f"{width}, {threshold}, {log_probs.shape}"
        message = f"expected a width from 1, a threshold above 0, up to 256 classes, got {given}"
        raise DecodingError(message)
    beam = _Beam(adviser or _silence(log_probs.shape[1]), width, threshold)
    for shares in np.exp(log_probs.astype(np.float64)).tolist():
        beam.step(shares)
    return beam.candidates()


def _silence(classes: int) -> Adviser:
    """An adviser that has nothing to say."""
    nothing = np.zeros(classes)
    return lambda _: nothing


class _Beam:
    """The texts in play: so few numbers a frame that Python's own are quicker than arrays."""

    def __init__(self, adviser: Adviser, width: int, threshold: float) -> None:
        self.adviser, self.width, self.threshold = adviser, width, threshold
        self.texts: dict[bytes, Text] = {b"": (1.0, 0.0, 0.0, adviser(b"").tolist())}
        self.scale = 0.0  # nats to add to what their probabilities say

    def step(self, shares: list[float]) -> None:
        """Go on by one frame of C probabilities."""
        silence = shares[BLANK]
        letters = [pair for pair in enumerate(shares) if pair[1] and pair[0] != BLANK]
        if letters:
            held = {text: self.texts[text][1] * shares[text[-1]] for text in self.texts if text}
            grown = self._grow(letters, held)
            self._keep(self._stay(silence, held) + grown)
        else:  # silence leaves all texts as they are
            self.texts = {
                text: ((blank + letter) * silence, 0.0, advice, coming)
                for text, (blank, letter, advice, coming) in self.texts.items()
            }
        self._rescale()

    def _grow(self, letters: list[tuple[int, float]], held: dict[bytes, float]) -> list[Scored]:
        """Each text with each letter; one that is in play already has its share added to `held`."""
        found: list[Scored] = []
        for text, (blank, letter, advice, coming) in self.texts.items():
            either, last = blank + letter, text[-1] if text else BLANK
            for number, share in letters:
                way = (blank if number == last else either) * share  # twice only after a blank
                longer = text + LETTERS[number]
                if longer in held:
                    held[longer] += way
                elif way:
                    given = advice + coming[number]
                    found.append((math.log(way) + given, longer, 0.0, way, given, None))
        return found

    def _stay(self, silence: float, held: dict[bytes, float]) -> list[Scored]:
        """Each text as it is: a blank follows, or its last letter goes on."""
        found: list[Scored] = []
        for text, (blank, letter, advice, coming) in self.texts.items():
            ended, going = (blank + letter) * silence, held.get(text, 0.0)
            if ended or going:
                score = math.log(ended + going) + advice
                found.append((score, text, ended, going, advice, coming))
        return found

    def _keep(self, every: list[Scored]) -> None:
        """Keep the best of the possible ones; what was first, of equals."""
        best = sorted(every, key=itemgetter(0), reverse=True)[: self.width]
        least = best[0][0] - self.threshold if best else 0.0
        self.texts = {
            text: (blank, letter, advice, coming or self.adviser(text).tolist())
            for place, (score, text, blank, letter, advice, coming) in enumerate(best)
            if score > least or (place < FEWEST and score > -math.inf)
        }

    def _rescale(self) -> None:
        """Make the largest probability 1 before it is lost: long lattices would underflow."""
        highest = max((blank + letter for blank, letter, *_ in self.texts.values()), default=0.0)
        if highest > SMALL:
            return
        if not highest:
            message = "expected log-probabilities of at least one text, got -inf for every one"
            raise DecodingError(message)
        self.texts = {
            text: (blank / highest, letter / highest, advice, coming)
            for text, (blank, letter, advice, coming) in self.texts.items()
        }
        self.scale += math.log(highest)

    def candidates(self) -> tuple[Candidate, ...]:
        """The texts, ended here."""
        found = [
            Candidate(text, math.log(blank + letter) + self.scale, advice + coming[BLANK])
            for text, (blank, letter, advice, coming) in self.texts.items()
            if blank + letter
        ]
        return tuple(sorted(found, key=lambda candidate: -candidate.score))
