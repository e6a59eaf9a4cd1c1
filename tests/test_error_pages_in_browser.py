"""What is clicked on the pages about single errors, over the shipped results, in a real browser."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from hwr_core.data.relabel import corrections

pytestmark = pytest.mark.browser

TABLE = "[data-testid=stDataFrame]"
HEADER, ROW = 36, 48  # pixels
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"


@pytest.fixture(scope="module")
def url(serve, free_port) -> str:
    port = free_port()
    options = [f"--server.port={port}", "--server.address=127.0.0.1"]
    return serve([sys.executable, "-m", "streamlit", "run", "dashboard.py", *options], port)


@pytest.fixture
def open_at(url, open_page):
    """A page of the dashboard once it stands still."""

    def visit(address: str, heading: str):
        page = open_page(f"{url}{address}")
        page.get_by_role("heading", name=heading).wait_for(timeout=60_000)
        page.locator(SETTLED).wait_for()
        return page

    return visit


def tick(page, number: int) -> None:
    """Select a row of the first table by its box."""
    table = page.locator(TABLE).first
    table.locator("canvas").first.wait_for()
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # the table settles its columns after it was drawn
    box = table.bounding_box()
    page.mouse.click(box["x"] + 18, box["y"] + HEADER + (number + 0.5) * ROW)


def test_a_row_is_selected_and_its_picture_is_shown_with_its_frames(open_at):
    page = open_at("predictions?run=validation&q=VALIDATION_0002", "Every reading")
    tick(page, 0)

    page.get_by_role("heading", name="LAUMIONIER · VALIDATION_0002.jpg").wait_for()
    page.locator(".js-plotly-plot .hm image").wait_for(state="attached")
    assert page.locator(".js-plotly-plot image").count() == 2  # the heat map, and the picture
    letters = page.locator(".js-plotly-plot .annotation-text").all_text_contents()
    assert "".join(letters) == "LAUMONIER"


def test_the_filtered_rows_are_downloaded(open_at):
    page = open_at("predictions?run=validation&q=LAUMIONIER", "Every reading")
    page.get_by_text("1 of 497 pictures").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download these rows as CSV").click()

    assert download.value.suggested_filename == "validation.csv"
    with Path(download.value.path()).open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["file"], row["label"]) for row in rows] == [("VALIDATION_0002.jpg", "LAUMIONIER")]


def test_a_cell_that_is_clicked_shows_its_pictures(open_at):
    page = open_at("confusions?run=validation", "Which letters")
    page.get_by_text("Click a cell").wait_for()
    plot = page.locator(".js-plotly-plot .nsewdrag").first
    plot.scroll_into_view_if_needed()
    page.wait_for_timeout(700)
    spot = page.evaluate(SPOT)
    page.mouse.click(*spot)

    page.get_by_role("heading", name="read as").wait_for()
    page.locator(".gallery figure").first.wait_for()


# The middle of the first point of the scatter, from the axes that the chart keeps.
SPOT = """(() => {
  const chart = document.querySelector('.js-plotly-plot'), layout = chart._fullLayout;
  const points = chart._fullData.find(trace => trace.type === 'scatter');
  const box = chart.getBoundingClientRect(), {xaxis, yaxis} = layout;
  return [box.left + xaxis._offset + xaxis.c2p(xaxis.d2c(points.x[0])),
          box.top + yaxis._offset + yaxis.c2p(yaxis.d2c(points.y[0]))];
})()"""


def test_the_arrow_keys_turn_the_gallery(open_at):
    page = open_at("misclassified?run=copiste", "What it gets wrong")
    page.locator(".gallery img").first.wait_for()
    first = page.locator(".gallery figure").first.get_attribute("title")
    # Buttons come with a script of their own, after the pictures; a key before is lost.
    page.get_by_role("button", name="Next").wait_for()
    page.keyboard.press("ArrowRight")
    page.get_by_text("Page 2 of").wait_for()
    page.locator(f".gallery figure:first-child:not([title='{first}'])").wait_for()

    page.keyboard.press("ArrowLeft")
    page.get_by_text("Page 1 of").wait_for()


def test_the_verdicts_are_downloaded_as_they_are_applied(open_at, tmp_path):
    page = open_at("label_noise?run=validation", "Labels that may be wrong")
    with page.expect_download() as download:
        page.get_by_role("button", name="verdicts as CSV").click()

    assert download.value.suggested_filename == "corrected_labels.csv"
    download.value.save_as(tmp_path / "labels.csv")
    found = corrections(tmp_path / "labels.csv")
    assert found["VALIDATION_0002.jpg"].corrected == "LAUMONIER"
