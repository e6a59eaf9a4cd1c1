"""The page's wiring, with a recognizer that always answers the same."""

import inspect
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import app
from hwr_core.answer import Answered
from hwr_core.picture import prepare
from hwr_core.recognizer import Letter, Reading, Recognizer
from hwr_core.web.desk import Desk
from hwr_core.web.headers import HEADERS, SecureHeaders
from hwr_core.web.quick import without_stubs

ONE_STROKE = json.dumps({"width": 640, "height": 240, "strokes": [[[10, 10], [300, 200]]]})
EMMA = Reading("EMMA", "EMMA", 0.97, True, (), (Letter("E", 0.0, 8.0, 0.9),))


class Stub:
    """Reads everything that can be opened as EMMA."""

    def prepare(self, picture):
        return prepare(picture)

    def read(self, picture, top=5):
        self.prepare(picture)
        return EMMA

    def read_many(self, pictures, top=5):
        return [self.read(picture) for picture in pictures]


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    return app.build_app(Stub())


def test_programs_find_three_endpoints(page):
    public = {event.api_name for event in page.fns.values() if event.api_visibility == "public"}
    assert public == {"read_drawing", "read_picture", "read_batch"}


def test_the_endpoints_answer_in_versioned_json(page):
    read = {event.api_name: event.fn for event in page.fns.values()}
    answer = json.loads(json.dumps(read["read_drawing"](ONE_STROKE)))
    assert (answer["version"], answer["text"], answer["error"]) == (1, "EMMA", None)
    assert "Choose a picture" in read["read_picture"](None)["error"]
    assert "Choose a picture" in read["read_batch"](None)[0]["error"]


def test_the_endpoints_document_what_they_take_and_answer(page, tmp_path):
    endpoints = page.get_api_info()["named_endpoints"]
    taken = [kind["parameters"][0]["python_type"]["type"] for kind in endpoints.values()]
    assert taken == ["str", "filepath", "list[filepath]"]
    desk = Desk(Stub(), tmp_path)
    for answer in (desk.read_drawing(ONE_STROKE), desk.read_drawing(None)):
        assert set(answer) == set(Answered.__annotations__)
    for kind in endpoints.values():
        given = kind["returns"][0]["type"]
        assert set(given.get("items", given)["properties"]) == set(Answered.__annotations__)


def test_gradio_is_kept_from_fetching_what_a_caller_names(page):
    marked = {"path": "https://example.org/name.jpg", "meta": {"_type": "gradio.FileData"}}
    for function in page.fns.values():
        deep = [{"in": [marked]}]
        kept = page.preprocess_data(function, deep, None)
        with pytest.raises(StopIteration) as ended:  # had it to wait, it would have fetched
            kept.send(None)
        assert ended.value.value == [{"in": [{"path": marked["path"]}]}]


def test_the_page_calls_the_desk_by_name(page):
    html = next(block for block in page.blocks.values() if block.elem_id == "page")
    assert html.read_drawing(ONE_STROKE)["text"] == "EMMA"
    assert html.view_picture({"file": {"path": __file__}})["error"]
    assert html.view_batch({})["error"]


def test_every_sentence_of_the_page_is_in_the_french_table():
    web = Path(app.WEB)
    french = json.loads((web / "french.json").read_text("utf-8"))
    labels = [label for example in app.examples(web / "examples") for label in [example["kind"]]]
    assert set(labels) <= set(french)
    scripts = "".join(path.read_text("utf-8") for path in web.glob("*.*s"))
    html = (web / "page.html").read_text("utf-8")
    spoken = scripts + html + "".join(labels)
    server = "".join(path.read_text("utf-8") for path in web.parent.rglob("*.py"))
    assert not re.search(r"\d", "".join(french)), "numbers stand as # in the table"
    told = scripts + server.replace('"\n            "', "")
    joined = re.sub(r"\$?\{[^{}]*\}|\b\d+\b", "#", told)
    assert [key for key in french if key not in spoken and key not in joined] == []


