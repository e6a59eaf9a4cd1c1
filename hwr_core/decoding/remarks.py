"""What speaks against a picture holding one handwritten name: codes, for shells to put in words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NO_INK, SEVERAL_LINES, NOT_HANDWRITING = "no-ink", "several-lines", "not-handwriting"

INK = 0.3  # ink at least this dark counts as a stroke
GAP = 0.02  # share of a strip's width: rows with less ink part two lines
PART = 0.3  # share of the ink that each of two lines has at least
TALL = 12  # pixels of strip that a line is tall at least; print above a field is lower
DOUBT = 1.0  # nats a letter: each letter, on the average, is as likely wrong as right and more


def remarks(ink: NDArray[np.float32], text: str, nats_a_letter: float) -> tuple[str, ...]:
    """The codes that apply to a strip (H, W) read as `text`.

    Args:
        ink: 0 paper to 1 ink.
        text: the best reading.
        nats_a_letter: how improbable it is to the picture alone.
    """
    if not (ink > INK).any():
        return (NO_INK,)
    found = [SEVERAL_LINES] if several_lines(ink) else []
    if not text.strip() or nats_a_letter > DOUBT:
        found.append(NOT_HANDWRITING)
    return tuple(found)


def several_lines(ink: NDArray[np.float32]) -> bool:
    """Whether the strokes of a strip (H, W) stand in lines with paper between them."""
    rows = (ink > INK).sum(axis=1)  # (H,)
    edges = np.flatnonzero(np.diff(rows > GAP * ink.shape[1], prepend=False, append=False))
    bands = edges.reshape(-1, 2)  # from, to
    inked = np.array([rows[start:end].sum() for start, end in bands])
    lines = (bands[:, 1] - bands[:, 0] >= TALL) & (inked >= PART * rows.sum())
    return int(lines.sum()) > 1
