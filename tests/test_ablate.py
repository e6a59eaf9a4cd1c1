"""Short runs side by side: each is trained once, measured alike, and told in one table."""

import shutil
from pathlib import Path

import pytest
import yaml

from hwr_core.config import ConfigError
from hwr_core.data.samples import DataError
from hwr_core.training.ablate import DONE, Ablations, ablate, table
from hwr_core.training.reader import TrainingError
from tests import learning, rendered

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def plan(tmp_path):
    """A function that writes a plan of these rows over one tiny recipe and loads it."""
    store = rendered.store(tmp_path, rendered.BY_HEART)
    (tmp_path / "tiny.yaml").write_text(yaml.safe_dump(learning.values(store, optim={"epochs": 1})))

    def load(every=(), **rows):
        values = {
            "recipe": str(tmp_path / "tiny.yaml"),
            "set": list(every),
            "judged": [str(store.path)],
            "rows": rows,
        }
        (tmp_path / "rows.yaml").write_text(yaml.safe_dump(values))
        return Ablations.load(tmp_path / "rows.yaml")

    return load


def test_rows_are_trained_once_and_told_in_order(plan, tmp_path):
    two = plan(base={}, wider={"set": ["network.hidden=12", "optim.smoothing=0.05"]})
    first = list(ablate(two, tmp_path / "runs"))
    assert [row.title for row in first] == ["base", "wider"]
    assert first[0].parameters < first[1].parameters
    assert first[1].recipe.network.hidden == 12
    assert {0 <= rate <= 1 for row in first for rate in row.exact.values()} == {True}
    weights = tmp_path / "runs" / "01-base" / "candidate.safetensors"
    written = weights.stat().st_mtime_ns
    assert list(ablate(two, tmp_path / "runs")) == first
    assert weights.stat().st_mtime_ns == written


def test_a_row_whose_recipe_changed_is_not_taken_for_the_new_one(plan, tmp_path):
    list(ablate(plan(base={}), tmp_path / "runs"))
    with pytest.raises(
        TrainingError, match="01-base holds a row of another recipe or other data; delete it"
    ):
        list(ablate(plan(base={"set": ["seed=9"]}), tmp_path / "runs"))


def test_a_row_of_other_pictures_is_not_taken_for_the_new_one(plan, tmp_path):
    rows = plan(base={})
    list(ablate(rows, tmp_path / "runs"))
    for folder in ("pictures", "store"):
        shutil.rmtree(tmp_path / folder)
    rendered.store(tmp_path, {"train": ["ZOE"] * 4, "validation": ["ZOE"]})
    with pytest.raises(TrainingError, match="of another recipe or other data"):
        list(ablate(rows, tmp_path / "runs"))


def test_a_row_that_was_stopped_goes_on(plan, tmp_path):
    rows = plan(base={"set": ["optim.epochs=2"]})
    (whole,) = ablate(rows, tmp_path / "whole")
    folder = tmp_path / "stopped" / "01-base"
    learning.train(rows.recipe_of("base"), folder, minutes=1e-9)
    assert not (folder / DONE).exists()
    (stopped,) = ablate(rows, tmp_path / "stopped")
    assert (stopped.exact, stopped.cer, stopped.pictures) == (
        whole.exact,
        whole.cer,
        whole.pictures,
    )


def test_a_wrong_row_is_named_before_anything_is_trained(plan):
    with pytest.raises(ConfigError, match=r"optim\.lr is unknown"):
        plan(base={}, wrong={"set": ["optim.lr=1"]})


@pytest.mark.slow
def test_a_row_that_fails_does_not_stop_the_others(plan, tmp_path):
    missing = f"stores={{{tmp_path / 'missing'}: 1}}"
    with pytest.raises(DataError, match="missing"):
        list(ablate(plan(bad={"set": [missing]}, good={}), tmp_path / "runs", processes=2))
    assert (tmp_path / "runs" / "02-good" / DONE).is_file()


def test_what_the_plan_sets_holds_for_every_row_that_does_not_set_it_itself(plan):
    two = plan(every=["seed=5"], base={}, other={"set": ["seed=6"]})
    assert [two.recipe_of(title).seed for title in two.rows] == [5, 6]


def test_the_table_leaves_open_what_was_not_measured(plan, tmp_path):
    (row,) = ablate(plan(base={}), tmp_path)
    (source,) = row.exact
    other = row.model_copy(
        update={"exact": {source: 0.5, "other": 0.25}, "cer": {source: 0.125, "other": 0.375}}
    )
    head, _, both, one = table([other, row]).splitlines()
    assert head.endswith(f"| {source} | other | CER, mean |")
    assert both.endswith("| 50.0 | 25.0 | 25.0 |")
    assert one.endswith("| - | - |")


def test_every_row_that_ships_has_a_recipe_of_its_own():
    plan = Ablations.load(ROOT / "configs" / "ablations" / "rows.yaml")
    recipes = [plan.recipe_of(title) for title in plan.rows]
    told = [recipe.model_dump_json(exclude={"name"}) for recipe in recipes]
    assert len(set(told)) == len({recipe.name for recipe in recipes}) == len(plan.rows)
