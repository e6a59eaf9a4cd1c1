"""A lattice without its silence: hopeless letters struck out, silent frames joined to one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hwr_core.alphabet import BLANK
from hwr_core.decoding.score import check

FLOOR = 1e-3  # a letter less probable than this in a frame is not considered there


@dataclass(frozen=True)
class Condensed:
    """A lattice with as many frames as something may be written in, and pauses between them.

    CTC networks write a letter in a frame or two and blanks in all others: of 68 frames of a
    scanned name, 21 are left. What is summed over its paths is a lower bound, short by the paths
    through letters that were struck out.
    """

    log_probs: NDArray[np.float64]  # (T', C) nats; -inf where a letter is struck out
    edges: NDArray[np.intp]  # (T' + 1,) the frame of the whole lattice where each begins, and T

    def frames(self, part: slice) -> slice:
        """The frames of the whole lattice that `part` of this one stands for."""
        return slice(int(self.edges[part.start]), int(self.edges[part.stop]))


def condense(log_probs: NDArray[np.floating], floor: float = FLOOR) -> Condensed:
    """Strike out letters below `floor` (a probability; 0 keeps all) and join silent frames.

    Args:
        log_probs: (T, C) natural log-probabilities; T may be 0.
        floor: see there. The blank is never struck out.

    Raises:
        DecodingError: `log_probs` are not such log-probabilities.
    """
    check(log_probs)
    kept = log_probs.astype(np.float64)  # (T, C), a copy
    letters = kept[:, BLANK + 1 :]
    letters[np.exp(letters) <= floor] = -np.inf
    silent = np.isneginf(letters).all(axis=1)  # (T,)
    again = silent & np.roll(silent, 1)
    again[:1] = False
    starts = np.flatnonzero(~again)  # (T',)
    joined = kept[starts]
    if starts.size:
        joined[:, BLANK] = np.add.reduceat(kept[:, BLANK], starts)
    return Condensed(joined, np.append(starts, len(kept)))
