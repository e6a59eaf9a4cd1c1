"""The desk behind the page: strokes and uploads in, plain JSON out, a sentence for all else."""

import base64
import io
import json
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from hwr_core import bundle
from hwr_core.feedback.archive import Archive
from hwr_core.pen import PenStyle, vary
from hwr_core.picture import PictureError, prepare
from hwr_core.recognizer import Reading
from hwr_core.strokes import Drawing
from hwr_core.web import desk
from hwr_core.web.desk import Desk

ONE_STROKE = json.dumps({"width": 640, "height": 240, "strokes": [[[10, 10], [300, 200]]]})
NO_CHANGE = dict.fromkeys(PenStyle.model_fields, 0)
KEYS = {"version", "file", "text", "folded", "confidence", "accepted", "alternatives", "letters"}


class Stub:
    """Reads everything that can be opened as its width and height, and keeps the strips."""

    def __init__(self):
        self.strips = []
        self._sizes = []

    def prepare(self, picture):
        self.strips.append(prepare(picture))
        self._sizes.append(getattr(picture, "size", ("any", "size")))
        return self.strips[-1]

    def read(self, picture, top=5):
        return self.read_strips([self.prepare(picture)])[0]

    def read_strips(self, strips, top=5):
        kept = [next(n for n, each in enumerate(self.strips) if each is strip) for strip in strips]
        sizes = [self._sizes[number] for number in kept]
        return [Reading(f"{w} x {h}", "", 0.9, True, (), ()) for w, h in sizes]

    def read_many(self, pictures, top=5):
        return [self._outcome(picture) for picture in pictures]

    def _outcome(self, picture):
        try:
            return self.read(picture)
        except PictureError as error:
            return error


@pytest.fixture
def reader():
    return Stub()


@pytest.fixture
def counter(reader, tmp_path):
    """The desk, and a function that uploads bytes to it."""
    return Desk(reader, tmp_path)


@pytest.fixture
def upload(tmp_path):
    def put(content: bytes, name="name.png"):
        (tmp_path / name).write_bytes(content)
        return {"path": str(tmp_path / name), "url": "of no matter"}

    return put


def picture(form="PNG", size=(60, 30), **options):
    file = io.BytesIO()
    Image.new("RGB", size, "white").save(file, form, **options)
    return file.getvalue()


def zipped(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


@settings(max_examples=20)
@given(
    st.lists(
        hnp.arrays(
            np.int32, st.tuples(st.integers(1, 40), st.just(2)), elements=st.integers(0, 256)
        ),
        min_size=1,
        max_size=8,
    )
)
def test_a_drawing_is_read_from_the_very_strip_that_training_sees(strokes):
    trained_on = vary(Drawing.of(strokes), PenStyle.parse(NO_CHANGE), np.random.default_rng(1))
    lines = [stroke.tolist() for stroke in trained_on.strokes]
    payload = {"width": trained_on.width, "height": trained_on.height, "strokes": lines}
    reader = Stub()
    Desk(reader, desk.Path()).read_drawing(json.dumps(payload))
    np.testing.assert_array_equal(reader.strips[0].ink, prepare(trained_on).ink)


@pytest.mark.parametrize("value", [None, "", "{", "[]", 7, '{"strokes": [[[1, "<b>"]]]}'])
def test_what_is_no_drawing_gives_a_sentence(counter, value):
    answer = counter.read_drawing(value)
    assert answer["error"].endswith(".")
    assert answer["text"] is None


def test_an_answer_has_the_keys_of_the_command_line_and_a_version(counter):
    answer = counter.read_drawing(ONE_STROKE)
    assert set(answer) == {*KEYS, "remarks", "error"}
    assert set(counter.read_drawing(None)) == set(answer)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"<svg onload='alert(1)'/>"])
def test_a_bad_file_gives_a_sentence_without_its_path(counter, upload, tmp_path, content):
    answer = counter.read_picture(upload(content))
    assert answer["error"].endswith(".")
    assert str(tmp_path) not in answer["error"]


NO_PATHS = [
    {"path": None},
    {"path": __file__},
    {"path": ".."},
    {"path": "\0"},
    {"path": 5000 * "x"},
]


@pytest.mark.parametrize("record", [None, {}, *NO_PATHS])
def test_only_files_in_the_upload_folder_are_opened(counter, record):
    assert "Choose a picture" in counter.read_picture(record)["error"]
    assert counter.view_picture({"file": record})["error"]
    assert counter.view_batch({"file": record, "name": "x"})["error"]
    assert counter.read_batch([record])[0]["error"]


@pytest.mark.parametrize("form", ["PDF", "HEIF", "TIFF", "PNG"])
def test_a_picture_of_any_kind_is_shown_beside_its_strip(counter, upload, form):
    answer = counter.view_picture({"file": upload(picture(form))})
    assert answer["error"] is None
    shown = base64.b64decode(answer["view"]["picture"].partition(",")[2])
    assert Image.open(io.BytesIO(shown)).size[0] >= 60
    assert answer["view"]["strip"].startswith("data:image/png;base64,")
    assert answer["view"]["pages"] == 1


@pytest.mark.parametrize("form", ["PDF", "TIFF"])
def test_of_several_pages_the_view_says_how_many_there_are(counter, upload, monkeypatch, form):
    monkeypatch.setattr(bundle, "MAX_MEMBERS", 1)  # a limit of batches, not of the first page
    pages, file = [Image.new("RGB", (60, 30), "white")] * 3, io.BytesIO()
    pages[0].save(file, form, save_all=True, append_images=pages[1:])
    answer = counter.view_picture({"file": upload(file.getvalue())})
    assert (answer["error"], answer["view"]["pages"]) == (None, 3)


