"""Labels that a model doubts, ranked: by a model whose readings are known before."""

from __future__ import annotations

import csv

import pandas as pd
import pytest
from PIL import Image

from hwr_core.cli import main
from hwr_core.evaluation import doubts
from hwr_core.evaluation.doubts import Ranking
from tests import parrot, rendered

NAMES = ["ANNA", "ANNE", "OTTO", "ANNA"]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return rendered.store(tmp_path_factory.mktemp("doubts"), {"train": NAMES})


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """It reads ANNA everywhere."""

    return parrot.checkpoint(tmp_path_factory.mktemp("parrot") / "parrot.safetensors", "ANNA", 6)


def test_the_label_that_fits_worst_is_doubted_most(store, model):
    ranking = doubts.rank(model, store, "train")
    assert ranking.doubts["label"].tolist() == ["OTTO", "ANNE"]
    assert ranking.doubts["folded"].tolist() == ["ANNA", "ANNA"]
    assert (ranking.doubts.index.tolist(), ranking.pictures) == ([2, 1], 4)
    first, second = ranking.doubts["doubt"]
    assert first > second > 0


def test_sheets_show_the_most_doubted_in_their_order(store, tmp_path):
    ranking = Ranking(pd.DataFrame({"label": ["ANNA"] * 4, "folded": [""] * 4}), 4)
    (path,) = doubts.sheets(ranking, store, tmp_path, 3)
    assert path.name == "doubts-001.png"
    with Image.open(path) as page:
        assert page.width > 3 * 96


def test_the_verb_writes_a_ranking_and_its_sheets(store, model, tmp_path, capsys):
    out = tmp_path / "doubts.csv"
    given = ["doubts", str(store.path), "--checkpoint", str(model.path), "--out", str(out)]
    assert main([*given, "--sheets", str(tmp_path / "sheets")]) == 0
    with out.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["file"], row["label"], row["read"]) for row in rows] == [
        ("train-2.png", "OTTO", "ANNA"),
        ("train-1.png", "ANNE", "ANNA"),
    ]
    said = capsys.readouterr().out
    assert "2 of 4 read otherwise" in said
    assert (tmp_path / "sheets" / "doubts-001.png").is_file()


def test_a_split_that_is_not_there_is_refused(store, model, tmp_path, capsys):
    given = ["doubts", str(store.path), "--checkpoint", str(model.path), "--split", "test"]
    assert main([*given, "--out", str(tmp_path / "d.csv")]) == 2
    assert "no split 'test'" in capsys.readouterr().err
