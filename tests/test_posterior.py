"""Shares among all texts: what was not found counts, and the more usual a name the less."""

from __future__ import annotations

import numpy as np
import pytest

from hwr_core.decoding.beam import Candidate
from hwr_core.decoding.posterior import SUREST, UNUSUAL, posteriors


def found(*shares: float, advice: float = 0.0) -> list[Candidate]:
    """Candidates of such probabilities, the best with some advice."""
    given = [advice, *[0.0] * len(shares[1:])]
    return [
        Candidate(bytes([number]), np.log(share), nats)
        for number, (share, nats) in enumerate(zip(shares, given, strict=True), start=1)
    ]


def test_by_the_picture_alone_each_has_its_probability():
    assert posteriors(found(0.6, 0.3), 0.0) == pytest.approx([0.6, 0.3])


def test_advice_weighs_against_what_was_found_by_its_odds():
    best, other = posteriors(found(0.3, 0.6, advice=np.log(4)), 0.0)
    assert best / other == pytest.approx(0.3 * 4 / 0.6)


@pytest.mark.parametrize("advice", [-20.0, 0.0, 3.0])
def test_what_was_not_found_is_less_usual_than_the_best_whatever_its_advice(advice):
    """A search keeps few texts or many: that must not make the best one more or less sure."""
    (share,) = posteriors(found(0.6, advice=advice), 0.5)
    odds = 0.6 / 0.4 * np.exp(0.5 * UNUSUAL)
    assert share / (1 - share) == pytest.approx(odds)


def test_nothing_is_surer_than_the_surest():
    (share,) = posteriors(found(1.0), 0.0)
    assert share == pytest.approx(1 - SUREST, abs=SUREST)
