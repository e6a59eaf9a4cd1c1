"""Wrong labels: which are doubted, and the bounds on how many there are."""

from __future__ import annotations

import numpy as np
import pytest

from hwr_core.evaluation.noise import UNWRITABLE, doubted, noise_rate, surely_read_otherwise
from tests import sample_results

TABLE = sample_results.predictions()


def test_the_share_of_wrong_labels_follows_the_doubts():
    assert noise_rate([40.0] * 10, 100) == pytest.approx(0.1, abs=0.001)
    assert noise_rate([-40.0] * 10, 100) < 0.001
    assert noise_rate([], 100) == 0
    assert noise_rate([2.0] * 10, 100) < noise_rate([3.0] * 10, 100) < 0.1


def test_the_bound_is_right_where_the_doubts_are():
    rng = np.random.default_rng(1)
    wrong, right = rng.normal(12, 3, 60), rng.normal(-8, 3, 40)  # nats, of misread pictures
    assert noise_rate([*wrong, *right], 1000) == pytest.approx(0.06, abs=0.003)


def test_only_what_was_read_otherwise_is_doubted_the_worst_label_first():
    table = TABLE.assign(
        folded=["ANNE", "EVE", "D'ARC"], loss=[2.0, 9.0, 30.0], read_loss=[0.0, 1.0, 30.0]
    )
    found = doubted(table)
    assert found["truth"].tolist() == ["<B>EA", "ANNA"]
    assert found["doubt"].tolist() == pytest.approx([8.0, 2.0])


def test_a_label_that_cannot_be_written_is_doubted_most():
    found = doubted(TABLE.assign(folded="?", loss=[None, 9.0, 3.0], read_loss=[0.5] * 3))
    assert found["doubt"].iloc[0] == pytest.approx(UNWRITABLE, abs=1)
    assert found["truth"].iloc[0] == "ANNA"


def test_the_lower_bound_is_of_what_was_accepted():
    rate = surely_read_otherwise(TABLE)  # two are accepted, of which one is read otherwise
    assert rate is not None
    assert rate.value == 0.5
    assert surely_read_otherwise(TABLE.assign(accepted=False)) is None
