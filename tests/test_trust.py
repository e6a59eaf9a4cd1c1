"""How far readings can be trusted: five guesses, calibration, and the surest nine tenths."""

from __future__ import annotations

import pytest

from hwr_core.evaluation import results, table
from hwr_core.evaluation.records import Guess, Prediction
from hwr_core.evaluation.trust import trust
from tests import sample_results

SAMPLE = results.records(sample_results.predictions(), Prediction)[0]


def reading(text: str, confidence: float, *others: str) -> Prediction:
    guesses = tuple(Guess(text=other, confidence=0.01) for other in others)
    changed = {"folded": text, "confidence": confidence, "alternatives": guesses}
    return SAMPLE.model_copy(update=changed)


def test_the_truth_counts_among_five_different_texts_in_any_spelling():
    others = ["Anna", "ANA", "HANNA", "AMNA", "AHNA", "ARNA"]  # the first is the reading again
    readings = [reading("ANNA", 0.5, *others)] * 4
    found = trust(readings, ["Anna", "Ahna", "ARNA", "OTTO"])
    assert (found.n, found.top5.value) == (4, 0.5)


def test_the_surest_nine_tenths_leave_the_least_sure_out():
    readings = [reading("ANNA", 0.9)] * 9 + [reading("ANNA", 0.1)]
    found = trust(readings, ["ANNA"] * 9 + ["OTTO"])
    assert found.surest.value == 1
    assert found.surest.low < 1


def test_a_confidence_that_says_what_happens_is_within_a_perfect_ones_luck():
    readings = [reading("ANNA", 0.5)] * 400
    fair = trust(readings, ["ANNA", "OTTO"] * 200)
    assert fair.ece <= fair.perfect_high
    vain = trust(readings, ["OTTO"] * 400)
    assert vain.ece == pytest.approx(0.5)
    assert vain.perfect_high < 0.2


def test_the_same_readings_are_trusted_alike():
    readings = [reading("ANNA", 0.7), reading("OTTO", 0.4)]
    assert trust(readings, ["ANNA", "ANNA"]) == trust(readings, ["ANNA", "ANNA"])


def test_runs_measured_before_have_no_row():
    metrics = sample_results.metrics()
    assert list(table.trust_rows(metrics)) == []
    known = trust([reading("ANNA", 1.0)], ["ANNA"])
    one, surest = "100.0 % [20.7, 100.0]", "100.0 % [100.0, 100.0]"
    row = f"| validation | 1 | {one} | 0.000 (0.000 to 0.000) | {surest} |"
    assert list(table.trust_rows(metrics.model_copy(update={"trust": known}))) == [row]
