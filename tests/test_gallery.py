from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from hwr_core.data.relabel import Correction
from hwr_core.evaluation import gallery, results
from hwr_core.evaluation.records import Prediction
from tests import sample_results

texts = st.text("AB <&'", max_size=8)


def test_the_letters_that_differ_are_marked():
    assert rows("MARTIN", "NARTIN") == ("<mark>M</mark>ARTIN", "<mark>N</mark>ARTIN")


def test_a_letter_that_is_missing_is_a_dot():
    assert rows("JEAN", "JAN") == ("J<mark>E</mark>AN", "J<mark>·</mark>AN")
    assert rows("", "AB") == ("<mark>··</mark>", "<mark>AB</mark>")


def test_a_space_that_differs_can_be_seen():
    assert rows("DE LA", "DELA")[0] == "DE<mark>␣</mark>LA"


@given(texts, texts)
def test_label_and_reading_stand_letter_under_letter(label, text):
    upper, lower = map(plain, rows(label, text))

    assert len(upper) == len(lower)
    assert sum(a != b for a, b in zip(upper, lower, strict=True)) == Levenshtein.distance(
        label, text
    )


def test_what_was_seen_by_eye_stands_on_its_card():
    first, *others = results.records(sample_results.predictions(), Prediction)
    wrong = Correction(
        file=first.file, label=first.label, corrected="<ANN>", verdict="label wrong", reason="-"
    )
    page = gallery.gallery([first, *others], {first.file: wrong})
    assert page.count("By eye") == 1
    assert "label wrong: &lt;ANN&gt;" in page
    assert "By eye" not in gallery.gallery([first, *others])


def test_case_and_accents_are_marked_only_where_the_label_tells_them():
    first, *_ = results.records(sample_results.predictions(), Prediction)
    given = {"label": "BENOIT", "truth": "BENOIT", "text": "Benoît", "folded": "BENOIT"}
    folded = first.model_copy(update={**given, "cased": False})

    assert "<mark>" not in gallery.card(folded)
    assert "<mark>" in gallery.card(folded.model_copy(update={"cased": True}))


def test_a_run_without_pictures_has_cards_without_broken_ones():
    first, *_ = results.records(sample_results.predictions(), Prediction)

    assert "<img" not in gallery.card(first.model_copy(update={"picture": b""}))


def test_names_cannot_write_html():
    page = gallery.gallery(results.records(sample_results.predictions(), Prediction))

    assert page.count("<figure") == page.count("<img loading") == 3
    assert "<B>" not in page
    assert "&lt;B&gt;" in page


def rows(label: str, text: str) -> tuple[str, str]:
    edits = Levenshtein.opcodes(label, text)
    return gallery.marked(label, edits), gallery.marked(text, edits.inverse())


def plain(html: str) -> str:
    return unescape(re.sub("</?mark>", "", html)).replace("␣", " ")
