"""`make train` as far as the store: two folders of one name never mix."""

import subprocess
from pathlib import Path

import pytest

from tests import rendered

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture
def train(tmp_path):
    """Runs it with a recipe that is none, so that it ends once the pictures are packed."""

    def run(data, store):
        given = [f"DATA={data}", f"STORE={store}", "CONFIG=no-recipe.yaml"]
        command = ["make", "train", *given]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    return run


def test_a_store_is_packed_once_and_for_one_folder_only(tmp_path, train):
    old, new = (tmp_path / year / "some, names" for year in ("2024", "2025"))
    for folder in (old, new):
        folder.mkdir(parents=True)
        rendered.pictures(folder, rendered.BY_HEART)
    store = tmp_path / "store, of names"

    first, again, other = train(old, store), train(old, store), train(new, store)

    assert "packing" in first.stdout
    assert "is packed already" in again.stdout
    assert "was packed from another folder" in other.stdout
    for reached in (first, again):  # and then there is no such recipe
        assert "no-recipe.yaml: cannot be read" in reached.stderr
        assert f'--set "stores={{\\"{store}\\": 1}}"' in reached.stdout
    assert "no-recipe.yaml" not in other.stderr
