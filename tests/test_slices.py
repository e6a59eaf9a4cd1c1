"""What kind of name a picture holds."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from hwr_core.evaluation.development import forms
from hwr_core.evaluation.slices import RARE_FORM, SEPARATOR, SMALLEST, looks, tags


@pytest.mark.parametrize(
    ("label", "kinds"),
    [
        ("Ève", {"1 to 3 letters", "accent", "both cases"}),
        ("eve", {"1 to 3 letters", "small letters"}),
        ("Anne-Marie", {"10 to 14 letters", "hyphen", "both cases"}),
        ("D'ARC", {"4 to 6 letters", "apostrophe", "capitals"}),
        ("DE LA TOUR", {"10 to 14 letters", "space", "capitals"}),
        ("MAX", {"1 to 3 letters", "rare letter", "capitals"}),
        ("DE LA ROCHEFOUCAULD", {"15 letters or more", "space", "rare letter", "capitals"}),
    ],
)
def test_a_label_as_written_tells_its_kinds(label, kinds):
    found = tags(label, folded=False, seen=True)
    assert set(found) == kinds | {"seen name"}
    assert not any(SEPARATOR in tag for tag in found)


def test_a_folded_label_says_nothing_of_case_and_accents():
    assert tags("EVE", folded=True, seen=False) == ("unseen name", "1 to 3 letters")


def test_names_are_told_from_other_words_whatever_their_case():
    for label, kind in (("Anna", "in the lexicons"), ("cat", "not in the lexicons")):
        assert kind in tags(label, folded=False, seen=False, names={"ANNA"})
    assert "in the lexicons" not in tags("Anna", folded=False, seen=False)


def test_what_a_strip_looks_like_is_told_in_tags():
    paper = np.zeros((48, 200), np.uint8)
    stroke, blot, beside = paper.copy(), paper.copy(), paper.copy()
    stroke[10:40, 90:110] = 255  # 6 % of the strip
    blot[10:40, 50:150] = 255
    beside[10:40, 0:10] = beside[10:40, 90:110] = 255

    assert looks(stroke, 80, 120) == ()
    assert looks(stroke // 4, 80, 120) == ("faint or little ink",)
    assert looks(blot, 40, 160) == ("heavy ink",)
    assert "ink beside the name" in looks(beside, 80, 120)
    assert looks(paper, 0, 0) == ("faint or little ink",)


def test_scans_of_one_size_are_of_one_form_and_rare_sizes_share_a_tag(tmp_path):
    (tmp_path / "below").mkdir()
    for number in range(SMALLEST + 1):
        size, folder = ((9, 3), tmp_path / "below") if number else ((8, 3), tmp_path)
        Image.new("L", size).save(folder / f"{number}.jpg")
    found = forms(tmp_path)
    assert found.pop("0.jpg") == RARE_FORM
    assert set(found.values()) == {"form of 9 x 3 pixels"}
    assert len(found) == SMALLEST
