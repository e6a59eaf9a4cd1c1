"""The expected number of wrong letters, against every path written out."""

from __future__ import annotations

import itertools

import pytest
import torch
from rapidfuzz.distance import Levenshtein

from hwr_core.alphabet import Alphabet
from hwr_core.training import mistakes as module
from hwr_core.training.losses import Folding
from hwr_core.training.mistakes import mistakes
from tests.test_losses import CAPITALS, CLASSES, batch, lattice, written


def expected(log_probs, name) -> float:
    """Of all paths, each by its probability."""
    frames = range(log_probs.shape[0])
    total = 0.0
    for path in itertools.product(range(CLASSES), repeat=len(frames)):
        share = float(sum(log_probs[t, path[t]] for t in frames).exp())
        total += share * Levenshtein.distance(written(path), name) / len(name)
    return total


@pytest.mark.parametrize("name", [[1], [2, 1], [1, 2, 1]], ids=str)
def test_with_enough_paths_all_readings_are_weighed(name, monkeypatch):
    monkeypatch.setattr(module, "SAMPLES", 2000)
    torch.manual_seed(1)
    log_probs = lattice(3, count=2)
    value = mistakes(log_probs, batch(name, name), Folding(CAPITALS))
    wanted = (expected(log_probs[0], name) + expected(log_probs[1], name)) / 2
    assert float(value) == pytest.approx(wanted, rel=1e-4)


def test_a_step_against_it_makes_the_label_likelier():
    torch.manual_seed(1)
    logits = torch.zeros(1, 4, CLASSES, requires_grad=True)
    value = mistakes(logits.log_softmax(-1), batch([1, 2]), Folding(CAPITALS))
    (slope,) = torch.autograd.grad(value, logits)
    before, after = (each.detach().log_softmax(-1)[0] for each in (logits, logits - slope))
    assert expected(after, [1, 2]) < expected(before, [1, 2])


def test_a_name_of_which_all_paths_read_alike_has_no_slope():
    logits = torch.tensor([[[0.0, 50.0, 0.0], [50.0, 0.0, 0.0]]], requires_grad=True)
    value = mistakes(logits.log_softmax(-1), batch([2, 2]), Folding(CAPITALS))
    (slope,) = torch.autograd.grad(value, logits)
    assert float(value.detach()) == 1.0
    assert float(slope.abs().max()) == pytest.approx(0, abs=1e-6)


def test_paper_that_reads_as_blank_everywhere_is_as_wrong_as_its_label_is_long():
    log_probs = torch.tensor([[[0.0, -60.0, -60.0]] * 3])
    assert float(mistakes(log_probs, batch([1, 2]), Folding(CAPITALS))) == 1.0


def test_a_folded_label_is_not_wrong_in_its_other_forms():
    forms = Alphabet("Aa")
    log_probs = torch.tensor([[[-60.0, -60.0, 0.0]] * 2])
    assert float(mistakes(log_probs, batch([1], folded=(True,)), Folding(forms))) == 0.0
    assert float(mistakes(log_probs, batch([1]), Folding(forms))) == 1.0
