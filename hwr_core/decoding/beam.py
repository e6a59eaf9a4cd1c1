"""Prefix beam search: the most probable texts of a lattice, whatever their alignments."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hwr_core.alphabet import BLANK
from hwr_core.decoding.score import DecodingError, check

WIDTH = 16  # texts kept from frame to frame
SMALL = 1e-100  # a probability; those of texts in a beam are not so far apart
LETTERS = [bytes([number]) for number in range(256)]

# What a text so far, as classes, says of what follows it: (C,) nats; the blank means its end.
Adviser = Callable[[bytes], NDArray[np.float64]]


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
    log_probs: NDArray[np.floating], width: int = WIDTH, adviser: Adviser | None = None
) -> tuple[Candidate, ...]:
    """Search for the most probable texts (Hannun et al. 2014, after Graves 2006).

    Each text has two probabilities, of its alignments that end with a blank and with its last
    letter: only after a blank may the letter be written again. Alignments of one text meet
    wherever they come from, so with a `width` above the number of all texts the search is exact.

    Args:
        log_probs: (T, C) natural log-probabilities, C at most 256; letters of -inf cost nothing.
        width: texts kept from frame to frame, at least 1.
        adviser: a language model, weighted, with any bonus for a letter.

    Returns:
        Different texts, the best first, at most `width`, at least one.

    Raises:
        DecodingError: not such log-probabilities, `width` below 1, or no text is possible.
    """
    check(log_probs)
    if width < 1 or log_probs.shape[1] > 256:
        message = f"expected a width from 1 and up to 256 classes, got {width}, {log_probs.shape}"
        raise DecodingError(message)
    beam = _Beam(adviser or _silence(log_probs.shape[1]))
    with np.errstate(divide="ignore"):  # log(0) is the -inf of a text that does not fit
        for shares in np.exp(log_probs.astype(np.float64)):
            beam.step(shares, width)
        return beam.candidates()


def _silence(classes: int) -> Adviser:
    """An adviser that has nothing to say."""
    nothing = np.zeros(classes)
    return lambda _: nothing


class _Beam:
    """The texts in play; probabilities are kept relative to the best one's, whose is `scale`."""

    def __init__(self, adviser: Adviser) -> None:
        self.adviser = adviser
        self.texts = [b""]
        self.last = np.zeros(1, np.intp)  # (N,) the last letter of each; the blank of the empty one
        self.blank, self.letter = np.ones(1), np.zeros(1)  # (N,) how the alignments end
        self.scale = 0.0  # nats
        self.advice = np.zeros(1)  # (N,) nats given so far
        self.coming = adviser(b"")[None]  # (N, C) nats that each next class would add

    def step(self, shares: NDArray[np.float64], width: int) -> None:
        """Go on by one frame of (C,) probabilities."""
        letters = shares.nonzero()[0]  # (K,)
        letters = letters[letters != BLANK]
        either = self.blank + self.letter
        if not letters.size:  # silence leaves all texts as they are
            self.blank, self.letter = either * shares[BLANK], np.zeros_like(either)
            self._rescale()
            return
        again = self.last[:, None] == letters  # (N, K): a text's last letter, written twice
        grown = np.where(again, self.blank[:, None], either[:, None]) * shares[letters]  # (N, K)
        held = self.letter * shares[self.last]  # (N,) the last letter goes on; 0 of the empty text
        self._meet(held, grown, again)
        self._keep(either * shares[BLANK], held, grown, letters, width)

    def _meet(
        self, held: NDArray[np.float64], grown: NDArray[np.float64], again: NDArray[np.bool_]
    ) -> None:
        """Where a text grows into one that is there already, move its probability over."""
        places = {text: place for place, text in enumerate(self.texts)}
        for place, column in np.argwhere(again).tolist():
            parent = places.get(self.texts[place][:-1])
            if parent is not None:
                held[place] += grown[parent, column]
                grown[parent, column] = 0

    def _keep(
        self,
        blank: NDArray[np.float64],
        held: NDArray[np.float64],
        grown: NDArray[np.float64],
        letters: NDArray[np.intp],
        width: int,
    ) -> None:
        """Keep the `width` best of the old texts and of those grown by a letter."""
        bonus = (self.advice[:, None] + self.coming[:, letters]).ravel()  # (N * K,)
        ways = np.concatenate([blank + held, grown.ravel()])
        scores = np.log(ways) + np.concatenate([self.advice, bonus])
        best = (-scores).argsort(kind="stable")[:width]
        best = best[scores[best] > -np.inf]
        count = len(held)
        stay, new = best[best < count], best[best >= count] - count
        origin, place = np.divmod(new, len(letters))
        ends = letters[place]
        pairs = zip(origin.tolist(), ends.tolist(), strict=True)
        texts = [self.texts[number] + LETTERS[end] for number, end in pairs]
        self.texts = [*map(self.texts.__getitem__, stay.tolist()), *texts]
        self.last = np.concatenate([self.last[stay], ends])
        self.blank = np.concatenate([blank[stay], np.zeros(len(new))])
        self.letter = np.concatenate([held[stay], grown.ravel()[new]])
        self.advice = np.concatenate([self.advice[stay], bonus[new]])
        self.coming = np.concatenate([self.coming[stay], *(self.adviser(t)[None] for t in texts)])
        self._rescale()

    def _rescale(self) -> None:
        """Make the largest probability 1 before it is lost: long lattices would underflow."""
        highest = float((self.blank + self.letter).max(initial=0))
        if highest > SMALL:
            return
        if not highest:
            message = "expected log-probabilities of at least one text, got -inf for every one"
            raise DecodingError(message)
        self.blank, self.letter = self.blank / highest, self.letter / highest
        self.scale += math.log(highest)

    def candidates(self) -> tuple[Candidate, ...]:
        """The texts, ended here."""
        totals = np.log(self.blank + self.letter) + self.scale
        ends = self.advice + self.coming[:, BLANK]
        found = map(Candidate, self.texts, totals.tolist(), ends.tolist())
        return tuple(sorted(found, key=lambda candidate: -candidate.score))
