"""What programs call: the README's examples as they stand there, and the endpoints' answers."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from gradio_client import Client, handle_file

from tests.calling import DRAWING, events, fetched, uploaded

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "results" / "handwritten-names" / "test_v2" / "test" / "TEST_0001.jpg"
README = (ROOT / "README.md").read_text("utf-8")
WRITTEN = "KEVIN"


def example(language: str, word: str) -> str:
    """The README's code block that has the word in it."""
    blocks = [block.partition("\n") for block in README.split("```")[1::2]]
    (code,) = [code for kind, _, code in blocks if kind == language and word in code]
    return code


@pytest.fixture
def run(page_url, tmp_path):
    """Runs an example in a folder with a picture of a name, and returns what it prints."""
    shutil.copyfile(PICTURE, tmp_path / "name.jpg")

    def execute(*command: str, code: str) -> str:
        code = code.replace("http://127.0.0.1:7860", page_url.rstrip("/"))
        ran = subprocess.run(
            [*command, code], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return execute


def test_the_python_example_prints_the_name(run):
    assert run(sys.executable, "-c", code=example("python", "gradio_client")).endswith("KEVIN\n")


def test_the_curl_example_prints_the_name(run):
    if not shutil.which("curl"):
        required = os.environ.get("HWR_REQUIRE_CHROMIUM") == "1"
        (pytest.fail if required else pytest.skip)("no curl (apt install curl)")
    printed = run("bash", "-c", code=example("", "curl -s"))
    assert "event: complete" in printed
    (answer,) = json.loads(printed.partition("data: ")[2])
    assert (answer["version"], answer["error"]) == (1, None)
    assert answer["text"] == "EVA"


def test_the_calls_of_the_javascript_example_are_answered(page_url):
    """What @gradio/client 2.7 does in it: it uploads, joins the queue and listens."""
    assert 'client.predict("/read_picture", [handle_file("name.jpg")])' in README
    path = uploaded(page_url, PICTURE.read_bytes())
    functions = fetched(f"{page_url}config")["dependencies"]
    number = next(each["id"] for each in functions if each["api_name"] == "read_picture")
    file = {"path": path, "orig_name": "name.jpg", "meta": {"_type": "gradio.FileData"}}
    call = {"data": [file], "fn_index": number, "session_hash": "js", "trigger_id": None}
    fetched(f"{page_url}gradio_api/queue/join", json.dumps(call).encode())
    messages = events(f"{page_url}gradio_api/queue/data?session_hash=js")
    done = next(message for message in messages if message["msg"] == "process_completed")
    assert done["output"]["data"][0]["text"] == WRITTEN


def test_pictures_are_answered_alone_and_together(page_url):
    client = Client(page_url, verbose=False)
    assert client.predict(DRAWING, api_name="/read_drawing")["version"] == 1
    answer = client.predict(handle_file(PICTURE), api_name="/read_picture")
    assert answer["text"] == WRITTEN
    assert [letter["char"] for letter in answer["letters"]] == list(WRITTEN)
    many = client.predict([handle_file(PICTURE)] * 2, api_name="/read_batch")
    assert [one["text"] for one in many] == [WRITTEN] * 2


def test_an_address_in_place_of_a_picture_is_refused_with_a_sentence(page_url):
    client = Client(page_url, verbose=False)
    for path in ("https://example.org/name.jpg", str(PICTURE)):
        file = {"path": path, "meta": {"_type": "gradio.FileData"}}
        call = json.dumps({"data": [file]}).encode()
        begun = fetched(f"{page_url}gradio_api/call/read_picture", call)
        (answer,) = next(events(f"{page_url}gradio_api/call/read_picture/{begun['event_id']}"))
        assert "Choose a picture" in answer["error"]
    assert client.predict('{"path": "/etc/passwd"}', api_name="/read_drawing")["error"]
