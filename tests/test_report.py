"""Readings with labels become the scores that are published."""

from __future__ import annotations

import datetime
from typing import NamedTuple

import pytest

from hwr_core.evaluation.records import Checkpoint, LeftOut, Metrics
from hwr_core.evaluation.report import NO_LETTER, Origin, ReportError, report, summary

ORIGIN = Origin(
    run="validation",
    split="validation",
    checkpoint=Checkpoint(name="names", digest="0123456789abcdef", parameters=1_234_567),
    command="make evaluate",
    made=datetime.date(2025, 1, 31),
)
UNREADABLE = {"unreadable picture": LeftOut(count=2, files=("X.jpg", "Y.jpg"))}


class Read(NamedTuple):
    label: str
    text: str
    seen: bool = True
    file: str = "A.jpg"
    cased: bool = False
    accepted: bool = True
    tags: str = "name"


ROWS = [
    *[Read("MARTIN", "MARTIN")] * 60,
    *[Read("ANNA", "ANA")] * 20,
    *[Read("DE LA CRUZ", "DE LA CRUZ", seen=False)] * 15,
    *[Read("O'BRIEN", "OBRIEN", seen=False)] * 5,
]


def make(rows, left_out=None) -> Metrics:
    return report(rows, ORIGIN, left_out or {})


def test_scores_are_those_of_all_of_the_seen_and_of_the_unseen():
    scores = make(ROWS).scores
    assert scores.seen
    assert scores.unseen

    assert (scores.all.n, scores.seen.n, scores.unseen.n) == (100, 80, 20)
    assert scores.all.exact.value == pytest.approx(0.75)
    assert scores.seen.exact.value == pytest.approx(0.75)
    assert scores.seen.cer.value == pytest.approx(20 / (60 * 6 + 20 * 4))
    assert scores.unseen.cer.value == pytest.approx(5 / (15 * 10 + 5 * 7))
    assert scores.unseen.wer.value == pytest.approx(5 / (15 * 3 + 5))
    assert scores.all.normalised_edit_distance.value == pytest.approx((20 / 4 + 5 / 7) / 100)


def test_every_rate_lies_within_its_interval():
    scores = make(ROWS).scores.all
    rates = {name: rate for name, rate in scores if name != "n"}

    assert len(rates) == 5
    assert all(rate.low < rate.value < rate.high for rate in rates.values())
    assert scores.character_accuracy.low == pytest.approx(1 - scores.cer.high)


def test_a_group_without_names_has_no_scores():
    assert make([Read("ANNA", "ANNA", seen=True)]).scores.unseen is None
    assert make([Read("ANNA", "ANNA", seen=False)]).scores.seen is None


def test_labels_and_texts_are_spelled_by_one_policy_before_they_are_scored():
    metrics = make([Read(" o\u2019brien ", "O'BRIEN")])

    assert metrics.scores.all.exact.value == 1
    assert "".join(character.char for character in metrics.characters) == "'BEINOR"


def test_labels_without_a_letter_are_left_out_and_counted():
    empty = [Read("", "X", file=f"{number}.jpg") for number in range(12)]

    metrics = make([*empty, *ROWS], UNREADABLE)

    assert metrics.scores == make(ROWS).scores
    assert metrics.left_out["unreadable picture"].count == 2
    assert metrics.left_out[NO_LETTER].count == 12
    assert metrics.left_out[NO_LETTER].files == tuple(f"{number}.jpg" for number in range(10))


def test_characters_tell_which_letters_are_missed():
    found = {character.char: character for character in make(ROWS).characters}

    assert (found["N"].support, found["N"].predicted, found["N"].correct) == (105, 85, 85)
    assert (found["'"].recall, found["'"].precision) == (0, None)


def test_readings_as_written_are_scored_where_labels_tell():
    rows = [Read("Léa", "Léa", cased=True)] * 3 + [
        Read("Léa", "LEA", cased=True),
        Read("LEA", "LE"),
    ]

    metrics = make(rows)

    assert metrics.written.value == pytest.approx(3 / 4)
    assert metrics.scores.all.exact.value == pytest.approx(4 / 5)
    assert make([Read("LEA", "LEA")]).written is None


def test_what_is_accepted_is_judged_apart():
    rows = [Read("ANNA", "ANNA")] * 3 + [Read("ANNA", "ANA"), Read("ANNA", "", accepted=False)]

    acceptance = make(rows).acceptance

    assert acceptance.accepted.value == pytest.approx(4 / 5)
    assert acceptance.right.value == pytest.approx(3 / 4)
    assert make([Read("ANNA", "", accepted=False)]).acceptance.right is None


def test_slices_of_few_names_have_a_number_and_no_scores():
    rows = [Read("ANNA", "ANNA", tags="short, all")] * 29 + [Read("BOB", "BO", tags="all")]

    slices = make(rows).slices

    assert {tag: found.n for tag, found in slices.items()} == {"short": 29, "all": 30}
    assert slices["short"].scores is None
    assert slices["all"].scores.exact.value == pytest.approx(29 / 30)


def test_no_label_at_all_is_refused():
    with pytest.raises(ReportError, match="no picture of the run 'validation' has a label"):
        make([Read("", "X")])


def test_the_report_survives_its_file():
    metrics = make(ROWS, UNREADABLE)

    assert Metrics.model_validate_json(metrics.model_dump_json()) == metrics


def test_an_interval_depends_on_its_names_alone():
    tagged = [row._replace(tags="seen name" if row.seen else "unseen name") for row in ROWS]
    found, backwards = make(tagged), make(tagged[::-1])

    assert found.slices["seen name"].scores == found.scores.seen
    assert found.scores.all.cer == backwards.scores.all.cer
    assert found.scores.all.exact == backwards.scores.all.exact


def test_the_summary_names_everything_on_one_screen():
    text = summary(make([Read("", "X"), *ROWS], UNREADABLE))

    assert len(text.splitlines()) <= 24
    assert max(map(len, text.splitlines())) <= 100
    for fact in ("100", "75.00 [", "left out: 2 (unreadable picture), such as X.jpg", NO_LETTER):
        assert fact in text
    assert "lowest F1 (how often): \"'\" 0.0 (5), 'N' 89.5 (105)" in text
    assert "95% interval of 1,000 bootstrap resamples" in text
