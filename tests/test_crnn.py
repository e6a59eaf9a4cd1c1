"""The networks: shapes, sizes, gradients, and results that do not depend on the batch."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from hwr_core.config import ConfigError
from hwr_core.model import build, network_settings
from hwr_core.model.crnn import CRNN, CRNNSettings, Projection
from hwr_core.training.recipe import Recipe, load_recipe

CONFIGS = Path(__file__).resolve().parents[1] / "configs"
CLASSES = 30
TINY = CRNNSettings(channels=(4, 6, 8), blocks=(1, 1, 1), hidden=8, dropout=0)
PARAMETERS = {  # of the exported network with 30 classes
    "size-0.3m": 308_126,
    "size-1m": 983_046,
    "names": 1_969_918,
    "size-2.5m": 2_475_358,
    "size-5m": 4_995_054,
    "compare-names": 1_969_918,
    "compare-seed-gru": 890_334,
    "compare-seed-bilstm": 2_410_526,
}
NETWORKS = ["size-0.3m", "compare-seed-gru", "compare-seed-bilstm"]  # one of each kind


def recipe(name: str) -> Recipe:
    return load_recipe(CONFIGS / f"{name}.yaml")


def network(name: str) -> tuple[nn.Module, int]:
    """The network of a recipe, with the same weights at every call, and its strips' height."""
    torch.manual_seed(3)
    return build(recipe(name).network, CLASSES), recipe(name).picture.height


def strips(count: int, height: int, width: int) -> torch.Tensor:
    return torch.rand(count, 1, height, width, generator=torch.Generator().manual_seed(count))


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize(("count", "width"), [(1, 32), (2, 100), (5, 256), (1, 384)])
def test_a_frame_every_four_pixels_gives_a_probability_to_every_class(name, count, width):
    model, height = network(name)
    with torch.inference_mode():
        log_probs = model.eval()(strips(count, height, width))
    assert log_probs.shape == (count, width // 4, CLASSES)
    assert log_probs.dtype == torch.float32
    assert torch.allclose(log_probs.exp().sum(-1), torch.ones(count, width // 4), atol=1e-5)


def test_frames_of_two_pixels_are_twice_as_many_and_cost_no_parameter():
    coarse, fine = (CRNN(TINY.model_copy(update={"frame": frame}), 7).eval() for frame in (4, 2))
    assert coarse.state_dict().keys() == fine.state_dict().keys()
    for width in (32, 64):
        ink = strips(2, 48, width)
        assert coarse(ink).shape == (2, width // 4, 7)
        assert fine(ink).shape == (2, width // 2, 7)


def test_every_size_has_exactly_the_parameters_it_is_known_for():
    for name, expected in PARAMETERS.items():
        named = network(name)[0].named_parameters()
        assert sum(w.numel() for key, w in named if "shortcut" not in key) == expected, name


def test_the_shortcut_is_a_small_second_head_used_in_training_only():
    model = CRNN(CRNNSettings(), CLASSES)
    assert sum(w.numel() for w in model.shortcut.parameters()) == 128 * CLASSES * 3 + CLASSES
    model.eval()
    images = strips(2, 48, 64)
    main, shortcut = model.both_heads(images)
    assert torch.equal(main, model(images))
    assert shortcut.shape == main.shape


@pytest.mark.parametrize("name", NETWORKS)
def test_gradients_reach_every_parameter_and_the_picture(name):
    model, height = network(name)
    images = strips(2, height, 64).requires_grad_()
    heads = model.both_heads(images) if isinstance(model, CRNN) else (model(images),)
    sum(head[..., 1:].sum() for head in heads).backward()
    silent = [key for key, w in model.named_parameters() if w.grad is None or not w.grad.any()]
    assert silent == []
    assert images.grad.isfinite().all()
    assert (images.grad.flatten(1).abs().sum(1) > 0).all()


@pytest.mark.parametrize("name", NETWORKS)
def test_a_strip_is_read_alike_alone_and_in_company(name):
    model, height = network(name)
    images = strips(7, height, 100)
    with torch.inference_mode():
        together = model.eval()(images)
        alone = torch.cat([model(image[None]) for image in images])
    assert (together - alone).abs().max() < 1e-5


@pytest.mark.parametrize("stride", [(2, 2), (2, 1)])
def test_a_projection_reads_as_one_convolution_what_it_learns_as_an_average(stride):
    torch.manual_seed(5)
    projection, x = Projection(4, 8, stride).eval(), torch.rand(2, 4, 12, 14)
    pool, project, norm = projection
    with torch.no_grad():
        assert torch.allclose(projection(x), norm(project(pool(x))), atol=1e-6)


def test_what_is_written_left_is_read_left():
    """Frame t sees pixels around 4 t: a mark moves the features under it and none far away."""
    columns = CRNN(TINY, CLASSES).eval().columns
    blank = torch.zeros(1, 1, 48, 384)
    marked = blank.clone()
    marked[..., 200:204] = 1
    with torch.inference_mode():
        moved = (columns(marked) - columns(blank)).abs().amax(2)[0]  # (T,)
    changed = moved.nonzero().flatten()
    assert changed.min() >= 50 - 12
    assert changed.max() <= 50 + 12
    assert 50 in changed


def test_network_settings_of_a_checkpoint_that_nobody_knows_are_refused_by_name():
    with pytest.raises(ConfigError, match="transformer"):
        network_settings({"kind": "transformer"})
    with pytest.raises(ConfigError, match="not known here"):
        network_settings({"kind": "crnn", "hiden": 3})


def test_network_settings_survive_the_header_of_a_checkpoint():
    for name in PARAMETERS:
        settings = recipe(name).network
        assert network_settings(settings.model_dump(mode="json")) == settings