def test_a_picture_is_turned_and_then_cut(counter, upload):
    file = upload(picture(size=(60, 30)))
    assert counter.view_picture({"file": file, "turn": 90})["text"] == "30 x 60"
    half = {"file": file, "turn": 90, "box": [0, 0, 0.5, 1]}
    assert counter.view_picture(half)["text"] == "15 x 60"
    beyond = {"file": file, "box": [0.5, -1e308, 1e308, 1]}
    assert counter.view_picture(beyond)["text"] == "30 x 30"


def test_a_part_of_a_large_picture_is_cut_out_before_it_is_reduced(counter, upload):
    file = upload(picture(size=(4200, 1200)))
    assert counter.view_picture({"file": file, "box": [0, 0, 0.5, 1]})["text"] == "2100 x 1200"


@pytest.mark.parametrize("change", [{"turn": 45}, {"box": [0, 0, 0, 1]}, {"box": [5, -1, 9, 9]}])
def test_an_impossible_part_gives_a_sentence(counter, upload, change):
    assert counter.view_picture({"file": upload(picture()), **change})["error"].endswith(".")


def test_a_zip_is_read_in_portions_with_small_pictures(counter, upload):
    names = [f"{number:02}.png" for number in range(desk.PORTION + 2)]
    file = upload(zipped(**dict.fromkeys(names, picture())), "many.zip")
    first = counter.view_batch({"file": file, "name": "many.zip"})
    rest = counter.view_batch({"file": file, "name": "many.zip", "start": desk.PORTION})
    assert first["total"] == len(names)
    assert [answer["file"] for answer in first["answers"] + rest["answers"]] == names
    assert all(answer["thumbnail"].startswith("data:") for answer in first["answers"])
    assert [answer["file"] for answer in counter.read_batch([file])] == names


def test_a_request_reads_so_many_pictures_and_says_what_it_left(counter, upload, monkeypatch):
    monkeypatch.setattr(desk, "MAX_MEMBERS", 2)
    answers = counter.read_batch([upload(picture())] * 5)
    assert [answer["error"] for answer in answers] == [
        None,
        None,
        "3 more files were not read; send less at once.",
    ]


def test_one_bad_member_does_not_stop_the_others(counter, upload):
    file = upload(zipped(**{"a.png": picture(), "b.txt": b"words", "c.png": picture()}), "m.zip")
    answers = counter.view_batch({"file": file, "name": "m.zip"})["answers"]
    assert [answer["error"] is None for answer in answers] == [True, False, True]


def test_whoever_comes_when_the_desk_is_full_is_asked_to_wait(reader, tmp_path, monkeypatch):
    monkeypatch.setattr(desk, "WAITING", 1)
    full = Desk(reader, tmp_path)
    inner = []
    reader.read = lambda *_: (
        inner.append(full.read_drawing(ONE_STROKE)) or Stub().read(Image.new("L", (9, 9)))
    )
    assert full.read_drawing(ONE_STROKE)["error"] is None
    assert "Many people" in inner[0]["error"]
    assert full.read_drawing(ONE_STROKE)["error"] is None


@pytest.fixture
def archive(tmp_path):
    opened = Archive.open(f"sqlite:///{tmp_path / 'corrections.sqlite'}")
    yield opened
    opened.close()


def test_without_consent_nothing_is_kept(reader, tmp_path, archive):
    counter = Desk(reader, tmp_path, archive)
    for refused in ({}, {"consent": False}):
        answer = counter.correct({"text": "Anna", "drawing": ONE_STROKE, **refused})
        assert "Nothing was kept" in answer["error"]
    assert archive.outline() == []


def test_with_consent_the_strokes_are_kept(reader, tmp_path, archive):
    counter = Desk(reader, tmp_path, archive)
    agreed = {"text": "Anna", "drawing": ONE_STROKE, "consent": True}
    assert counter.correct(agreed) == {"error": None}
    (kept,) = archive.some([archive.outline()[0].digest])
    assert (kept.kind, kept.text) == ("strokes", "Anna")
    assert json.loads(kept.content) == json.loads(ONE_STROKE)
    assert "Type the name" in counter.correct({**agreed, "text": "7"})["error"]


def test_of_a_drawing_nothing_is_kept_but_its_strokes(reader, tmp_path, archive):
    counter = Desk(reader, tmp_path, archive)
    stuffed = json.dumps({**json.loads(ONE_STROKE), "more": "x" * 1000}, indent=200)
    for drawing in (ONE_STROKE, stuffed):
        counter.correct({"text": "Anna", "drawing": drawing, "consent": True})
    (kept,) = archive.outline()  # the same strokes are the same writing
    (correction,) = archive.some([kept.digest])
    assert len(correction.content) <= len(ONE_STROKE)


def test_a_large_photograph_is_kept_upright_and_as_small_as_it_is_read(
    reader, tmp_path, archive, upload
):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    look = {"file": upload(picture("JPEG", size=(5000, 2000), exif=exif))}
    answer = Desk(reader, tmp_path, archive).correct({"text": "A", "look": look, "consent": True})
    assert answer == {"error": None}
    (kept,) = archive.some([archive.outline()[0].digest])
    assert Image.open(io.BytesIO(kept.content)).size == (1000, 2500)
    assert archive.outline()[0].read == "1000 x 2500"


def test_of_a_picture_only_the_chosen_part_is_kept(reader, tmp_path, archive, upload):
    counter = Desk(reader, tmp_path, archive)
    look = {"file": upload(picture(size=(60, 30))), "box": [0, 0, 0.5, 1]}
    assert counter.correct({"text": "Anna", "look": look, "consent": True}) == {"error": None}
    (kept,) = archive.some([archive.outline()[0].digest])
    assert Image.open(io.BytesIO(kept.content)).size == (30, 30)
