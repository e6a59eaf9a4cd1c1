"""What the page refuses: strangers, crowds, keeping uploads; and what it tells every visitor."""

import json
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import pytest

from hwr_core.web.desk import WAITING
from hwr_core.web.headers import HEADERS
from tests.calling import asked, page_component, uploaded

pytestmark = pytest.mark.slow

BEYOND = 6


@pytest.fixture(scope="module")
def gated(serve, free_port, tmp_path_factory):
    """The URL of a page that holds its readings back, its gate, and its folder of uploads."""
    folder = tmp_path_factory.mktemp("gated")
    gate, uploads = folder / "gate", folder / "uploads"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(uploads))
        url = serve([sys.executable, "-m", "tests.gated_app", str(gate)], free_port())
    return url, gate, uploads


def test_a_crowd_is_served_and_who_comes_on_top_is_asked_to_wait(gated):
    url, gate, _ = gated
    component = page_component(url)
    with ThreadPoolExecutor(WAITING + BEYOND) as people:
        waiting = [people.submit(asked, url, component) for _ in range(WAITING + BEYOND)]
        try:
            first = [
                answer.result()
                for _, answer in zip(range(BEYOND), as_completed(waiting), strict=False)
            ]
        finally:
            gate.touch()
        rest = [answer.result() for answer in waiting if answer.result() not in first]
    assert all("Many people are writing" in answer["error"] for answer in first)
    assert [answer["text"] for answer in rest] == ["EMMA"] * WAITING


def test_an_upload_is_read_and_then_gone_without_a_copy(gated):
    url, gate, uploads = gated
    gate.touch()
    path = Path(uploaded(url, b"a picture"))
    assert path.is_relative_to(uploads)
    assert path.read_bytes() == b"a picture"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and path.exists():
        time.sleep(0.1)
    assert [file for file in uploads.rglob("*") if file.is_file()] == []


@pytest.mark.parametrize("place", ["", "config", "gradio_api/info", "no-such-page", "theme.css"])
def test_every_answer_has_the_security_headers(gated, place):
    url, *_ = gated
    try:
        with urllib.request.urlopen(url + place, timeout=30) as answer:  # noqa: S310 - http only
            headers = dict(answer.headers)
    except urllib.error.HTTPError as error:  # they are on refusals, too
        headers = dict(error.headers)
    assert {name: headers.get(name) for name in HEADERS} == HEADERS


@pytest.fixture(scope="module")
def locked(serve, free_port):
    """The URL of a page with a password."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HWR_PASSWORD", "sésame")
        return serve([sys.executable, "app.py"], free_port())


def enter(page, password):
    page.get_by_label("username").fill("anyone")
    page.get_by_label("password").fill(password)
    page.get_by_role("button", name="Login").click()


@pytest.mark.browser
def test_a_wrong_password_keeps_the_page_shut_and_the_right_one_opens_it(locked, open_page):
    page = open_page(locked, locale="en-GB")
    enter(page, "sesame")
    page.get_by_text("Incorrect").wait_for()
    assert page.locator("#page canvas").count() == 0
    enter(page, "sésame")
    page.locator("#page canvas").wait_for()


def test_programs_are_refused_without_the_password(locked):
    call = json.dumps({"data": ["{}"]}).encode()
    request = urllib.request.Request(  # noqa: S310 - http only
        f"{locked}gradio_api/call/read_drawing", call, {"Content-Type": "application/json"}
    )
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request, timeout=30)  # noqa: S310
