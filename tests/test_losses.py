"""The CTC loss, against every path written out."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from torch import Tensor

from hwr_core.alphabet import AS_WRITTEN, BLANK, Alphabet
from hwr_core.data.batches import Batch
from hwr_core.decoding.score import frames_needed
from hwr_core.training.losses import Folding, Loss, distance, peakedness
from hwr_core.training.losses import ctc_loss as loss_of

CAPITALS, FORMS = Alphabet("AB"), Alphabet("AaBß")  # ß folds to two letters, so to no class
CLASSES = CAPITALS.classes
NAMES = [[1], [2, 1], [1, 1], [1, 2, 1], [2, 2, 1]]


def ctc_loss(log_probs: Tensor, batch: Batch, alphabet: Alphabet = CAPITALS) -> Loss:
    return loss_of(log_probs, batch, Folding(alphabet))


def lattice(frames: int, count: int = 1, classes: int = CLASSES) -> Tensor:
    """(B, T, C) random log-probabilities."""
    generator = torch.Generator().manual_seed(frames)
    return torch.randn(count, frames, classes, generator=generator).log_softmax(-1)


def batch(*names: list[int], folded: tuple[bool, ...] = ()) -> Batch:
    letters = torch.tensor([code for name in names for code in name])
    lengths = torch.tensor([len(name) for name in names])
    kinds = torch.tensor(folded or [False] * len(names))
    images = torch.zeros(len(names), 1, 16, 16)
    return Batch(images, letters, lengths, kinds, torch.arange(len(names)))


def written(path: tuple[int, ...]) -> list[int]:
    """What a path spells: repeats merged, then blanks dropped."""
    return [code for code, _ in itertools.groupby(path) if code != BLANK]


def brute_force(log_probs: Tensor, name: list[int], fold: tuple[int, ...] | None = None) -> float:
    """Minus the log of the summed probability of all C^T paths that spell `name`, nats.

    With `fold`, of all that spell it after each class became what it folds to.
    """
    frames, classes = range(log_probs.shape[0]), log_probs.shape[1]
    fold = fold or tuple(range(classes))
    total = sum(
        math.exp(sum(float(log_probs[t, path[t]]) for t in frames))
        for path in itertools.product(range(classes), repeat=len(frames))
        if written(tuple(fold[code] for code in path)) == name
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


@pytest.mark.parametrize("frames", [1, 2, 3, 4])
@pytest.mark.parametrize("text", ["A", "AB", "BAB", "AA", "ß", "Aß"])
def test_a_folded_label_is_scored_on_all_ways_to_write_its_letters(frames, text):
    log_probs, name = lattice(frames, classes=FORMS.classes), FORMS.encode(text)
    expected = brute_force(log_probs[0], name, FORMS.fold)
    loss = ctc_loss(log_probs, batch(name, folded=(True,)), FORMS)
    if math.isinf(expected):
        assert (float(loss.mean), int(loss.infinite)) == (0, 1)
    else:
        assert float(loss.mean) == pytest.approx(expected / len(name), rel=1e-5)


def test_both_kinds_of_label_share_a_batch():
    log_probs, names = lattice(3, 3, FORMS.classes), [FORMS.encode(t) for t in ("AB", "aB", "B")]
    each = [
        brute_force(log_probs[0], names[0], FORMS.fold) / 2,
        brute_force(log_probs[1], names[1]) / 2,
        brute_force(log_probs[2], names[2], FORMS.fold),
    ]
    loss = ctc_loss(log_probs, batch(*names, folded=(True, False, True)), FORMS)
    assert float(loss.mean) == pytest.approx(sum(each) / 3, rel=1e-5)


def test_the_gradient_of_a_mixed_batch_is_that_of_the_enumerated_paths():
    logits = torch.randn(2, 3, FORMS.classes, generator=torch.Generator().manual_seed(2)).double()
    names = batch([1, 3], [2], folded=(True, False))
    checked = torch.autograd.gradcheck(
        lambda x: ctc_loss(x.log_softmax(-1), names, FORMS).mean, logits.requires_grad_()
    )
    assert checked


def test_folding_keeps_the_sum_and_leaves_nothing_in_what_folds_away():
    log_probs = lattice(5, 2, AS_WRITTEN.classes)
    folded = Folding(AS_WRITTEN)(log_probs).exp()
    assert torch.allclose(folded.sum(-1), torch.ones(2, 5))
    away = [number for number, kept in enumerate(AS_WRITTEN.fold) if number != kept]
    assert not folded[..., away].any()


def test_an_impossible_form_has_no_infinite_gradient():
    logits = torch.tensor([[[0.0, 0.0, -1e4, 0.0, 0.0]]]).requires_grad_()
    ctc_loss(logits.log_softmax(-1), batch([1], folded=(True,)), FORMS).mean.backward()
    assert logits.grad.isfinite().all()


def test_focal_weighting_leaves_most_of_what_is_not_known():
    log_probs, name = lattice(4), NAMES[1]
    plain = float(ctc_loss(log_probs, batch(name)).mean) * len(name)
    known = 1 - math.exp(-plain)
    for power in (0.5, 1, 2):
        focal = loss_of(log_probs, batch(name), Folding(CAPITALS), power).mean
        assert float(focal) * len(name) == pytest.approx(plain * known**power, rel=1e-5)


def test_peakedness_is_the_divergence_from_even_chances_a_letter():
    log_probs, name = lattice(3), NAMES[1]
    by_hand = sum(
        math.exp(value) * (value + math.log(CLASSES)) for value in log_probs.flatten().tolist()
    )
    assert float(peakedness(log_probs, batch(name))) == pytest.approx(by_hand / 2, rel=1e-5)
    even = torch.full((1, 3, CLASSES), -math.log(CLASSES))
    assert float(peakedness(even, batch(name))) == pytest.approx(0, abs=1e-6)


def test_the_distance_from_a_teacher_is_least_where_both_agree():
    taught, name = lattice(3), NAMES[1]
    own = lattice(4)[:, :3].clone().requires_grad_()
    assert float(distance(taught, taught, batch(name))) == pytest.approx(0, abs=1e-6)
    apart = distance(own, taught, batch(name))
    apart.backward()
    assert apart.item() > 0
    closer = (own.detach() - 0.1 * own.grad).log_softmax(-1)
    assert float(distance(closer, taught, batch(name))) < apart.item()
