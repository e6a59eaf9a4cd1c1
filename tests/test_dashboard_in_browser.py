"""The dashboard over the shipped results, in a real browser."""

from __future__ import annotations

import sys

import pytest

pytestmark = pytest.mark.browser

HEADINGS = {
    "Overview": "How well it reads",
    "Predictions": "Every reading",
    "Mistakes": "What it gets wrong",
    "Training": "How it learned",
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
@pytest.mark.parametrize("view", list(HEADINGS))
def test_a_view_draws_quietly_and_fits(url, open_page, view, width):
    complaints: list[str] = []
    page = open_page(url, viewport={"width": width, "height": 844})
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{url}?view={view}")

    page.get_by_role("heading", name=HEADINGS[view]).wait_for(timeout=60_000)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()

    assert page.get_by_role("alert").count() == 0
    assert not page.evaluate(SCROLLS)
    assert complaints == []


def test_mistakes_show_their_pictures(url, open_page):
    page = open_page(f"{url}?view=Mistakes")
    picture = page.locator(".gallery img").first
    picture.wait_for(timeout=60_000)

    assert picture.evaluate("image => image.decode().then(() => image.naturalHeight)") == 48
