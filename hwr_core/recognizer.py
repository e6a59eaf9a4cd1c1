"""The one door: pictures of names to readings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hwr_core.checkpoint import SHIPPED, Checkpoint
from hwr_core.decoding.alternatives import alternatives
from hwr_core.decoding.folding import as_written, fold_lattice
from hwr_core.decoding.greedy import Hypothesis, Span, greedy
from hwr_core.picture import PictureError, PictureSource, Strip, prepare
from hwr_core.runtime.onnx import OnnxNetwork
from hwr_core.spelling import fold
from hwr_core.strokes import Drawing


@dataclass(frozen=True)
class Letter:
    """One letter of a reading and where it stands."""

    char: str
    start: float  # pixels from the left of the given picture
    end: float
    confidence: float  # 0 to 1


@dataclass(frozen=True)
class Alternative:
    """Another text the picture may hold."""

    text: str
    confidence: float  # 0 to 1


@dataclass(frozen=True)
class Reading:
    """A picture's name as text."""

    text: str  # as written, where the model knows it; "" for blank paper
    folded: str  # capitals without accents
    confidence: float  # 0 to 1: the CTC probability of the text, all its alignments together
    accepted: bool  # confidence reached the model's threshold, and there is a text
    alternatives: tuple[Alternative, ...]  # most probable first, the text itself excluded
    letters: tuple[Letter, ...]  # one a character, from left to right
    remarks: tuple[str, ...] = ()  # "no-ink", "several-lines", "not-handwriting"


class Recognizer:
    """A loaded model that reads pictures; safe to share between threads."""

    def __init__(self, checkpoint: Checkpoint, threads: int = 0) -> None:
        """`threads` of one reading; 0 lets ONNX Runtime decide.

        Raises:
            CheckpointError: the network is missing or not the checkpoint's.
        """
        self.header = checkpoint.header
        self._alphabet = checkpoint.alphabet
        self._network = OnnxNetwork(checkpoint.onnx(), threads)

    @classmethod
    def load(cls, path: Path | str | None = None, threads: int = 0) -> Recognizer:
        """The model at `path`, the shipped one by default.

        Raises:
            CheckpointError: not a checkpoint this version can use.
        """
        return cls(Checkpoint.open(Path(path) if path else SHIPPED), threads)

    def read(self, picture: PictureSource | Drawing, top: int = 5) -> Reading:
        """Read a picture (file, bytes, PIL image, array) or a drawing; at most `top` alternatives.

        Raises:
            PictureError: the picture cannot be used; one sentence.
        """
        return self.read_strips([self.prepare(picture)], top)[0]

    def read_many(
        self, pictures: Sequence[PictureSource | Drawing], top: int = 5
    ) -> list[Reading | PictureError]:
        """Read pictures together, in order; one that cannot be used leaves its error instead."""
        outcomes: list[Strip | PictureError] = []
        for picture in pictures:
            try:
                outcomes.append(self.prepare(picture))
            except PictureError as error:
                outcomes.append(error)
        readings = iter(self.read_strips([o for o in outcomes if isinstance(o, Strip)], top))
        return [next(readings) if isinstance(o, Strip) else o for o in outcomes]

    def prepare(self, picture: PictureSource | Drawing) -> Strip:
        """The strip this model sees of a picture.

        Raises:
            PictureError: the picture cannot be used; one sentence.
        """
        return prepare(picture, self.header.picture)

    def read_strips(self, strips: Sequence[Strip], top: int = 5) -> list[Reading]:
        """Read prepared strips; a strip's reading does not depend on the others."""
        lattices = self._network.lattices([strip.ink for strip in strips])  # (T, C) each
        return [self._reading(*pair, top) for pair in zip(lattices, strips, strict=True)]

    def _reading(self, log_probs: NDArray[np.float32], strip: Strip, top: int) -> Reading:
        """The reading of one lattice (T, C)."""
        letters = self._alphabet.folded
        lattice = fold_lattice(log_probs, self._alphabet)  # (T, K)
        folded = greedy(lattice, letters)
        near = alternatives(lattice, folded, letters, top + 1) if top > 0 else ()
        best, *others = (as_written(h, log_probs, self._alphabet) for h in (folded, *near))
        confidence = _probability(best)
        return Reading(
            text=best.text,
            folded=fold(best.text),
            confidence=confidence,
            accepted=bool(best.text.strip()) and confidence >= self.header.accept,
            alternatives=tuple(
                Alternative(o.text, _probability(o)) for o in others if o.text != best.text
            )[:top],
            letters=_letters(best.spans, strip, strip.ink.shape[1] / len(log_probs)),
        )


def _probability(hypothesis: Hypothesis) -> float:
    return min(1.0, math.exp(hypothesis.log_probability))


def _letters(spans: Sequence[Span], strip: Strip, frame: float) -> tuple[Letter, ...]:
    """Each letter's place in the given picture; `frame` is in strip pixels.

    CTC marks a letter by a frame or two near its middle, so neighbours meet half-way between
    their marks, and the outer two reach as far outwards as inwards, but not beyond the ink.
    """
    cuts = [(left.end + right.start) / 2 for left, right in pairwise(spans)]
    if spans:
        first, last = spans[0], spans[-1]
        inner = cuts or [last.end + 1.0]
        cuts.insert(0, first.start - (inner[0] - first.end))
        cuts.append(last.end + (last.start - cuts[-1]) if len(spans) > 1 else inner[0])
    xs = [min(max(strip.left, strip.picture_x(cut * frame)), strip.right) for cut in cuts]
    return tuple(
        Letter(span.char, start, end, span.confidence)
        for span, (start, end) in zip(spans, pairwise(xs), strict=True)
    )
