"""Recipes: strict, overridable, and every one that ships can be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from hwr_core.config import ConfigError
from hwr_core.model import build
from hwr_core.training.recipe import Recipe, load_recipe

CONFIGS = sorted((Path(__file__).resolve().parents[1] / "configs").glob("*.yaml"))


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "recipe.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_every_recipe_loads_builds_and_is_named_after_its_file(path):
    recipe = load_recipe(path)
    build(recipe.network, recipe.letters.classes)
    assert recipe.name == path.stem
    assert recipe.picture.height == getattr(recipe.network, "height", recipe.picture.height)


@pytest.mark.parametrize(
    ("text", "key", "known"),
    [
        ("name: x\nepochs: 3", "epochs", "optim"),
        ("name: x\noptim: {lr: 3}", "optim.lr", "learning_rate"),
        ("name: x\naugment: {blur: 3}", "augment.blur", "shear"),
        ("name: x\npicture: {heigth: 48}", "picture.heigth", "height"),
        ("name: x\nnetwork: {kind: crnn, hiden: 3}", "hiden", "hidden"),
        ("name: x\nnetwork: {kind: seed-gru, height: 32, hidden: 3}", "hidden", "height"),
    ],
)
def test_an_unknown_key_is_an_error_that_lists_the_known_ones(tmp_path, text, key, known):
    with pytest.raises(ConfigError) as refusal:
        load_recipe(written(tmp_path, text))
    message = str(refusal.value)
    assert "recipe.yaml" in message
    assert f"{key} is unknown; known here: " in message
    assert known in message.partition("known here: ")[2]
    assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("store: stores/names", "name is missing"),
        ("name: a/b", "name is 'a/b', but string should match pattern"),
        (
            "name: x\noptim: {batch: 0}",
            "optim.batch is 0, but input should be greater than or equal to 1",
        ),
        (
            "name: x\noptim: {learning_rate: .inf}",
            "optim.learning_rate is inf, but input should be a finite",
        ),
        (
            "name: x\nprecision: fp8",
            "precision is 'fp8', but input should be 'bf16-mixed' or '32-true'",
        ),
        ("name: x\nnetwork: {kind: vit}", "network: Input tag 'vit'"),
        ("name: x\noptim: {labels: 0, distil: 1}", "optim: Value error, labels=0 leaves nothing"),
        ("name: [x", "not a YAML file"),
        ("just text", "expected 'key: value' lines"),
    ],
)
def test_a_bad_value_is_named_in_one_sentence(tmp_path, text, complaint):
    with pytest.raises(ConfigError) as refusal:
        load_recipe(written(tmp_path, text))
    assert complaint in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_missing_file_is_named_beside_an_example():
    with pytest.raises(ConfigError, match=r"absent.yaml: cannot be read .* configs/names.yaml"):
        load_recipe(Path("absent.yaml"))


def test_values_on_the_command_line_win_over_the_file(tmp_path):
    path = written(tmp_path, "name: x\noptim: {epochs: 3, batch: 8}")
    recipe = load_recipe(path, ["optim.epochs=5", "augment.shear=0", "stores={elsewhere: 0.5}"])
    assert (recipe.optim.epochs, recipe.optim.batch) == (5, 8)
    assert recipe.augment.shear == 0
    assert recipe.stores == {Path("elsewhere"): 0.5}


@pytest.mark.parametrize("override", ["optim.epochs", "name.x=3", "optim.lr=3"])
def test_an_override_that_cannot_be_used_is_refused(tmp_path, override):
    with pytest.raises(ConfigError, match=override.partition("=")[0]):
        load_recipe(written(tmp_path, "name: x"), [override])


def test_a_recipe_survives_being_written_beside_its_run():
    recipe = load_recipe(CONFIGS[0])
    assert Recipe.parse(recipe.model_dump(mode="json")) == recipe


@pytest.mark.parametrize(("changed", "differing"), [("devices=4", ["devices"]), ("threads=4", [])])
def test_a_run_goes_on_on_other_threads_but_not_on_other_devices(tmp_path, changed, differing):
    path = written(tmp_path, "name: x\nthreads: 1")

    assert load_recipe(path, [changed]).differs_from(path) == differing
