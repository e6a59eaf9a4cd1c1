"""Slices of a run: their members and scores, and which are surely worse than the rest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hwr_core.evaluation.groups import LENGTH, LETTER, PRINT, SOURCE, WRITER, groups, worst
from hwr_core.evaluation.slices import RARE_FORM, SMALLEST


def facts(*rows: tuple[str, int, str, str | None], times: int = 1) -> pd.DataFrame:
    """Rows of truth, distance, tags and writer."""
    columns = ["truth", "distance", "tags", "writer"]
    return pd.DataFrame(rows * times, columns=columns).assign(source="sample")


def test_a_slice_has_the_scores_of_its_members():
    found = groups(
        facts(("ANNA", 0, "short", "w1"), ("BEA", 1, "short, rare letter", "w2"), times=10)
    )
    by_name = found.set_index(["subject", "slice"])

    assert by_name.loc[("Case and accents", "short"), "n"] == 20
    rare = by_name.loc[("Kind of name", "rare letter")]
    assert (rare["n"], rare["exact"], rare["cer"]) == (10, 0, pytest.approx(1 / 3))
    assert by_name.loc[(LETTER, "N"), "exact"] == 1
    assert by_name.loc[(WRITER, "w2"), "n"] == 10
    assert by_name.loc[(SOURCE, "sample"), "exact"] == 0.5


def test_writers_of_two_sources_are_two_even_if_they_are_called_alike():
    one = facts(("ANNA", 0, "short", "w1"), times=10)
    found = groups(pd.concat([one, one.assign(source="other")], ignore_index=True))
    writers = found[found["subject"] == WRITER].set_index("slice")["n"]
    assert writers.to_dict() == {"sample w1": 10, "other w1": 10}


def test_every_rate_lies_in_its_interval():
    found = groups(facts(("ANNA", 0, "a", "w"), ("BEA", 2, "a", "w"), ("C", 0, "b", None)))

    for rate in ("exact", "cer"):
        assert (found[f"{rate}_low"] <= found[rate]).all()
        assert (found[rate] <= found[f"{rate}_high"]).all()


def test_subjects_stand_together_and_lengths_in_order():
    rows = [("A" * n, 0, tag, None) for n, tag in ((12, "10 to 14 letters"), (2, "1 to 3 letters"))]
    found = groups(facts(*rows))

    assert found[found["subject"] == LENGTH]["slice"].tolist() == [
        "1 to 3 letters",
        "10 to 14 letters",
    ]
    assert found["subject"].ne(found["subject"].shift()).sum() == found["subject"].nunique()


def test_printed_forms_are_a_subject_of_their_own():
    rows = [("ANNA", 0, f"capitals, {tag}", None) for tag in ("form of 2 x 1 pixels", RARE_FORM)]
    found = groups(facts(*rows))
    assert found[found["subject"] == PRINT]["slice"].tolist() == [RARE_FORM, "form of 2 x 1 pixels"]


def test_a_name_without_tags_is_in_no_slice_of_tags():
    found = groups(facts(("ANNA", 0, "", None), ("BEA", 0, "short", None)))

    assert found.loc[found["slice"] == "short", "n"].tolist() == [1]
    assert "" not in found["slice"].tolist()


def test_the_worst_cost_most_and_are_never_small():
    large = [("AB", int(n < 40), "bad", None) for n in range(100)]
    small = [("CD", 1, "unlucky", None)] * (SMALLEST - 1)
    good = [("EF", 0, "good", None)] * 400
    every = facts(*large, *small, *good)
    exact = float((every["distance"] == 0).mean())

    found = worst(groups(every), exact)

    assert set(found["slice"]) == {"bad", "A", "B"}
    assert found["lost"].iloc[0] == pytest.approx((exact - 0.6) * 100)


def test_what_luck_explains_is_not_among_the_worst():
    rng = np.random.default_rng(0)
    wrong = rng.random(200) < 0.3
    every = facts(*[("AB", int(bad), f"half {i % 2}", None) for i, bad in enumerate(wrong)])

    assert worst(groups(every), float(1 - wrong.mean())).empty
