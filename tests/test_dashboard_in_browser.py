"""The dashboard over the shipped results, in a real browser."""

from __future__ import annotations

import sys

import pytest

pytestmark = pytest.mark.browser

HEADINGS = {
    "": "How well it reads",
    "predictions": "Every reading",
    "misclassified": "What it gets wrong",
    "training": "How it learned",
}
SCROLLS = (  # to the side: the page itself, or the part of it that Streamlit scrolls
    "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
    ".some(part => part.scrollWidth > part.clientWidth)"
)


@pytest.fixture(scope="module")
def url(serve, free_port) -> str:
    port = free_port()
    options = [f"--server.port={port}", "--server.address=127.0.0.1"]
    return serve([sys.executable, "-m", "streamlit", "run", "dashboard.py", *options], port)


@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("page_name", list(HEADINGS))
def test_a_page_draws_quietly_and_fits(url, open_page, page_name, width):
    complaints: list[str] = []
    page = open_page(url, viewport={"width": width, "height": 844})
    page.on("console", lambda m: complaints.append(m.text) if complains(m) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{url}{page_name}")

    page.get_by_role("heading", name=HEADINGS[page_name]).wait_for(timeout=60_000)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()

    assert page.get_by_role("alert").count() == 0
    assert not page.evaluate(SCROLLS)
    assert complaints == []


def test_mistakes_show_their_pictures(url, open_page):
    page = open_page(f"{url}misclassified")
    picture = page.locator(".gallery img").first
    picture.wait_for(timeout=60_000)

    assert picture.evaluate("image => image.decode().then(() => image.naturalHeight)") == 48


def complains(message) -> bool:
    """An error, but for Streamlit's guess that the address of a page is one of a server."""
    return message.type == "error" and "/_stcore/" not in message.location["url"]
