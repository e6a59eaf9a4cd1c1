"""The one door: readings that depend on their own picture alone, letters that lie on their ink."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from hwr_core import PictureError, Recognizer
from hwr_core.alphabet import FOLDED
from hwr_core.checkpoint import UNTUNED, CheckpointError
from hwr_core.decoding.fusion import DecodingSettings
from hwr_core.decoding.posterior import Calibration
from hwr_core.recognizer import Options
from hwr_core.variants import resized

NAMES = ("ANNA", "BARTHELEMY", "CLOE", "DE LA TOUR", "IO", "MARIE-ANTOINETTE")


def written(name, margin=20):
    """A picture of a name, dark on light."""
    font = ImageFont.load_default(40)
    width = round(font.getlength(name)) + 2 * margin
    picture = Image.new("L", (width, 60 + 2 * margin), 240)
    ImageDraw.Draw(picture).text((margin, margin), name, 30, font)
    return picture


class Reads:
    """Stands in for a network: it sees one text in every strip, in frames given by number."""

    def __init__(self, text, frames):
        self.marks = dict(zip(frames, FOLDED.encode(text), strict=True))

    def lattices(self, strips):
        return [self.lattice(strip.shape[1] // 4) for strip in strips]

    def lattice(self, length):
        shares = np.full((length, FOLDED.classes), 1e-5, np.float32)
        for frame in range(length):
            shares[frame, self.marks.get(frame, 0)] = 1
        return np.log(shares / shares.sum(1, keepdims=True))


@pytest.fixture
def recognizer(tiny_checkpoint):
    return Recognizer.load(tiny_checkpoint, threads=1)


def reading_of(recognizer, text, frames, picture=None):
    recognizer._network = Reads(text, frames)
    return recognizer.read(picture or written("ANNA"))


def test_a_reading_does_not_depend_on_its_batch(recognizer):
    pictures = [written(name) for name in NAMES]
    together = recognizer.read_many([*pictures, *reversed(pictures), *pictures * 10])
    alone = [recognizer.read(picture) for picture in pictures]
    assert len({reading.text for reading in alone}) == len(NAMES)
    for reading, other in zip([*alone, *reversed(alone), *alone * 10], together, strict=True):
        assert reading.text == other.text
        assert reading.confidence == pytest.approx(other.confidence, rel=1e-3)
        assert reading.letters == other.letters


def test_a_bad_picture_leaves_its_error_among_the_readings(recognizer):
    good = written("ANNA")
    first, error, last = recognizer.read_many([good, b"no picture", good])
    assert first == last
    assert isinstance(error, PictureError)


def test_no_pictures_give_no_readings(recognizer):
    assert recognizer.read_many([]) == []


def test_a_reading_has_shares_and_no_alternative_twice(recognizer):
    for name in NAMES:
        reading = recognizer.read(written(name), top=3)
        shares = [reading.confidence, *(o.confidence for o in reading.alternatives)]
        assert all(0 <= share <= 1 for share in shares)
        texts = [reading.text, *(o.text for o in reading.alternatives)]
        assert len(set(texts)) == len(texts) <= 4
        confidences = [other.confidence for other in reading.alternatives]
        assert confidences == sorted(confidences, reverse=True)
    assert recognizer.read(written("ANNA"), top=0).alternatives == ()


def test_letters_lie_inside_the_picture_in_order(recognizer):
    for name in NAMES:
        picture = written(name)
        reading = recognizer.read(picture)
        assert "".join(letter.char for letter in reading.letters) == reading.text
        ends = [0.0, *(x for letter in reading.letters for x in (letter.start, letter.end))]
        assert ends == sorted(ends)
        assert ends[-1] <= picture.width
        assert all(0 <= letter.confidence <= 1 for letter in reading.letters)


@pytest.mark.parametrize("margin", [0, 5, 200])
def test_letters_lie_on_their_ink(recognizer, margin):
    picture = written("IO", margin)
    ink = np.flatnonzero((np.asarray(picture) < 128).any(0))
    strip = recognizer.prepare(picture)
    end = int(np.flatnonzero(strip.ink.any(0))[-1])  # of the ink, in strip pixels
    reading = reading_of(recognizer, "IO", [1, end // 4], picture)
    first, last = reading.letters
    assert 0 <= first.start <= ink[0] + 3
    assert first.end == last.start
    assert ink[-1] - 3 <= last.end <= picture.width


def test_neighbours_meet_between_their_marks(recognizer):
    picture = written("ANNA")
    letters = reading_of(recognizer, "ABA", [2, 10, 20], picture).letters
    strip = recognizer.prepare(picture)
    assert letters[0].end == letters[1].start == pytest.approx(strip.picture_x(4 * 6.5))
    assert letters[1].end == letters[2].start == pytest.approx(strip.picture_x(4 * 15.5))


def test_blank_paper_gives_an_empty_text_that_is_never_accepted(recognizer):
    reading = reading_of(recognizer, "", [], Image.new("L", (300, 80), 255))
    assert (reading.text, reading.folded, reading.letters) == ("", "", ())
    assert reading.confidence > 0.9
    assert not reading.accepted


def test_a_name_is_accepted_from_the_threshold_of_its_model(recognizer):
    assert reading_of(recognizer, "AB", [2, 8]).accepted
    recognizer.header = recognizer.header.model_copy(update={"accept": 1.0})
    assert not reading_of(recognizer, "AB", [2, 8]).accepted


def test_a_caller_may_name_the_errors_that_are_accepted(recognizer):
    thresholds = ((0.01, 1.0), (0.05, 0.9), (0.1, 0.5))
    recognizer.header = recognizer.header.model_copy(
        update={"accept": 1.0, "thresholds": thresholds}
    )
    recognizer._network = Reads("AB", [2, 8])
    rough = np.full((80, 200), 255, np.uint8)
    rough[20:50, 30:34], rough[24:61, 120:124] = 0, 0

    def accepted(**options):
        return recognizer.read(rough, options=Options(**options)).accepted

    assert 0.9 < recognizer.read(rough).confidence < 1
    assert not accepted()
    assert accepted(errors=0.05)
    assert accepted(errors=0.07)
    assert not accepted(errors=0.01)
    assert accepted(errors=0.01, accept=0.5)
    with pytest.raises(CheckpointError, match=r"errors of 0\.1% cannot be had.* 1\.0% at best"):
        accepted(errors=0.001)


def test_smaller_and_larger_copies_are_read_beside_the_picture(recognizer):
    picture = written("ANNA")
    plain = recognizer.read(picture)
    varied = recognizer.read(picture, options=Options(variants=True))
    assert varied.confidence != plain.confidence
    assert "".join(letter.char for letter in varied.letters) == varied.text


def test_a_copy_of_another_size_is_as_high_and_keeps_its_place():
    ink = np.zeros((48, 320), np.float32)
    ink[19:29, 150:170] = 1
    copy = resized(ink, 1.1, 32)
    assert copy.shape == (48, 352)
    rows, columns = np.flatnonzero(copy.any(1)), np.flatnonzero(copy.any(0))
    assert rows.mean() == pytest.approx(23.5, abs=0.5)
    assert columns.mean() == pytest.approx(1.1 * 159.5, abs=1)
    assert copy.sum() == pytest.approx(1.1**2 * ink.sum(), rel=0.03)
    assert resized(ink, 0.9, 32).shape == (48, 288)


def test_a_model_that_was_never_tuned_promises_no_errors(recognizer):
    with pytest.raises(CheckpointError, match="no table of errors; make one with"):
        recognizer.read(written("ANNA"), options=Options(errors=0.02))


def test_without_what_tuning_chose_nothing_of_it_is_left():
    """Its calibration and threshold are of readings that know names."""
    tuned, plain = Recognizer.load().header, Recognizer.load(tuned=False).header
    assert plain.decoding == DecodingSettings()
    assert plain.calibration == Calibration() != tuned.calibration
    assert (plain.accept, plain.thresholds) == (UNTUNED, ())
    assert plain.weights_digest == tuned.weights_digest


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(CheckpointError, match=r"none\.safetensors"):
        Recognizer.load(tmp_path / "none.safetensors")
