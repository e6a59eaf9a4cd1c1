"""Names on forms: nothing covers them, and what surrounds them is what was asked for."""

import numpy as np
import pytest

from hwr_core.config import ConfigError
from hwr_core.data.composition.blobs import STROKE
from hwr_core.data.composition.clutter import TOUCH, ClutterSettings, _form, clutter
from hwr_core.data.composition.cutting import Place
from hwr_core.data.composition.forms import (
    MARKS,
    Form,
    PrintSettings,
    lay,
    printed_form,
    real_forms,
)
from hwr_core.data.composition.hands import Hand

BARE = ClutterSettings(
    beside=0, above=0, below=0, serial=0, rule=0, dots=0, neighbours=0, dust=0, real=0
)


def name(height=20, width=90):
    """Three upright strokes on paper."""
    picture = np.full((height + 10, width), 255, np.uint8)
    picture[5:-5, 10:-10:25] = picture[5:-5, 11:-10:25] = 0
    return picture


def strokes(ink):
    """How many groups of columns hold ink."""
    return np.count_nonzero(np.diff(ink.any(axis=0).astype(int), prepend=0) == 1)


def test_a_bare_form_adds_nothing_but_paper():
    placed = clutter(name(), BARE, np.random.default_rng(0))
    ink = (255 - placed) > 128
    assert strokes(ink) == 3
    assert ink.any(axis=1).sum() >= 10


@pytest.mark.parametrize("mark", MARKS)
def test_each_mark_prints_something_clear_of_the_name(mark):
    form = printed_form(BARE.model_copy(update={mark: 1}), np.random.default_rng(2))
    assert form.ink.any()
    line = form.line
    assert not form.ink[line.top : line.bottom, line.left : line.right].any()


def test_a_mark_at_share_zero_is_never_printed():
    rng = np.random.default_rng(0)
    assert not any(printed_form(BARE, rng).ink.any() for _ in range(20))


def beside(ink):
    """The pixels that hold ink or touch some, not by a corner alone."""
    near = ink.copy()
    near[1:] |= ink[:-1]
    near[:-1] |= ink[1:]
    near[:, 1:] |= ink[:, :-1]
    near[:, :-1] |= ink[:, 1:]
    return near


def test_the_name_is_never_covered():
    """What is darker than the form is the name's own: three strokes clear of all print."""
    rng, picture, forms = np.random.default_rng(1), name(), 0
    everything = ClutterSettings(**dict.fromkeys(MARKS, 1.0), neighbours=1, dust=0, real=1)
    for _ in range(30):
        form = _form(255 - picture, everything, rng, ())
        placed = clutter(picture, everything, rng, [form])
        if placed is not picture:
            ink = 255 - placed[:, : form.ink.shape[1]]
            own = (ink >= STROKE) & (ink > form.ink)
            assert strokes(own) == 3
            assert (own & beside(form.ink >= STROKE)).sum() <= TOUCH * own.sum()
            forms += 1
    assert forms > 20


def test_a_form_without_room_leaves_the_name_on_plain_paper():
    full = Form(np.full((30, 200), 255, np.uint8), Place(20, 8, 90, 22))
    picture = name()
    settings = BARE.model_copy(update={"real": 1.0})
    assert clutter(picture, settings, np.random.default_rng(0), [full]) is picture


def test_a_name_that_would_be_too_small_to_read_stays_on_plain_paper():
    """Its body is a tenth of its height, as in a script with long loops."""
    looped = np.full((100, 60), 255, np.uint8)
    looped[:, 10] = 0
    looped[45:55] = 0
    form = Form(np.zeros((30, 200), np.uint8), Place(20, 8, 90, 22))
    settings = BARE.model_copy(update={"real": 1.0})
    assert clutter(looped, settings, np.random.default_rng(0), [form]) is looped
    assert clutter(looped[40:60], settings, np.random.default_rng(0), [form]).shape[0] == 30


def test_a_real_form_keeps_its_ink():
    form = Form(np.zeros((40, 200), np.uint8), Place(60, 12, 120, 26))
    form.ink[10:30, 5:40] = 200
    settings = BARE.model_copy(update={"real": 1.0})
    placed = clutter(name(), settings, np.random.default_rng(0), [form])
    assert (placed[10:30, 5:40] == 55).all()
    assert (placed[:, 55:] < 128).any()
    assert form.ink.sum() == 200 * 20 * 35  # the form itself is untouched


def test_a_long_name_widens_the_form():
    form = Form(np.zeros((30, 100), np.uint8), Place(60, 8, 90, 22))
    settings = BARE.model_copy(update={"real": 1.0})
    placed = clutter(name(width=400), settings, np.random.default_rng(0), [form])
    assert placed.shape[1] > 200
    assert (placed[:, -2:] == 255).all()


def test_blank_paper_stays_as_it_is():
    blank = np.full((10, 20), 255, np.uint8)
    assert clutter(blank, ClutterSettings(), np.random.default_rng(0)) is blank


def test_the_same_seed_gives_the_same_picture():
    one, two = (clutter(name(), ClutterSettings(), np.random.default_rng(4)) for _ in range(2))
    assert (one == two).all()


def test_what_lies_beyond_the_paper_is_cut_off():
    paper = np.zeros((4, 5), np.uint8)
    lay(paper, np.full((3, 3), 9, np.uint8), -1, 3)
    lay(paper, np.full((3, 3), 9, np.uint8), 4, -2)
    lay(paper, np.full((3, 3), 9, np.uint8), 9, 9)
    lay(paper, np.full((3, 3), 9, np.uint8), -9, 0)
    assert np.argwhere(paper).tolist() == [[0, 4], [3, 0], [3, 1]]


def test_only_scans_with_something_left_are_forms():
    line = Place(0, 0, 5, 5)
    forms = real_forms([Hand("a", line, ()), Hand("b", line, (), np.ones((5, 5), np.uint8))])
    assert [form.ink.shape for form in forms] == [(5, 5)]


def test_a_share_above_one_is_refused():
    with pytest.raises(ConfigError, match="beside"):
        PrintSettings.parse({"beside": 2})
