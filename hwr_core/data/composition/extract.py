"""Extracting hands from labelled scans with a trained model, each checked by reading it again."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hwr_core.alphabet import Alphabet
from hwr_core.data.composition.blobs import STROKE
from hwr_core.data.composition.cutting import Cut, Ink, Letter, cut, ink_of
from hwr_core.data.composition.hands import Hand, save
from hwr_core.data.samples import DataError, LeftOut, Sample
from hwr_core.decoding.align import align
from hwr_core.decoding.folding import fold_lattice
from hwr_core.decoding.greedy import Hypothesis, greedy
from hwr_core.decoding.score import frames_needed
from hwr_core.imagefile import open_grey
from hwr_core.picture import PictureError, PictureSpec, Strip, prepare

CHUNK = 256  # pictures read together
SURE = 0.6  # probability of each letter from which the model's reading of a scan is believed
CLEAR = 0.05  # probability from which a letter out of its name is believed to be itself
LEAST_FORM = 60  # stroke pixels of print and neighbouring lines that make a form worth keeping


@dataclass(frozen=True)
class Reader:
    """A trained model, as far as cutting needs it."""

    lattices: Callable[[Sequence[NDArray[np.float32]]], list[NDArray[np.float32]]]
    alphabet: Alphabet
    spec: PictureSpec

    def read(self, strips: Sequence[Strip]) -> list[tuple[NDArray[np.floating], Hypothesis]]:
        """The folded lattice (T, K) and its greedy reading, a pair a strip."""
        inks = [strip.ink for strip in strips]
        lattices = [fold_lattice(lattice, self.alphabet) for lattice in self.lattices(inks)]
        return [(lattice, greedy(lattice, self.letters)) for lattice in lattices]

    @property
    def letters(self) -> Alphabet:
        """The characters of the readings, as those of the labels: capitals without accents."""
        return self.alphabet.folded


def extract(samples: Iterable[Sample], reader: Reader, out: Path, left_out: LeftOut) -> LeftOut:
    """Cut every training scan that the model reads as labelled, and write the hands to `out`.

    The letters set down where they stood, without the form, must read as the label, too. Then they
    are set down from right to left: a letter that is surely something else there was only guessed
    from the name (or learned by heart, if the model was trained on it), and is dropped.
    Pictures of other splits are ignored.

    Returns:
        `left_out`, with what was left out here and why.

    Raises:
        DataError: no scan could be cut.
    """
    scans = [sample for sample in samples if sample.split == "train"]
    chunks = [scans[start : start + CHUNK] for start in range(0, len(scans), CHUNK)]
    hands = [hand for chunk in chunks for hand in _hands(chunk, reader, left_out)]
    if not hands:
        message = "no scan could be cut into letters: " + "; ".join(left_out.lines())
        raise DataError(message)
    save(hands, out)
    return left_out


def _hands(samples: Sequence[Sample], reader: Reader, left_out: LeftOut) -> Iterator[Hand]:
    """The hands of one chunk of scans."""
    cuts = list(_cuts(samples, reader, left_out))
    again = reader.read([prepare(_set_down(piece), reader.spec) for _, piece in cuts])
    turned = reader.read([prepare(_turned(piece), reader.spec) for _, piece in cuts])
    for (sample, piece), (_, best), (lattice, _) in zip(cuts, again, turned, strict=True):
        letters = tuple(_clear(piece.letters, lattice, reader.letters))
        if _letters(best.text) != "".join(letter.char for letter in piece.letters):
            left_out.add(sample.split, "its letters alone read as something else", sample.name)
        elif not letters:
            left_out.add(sample.split, "no letter is clear without the others", sample.name)
        else:
            form = piece.form if (piece.form >= STROKE).sum() >= LEAST_FORM else None
            yield Hand(sample.name, piece.line, letters, form)


def _clear(
    letters: Sequence[Letter], lattice: NDArray[np.floating], alphabet: Alphabet
) -> Iterator[Letter]:
    """The letters that the lattice (T, K) of all of them from right to left does not deny."""
    classes = alphabet.encode("".join(letter.char for letter in reversed(letters)))
    if frames_needed(classes) <= len(lattice):
        spans = reversed(align(lattice, classes))
        for letter, number, span in zip(letters, reversed(classes), spans, strict=True):
            if math.exp(float(lattice[span, number].max())) >= CLEAR:
                yield letter


def _cuts(
    samples: Sequence[Sample], reader: Reader, left_out: LeftOut
) -> Iterator[tuple[Sample, Cut]]:
    """The scans that can be cut, with their pieces."""
    opened = list(_opened(samples, reader.spec, left_out))
    readings = reader.read([strip for _, _, strip in opened])
    for (sample, ink, strip), (lattice, best) in zip(opened, readings, strict=True):
        if _letters(best.text) != _letters(sample.label) or _doubtful(best):
            left_out.add(sample.split, "not surely read as labelled", sample.name)
        elif piece := _cut(sample.label, ink, strip, lattice, reader.letters):
            yield sample, piece
        else:
            left_out.add(sample.split, "cannot be cut cleanly", sample.name)


def _letters(text: str) -> str:
    """`text` without spaces, which are no letters to cut, and wide gaps to some readers."""
    return text.replace(" ", "")


def _doubtful(reading: Hypothesis) -> bool:
    return any(span.confidence < SURE for span in reading.spans if span.char != " ")


def _opened(
    samples: Sequence[Sample], spec: PictureSpec, left_out: LeftOut
) -> Iterator[tuple[Sample, Ink, Strip]]:
    """Each picture as ink at its full size and as the strip the model reads."""
    for sample in samples:
        try:
            if not isinstance(sample.picture, Path):
                left_out.add(sample.split, "no scan", sample.name)
                continue
            yield sample, ink_of(open_grey(sample.picture)[0]), prepare(sample.picture, spec)
        except PictureError as error:
            left_out.add(sample.split, str(error), sample.name)


def _cut(
    label: str, ink: Ink, strip: Strip, lattice: NDArray[np.floating], alphabet: Alphabet
) -> Cut | None:
    """The pieces of a scan, whose letters stand where the model's lattice (T, K) marks them."""
    frame = strip.ink.shape[1] / len(lattice)  # pixels
    spans = align(lattice, alphabet.encode(label))
    middles = [strip.picture_x((span.start + span.stop) / 2 * frame) for span in spans]
    written = [(char, x) for char, x in zip(label, middles, strict=True) if char != " "]
    return cut(ink, "".join(char for char, _ in written), np.array([x for _, x in written]))


def _set_down(piece: Cut) -> Ink:
    """The letters where they stood, without the form; (h, w) 0 black ink to 255 paper."""
    return _grey(piece, [letter.left for letter in piece.letters])


def _turned(piece: Cut) -> Ink:
    """The letters from right to left, as far apart as they stood; like `_set_down`."""
    width = piece.form.shape[1]
    return _grey(piece, [width - a.left - a.ink.shape[1] for a in piece.letters])


def _grey(piece: Cut, lefts: Sequence[int]) -> Ink:
    grey = np.full_like(piece.form, 255)
    for letter, left in zip(piece.letters, lefts, strict=True):
        h, w = letter.ink.shape
        y = letter.top + piece.line.top
        spot = grey[y : y + h, left : left + w]
        np.minimum(spot, 255 - letter.ink, out=spot)
    return grey
