"""What the web server lets in, without a server: requests, and what becomes of them."""

import asyncio

import pytest

from hwr_core.web import gate
from hwr_core.web.gate import Gate, only_with


def gated(arriving, read):
    """A gate before a page that notes how many bytes it is given."""

    async def page(scope, receive, send):
        for _ in range(arriving):
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            read.append(len(message["body"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})

    return Gate(page)


def asked(path="/", method="GET", chunks=(b"",), through=None, **headers):
    """The status of the answer, and how many bytes the page was given."""
    sent, read = [], []
    arriving = iter([{"type": "http.request", "body": body, "more_body": True} for body in chunks])

    async def receive():
        return next(arriving)

    async def send(message):
        sent.append(message.get("status"))

    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "path": path, "method": method, "headers": pairs}
    asyncio.run((through or gated(len(chunks), read))(scope, receive, send))
    return (sent or [None])[0], sum(read)


@pytest.mark.parametrize(
    "path",
    ["/", "/theme.css", "/assets/index.js", "/gradio_api/info", "/gradio_api/call/read_batch"],
)
def test_what_the_page_uses_comes_in(path):
    assert asked(path) == (200, 0)


@pytest.mark.parametrize(
    "path",
    [
        "process_recording",
        "file=https://example.org/a",
        "proxy=https://example.org",
        "custom_component/1/client/component/index.js",
        "run-history/connect",
        "runs",
        "deep_link",
        "vibe-code/",
    ],
)
def test_what_nobody_uses_is_not_there(path):
    assert asked(f"/gradio_api/{path}", "POST") == (404, 0)


def test_another_site_posts_nothing():
    assert asked("/gradio_api/component_server", "POST", sec_fetch_site="cross-site") == (403, 0)
    assert asked("/gradio_api/component_server", "POST", sec_fetch_site="same-origin") == (200, 0)
    assert asked("/", sec_fetch_site="cross-site") == (200, 0)  # a link to the page


def test_a_large_request_is_refused_by_its_head():
    path = "/gradio_api/component_server"
    assert asked(path, "POST", content_length=str(gate.MOST + 1)) == (413, 0)
    assert asked(path, "POST", content_length="many") == (413, 0)
    assert asked(gate.UPLOAD, "POST", content_length=str(gate.MOST + 1)) == (200, 0)
    assert asked(gate.UPLOAD, "POST", content_length=str(gate.MOST_UPLOADED + 1)) == (413, 0)


def test_one_that_does_not_say_how_large_it_is_ends_where_it_may_not_go_on():
    half = bytes(gate.MOST // 2)
    assert asked("/gradio_api/queue/join", "POST", [half, half]) == (200, gate.MOST)
    assert asked("/gradio_api/queue/join", "POST", [half, half, b"x"]) == (None, gate.MOST)


def test_uploads_without_end_are_refused_until_the_old_ones_are_gone(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(gate.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(gate, "ROOM", 100)
    one = gated(1, [])
    assert asked(gate.UPLOAD, "POST", [bytes(101)], one)[0] == 200
    assert asked(gate.UPLOAD, "POST", [bytes(1)], one)[0] == 503
    assert asked("/gradio_api/queue/join", "POST", [bytes(1)], one)[0] == 200
    now[0] += gate.KEPT + 1
    assert asked(gate.UPLOAD, "POST", [bytes(1)], one)[0] == 200


def test_what_is_no_request_passes():
    passed = []

    async def page(scope, receive, send):
        passed.append(scope["type"])

    asyncio.run(Gate(page)({"type": "lifespan"}, None, None))
    assert passed == ["lifespan"]


def test_a_password_cannot_be_guessed_quickly(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(gate.time, "monotonic", lambda: now[0])
    enter = only_with("sésame")
    assert not any(enter("anyone", f"guess {number}") for number in range(gate.GUESSES))
    assert not enter("anyone", "sésame")
    now[0] += 61
    assert enter("anyone", "sésame")
