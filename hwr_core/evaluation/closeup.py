"""One picture of a run seen closely: what the network makes of every frame, read anew."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hwr_core.decoding.folding import fold_lattice
from hwr_core.decoding.greedy import greedy
from hwr_core.evaluation.predictions import strip_of
from hwr_core.recognizer import Reading, Recognizer

SHOWN = 0.02  # a letter that never has that share of a frame is left out of the map
SILENCE = "none"  # the row of the frames in which nothing is read


class CloseUpError(ValueError):
    """A picture that the model cannot read again; one sentence that says why."""


@dataclass(frozen=True, eq=False)
class CloseUp:
    """What the network sees, and what greedy reading and the search make of it."""

    ink: NDArray[np.uint8]  # (H, W), 0 paper to 255 ink
    letters: tuple[str, ...]  # of the rows, in the order in which they are strongest; SILENCE last
    shares: NDArray[np.float64]  # (K, T): the share of each letter in each frame, 0 to 1
    greedy: str  # folded: the strongest letter of each frame, without anything known of names
    reading: Reading  # as the model searches, with what is known of names

    @property
    def frame(self) -> float:
        """The width of a frame, pixels."""
        return float(self.ink.shape[1] / self.shares.shape[1])


def look(recognizer: Recognizer, png: bytes) -> CloseUp:
    """Read a stored picture of a strip again, which has fewer greys than the one first read.

    Raises:
        CloseUpError: the strip was made for another model.
    """
    ink, height = ink_of(png), recognizer.header.picture.height
    if len(ink) != height:
        message = f"This picture is {len(ink)} pixels high, and the shipped model reads {height}."
        raise CloseUpError(message)
    strip = strip_of(ink)
    (lattice,) = recognizer.lattices([strip])
    (reading,) = recognizer.read_lattices([lattice], [strip])
    folded = recognizer.alphabet.folded
    log_probs = fold_lattice(lattice, recognizer.alphabet)  # (T, K)
    shares = np.exp(log_probs)
    rows = [k for k in range(1, shares.shape[1]) if shares[:, k].max() >= SHOWN]
    rows.sort(key=lambda k: int(shares[:, k].argmax()))
    return CloseUp(
        ink=ink,
        letters=(*(folded.decode([k]) for k in rows), SILENCE),
        shares=shares[:, [*rows, 0]].T,
        greedy=greedy(log_probs, folded).text,
        reading=reading,
    )


def ink_of(png: bytes) -> NDArray[np.uint8]:
    """(H, W) ink, 0 paper to 255, of a stored picture with black strokes on white paper."""
    with Image.open(io.BytesIO(png)) as picture:
        return 255 - np.asarray(picture.convert("L"))
