"""What data consists of: counted from rows, pictures, and the header of a model."""

from __future__ import annotations

from hwr_core.evaluation.inventory import inventory, lengths, letters, widths
from tests import sample_results


def test_lengths_and_letters_are_those_of_the_labels():
    facts = sample_results.predictions()

    assert lengths(facts).to_dict() == {4: 1, 5: 2}
    found = letters(facts)
    assert found.index[0] == "A"
    assert found.sum() == 14


def test_widths_are_read_from_the_pictures_and_missing_ones_not_counted():
    assert widths([sample_results.png(), b"", sample_results.png()]).to_dict() == {96: 2}
    assert widths([b""]).empty


def test_an_inventory_has_a_row_a_store():
    reasons = {"train": {"EMPTY": {"count": 2, "files": []}, "NONE": {"count": 1, "files": []}}}
    found = inventory(
        {
            "splits": {"stores/kaggle": {"train": 7}, "stores/dhsd": {"validation": 3}},
            "left_out": {"stores/kaggle": reasons},
            "data_digests": {"stores/kaggle": "0123456789abcdef"},
        }
    ).set_index("store")

    assert found.loc["kaggle"].to_dict() == {
        "train": 7,
        "validation": 0,
        "test": 0,
        "left out": 3,
        "digest": "0123456789ab",
    }
    assert found.loc["dhsd", "validation"] == 3


def test_a_header_that_tells_nothing_gives_no_row():
    assert inventory({}).empty
