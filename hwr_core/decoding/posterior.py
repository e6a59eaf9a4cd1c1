"""How probable each of the texts found is, and how far that can be trusted."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from hwr_core.config import Settings
from hwr_core.decoding.beam import Candidate

SUREST = 1e-6  # nothing is surer than one in a million
UNUSUAL = 10.0  # nats by which texts that were not found are less usual than the best


class Calibration(Settings):
    """Posterior to confidence: logistic in the posterior's log-odds (Platt 1999)."""

    scale: float = Field(default=1.0, gt=0)
    bias: float = 0.0

    def __call__(self, posterior: float) -> float:
        """The confidence, 0 to 1, of a posterior, 0 to 1; it keeps their order."""
        return 1 / (1 + math.exp(-self.scale * log_odds(posterior) - self.bias))


def log_odds(share: float) -> float:
    """log(p / (1 - p)), with p kept off 0 and 1."""
    share = min(max(share, SUREST), 1 - SUREST)
    return math.log(share / (1 - share))


def posteriors(candidates: Sequence[Candidate], language: float) -> NDArray[np.float64]:
    """The share of each candidate among all texts, (N,), those not found included.

    What the candidates' probabilities leave of 1 belongs to texts that were not found, which are
    taken to be less usual than the best.

    Args:
        candidates: different texts, the best first.
        language: the weight that what is usual has in their advice.
    """
    seen = np.array([candidate.log_probability for candidate in candidates])
    advice = np.array([candidate.advice for candidate in candidates])
    rest = max(SUREST, 1 - float(np.exp(seen).sum()))
    scores = np.append(seen + advice, math.log(rest) + advice[0] - language * UNUSUAL)
    shares: NDArray[np.float64] = np.exp(scores - np.logaddexp.reduce(scores))
    return shares[:-1]
