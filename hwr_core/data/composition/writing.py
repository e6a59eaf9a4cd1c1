"""What every way of writing a text has in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hwr_core.strokes import Drawing


class CannotWrite(ValueError):  # noqa: N818 - an answer that callers expect, not a fault
    """No hand of this writer can write the text; the message names the characters."""


@dataclass(frozen=True)
class Written:
    """A text on paper, and what is known of it.

    `picture` is pen strokes, or (H, W) grey, 0 black ink to 255 white paper.
    """

    picture: Drawing | NDArray[np.uint8]
    hand: str  # who wrote it: a writer, a font, a picture
    text: str  # what stands on the paper, which may be less than was asked for: "LÉA" for "Léa"
    folded: bool = False  # the text is capitals without accents, whatever stands on the paper


class Writer(Protocol):
    """A way of writing, with the hands of one side of its split; none writes on the other."""

    def write(self, text: str, rng: np.random.Generator) -> Written:
        """Write `text` in one hand, chosen by `rng` among those that can.

        Raises:
            CannotWrite: no hand here has all the characters.
        """
        ...
