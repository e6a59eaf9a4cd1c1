"""What speaks against a picture holding one handwritten name: codes, for shells to put in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hwr_core.canvas import INK
from hwr_core.decoding.decode import Found
from hwr_core.decoding.greedy import Span
from hwr_core.decoding.printed import printed

NO_INK, SEVERAL_LINES, NOT_HANDWRITING = "no-ink", "several-lines", "not-handwriting"

PART = 0.2  # share of the ink that each of two lines has at least
GAP = 0.2  # of the fuller rows on either side: rows with less ink part two lines
LOWEST = 0.25  # of the height that lines are drawn at: a line is as tall at least
# A name that is read well amid a form's print is no second line: one line or the other makes
UNLIKELY = 0.2  # ... the share of the best reading lower,
TROUBLE = 0.5  # ... or its letters harder to read, nats a letter.
DOUBT = 1.5  # nats a letter: these are no letters, or not to be told from none


def remarks(ink: NDArray[np.float32], found: Found, frames: int, line: float) -> tuple[str, ...]:
    """The codes that apply to a strip (H, W), read as `found` in so many frames.

    Args:
        ink: 0 paper to 1 ink.
        found: its readings.
        frames: of the whole strip.
        line: how tall a line of writing is drawn, pixels.
    """
    if not (ink > INK).any():
        return (NO_INK,)
    doubt = found.nats_a_letter
    trouble = doubt > TROUBLE or found.shares[0] < UNLIKELY
    codes = [SEVERAL_LINES] if trouble and several_lines(ink, line) else []
    strange = not found.best.text.strip() or doubt > DOUBT
    if strange or printed(ink, _centres(found.best.spans, ink.shape[1] / frames), line):
        codes.append(NOT_HANDWRITING)
    return tuple(codes)


def several_lines(ink: NDArray[np.float32], line: float) -> bool:
    """Whether the strokes of a strip (H, W) stand in two lines or more, with a gap between."""
    rows = (ink > INK).sum(axis=1)  # (H,)
    above = rows.cumsum()  # the row itself included
    around = np.convolve(rows, np.full(3, 1 / 3), "same")
    fullest = np.maximum.accumulate(around), np.maximum.accumulate(around[::-1])[::-1]
    share = np.minimum(above, above[-1] - above + rows) / max(1, above[-1])
    gaps = (around <= GAP * np.minimum(*fullest)) & (share >= PART)
    written, lowest = np.flatnonzero(rows), round(LOWEST * line)
    return bool(gaps[written[0] + lowest : written[-1] + 1 - lowest].any())


def _centres(spans: Sequence[Span], frame: float) -> list[float]:
    """The middles of the letters, pixels from the left; a space has no ink."""
    return [frame * (span.start + span.end) / 2 for span in spans if span.char != " "]
