"""Names in the letters of one writer, and real words side by side."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hwr_core.alphabet import AS_WRITTEN
from hwr_core.data.composition.glyphs import Glyph, dense
from hwr_core.data.composition.letters import LETTERS, Letters
from hwr_core.data.composition.penhands import Letter, read_hands
from hwr_core.data.composition.penline import set_line
from hwr_core.data.composition.words import Words
from hwr_core.data.composition.writing import CannotWrite, Written
from hwr_core.data.composition.zones import HEIGHTS, placed, rise_and_fall
from hwr_core.data.samples import LeftOut
from hwr_core.data.sources.unipen import LETTERS as LETTERS_FILE
from hwr_core.data.sources.unipen import WORDS as WORDS_FILE
from hwr_core.data.sources.unipen import Record
from hwr_core.strokes import Drawing, Stroke

Row = tuple[str, str, list[list[int]]]  # text, writer, strokes as stored
TRAIN, OTHER, VALIDATION = "app-1", "apb-2", "kai-3"


def stored(lines: int, lean: float = 0) -> list[list[int]]:
    """A zigzag as a tablet with so many grid lines over its height saw it, stretched to 256."""
    steps = np.arange(lines + 1)
    y = np.rint(steps * 256 / lines).astype(int)
    x = np.rint((steps % 4 + lean * (lines - steps) + lines) * 256 / lines / 2).astype(int)
    return [np.stack([x - x.min(), y], axis=1).ravel().tolist()]


def rows(writer: str, letters: Iterable[str], lean: float = 0) -> list[Row]:
    """Every letter once, at its usual size, on a tablet where an x-height is ten lines."""
    return [(c, writer, stored(round(10 * HEIGHTS[c]), lean)) for c in letters]


def write(path: Path, lines: Iterable[Row]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for text, writer, strokes in lines:
            file.write(json.dumps({"text": text, "writer": writer, "strokes": strokes}) + "\n")


@pytest.fixture
def unipen(tmp_path: Path) -> Path:
    """Whole alphabets of two writers on one side and one on the other, and a few words."""
    written = [row for writer in (TRAIN, OTHER, VALIDATION) for row in rows(writer, LETTERS)]
    write(tmp_path / LETTERS_FILE, written)
    word = [*stored(20), [300, 0, 320, 128, 300, 256]]
    texts = [("dab", TRAIN), ("The", TRAIN), ("gap", TRAIN), ("on", OTHER), ("Oslo", VALIDATION)]
    write(tmp_path / WORDS_FILE, [(text, writer, word) for text, writer in texts])
    return tmp_path


def points(written: Written) -> NDArray[np.float32]:
    assert isinstance(written.picture, Drawing)
    return np.concatenate(written.picture.strokes)


def height(glyph: Glyph) -> float:
    return float(np.ptp(np.concatenate(glyph.strokes)[:, 1]))


@pytest.mark.parametrize("character", AS_WRITTEN.characters.replace(" ", ""))
def test_every_character_of_the_alphabet_is_written(unipen: Path, character: str) -> None:
    letters = Letters.load(unipen, "train", LeftOut())
    written = letters.write(f"A{character}", np.random.default_rng(1))
    assert written.text == f"A{character}"
    assert not written.folded
    assert written.hand in {TRAIN, OTHER}
    picture = written.picture
    assert isinstance(picture, Drawing)
    assert (points(written) >= 0).all()
    assert (points(written) <= (picture.width, picture.height)).all()


@pytest.mark.parametrize(("text", "named"), [("Bж", "ж"), ("A5", "5"), (" ", "")])
def test_what_nobody_can_write_is_refused_by_name(unipen: Path, text: str, named: str) -> None:
    with pytest.raises(CannotWrite, match=f"'{named}' of "):
        Letters.load(unipen, "train", LeftOut()).write(text, np.random.default_rng(0))


def test_a_name_is_a_function_of_its_seed(unipen: Path) -> None:
    one, two, three = (
        Letters.load(unipen, "train", LeftOut()).write("Zoé Oak", np.random.default_rng(s))
        for s in (7, 7, 8)
    )
    assert one.hand == two.hand
    assert np.array_equal(points(one), points(two))
    assert not np.array_equal(points(one)[:50], points(three)[:50])


@pytest.mark.parametrize("kind", [Letters, Words])
def test_no_writer_is_on_both_sides(unipen: Path, kind: type[Letters] | type[Words]) -> None:
    sides = ("train", "validation")
    writers = [kind.load(unipen, side, LeftOut()) for side in sides]
    train, validation = (
        {writer.write("bad", np.random.default_rng(seed)).hand for seed in range(40)}
        for writer in writers
    )
    assert train == {TRAIN, OTHER}
    assert validation == {VALIDATION}


def test_a_letter_gets_the_size_its_tablet_saw(unipen: Path) -> None:
    hand = read_hands(unipen, "train", LeftOut())[0]
    rng = np.random.default_rng(0)
    assert hand.unit == pytest.approx(10, rel=0.05)
    assert height(hand.write("l", rng)) == pytest.approx(1.9, rel=0.05)
    assert height(hand.write("e", rng)) == pytest.approx(1.0, rel=0.05)


def test_a_size_that_cannot_be_told_is_the_usual_one() -> None:
    fine = Letter(Record("n", "l", "w", "train", (dense(np.array([(0, 0), (9, 256)]), 256),)))
    assert fine.lines == 0
    assert height(fine.glyph(unit=10)) == pytest.approx(HEIGHTS["l"])


@pytest.mark.parametrize("wrong", [0.3, 9.0])
def test_a_size_beyond_belief_is_the_usual_one(wrong: float) -> None:
    assert height(placed("S", [line((0, 0), (9, 9))], wrong)) == pytest.approx(HEIGHTS["S"])


def line(*corners: tuple[float, float]) -> Stroke:
    return dense(np.array(corners))


@pytest.mark.parametrize(
    ("character", "tall", "bottom"),
    [("e", 1, 0), ("l", 2, 0), ("E", 1.7, 0), ("g", 2, 1), ("f", 2, 0), ("f", 3, 0.9), ("z", 1, 0)],
)
def test_letters_stand_on_the_line_and_tails_hang_below(
    character: str, tall: float, bottom: float
) -> None:
    ink = placed(character, [line((0, 0), (3, 5), (1, 9))], tall).points
    assert ink[:, 1].max() == pytest.approx(bottom, abs=0.01)
    assert ink[:, 1].min() == pytest.approx(bottom - tall, abs=0.01)


def test_the_body_of_an_i_is_one_high_and_its_dot_stays_short() -> None:
    strokes = [line((0, 5), (0, 15)), line((-1, 0), (3, 2))]
    glyph = placed("i", strokes, 0)
    assert height(Glyph.of([glyph.body])) == pytest.approx(1)
    assert np.ptp(glyph.strokes[1], axis=0).max() <= 0.25 + 1e-6
    assert len(glyph.dotless().strokes) == 1


def test_a_flat_stroke_is_not_stretched_to_a_tower() -> None:
    assert placed("i", [line((0, 0), (100, 0))], 0).width < 101


def test_letters_go_from_left_to_right() -> None:
    glyphs = [Glyph.of([line((0, -1), (0.3, 0), (0.5, -1))]) for _ in range(6)]
    for seed in range(20):
        rng = np.random.default_rng(seed)
        strokes = set_line([*glyphs[:3], None, *glyphs[3:]], [False] * 7, rng).strokes
        middles = [float(stroke[:, 0].mean()) for stroke in strokes]
        assert len(middles) == 6
        assert middles == sorted(middles)
        gaps = np.diff(middles)
        assert gaps[2] > max(*gaps[:2], *gaps[3:])  # the space


def test_joins_make_one_stroke_of_several_letters() -> None:
    cup = Glyph.of([line((0, -1), (0.3, 0), (0.6, 0), (0.8, -0.2))])
    counts = set()
    for seed in range(40):
        rng = np.random.default_rng(seed)
        strokes = set_line([cup] * 4, [True] * 4, rng).strokes
        counts.add(len(strokes))
        assert all((np.abs(np.diff(stroke, axis=0)) < 60).all() for stroke in strokes)  # no leap
        assert len(set_line([cup] * 4, [False] * 4, rng).strokes) == 4
    assert {1, 4} <= counts


def test_a_missing_letter_is_borrowed(tmp_path: Path) -> None:
    upright, leaning = rows("app-1", LETTERS), rows("apb-2", LETTERS, lean=0.8)
    short = rows("apc-3", LETTERS.replace("W", ""), lean=0.8)
    write(tmp_path / LETTERS_FILE, [*upright, *leaning, *short])
    letters = Letters.load(tmp_path, "train", LeftOut())
    hands = [letters.write("Wanda", np.random.default_rng(seed)).hand for seed in range(20)]
    assert "apc-3" in hands


def test_a_hand_that_lacks_most_letters_does_not_write(tmp_path: Path) -> None:
    write(tmp_path / LETTERS_FILE, [*rows("app-1", "abcdefgh"), *rows("apb-2", "ijklmnop")])
    letters = Letters.load(tmp_path, "train", LeftOut())
    assert letters.write("bad", np.random.default_rng(0)).hand == "app-1"
    with pytest.raises(CannotWrite, match="no hand has enough"):
        letters.write("aibjck", np.random.default_rng(0))
    with pytest.raises(CannotWrite, match="no hand has enough"):
        letters.write("baZ", np.random.default_rng(0))  # nobody has a Z to lend


def test_writers_of_few_letters_and_odd_shapes_are_counted(tmp_path: Path) -> None:
    many = [row for n in range(9) for row in rows(f"app-{n}", LETTERS)]
    odd = ("e", "app-1", [[0, 0, 9000, 128, 0, 256]])
    write(tmp_path / LETTERS_FILE, [*many, *rows("apb-2", "abc"), odd])
    left_out = LeftOut()
    assert len(read_hands(tmp_path, "train", left_out)) == 9
    assert {reason: entry["count"] for reason, entry in left_out.splits["train"].items()} == {
        "writer of fewer than eight different letters": 1,
        "odd shape for its letter": 1,
    }


def test_words_say_what_they_show(unipen: Path) -> None:
    words = Words.load(unipen, "train", LeftOut())
    own = {TRAIN: {"dab", "The", "gap"}, OTHER: {"on"}}
    texts = set()
    for seed in range(80):
        written = words.write("Léa", np.random.default_rng(seed))
        parts = written.text.replace("-", " ").split()
        assert set(parts) <= own[written.hand]
        assert isinstance(written.picture, Drawing)
        hyphens = written.text.count("-")
        assert len(written.picture.strokes) == 2 * len(parts) + hyphens
        texts.add(len(parts))
    assert texts == {1, 2, 3}


def test_words_are_a_function_of_their_seed(unipen: Path) -> None:
    words = Words.load(unipen, "train", LeftOut())
    one, two = (words.write("", np.random.default_rng(4)) for _ in range(2))
    assert one.text == two.text
    assert np.array_equal(points(one), points(two))


def test_a_side_without_words_refuses(unipen: Path) -> None:
    write(unipen / WORDS_FILE, [("on", TRAIN, stored(20))])
    with pytest.raises(CannotWrite, match="no words"):
        Words.load(unipen, "validation", LeftOut()).write("Léa", np.random.default_rng(0))


@pytest.mark.parametrize(
    ("text", "rise", "fall"), [("on", 1, 0), ("dog", 1.9, 1.07), ("É-g", 1, 1.07), ("...", 1, 0)]
)
def test_a_words_height_follows_its_letters(text: str, rise: float, fall: float) -> None:
    assert rise_and_fall(text) == pytest.approx((rise, fall))
