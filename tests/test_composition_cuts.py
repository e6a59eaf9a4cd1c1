"""Letters cut out of drawn scans, kept in a file, and set anew."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from hwr_core.alphabet import FOLDED
from hwr_core.data.composition.blobs import Blobs
from hwr_core.data.composition.cuts import Cuts
from hwr_core.data.composition.cutting import Letter, Place, cut, ink_of
from hwr_core.data.composition.extract import Reader, extract
from hwr_core.data.composition.hands import Hand, load, save, split_of
from hwr_core.data.composition.writing import CannotWrite
from hwr_core.data.samples import DataError, LeftOut, Sample
from hwr_core.picture import PictureSpec

PITCH = 20  # pixels from letter to letter


def scan(text, top=14, height=44):
    """(h, w) ink of widely set print, a cut-off line below it, and the middles of its letters."""
    image = Image.new("L", (PITCH * (len(text) + 3), height))
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(18)
    for i, letter in enumerate(text):
        draw.text((PITCH * (i + 1), top), letter, fill=255, font=font, anchor="mt")
    draw.rectangle((5, height - 3, image.width, height), fill=255)
    return np.asarray(image), PITCH * (1.0 + np.arange(len(text)))


def hand(name, chars, tone=255):
    """A hand of filled boxes; what `look` sees differs by tone."""
    letters = tuple(
        Letter(char, np.full((10, 6), tone, np.uint8), 8 * i, 0) for i, char in enumerate(chars)
    )
    return Hand(name, Place(0, 2, 8 * len(chars), 12), letters)


def names_of(split, count):
    return [name for i in range(1000) if split_of(name := f"{i}.jpg") == split][:count]


def test_blobs_touch_at_corners_and_are_numbered_apart():
    ink = np.zeros((5, 7), np.uint8)
    ink[0, 0] = ink[1, 1] = ink[0, 2] = 255  # a V, one piece
    ink[3:, 5:] = 200
    blobs = Blobs.of(ink)
    assert sorted(blobs.boxes.tolist()) == [[0, 0, 3, 2], [5, 3, 7, 5]]


@pytest.mark.parametrize("seed", range(5))
def test_blobs_agree_with_a_flood_fill(seed):
    strokes = np.random.default_rng(seed).random((12, 15)) < 0.4
    number = Blobs.of(strokes.astype(np.uint8) * 255).number
    flood, seen = np.zeros_like(number), 0
    for start in zip(*np.nonzero(strokes), strict=True):
        if not flood[start]:
            seen += 1
            todo = [start]
            while todo:
                y, x = todo.pop()
                if 0 <= y < 12 and 0 <= x < 15 and strokes[y, x] and not flood[y, x]:
                    flood[y, x] = seen
                    todo += [(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    pairs = set(zip(number[strokes].tolist(), flood[strokes].tolist(), strict=True))
    assert len(pairs) == seen == number.max()


def test_a_scan_comes_apart_into_its_letters_and_its_form():
    ink, marks = scan("ALE")
    pieces = cut(ink, "ALE", marks)
    assert [letter.char for letter in pieces.letters] == list("ALE")
    together = np.zeros_like(ink)
    for letter in pieces.letters:
        h, w = letter.ink.shape
        top = pieces.line.top + letter.top
        together[top : top + h, letter.left : letter.left + w] += letter.ink
    assert (together + pieces.form == ink).all()  # no ink is lost, none is twice
    assert pieces.form[-3:].any()
    assert not pieces.form[:-3].any()


def test_letters_that_touch_are_cut_where_the_ink_is_least():
    ink, marks = scan("OO")
    bridged = ink.copy()
    bridged[20, int(marks[0]) : int(marks[1])] = np.maximum(255, ink[20, 0])
    pieces = cut(bridged, "OO", marks)
    assert len(pieces.letters) == 2


def test_a_printed_title_above_is_not_taken_for_the_name():
    ink, marks = scan("ALE", top=30, height=66)
    title, _ = scan("NOM", top=4, height=66)
    both = np.maximum(ink, np.where(np.arange(66)[:, None] < 25, title, 0))
    pieces = cut(both, "ALE", marks)
    assert pieces.line.top >= 28
    assert pieces.form[:25].any()


def test_a_name_cut_off_by_the_border_is_not_used():
    ink, marks = scan("ALE")
    assert cut(ink[20:], "ALE", marks) is None


def test_paper_and_ringing_are_no_ink():
    grey = np.full((4, 4), 0.9, np.float32)
    grey[0, 0], grey[1, 1] = 0.0, 0.86
    assert ink_of(grey)[0, 0] == 255
    assert ink_of(grey)[1:].sum() == 0


def test_hands_come_back_from_their_file(tmp_path):
    train, validation = names_of("train", 2), names_of("validation", 1)
    form = np.full((3, 4), 255, np.uint8)
    hands = [Hand(n, Place(1, 2, 3, 12), hand(n, "AB").letters, form) for n in train + validation]
    save(hands, tmp_path / "hands.arrow")
    loaded = load(tmp_path / "hands.arrow", "train")
    assert [h.name for h in loaded] == train
    assert loaded[0].line == hands[0].line
    assert (loaded[0].form == form).all()
    for kept, given in zip(loaded[0].letters, hands[0].letters, strict=True):
        assert (kept.char, kept.left, kept.top) == (given.char, given.left, given.top)
        assert (kept.ink == given.ink).all()


def test_no_picture_is_on_two_sides_and_about_a_tenth_is_held_out():
    sides = [split_of(f"TRAIN_{i:05}.jpg") for i in range(2000)]
    assert set(sides) == {"train", "validation"}
    assert 150 < sides.count("validation") < 250


def test_a_file_of_something_else_is_refused(tmp_path):
    path = tmp_path / "hands.arrow"
    with pytest.raises(DataError, match=r"hands\.arrow: no letters cut from scans"):
        load(path, "train")
    path.write_bytes(b"ARROW1 not at all")
    with pytest.raises(DataError, match=r"hands\.arrow: no letters cut from scans"):
        load(path, "train")


def test_one_hand_writes_what_it_can():
    writer = Cuts.of([hand("a", "LEA"), hand("b", "XYZ")])
    written = writer.write("léa", np.random.default_rng(0))
    assert (written.text, written.hand, written.folded) == ("LEA", "a", True)
    assert written.picture.dtype == np.uint8
    assert written.picture.min() == 0
    assert written.picture[0].min() == 255  # paper all around


def test_look_alikes_lend_what_is_missing():
    pale, dark, other = hand("pale", "A", 100), hand("dark", "B", 110), hand("black", "B", 255)
    writer = Cuts.of([pale, dark, other])
    anchored = [writer.write("AAB", np.random.default_rng(seed)) for seed in range(20)]
    assert {w.hand for w in anchored} <= {"pale", "dark", "black"}
    lent = [set(np.unique(w.picture).tolist()) for w in anchored if w.hand == "pale"]
    assert lent
    assert all(tones == {255, 155, 145} for tones in lent)  # the B is dark's, not black's


def test_every_character_stands_on_the_paper_once():
    writer = Cuts.of([hand("a", "AL-")])
    for text, letters in (("AL", 2), ("A-L A", 4), ("L'A", 3), ("AAAA", 4)):
        spread = writer.write(text, np.random.default_rng(1)).picture
        assert Blobs.of(255 - spread).number.max() == letters


def test_a_letter_no_scan_has_is_named():
    writer = Cuts.of([hand("a", "LEA")])
    with pytest.raises(CannotWrite, match="no scan lends \\['W'\\] for 'EWA'"):
        writer.write("EWA", np.random.default_rng(0))
    with pytest.raises(CannotWrite, match="no letters in ' '"):
        writer.write(" ", np.random.default_rng(0))


def test_the_same_seed_writes_the_same_picture():
    writer = Cuts.of([hand(str(i), "ABC", 100 + i) for i in range(20)])
    one, two = (writer.write("CAB", np.random.default_rng(3)).picture for _ in range(2))
    assert (one == two).all()


def lattice_of(text, strip):
    """A sure reading of `text`, each letter at the middle of its ink."""
    columns = np.flatnonzero((strip > 0.3).any(axis=0))
    runs = np.split(columns, np.flatnonzero(np.diff(columns) > 2) + 1)
    frames = np.full((strip.shape[1] // 4, FOLDED.classes), 0.001)
    frames[:, 0] = 0.9
    for run, number in zip(runs, FOLDED.encode(text), strict=True):
        frames[int(run.mean()) // 4] = 0.001
        frames[int(run.mean()) // 4, number] = 0.9
    return np.log(frames).astype(np.float32)


def test_scans_are_extracted_read_again_and_counted(tmp_path):
    ink, _ = scan("ALE")
    ink = np.where(np.arange(len(ink))[:, None] < 40, ink, 0).astype(np.uint8)
    samples = []
    for name, label, split in (("1.png", "ALE", "train"), ("2.png", "BOB", "train")):
        Image.fromarray(255 - ink).save(tmp_path / name)
        samples.append(Sample(name, tmp_path / name, label, split, "kaggle", folded=True))
    samples.append(Sample("3.png", tmp_path / "gone.png", "ALE", "validation", "kaggle"))
    calls = []

    def lattices(strips):
        calls.append(len(strips))
        text = "ELA" if len(calls) == 3 else "ALE"  # the third call reads from right to left
        return [lattice_of(text, strip) for strip in strips]

    reader = Reader(lattices, FOLDED, PictureSpec())
    left_out = extract(samples, reader, tmp_path / "out.arrow", LeftOut())
    assert calls == [2, 1, 1]
    assert left_out.splits["train"]["not surely read as labelled"]["files"] == ["2.png"]
    (found,) = load(tmp_path / "out.arrow", split_of("1.png"))
    assert "".join(letter.char for letter in found.letters) == "ALE"


def test_nothing_to_cut_is_an_error(tmp_path):
    reader = Reader(lambda strips: [], FOLDED, PictureSpec())
    with pytest.raises(DataError, match="no scan could be cut"):
        extract([], reader, tmp_path / "out.arrow", LeftOut())
    assert not (tmp_path / "out.arrow").exists()
