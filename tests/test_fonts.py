"""The handwriting fonts: listed, licensed, split by family, and able to write what they claim."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from hwr_core.alphabet import AS_WRITTEN
from hwr_core.data.composition.fonts import FOLDER, LIST, Fonts, read_list
from hwr_core.data.composition.writing import CannotWrite
from hwr_core.data.samples import DataError

SIDES = ("train", "validation")
ALL = read_list(FOLDER / LIST)


@pytest.fixture(scope="module")
def fonts():
    return Fonts.load("train")


def font(package):
    return next(f for f in ALL if f.package == package)


def write_in(package, text, seed=1):
    hand = font(package)
    return Fonts.load(hand.split).write_in(hand, text, np.random.default_rng(seed))


def test_every_file_is_listed_and_every_listed_file_is_there():
    assert sorted(file for f in ALL for file in f.files) == sorted(
        path.name for path in FOLDER.glob("*.woff2")
    )


def test_every_font_has_a_version_a_copyright_and_a_licence_whose_text_is_there():
    for f in ALL:
        assert f.version
        assert f.copyright.startswith("Copyright")
        assert (FOLDER / f"{f.licence}.txt").is_file()


def test_no_family_stands_on_two_sides():
    families = [{f.family for f in ALL if f.split == side} for side in SIDES]
    assert families[0].isdisjoint(families[1])
    hands = [{font.package for font in Fonts.load(side).fonts} for side in SIDES]
    assert hands[0].isdisjoint(hands[1])
    assert len(hands[0] | hands[1]) == len(ALL) == len({f.package for f in ALL})


def test_the_held_out_fonts_are_print_cursive_and_school_hands():
    held_out = [f for f in ALL if f.split == "validation"]
    assert len(held_out) >= 15
    assert {"print", "cursive", "school"} <= {f.style for f in held_out}


@pytest.mark.slow
def test_every_character_not_listed_as_missing_leaves_its_own_ink():
    for f in ALL:
        opened = [ImageFont.truetype(FOLDER / file, 24) for file in f.files]
        nothing = {ink("\uffff", part) for part in opened}
        for character in set(AS_WRITTEN.characters) - {" "} - f.missing:
            inks = {ink(character, part) for part in opened} - nothing
            assert any(any(i) for i in inks), (f.package, character)


def ink(character, opened):
    """A character's pixels, or those of the box or blank that stands for a missing one."""
    paper = Image.new("L", (64, 64))
    ImageDraw.Draw(paper).text((16, 48), character, fill=255, font=opened, anchor="ls")
    return paper.tobytes()


def test_the_same_seed_writes_the_same_picture(fonts):
    first, second = (fonts.write("Léa Groß", np.random.default_rng(3)) for _ in range(2))
    assert first.hand == second.hand
    assert np.array_equal(first.picture, second.picture)


def test_a_picture_is_dark_ink_on_white_paper_with_a_margin():
    picture = write_in("patrick-hand", "Léa").picture
    assert picture.dtype == np.uint8
    assert picture.ndim == 2
    assert picture.min() < 30
    rim = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    assert rim.min() == 255


def test_small_capitals_are_labelled_as_capitals():
    assert write_in("permanent-marker", "Léa Groß").text == "LÉA GROSS"
    assert write_in("patrick-hand", "Léa Groß").text == "Léa Groß"


def test_letters_of_the_second_file_are_written_amid_those_of_the_first():
    without, with_dot = (write_in("mali", text).picture for text in ("Zak", "Żak"))
    assert (with_dot < 128).sum() > (without < 128).sum()


def test_a_space_shows_in_joined_and_in_printed_hands():
    for package in ("edu-qld-hand", "patrick-hand"):
        picture = write_in(package, "nu nu").picture
        columns = (picture < 200).any(0)
        written = np.flatnonzero(columns)
        assert np.diff(written).max() > 0.1 * picture.shape[0]


def test_nobody_writes_whole_words_in_joined_capitals():
    joined = next(f for f in ALL if f.joined)
    assert joined.writes("Anna")
    assert not joined.writes("ANNA Lea")


def test_a_character_that_no_font_has_is_named(fonts):
    unable = tuple(replace(f, missing=frozenset("я")) for f in fonts.fonts)
    with pytest.raises(CannotWrite, match="all of 'я'"):
        Fonts(unable, fonts.folder).write("Яя", np.random.default_rng(0))


def test_a_missing_font_file_names_the_remedy(tmp_path):
    (tmp_path / LIST).write_bytes((FOLDER / LIST).read_bytes())
    with pytest.raises(DataError, match="make fonts"):
        Fonts.load("train", tmp_path)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("package,version\n", "line 1 must name the columns package,version,subsets"),
        (f"{','.join(vars(ALL[0]))}\nkalam,5.3.0\n", "fonts.csv: line 2 is not package,version"),
        (
            f"{','.join(vars(ALL[0]))}\na,1,latin,A,print,maybe,no,,OFL-1.1,C\n",
            "fonts.csv: line 2: expected",
        ),
    ],
)
def test_a_damaged_list_is_named_with_its_line(tmp_path, content, named):
    (tmp_path / LIST).write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=named):
        read_list(tmp_path / LIST)


def test_a_list_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"fonts\.csv: not there"):
        read_list(tmp_path / LIST)
