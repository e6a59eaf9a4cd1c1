"""The demo's wiring, with a recognizer that always answers the same."""

import json
from pathlib import Path

import numpy as np
import pytest
from gradio.exceptions import Error
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

import app
from hwr_core.pen import PenStyle, vary
from hwr_core.picture import PictureError, prepare
from hwr_core.recognizer import Alternative, Letter, Reading
from hwr_core.strokes import Drawing
from hwr_core.web.card import card, notice, percent

ONE_STROKE = json.dumps({"width": 640, "height": 240, "strokes": [[[10, 10], [300, 200]]]})
NO_CHANGE = dict.fromkeys(PenStyle.model_fields, 0)
SCRIPT = "<script>alert(1)</script>"
EMMA = Reading(
    text="EMMA",
    folded="EMMA",
    confidence=0.97,
    accepted=True,
    alternatives=(Alternative("EMMA", 0.97), Alternative("GEMMA", 0.02)),
    letters=tuple(Letter(char, 10.0 * i, 10.0 * i + 8, 0.9) for i, char in enumerate("EMMA")),
)


class Stub:
    """Reads every picture that can be opened as EMMA, and keeps the strips it has seen."""

    def __init__(self):
        self.strips = []

    def read(self, picture, top=5):
        self.strips.append(prepare(picture))
        return EMMA


@pytest.fixture(scope="module")
def functions():
    """The page's and the API's functions: {"on drawing", "on upload", and the endpoints' names}."""
    events = app.build_app(Stub()).fns.values()
    public = {event.api_name: event.fn for event in events if event.api_visibility == "public"}
    shown = [event.fn for event in events if event.api_visibility == "private"]
    return {**public, "on drawing": shown[0], "on upload": shown[1]}


@pytest.fixture
def upload(tmp_path, monkeypatch):
    """Puts bytes where Gradio puts uploads, and gives its record of them."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))

    def put(content: bytes, name="name.png"):
        (tmp_path / name).write_bytes(content)
        return {"path": str(tmp_path / name)}

    return put


@pytest.fixture
def png(tmp_path) -> bytes:
    path = tmp_path / "drawn.png"
    Image.new("L", (60, 30), 255).save(path)
    return path.read_bytes()


def test_a_drawing_is_shown_with_its_confidence(functions):
    page = functions["on drawing"](ONE_STROKE)
    assert ">EMMA</p>" in page
    assert "<b>97 %</b> sure" in page
    assert "GEMMA" in page
    assert page.count("<li title") == 4


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
def test_a_drawing_is_read_from_the_very_pixels_that_training_sees(strokes):
    trained_on = vary(Drawing.of(strokes), PenStyle.parse(NO_CHANGE), np.random.default_rng(1))
    lines = [stroke.tolist() for stroke in trained_on.strokes]
    payload = {"width": trained_on.width, "height": trained_on.height, "strokes": lines}
    reader = Stub()
    on_drawing = next(iter(app.build_app(reader).fns.values())).fn
    on_drawing(json.dumps(payload))
    np.testing.assert_array_equal(reader.strips[0].ink, prepare(trained_on).ink)


@pytest.mark.parametrize("value", [None, ""])
def test_an_empty_pad_gives_a_sentence(functions, value):
    assert "Draw a name first" in functions["on drawing"](value)


@pytest.mark.parametrize("value", ["{", "[]", 7, '{"strokes": [[[1, "<script>"]]]}'])
def test_a_bad_payload_gives_a_sentence(functions, value):
    page = functions["on drawing"](value)
    assert 'class="card notice"' in page
    assert "<script>" not in page


def test_an_upload_is_read(functions, upload, png):
    assert ">EMMA</p>" in functions["on upload"](upload(png))
    assert functions["predict_image"](upload(png))["text"] == "EMMA"


@pytest.mark.parametrize("content", [b"", b"not a picture", b"<svg onload='alert(1)'/>"])
def test_a_bad_file_gives_a_sentence_without_its_path(functions, upload, content):
    record = upload(content)
    page = functions["on upload"](record)
    assert 'class="card notice"' in page
    assert record["path"] not in page


@pytest.mark.parametrize("record", [None, {}, {"path": None}, {"path": __file__}, {"path": ".."}])
def test_only_files_in_the_upload_folder_are_opened(functions, upload, record):
    assert "Choose a picture" in functions["on upload"](record)


def test_the_api_answers_in_plain_json(functions):
    reading = functions["predict_drawing"](ONE_STROKE)
    assert json.loads(json.dumps(reading))["letters"][0]["char"] == "E"
    assert set(reading) == {
        "text",
        "folded",
        "confidence",
        "accepted",
        "alternatives",
        "letters",
        "remarks",
    }


@pytest.mark.parametrize("name", ["predict_drawing", "predict_image"])
def test_the_api_refuses_with_the_same_sentence(functions, name):
    with pytest.raises(Error, match="first") as caught:
        functions[name](None)
    assert isinstance(caught.value.__cause__, PictureError)


def test_an_unsure_reading_asks_to_check():
    reading = Reading("EMMA", "EMMA", 0.4, False, (), EMMA.letters)
    assert "not sure, please check" in card(reading, 5)
    assert "It could also be" not in card(reading, 5)


def test_blank_paper_is_said_to_be_blank():
    assert "No writing was found" in card(Reading("", "", 0.99, True, (), ()), 5)


def test_every_text_is_escaped():
    letters = (Letter("<", 0, 1, 0.5),)
    reading = Reading(SCRIPT, SCRIPT, 0.5, False, (Alternative(f"{SCRIPT}'\"", 0.1),), letters)
    for page in (card(reading, 5), notice(SCRIPT)):
        assert "<script" not in page
        assert "&lt;script&gt;" in page


def test_no_reading_claims_certainty():
    assert percent(1.0) == "99 %"
    assert percent(0.0) == "1 %"


def test_the_page_opens_to_others_only_on_a_space(monkeypatch):
    launched = {}

    class Page:
        def launch(self, **options):
            launched.update(options)

    for name in ("HOST", "PORT", "SPACE_ID"):
        monkeypatch.delenv(name, raising=False)
    app.launch(Page())
    assert (launched["server_name"], launched["server_port"]) == ("127.0.0.1", 7860)
    assert launched["max_file_size"] == "10mb"
    monkeypatch.setenv("SPACE_ID", "someone/names")
    app.launch(Page())
    assert launched["server_name"] == "0.0.0.0"  # noqa: S104


def test_the_styles_name_files_that_exist():
    assert all(Path(path).is_file() for path in app.APPEARANCE["css_paths"])
