"""The shipped model reads the golden pictures as noted: scans, strokes, photographs, composed."""

from __future__ import annotations

from collections import Counter

import pytest

from hwr_core import Recognizer
from hwr_core.spelling import fold
from tests import golden_pictures

ROWS = golden_pictures.noted()


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load(threads=1)


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_a_golden_picture_is_read_as_noted(recognizer, row):
    assert recognizer.read(golden_pictures.picture(row["file"])).text == row["text"], "make golden"


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_no_golden_reading_is_a_toss_up(recognizer, row):
    """Another processor rounds otherwise, and must read the same."""
    reading = recognizer.read(golden_pictures.picture(row["file"]))
    assert reading.confidence > 1.5 * reading.alternatives[0].confidence


def test_there_are_24_and_every_file_is_one():
    files = {path.name for path in golden_pictures.FOLDER.iterdir()} - {"readings.json"}
    assert len(ROWS) == 24
    assert {row["file"] for row in ROWS} == files


def test_every_kind_of_picture_is_there():
    kinds = Counter(row["kind"] for row in ROWS)
    assert min(kinds[kind] for kind in ("scan", "drawing", "photograph", "composed")) >= 4


def test_the_scans_are_read_right_but_for_one_at_most():
    """Among the others are hard ones; these six any model worth shipping reads."""
    scans = [row for row in ROWS if row["kind"] == "scan"]
    assert sum(fold(row["label"]) == fold(row["text"]) for row in scans) >= len(scans) - 1
