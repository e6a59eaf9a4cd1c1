"""Contact sheets: what stands on them is what the store holds."""

import re

import numpy as np
import pytest
from PIL import Image

from hwr_core.data.samples import DataError
from hwr_core.data.sheets import pick, save, sheet, store_sheet
from tests import rendered


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    return rendered.store(tmp_path_factory.mktemp("sheets"), {"train": ["ANNA"], "test": ["BOB"]})


def test_strips_stand_on_the_sheet_black_on_white():
    strips = [np.full((10, width), ink, np.uint8) for width, ink in ((30, 255), (50, 102))]
    page = np.asarray(sheet(strips, ["", ""], columns=2))
    assert (page == 0).sum() == 10 * 30
    assert (page == 153).sum() == 10 * 50
    assert page[0, 0] == 255


def test_labels_are_written_under_their_strips():
    blank = [np.zeros((10, 80), np.uint8)] * 3
    named, unnamed = (np.asarray(sheet(blank, labels, 1)) for labels in ("ABC", ["", "", ""]))
    rows = np.flatnonzero((named != unnamed).any(1))
    assert len(np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)) == 3
    assert rows[0] >= 18


def test_a_saved_sheet_has_sixteen_greys_and_is_small(tmp_path):
    page = sheet([np.full((48, 400), 85, np.uint8)], ["ÉVA"])
    save(page, tmp_path / "inner" / "sheet.png")
    with Image.open(tmp_path / "inner" / "sheet.png") as again:
        assert again.mode == "P"
        greys = np.asarray(again.convert("L"))
    assert np.abs(greys.astype(int) - np.asarray(page)).max() <= 8
    assert (tmp_path / "inner" / "sheet.png").stat().st_size < 2_000


def test_rows_are_picked_by_source_and_split(packed):
    rng = np.random.default_rng(1)
    assert pick(packed, None, "test", 9, rng) == [1]
    assert pick(packed, "kaggle", "train", 9, rng) == [0]
    assert sorted(pick(packed, None, None, 9, rng)) == [0, 1]
    assert len(pick(packed, None, None, 1, rng)) == 1


def test_what_is_not_there_is_refused_with_what_is(packed):
    known = re.escape("no strip of source pen, split None; it has kaggle test, kaggle train")
    with pytest.raises(DataError, match=known):
        pick(packed, "pen", None, 9, np.random.default_rng(1))


def test_the_sheet_of_a_store_is_saved_and_told_of(packed, tmp_path):
    out = tmp_path / "sheet.png"
    said = store_sheet(packed.path, out, split="train", number=5)
    assert re.fullmatch(re.escape(f"{out}: 1 of 2 strips, ") + r"\d+ kB", said)
    with Image.open(out) as page:
        assert page.width > packed.widths[0]