def launched_with(monkeypatch, **variables):
    launched = {}

    class Page:
        def launch(self, **options):
            launched.update(options)

    for name in ("HOST", "PORT", "SPACE_ID", "HWR_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    app.launch(Page())
    return launched


def test_the_page_opens_to_others_only_on_a_space(monkeypatch):
    launched = launched_with(monkeypatch)
    assert (launched["server_name"], launched["server_port"]) == ("127.0.0.1", 7860)
    launched = launched_with(monkeypatch, SPACE_ID="someone/names")
    assert launched["server_name"] == "0.0.0.0"  # noqa: S104


@pytest.mark.parametrize("port", ["http", "", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(port, monkeypatch):
    with pytest.raises(SystemExit, match=f"PORT must be a number from 1 to 65535, not '{port}'"):
        launched_with(monkeypatch, PORT=port)


def test_a_port_that_is_taken_gives_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("HWR_CORRECTIONS", f"sqlite:///{tmp_path / 'corrections.sqlite'}")
    monkeypatch.setattr(app.signal, "signal", lambda *_: None)  # tests have their own
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        with pytest.raises(SystemExit, match="cannot listen there; set HOST and PORT"):
            app.main()


def test_the_page_reads_with_the_model_that_is_named(monkeypatch, tmp_path, tiny_checkpoint):
    monkeypatch.setenv("HWR_CORRECTIONS", f"sqlite:///{tmp_path / 'corrections.sqlite'}")
    monkeypatch.setattr(app.signal, "signal", lambda *_: None)  # tests have their own
    read_with = []
    monkeypatch.setattr(app, "build_app", lambda recognizer, _: read_with.append(recognizer))
    monkeypatch.setattr(app, "launch", lambda _: None)
    monkeypatch.setattr(app, "keep_clean", lambda _: None)
    monkeypatch.setenv("HWR_CHECKPOINT", str(tiny_checkpoint))
    app.main()
    assert read_with[0].header == Recognizer.load(tiny_checkpoint).header
    monkeypatch.setenv("HWR_CHECKPOINT", str(tmp_path / "nowhere.safetensors"))
    with pytest.raises(SystemExit, match=r"nowhere\.safetensors"):
        app.main()


def test_a_password_is_asked_for_only_if_one_is_set(monkeypatch):
    assert launched_with(monkeypatch)["auth"] is None
    enter = launched_with(monkeypatch, HWR_PASSWORD="sésame")["auth"]  # noqa: S106
    assert enter("anyone", "sésame")
    assert not enter("anyone", "sesame")


@pytest.mark.parametrize(
    ("host", "door"),
    [
        ("", "127.0.0.1"),
        ("10.0.0.7", "10.0.0.7"),
        ("::1", "::1"),
        ("x86_64-conda-linux", "127.0.0.1"),
    ],
)
def test_the_page_listens_at_an_address_and_at_no_name(host, door, monkeypatch):
    assert launched_with(monkeypatch, HOST=host)["server_name"] == door


@pytest.mark.parametrize("kind", ["http.response.start", "http.response.body"])
def test_every_answer_starts_with_the_security_headers(kind):
    sent = []

    async def inner(scope, receive, send):
        await send({"type": kind, "headers": [(b"x", b"y")]})

    async def keep(message):
        sent.append(dict(message["headers"]))

    with pytest.raises(StopIteration):  # no event loop is needed: nothing here waits
        SecureHeaders(inner)({}, None, keep).send(None)
    added = len(HEADERS) if kind.endswith("start") else 0
    assert len(sent[0]) == 1 + added


def test_every_example_is_read_rightly():
    written = {
        "drawn": ["King", "lake"],
        "notebook": ["Francis", "Bell"],
        "photograph": ["Reinstädt", "Hämmerer Straße"],
        "scan": ["PELLETIER", "CHARBONNEAUX"],
    }
    pictures = sorted((app.WEB / "examples").iterdir())
    readings = Recognizer.load(threads=1).read_many(pictures)
    read = [(path.stem[:-2], one.text) for path, one in zip(pictures, readings, strict=True)]
    assert read == [(kind, name) for kind, names in written.items() for name in names]


def test_gradio_is_imported_without_writing_stubs():
    with without_stubs(), pytest.raises(OSError, match=r"^$"):
        inspect.getfile(Stub)
    assert inspect.getfile(Stub) == __file__


def test_the_card_of_a_space_names_this_page_and_its_gradio():
    root = app.WEB.parent.parent
    card = yaml.safe_load((root / "space" / "README.md").read_text("utf-8").split("---")[1])
    assert (root / card["app_file"]).samefile(app.__file__)
    assert f"gradio=={card['sdk_version']}" in (root / "requirements.txt").read_text("utf-8")


def test_uploads_are_gone_within_the_hour():
    assert app.KEPT + app.PAUSE <= 3600  # how old a file may be, and seconds between two looks


def test_uploads_lie_in_a_folder_of_their_own_wherever_gradio_puts_files(tmp_path):
    script = "import app; print(app.get_upload_folder())"
    environment = {**os.environ, "GRADIO_TEMP_DIR": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()
    assert Path(told).parent == tmp_path
    assert Path(told).name.startswith("hwr-uploads-")


def test_old_uploads_are_looked_for_again_and_again(tmp_path, monkeypatch):
    class EnoughSeenError(Exception):
        pass

    pauses = []

    def sleep(seconds):
        assert not list(tmp_path.iterdir())
        pauses.append(seconds)
        if len(pauses) == 3:
            raise EnoughSeenError
        (tmp_path / "broken-off").touch()
        os.utime(tmp_path / "broken-off", (0, 0))

    monkeypatch.setattr(app.time, "sleep", sleep)
    with pytest.raises(EnoughSeenError):
        app.keep_clean(tmp_path)
    assert pauses == [app.PAUSE] * 3


def test_what_a_killed_page_left_behind_is_deleted_and_nothing_else(tmp_path):
    old, new = tmp_path / "a" / "old.png", tmp_path / "b" / "new.png"
    for path in (old, new):
        path.parent.mkdir()
        path.touch()
    os.utime(old, (0, 0))
    app.sweep(tmp_path)
    assert not old.exists()
    assert new.exists()


def test_the_styles_name_files_that_exist():
    assert all(Path(path).is_file() for path in app.APPEARANCE["css_paths"])
