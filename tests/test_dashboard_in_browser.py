"""The dashboard over the shipped results, in a real browser."""

from __future__ import annotations

import sys

import pytest

pytestmark = pytest.mark.browser

HEADINGS = {
    "": "How well it reads",
    "predictions": "Every reading",
    "misclassified": "What it gets wrong",
    "confusions": "Which letters it takes for which",
    "label_noise": "Labels that may be wrong",
    "trial": "Where it breaks",
    "slices": "Which kinds it reads badly",
    "calibration": "Whether its confidence can be trusted",
    "training": "How it learned",
    "compare": "Two runs side by side",
    "data": "What it learned from and is measured on",
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


def test_the_slider_sorts_readings_anew_and_its_place_can_be_linked_to(url, open_page):
    page = open_page(url)
    accepted = page.get_by_test_id("stMetric").filter(has_text="Accepted, right")
    accepted.wait_for(timeout=60_000)
    before = accepted.inner_text()

    page.get_by_role("slider").first.press("Home")  # its left end: everything is accepted
    page.get_by_text("Nobody needs to look at 100.0 % of the pictures").wait_for()

    assert accepted.inner_text() != before
    page.wait_for_url("**/?*threshold=0*")


def test_a_page_of_a_run_with_its_choices_can_be_linked_to(url, open_page):
    page = open_page(f"{url}slices?run=unipen-words&subject=Writer")

    page.get_by_text("of 3,793 pictures are read without an error").wait_for(timeout=60_000)
    writers = page.get_by_test_id("stPlotlyChart").get_by_text("not-")  # of that institution
    writers.first.wait_for()


def test_the_run_stays_chosen_on_the_next_page(url, open_page):
    page = open_page(f"{url}slices?run=test")
    page.get_by_text("of 65 pictures").wait_for(timeout=60_000)

    page.get_by_role("link", name="Calibration").click()

    page.get_by_text("65 readings").wait_for(timeout=60_000)


def complains(message) -> bool:
    """An error, but for Streamlit's guess that the address of a page is one of a server."""
    return message.type == "error" and "/_stcore/" not in message.location["url"]
