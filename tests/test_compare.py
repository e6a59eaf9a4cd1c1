"""Two runs on the same pictures: what changed, where, and whether by chance."""

from __future__ import annotations

from math import comb

import pandas as pd
import pytest

from hwr_core.evaluation.compare import by_slice, change, mcnemar, pair
from hwr_core.evaluation.explaining import ResultsError
from tests import sample_results


def run(*distances: int) -> pd.DataFrame:
    names = [f"{number}.png" for number in range(len(distances))]
    return pd.DataFrame(
        {
            "source": "sample",
            "file": names,
            "truth": "ANNA",
            "tags": ["even" if n % 2 == 0 else "odd" for n in range(len(names))],
            "writer": None,
            "folded": ["ANNA" + "E" * distance for distance in distances],
            "confidence": 0.5,
            "distance": distances,
        }
    )


def test_every_picture_is_fixed_broken_or_the_same():
    both = pair(run(0, 1, 2, 0), run(1, 0, 1, 0))

    assert both["change"].tolist() == ["broken", "fixed", "still wrong", "still right"]
    found = change(both["change"])
    assert (found.n, found.fixed, found.broken, found.right, found.gain) == (4, 1, 1, 1, 0)


def test_a_label_that_was_mended_since_judges_both_runs():
    before = run(1).assign(truth="ANNAE", distance=0)  # read as it was labelled then

    assert pair(before, run(1))["change"].tolist() == ["still wrong"]
    assert pair(before, run(0))["change"].tolist() == ["fixed"]


def test_only_pictures_of_both_runs_count_whatever_their_order():
    both = pair(run(1, 0, 0)[::-1], run(0, 1))

    assert both["file"].tolist() == ["0.png", "1.png"]
    assert both["change"].tolist() == ["fixed", "broken"]


def test_slices_are_compared_each_for_itself():
    found = by_slice(pair(run(1, 1, 1, 1), run(0, 1, 0, 1))).set_index("slice")

    assert found.loc["even", ["fixed", "broken", "gain", "chance"]].tolist() == [2, 0, 1.0, 0.5]
    assert found.loc["odd", "fixed"] == 0


@pytest.mark.parametrize(("fixed", "broken"), [(0, 0), (1, 0), (3, 9), (10, 1), (6, 6)])
def test_the_test_is_that_of_fair_coins(fixed, broken):
    n, least = fixed + broken, min(fixed, broken)
    tail = sum(comb(n, k) for k in range(least + 1)) / 2**n

    assert mcnemar(fixed, broken) == pytest.approx(min(1, 2 * tail))
    assert mcnemar(fixed, broken) == mcnemar(broken, fixed)


def test_the_test_of_many_changes_is_quick_and_finite():
    assert 0 < mcnemar(20_000, 20_300) < 1
    assert mcnemar(20_000, 0) == pytest.approx(0)


def test_runs_on_other_pictures_give_a_sentence():
    other = run(0).assign(source="other")

    with pytest.raises(ResultsError, match="share no picture"):
        pair(other, run(0))


def test_a_picture_named_twice_gives_a_sentence():
    with pytest.raises(ResultsError, match="names a picture twice"):
        pair(run(0), pd.concat([run(0), run(0)]))


def test_rows_of_files_can_be_compared():
    table = sample_results.predictions()

    assert change(pair(table, table)["change"]).right == 2
