"""The one door: pictures of names to readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from hwr_core.checkpoint import SHIPPED, Checkpoint
from hwr_core.config import Settings
from hwr_core.decoding.decode import decode
from hwr_core.decoding.fusion import DecodingSettings, Knowledge
from hwr_core.decoding.greedy import Span
from hwr_core.decoding.remarks import remarks as found_remarks
from hwr_core.language import Language
from hwr_core.picture import PictureError, PictureSource, Strip, prepare
from hwr_core.runtime.onnx import OnnxNetwork
from hwr_core.spelling import fold
from hwr_core.strokes import Drawing
from hwr_core.variants import SIZES, resized


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
    confidence: float  # 0 to 1: how many of the readings that are as sure are right
    accepted: bool  # confidence reached the threshold, there is a text, and nothing is remarked
    alternatives: tuple[Alternative, ...]  # most probable first, none empty or the text itself
    letters: tuple[Letter, ...]  # one a character, from left to right
    remarks: tuple[str, ...] = ()  # "no-ink", "several-lines", "not-handwriting"


class Options(Settings):
    """How to read; without any, as the model was tuned."""

    decoding: DecodingSettings | None = None  # of the search; None: the model's own
    accept: float | None = Field(default=None, ge=0, le=1)  # threshold; None: the model's own
    # Instead of it, the share of the accepted that may be wrong, as it was in tuning.
    errors: float | None = Field(default=None, ge=0, le=1)
    variants: bool = False  # read smaller and larger copies, too: docs/decoding.md


TUNED = Options()


class Recognizer:
    """A loaded model that reads pictures; safe to share between threads."""

    def __init__(self, checkpoint: Checkpoint, threads: int = 0, *, tuned: bool = True) -> None:
        """A model of `threads` a reading (0: ONNX Runtime decides); as tuned, or as if never.

        Raises:
            CheckpointError: the network is missing or not the checkpoint's.
            LanguageError: the language file is missing or not the one it was tuned with.
        """
        self.header = checkpoint.header if tuned else checkpoint.header.untuned()
        self.alphabet = checkpoint.alphabet
        self._network = OnnxNetwork(checkpoint.onnx(), threads)
        self._language: Language | None = None
        self._advisers: dict[DecodingSettings, Knowledge] = {}
        self._knowledge(self.header.decoding)

    @classmethod
    def load(
        cls, path: Path | str | None = None, threads: int = 0, *, tuned: bool = True
    ) -> Recognizer:
        """The model at `path`, the shipped one by default.

        Raises:
            CheckpointError: not a checkpoint this version can use.
        """
        return cls(Checkpoint.open(Path(path) if path else SHIPPED), threads, tuned=tuned)

    def read(
        self, picture: PictureSource | Drawing, top: int = 5, options: Options = TUNED
    ) -> Reading:
        """Read a picture (file, bytes, PIL image, array) or a drawing; at most `top` alternatives.

        Of a file of several pages the first is read; `python -m hwr_core read` reads all.

        Raises:
            PictureError: the picture cannot be used; one sentence.
        """
        return self.read_strips([self.prepare(picture)], top, options)[0]

    def read_many(
        self,
        pictures: Sequence[PictureSource | Drawing | PictureError],
        top: int = 5,
        options: Options = TUNED,
    ) -> list[Reading | PictureError]:
        """Read pictures together, in order; one that cannot be used leaves its error instead.

        An error among them, of a file that holds no such picture, stays where it is.
        """
        outcomes = list(map(self._opened, pictures))
        strips = [outcome for outcome in outcomes if isinstance(outcome, Strip)]
        readings = iter(self.read_strips(strips, top, options))
        return [next(readings) if isinstance(o, Strip) else o for o in outcomes]

    def prepare(self, picture: PictureSource | Drawing) -> Strip:
        """The strip this model sees of a picture.

        Raises:
            PictureError: the picture cannot be used; one sentence.
        """
        return prepare(picture, self.header.picture)

    def _opened(self, picture: PictureSource | Drawing | PictureError) -> Strip | PictureError:
        try:
            return picture if isinstance(picture, PictureError) else self.prepare(picture)
        except PictureError as error:
            return error

    def read_strips(
        self, strips: Sequence[Strip], top: int = 5, options: Options = TUNED
    ) -> list[Reading]:
        """Read prepared strips; a strip's reading does not depend on the others."""
        return self.read_lattices(self.lattices(strips), strips, top, options)

    def read_lattices(
        self,
        lattices: Sequence[NDArray[np.float32]],
        strips: Sequence[Strip],
        top: int = 5,
        options: Options = TUNED,
    ) -> list[Reading]:
        """Read strips whose `lattices` are known, for callers that need both."""
        others = self.variants(strips) if options.variants else [()] * len(strips)
        each = zip(lattices, strips, others, strict=True)
        return [self._reading(*one, top, options) for one in each]

    def lattices(self, strips: Sequence[Strip]) -> list[NDArray[np.float32]]:
        """(T, C) natural log-probabilities each."""
        return self._network.lattices([strip.ink for strip in strips])

    def variants(self, strips: Sequence[Strip]) -> list[tuple[NDArray[np.float32], ...]]:
        """The lattices of smaller and larger copies of each strip."""
        step = self.header.picture.step
        copies = [[resized(strip.ink, size, step) for size in SIZES] for strip in strips]
        return [tuple(self._network.lattices(each)) for each in copies]

    def _reading(
        self,
        log_probs: NDArray[np.float32],
        strip: Strip,
        copies: tuple[NDArray[np.float32], ...],
        top: int,
        options: Options,
    ) -> Reading:
        """The reading of one lattice (T, C), with those of its copies, if any."""
        settings = options.decoding or self.header.decoding
        knowledge = self._knowledge(settings)
        found = decode(log_probs, self.alphabet, settings, knowledge, max(top, 0) + 1, copies)
        best, *others = found.readings
        confidence, *_ = sure = found.confidences(self.header.calibration)
        accept = self.threshold(options)
        remarks = found_remarks(strip.ink, found, len(log_probs), self.header.picture.tall)
        return Reading(
            text=best.text,
            folded=fold(best.text),
            confidence=confidence,
            accepted=bool(best.text.strip()) and not remarks and confidence >= accept,
            alternatives=tuple(
                Alternative(other.text, share)
                for other, share in zip(others, sure[1:], strict=True)
                if other.text != best.text
            ),
            letters=_letters(best.spans, strip, strip.ink.shape[1] / len(log_probs)),
            remarks=remarks,
        )

    def threshold(self, options: Options) -> float:
        """The confidence from which a reading is accepted.

        Raises:
            CheckpointError: the model was never tuned to so few errors.
        """
        if options.accept is not None:
            return options.accept
        return (
            self.header.accept if options.errors is None else self.header.threshold(options.errors)
        )

    def _knowledge(self, settings: DecodingSettings) -> Knowledge | None:
        """What is known of names, weighed by the settings; the language file is read once.

        Raises:
            LanguageError: there is none, or not the one that this model was tuned with.
        """
        if settings.plain:
            return None
        if settings not in self._advisers:
            language = self._language = self._language or Language.open()
            language.check(self.header.language_digest)
            given = (language.kinds, self.alphabet.folded, settings)
            self._advisers[settings] = knowledge = Knowledge(*given)
            knowledge(b"")  # its tables are made before anybody waits for a reading
        return self._advisers[settings]


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
