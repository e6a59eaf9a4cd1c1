"""Pictures spoiled step by step: each change does what it says, more at each step."""

from __future__ import annotations

import numpy as np
import pytest

from hwr_core.evaluation.degradations import DEGRADATIONS, as_picture, breaks, spoiled
from hwr_core.recognizer import Recognizer
from tests import parrot

INK = np.zeros((48, 96), np.float32)
INK[10:40, 20:26] = INK[20:25, 26:70] = 1  # a thick stroke up, another one across
BY_NAME = {each.name: each for each in DEGRADATIONS}


@pytest.mark.parametrize("degradation", DEGRADATIONS, ids=lambda each: each.name)
def test_nothing_changes_at_0_and_more_at_every_step(degradation):
    changed = [degradation.change(INK, amount) for amount in degradation.amounts]
    away = [float(np.abs(ink - INK).mean()) for ink in changed]
    assert degradation.amounts[0] == 0
    assert away[0] < 1e-3
    assert away == sorted(away)
    assert away[-1] > 0.01
    assert all(ink.shape == INK.shape for ink in changed)
    assert all((ink >= -1e-6).all() and (ink <= 1 + 1e-6).all() for ink in changed)


def test_strokes_become_as_much_thinner_as_is_said():
    across = BY_NAME["thin strokes"].change(INK, 2)[15]
    assert across.sum() == pytest.approx(INK[15].sum() - 2)
    half = BY_NAME["thin strokes"].change(INK, 0.5)[15]
    assert half.sum() == pytest.approx(INK[15].sum() - 0.5, abs=0.02)


def test_the_same_grain_falls_every_time():
    noise = BY_NAME["noise"].change
    assert np.array_equal(noise(INK, 0.3), noise(INK, 0.3))


def test_ink_becomes_black_on_white():
    picture = np.asarray(as_picture(INK))
    assert (picture[15, 22], picture[0, 0]) == (0, 255)


def test_every_step_is_read_and_breaks_are_told(tmp_path):
    model = parrot.checkpoint(tmp_path / "parrot.safetensors", "ANNA")
    steps = spoiled((INK * 255).astype(np.uint8), BY_NAME["low contrast"], Recognizer(model))
    assert [step.amount for step in steps] == list(BY_NAME["low contrast"].amounts)
    assert {step.reading.folded for step in steps} == {"ANNA"}
    assert list(breaks(steps, "ANNA")) == []
    assert list(breaks(steps, "EVE")) == list(BY_NAME["low contrast"].amounts)
