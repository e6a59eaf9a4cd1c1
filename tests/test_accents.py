"""Accents, and the signs and letters that are drawn because no hand of UNIPEN has them."""

import numpy as np
import pytest

from hwr_core.alphabet import ACCENTED
from hwr_core.data.composition.accents import CROSSED, DRAWN, PAIRS, ROOM, accented, drawn, spell
from hwr_core.data.composition.glyphs import Glyph, dense
from hwr_core.strokes import Stroke

SEEDS = range(30)


def letter(top: float = -1.0) -> Glyph:
    """A round letter on the line, from `top` down to 0."""
    turn = np.linspace(0, 2 * np.pi, 20)
    return Glyph.of([np.stack([0.4 - 0.4 * np.cos(turn), top / 2 * (1 - np.sin(turn))], axis=1)])


def dotted() -> Glyph:
    """An i: its dot and its stem."""
    return Glyph.of([dense(np.array([(0, -1.5), (0.1, -1.4)])), dense(np.array([(0, -1), (0, 0)]))])


def marks(whole: Glyph, bare: Glyph) -> Stroke:
    """The points that accents added."""
    return np.concatenate(whole.strokes[len(bare.strokes) :])


def test_every_accented_letter_has_a_spelling() -> None:
    assert not [c for c in ACCENTED + ACCENTED.upper() + "ßčĐ" if spell(c) is None]


@pytest.mark.parametrize("character", ["ж", "ő", "ế", "5", "漢"])
def test_a_character_nobody_can_write_has_none(character: str) -> None:
    assert spell(character) is None


@pytest.mark.parametrize(("character", "letters"), [("é", "e"), ("ł", "l"), ("æ", "ae"), ("ß", "")])
def test_a_spelling_names_the_letters_of_a_hand(character: str, letters: str) -> None:
    spelling = spell(character)
    assert spelling is not None
    assert spelling.letters == letters


@pytest.mark.parametrize("character", [*"áàâãäåčż"])
@pytest.mark.parametrize("top", [-1.0, -1.9])
def test_marks_above_stand_over_their_letter(character: str, top: float) -> None:
    bare, spelling = letter(top), spell(character)
    assert spelling is not None
    for seed in SEEDS:
        mark = marks(accented(bare, spelling.marks, 0, np.random.default_rng(seed)), bare)
        assert mark[:, 1].max() < top + 0.05
        assert mark[:, 1].min() > top - 1.2
        assert 0 < mark[:, 0].mean() < bare.width


@pytest.mark.parametrize("character", ["ç", "ę"])
def test_marks_below_hang_on_their_letter(character: str) -> None:
    bare, spelling = letter(), spell(character)
    assert spelling is not None
    for seed in SEEDS:
        mark = marks(accented(bare, spelling.marks, 0, np.random.default_rng(seed)), bare)
        assert -0.3 < mark[:, 1].min() < 0.2
        assert mark[:, 1].max() > 0.2


@pytest.mark.parametrize("character", CROSSED)
def test_a_crossing_line_meets_its_letter(character: str) -> None:
    bare = letter(-1.9)
    for seed in SEEDS:
        line = marks(accented(bare, character, 0, np.random.default_rng(seed)), bare)
        assert line[:, 0].min() < bare.width
        assert line[:, 0].max() > 0
        assert -2.1 < line[:, 1].mean() < 0


def test_an_accent_takes_the_place_of_the_dot() -> None:
    rng = np.random.default_rng(0)
    assert len(accented(dotted(), "\u0301", 0, rng).strokes) == 2  # the stem and the accent
    assert len(accented(dotted(), "\u0328", 0, rng).strokes) == 3  # į keeps its dot


def test_a_diaeresis_is_two_dots() -> None:
    assert len(accented(letter(), "\u0308", 0, np.random.default_rng(0)).strokes) == 3


def test_acute_and_grave_lean_apart() -> None:
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        bare = letter()
        acute = marks(accented(bare, "\u0301", 0, rng), bare)
        grave = marks(accented(bare, "\u0300", 0, rng), bare)
        assert acute[acute[:, 1].argmin(), 0] > acute[acute[:, 1].argmax(), 0]
        assert grave[grave[:, 1].argmin(), 0] < grave[grave[:, 1].argmax(), 0]


@pytest.mark.parametrize("character", DRAWN)
def test_drawn_characters_begin_at_zero_and_stand_on_the_line(character: str) -> None:
    for seed in SEEDS:
        glyph = drawn(character, 0, np.random.default_rng(seed))
        ink = np.concatenate(glyph.strokes)
        assert ink[:, 0].min() == 0
        assert -3 < ink[:, 1].min() <= ink[:, 1].max() < 1.3


@pytest.mark.parametrize("sign", ROOM)
@pytest.mark.parametrize("top", [-1.0, -1.9])
def test_hyphens_and_apostrophes_stand_free_of_their_neighbours(sign: str, top: float) -> None:
    for seed in SEEDS:
        mark = drawn(sign, 0, np.random.default_rng(seed))
        assert letter(top).beside(mark) >= letter(top).width + ROOM[sign] - 1e-6
        assert mark.beside(letter(top)) >= mark.width + ROOM[sign] - 1e-6


@pytest.mark.parametrize("pair", PAIRS)
def test_pairs_touch(pair: str) -> None:
    spelling = spell(pair)
    assert spelling is not None
    assert len(spelling.letters) == 2
    both = letter().merged(letter(), 0.1)
    assert letter().width < both.width < 2 * letter().width
