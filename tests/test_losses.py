"""The CTC loss, against every path written out."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from torch import Tensor

from hwr_core.alphabet import BLANK
from hwr_core.data.batches import Batch
from hwr_core.decoding.score import frames_needed
from hwr_core.training.losses import ctc_loss

CLASSES = 3
NAMES = [[1], [2, 1], [1, 1], [1, 2, 1], [2, 2, 1]]


def lattice(frames: int, count: int = 1) -> Tensor:
    """(B, T, C) random log-probabilities."""
    generator = torch.Generator().manual_seed(frames)
    return torch.randn(count, frames, CLASSES, generator=generator).log_softmax(-1)


def batch(*names: list[int]) -> Batch:
    letters = torch.tensor([code for name in names for code in name])
    lengths = torch.tensor([len(name) for name in names])
    return Batch(torch.zeros(len(names), 1, 16, 16), letters, lengths, torch.arange(len(names)))


def written(path: tuple[int, ...]) -> list[int]:
    """What a path spells: repeats merged, then blanks dropped."""
    return [code for code, _ in itertools.groupby(path) if code != BLANK]


def brute_force(log_probs: Tensor, name: list[int]) -> float:
    """Minus the log of the summed probability of all C^T paths that spell `name`, nats."""
    frames = range(log_probs.shape[0])
    total = sum(
        math.exp(sum(float(log_probs[t, path[t]]) for t in frames))
        for path in itertools.product(range(CLASSES), repeat=len(frames))
        if written(path) == name
    )
    return -math.log(total) if total else math.inf


@pytest.mark.parametrize("frames", [1, 2, 3, 4])
@pytest.mark.parametrize("name", NAMES, ids=str)
def test_the_loss_is_that_of_all_paths_together(frames, name):
    log_probs = lattice(frames)
    expected = brute_force(log_probs[0], name)
    loss = ctc_loss(log_probs, batch(name))
    if math.isinf(expected):
        assert (float(loss.mean), int(loss.infinite)) == (0, 1)
    else:
        assert float(loss.mean) == pytest.approx(expected / len(name), rel=1e-5)
        assert int(loss.infinite) == 0


@pytest.mark.parametrize("frames", [1, 2, 3, 4])
@pytest.mark.parametrize("name", NAMES, ids=str)
def test_a_name_is_infeasible_exactly_where_no_path_spells_it(frames, name):
    """Repeated letters need a blank between them: `frames_needed` counts it."""
    assert (frames_needed(name) > frames) == math.isinf(brute_force(lattice(frames)[0], name))


def test_the_mean_is_over_letters_of_a_name_then_over_names():
    log_probs = lattice(4, 2)
    names = [[1], [1, 2, 1]]
    pairs = zip(log_probs, names, strict=True)
    expected = sum(brute_force(each, name) / len(name) for each, name in pairs) / 2
    assert float(ctc_loss(log_probs, batch(*names)).mean) == pytest.approx(expected, rel=1e-5)


def test_an_infinite_loss_is_zeroed_and_counted_and_moves_nothing():
    logits = torch.randn(3, 3, CLASSES, generator=torch.Generator().manual_seed(1)).requires_grad_()
    loss = ctc_loss(logits.log_softmax(-1), batch([1], [1, 1, 1], [2, 1]))
    loss.mean.backward()
    assert int(loss.infinite) == 1
    assert logits.grad.isfinite().all()
    assert not logits.grad[1].any()
    assert logits.grad[0].any()
    assert logits.grad[2].any()


def test_the_gradient_is_that_of_the_enumerated_paths():
    logits = torch.randn(1, 3, CLASSES, generator=torch.Generator().manual_seed(2)).double()
    checked = torch.autograd.gradcheck(
        lambda x: ctc_loss(x.log_softmax(-1), batch([1, 2])).mean, logits.requires_grad_()
    )
    assert checked
