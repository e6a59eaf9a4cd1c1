"""Shared fixtures: a tiny model, a real Chromium, and servers to point it at.

    def test_x(serve, free_port, open_page):
        url = serve([sys.executable, "app.py"], free_port())    # PORT and HOST are set for it
        page = open_page(url, viewport={"width": 390, "height": 844})

Mark such tests with `pytestmark = pytest.mark.browser`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import pytest
from hypothesis import settings

# A busy machine is no failure, and the same code is never red by luck; who looks for what nobody
# thought of runs pytest --hypothesis-profile=explore.
settings.register_profile("any machine", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("any machine")

# Whoever runs the tests may have a page in use: its database and password are none of theirs.
SETTINGS = "HOST PORT SPACE_ID GRADIO_TEMP_DIR HWR_CORRECTIONS HWR_CORRECTIONS_DAYS HWR_PASSWORD"
for setting in (*SETTINGS.split(), "HWR_RESULTS", "HWR_CHECKPOINT"):
    os.environ.pop(setting, None)

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = [  # no sandbox inside containers; nothing that asks the network by itself
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
LOCAL = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
OWN = {"127.0.0.1", "localhost", "::1", "0.0.0.0", "unix"}  # noqa: S104 - names of this machine
START_SECONDS = 120  # a cold start on a busy machine


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole checkpoint, small and never trained: it reads a lot in any picture but the name."""
    import torch

    from hwr_core import checkpoint
    from hwr_core.alphabet import FOLDED
    from hwr_core.model.crnn import CRNN, CRNNSettings
    from hwr_core.picture import PictureSpec
    from hwr_core.runtime.export import to_onnx

    settings = CRNNSettings(channels=(4, 8, 8), blocks=(1, 1, 1), hidden=8, layers=1, dropout=0)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        network = CRNN(settings, FOLDED.classes)
    with torch.no_grad():
        for weights in (*network.sequence.parameters(), *network.head.parameters()):
            weights *= 30  # else every frame would be the same class
    header = {
        "name": "tiny",
        "alphabet": FOLDED.characters,
        "picture": PictureSpec().model_dump(),
        "network": settings.model_dump(),
        "parameters": sum(w.numel() for w in network.parameters()),
        "accept": 0.5,
        "provenance": {},
    }
    state = {name: value.contiguous().numpy() for name, value in network.state_dict().items()}
    path = tmp_path_factory.mktemp("checkpoint") / "tiny.safetensors"
    seen = {checkpoint.fingerprint("ANNA")}
    onnx = to_onnx(network, PictureSpec().height)
    return checkpoint.write(path, state, onnx, seen, header).path


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """A function that names a TCP port nobody listens on."""

    def find() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    return find


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[list[str], int], str]]:
    """`serve(command, port)` starts a server in the project's root and returns its URL."""
    with ExitStack() as running:
        yield lambda command, port: running.enter_context(served(command, port))


@pytest.fixture(scope="session")
def page_url(
    serve: Callable[[list[str], int], str],
    free_port: Callable[[], int],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The URL of the page; ends by checking that its server turned to no other machine."""
    notes = tmp_path_factory.mktemp("watched") / "hosts.txt"
    yield serve([sys.executable, "-m", "tests.watched_app", str(notes)], free_port())
    hosts = set(notes.read_text("utf-8").split())
    assert hosts - OWN == set()
    assert hosts & OWN, "nothing was noted, not even that the page looked after itself"


# Not of the session: Playwright's event loop would run on under every later test.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium; without one the test is skipped, or fails if it is required."""
    executable = chromium_path()
    playwright = _import_playwright()
    if executable is None or playwright is None:
        reason = "no Chromium (apt install chromium) or no Playwright (pip install playwright)"
        (pytest.fail if os.environ.get("HWR_REQUIRE_CHROMIUM") == "1" else pytest.skip)(reason)
    with playwright() as engine:
        chromium = engine.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """`open_page(url, **context_options)`; ends by checking that no page asked outside."""
    outside: list[str] = []
    with ExitStack() as contexts:

        def visit(url: str, **options: Any) -> Any:
            context = browser.new_context(**{"viewport": {"width": 1200, "height": 800}, **options})
            contexts.callback(context.close)
            page = context.new_page()
            page.on("request", lambda request: outside.append(request.url))
            page.on("websocket", lambda websocket: outside.append(websocket.url))
            page.goto(url)
            return page

        yield visit
    assert [url for url in outside if not url.startswith(LOCAL)] == []


@pytest.fixture
def show(open_page: Callable[..., Any], page_url: str) -> Callable[..., Any]:
    """Opens the page at one of its tabs, on a desktop or with the options of another device."""

    def visit(tab: str | None = None, **options: Any) -> Any:
        page = open_page(page_url, **{"locale": "en-GB", **options})
        page.locator("#page [role=tab]").first.wait_for()
        if tab:
            page.get_by_role("tab", name=tab).click()
        return page

    return visit


def chromium_path() -> str | None:
    """Where Chromium is, or None."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def _import_playwright() -> Any:
    with suppress(ImportError):
        from playwright.sync_api import sync_playwright

        return sync_playwright
    return None


@contextmanager
def served(command: list[str], port: int) -> Iterator[str]:
    """The URL of a server that runs as long as the context, with a database of its own."""
    url = f"http://127.0.0.1:{port}/"
    own = {"HOST": "127.0.0.1", "PORT": str(port), "OMP_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as log:
        database = f"sqlite:///{folder}/corrections.sqlite"
        environment = {"HWR_CORRECTIONS": database, **os.environ, **own}
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_until_answers(url, process, log)
            yield url
        finally:
            process.terminate()
            process.wait(20)


def _wait_until_answers(url: str, process: subprocess.Popen[bytes], log: IO[str]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310 - http only
            return
        time.sleep(0.2)
    log.seek(0)
    pytest.fail(f"{process.args} did not answer at {url}:\n{log.read()[-4000:]}")
