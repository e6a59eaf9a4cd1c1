"""Names with something around them: what is drawn, and the table of what is read."""

import numpy as np
import pytest

from hwr_core.evaluation.development import PICTURES
from hwr_core.evaluation.surroundings import KINDS, surrounded
from hwr_core.recognizer import Recognizer
from tests import rendered

NAME = rendered.picture("ANNA")


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_stays_whole_and_something_comes_around_it(kind):
    rng = np.random.default_rng(1)
    for _ in range(20):
        laid = KINDS[kind](NAME, rng)
        assert laid.mode == "L"
        assert laid.width >= NAME.width
        assert laid.height >= NAME.height
        assert laid.size != NAME.size
        sheet = np.asarray(laid) > 200  # no part of it is cut off
        assert sheet.sum() >= 0.95 * (np.asarray(NAME) > 200).sum()


def test_what_is_drawn_depends_on_the_seed_alone():
    for lay in KINDS.values():
        one, same, other = (lay(NAME, np.random.default_rng(seed)) for seed in (1, 1, 2))
        assert one.tobytes() == same.tobytes()
        assert one.tobytes() != other.tobytes()


def test_each_kind_has_a_row_of_the_validation_scans(tmp_path):
    names = {"train": ["EVE"], "validation": rendered.FOUR, "test": ["BOB"]}
    rendered.pictures(tmp_path / PICTURES, names)
    heading, head, _, *rows = surrounded(Recognizer.load(threads=1), tmp_path, 5)
    assert "validation" in heading
    assert head == "| pictures | n | read as alone |"
    found = {kind: (n, share) for _, kind, n, share, _ in (row.split("|") for row in rows)}
    assert [kind.strip() for kind in found] == list(KINDS)
    assert {n.strip() for n, _ in found.values()} == {"4"}
    assert found[" in a black frame "][1].startswith(" 100.0 %")
