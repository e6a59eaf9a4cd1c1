"""What kind of name a picture holds."""

from __future__ import annotations

import pytest

from hwr_core.evaluation.slices import SEPARATOR, tags


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
