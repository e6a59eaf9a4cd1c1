"""The demo in a real Chromium, with the released model: write a name, send a picture, read it."""

import csv
import re
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from gradio_client import Client, handle_file

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "results" / "handwritten-names"
PICTURE = SHIPPED / "test_v2" / "test" / "TEST_0001.jpg"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PATIENCE = 30_000  # milliseconds until a reading must be there, on a busy machine

E = [[(0, 0), (0, 1)], [(0, 0), (1, 0)], [(0, 0.5), (0.8, 0.5)], [(0, 1), (1, 1)]]
M = [[(0, 1), (0, 0)], [(0, 0), (0.5, 0.6), (1, 0)], [(1, 0), (1, 1)]]
A = [[(0, 1), (0.5, 0)], [(0.5, 0), (1, 1)], [(0.2, 0.65), (0.8, 0.65)]]
LETTER, ADVANCE = 0.11, 0.17  # shares of the paper's width
EMMA = [
    [(0.18 + ADVANCE * place + LETTER * x, 0.3 + 0.4 * y) for x, y in stroke]
    for place, letter in enumerate((E, M, M, A))
    for stroke in letter
]  # polylines in shares of the paper


@pytest.fixture(scope="module")
def url(browser, serve, free_port):
    return serve([sys.executable, "app.py"], free_port())


@pytest.fixture
def show(open_page, url):
    """Opens the page, on a desktop or with the options of another device."""

    def visit(tab="Draw", **options):
        page = open_page(url, **options)
        page.get_by_role("tab", name=tab).click()
        return page

    return visit


def label(picture: Path) -> str:
    with (SHIPPED / "written_name_test_v2.csv").open(newline="", encoding="utf-8") as rows:
        return next(r["IDENTITY"] for r in csv.DictReader(rows) if r["FILENAME"] == picture.name)


def expect(locator):
    from playwright.sync_api import expect

    return expect(locator)


def name(page):
    return page.locator(".card .name:visible")


def notice(page):
    return page.locator(".card.notice:visible")


def on_paper(page, strokes):
    """The strokes in pixels of the window."""
    canvas = page.locator("#pad canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    return [
        [(box["x"] + u * box["width"], box["y"] + v * box["height"]) for u, v in stroke]
        for stroke in strokes
    ]


def write(page, strokes):
    """Write with the mouse."""
    for stroke in on_paper(page, strokes):
        page.mouse.move(*stroke[0])
        page.mouse.down()
        for x, y in stroke[1:]:
            page.mouse.move(x, y, steps=8)
        page.mouse.up()


def write_with_finger(page, strokes):
    touch = page.context.new_cdp_session(page)

    def send(kind, *points):
        where = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})

    for stroke in on_paper(page, strokes):
        send("touchStart", stroke[0])
        for (x0, y0), (x1, y1) in pairwise(stroke):
            for step in range(1, 9):
                send("touchMove", (x0 + (x1 - x0) * step / 8, y0 + (y1 - y0) * step / 8))
        send("touchEnd")


def test_a_name_written_with_the_mouse_is_read(show):
    page = show()
    write(page, EMMA)
    expect(name(page)).to_have_text("EMMA", timeout=PATIENCE)
    expect(page.locator(".letters li:visible")).to_have_count(4)
    expect(page.locator(".verdict:visible")).to_contain_text(re.compile(r"\d+ %"))


def test_a_name_written_with_a_finger_is_read_and_does_not_scroll_the_page(show):
    page = show(**PHONE)
    write_with_finger(page, EMMA)
    expect(name(page)).to_have_text("EMMA", timeout=PATIENCE)
    assert page.evaluate("window.scrollY") == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator("#pad canvas").bounding_box()["height"] >= 180


def test_cleared_paper_asks_for_a_name_and_can_be_written_on_again(show):
    page = show()
    write(page, EMMA[:4])
    expect(name(page)).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Clear").click()
    expect(notice(page)).to_contain_text("Draw a name first", timeout=PATIENCE)
    write(page, EMMA)
    expect(name(page)).to_have_text("EMMA", timeout=PATIENCE)


def test_undo_takes_the_last_stroke_back_from_the_keyboard_too(show):
    page = show()
    write(page, [EMMA[0], EMMA[1]])
    page.keyboard.press("Control+z")
    page.locator("#pad canvas").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text("Draw a name first", timeout=PATIENCE)


def test_an_uploaded_picture_is_read(show):
    page = show("Upload")
    page.set_input_files("#picture input[type=file]", PICTURE)
    expect(name(page)).to_have_text(label(PICTURE), timeout=PATIENCE)


def test_an_example_is_read_when_chosen(show):
    page = show("Upload")
    page.locator("#examples button").first.click()
    expect(name(page)).to_be_visible(timeout=PATIENCE)


def test_a_file_that_is_no_picture_gives_a_sentence_and_no_alarm(show):
    page = show("Upload", **PHONE)
    fake = {"name": "name.png", "mimeType": "image/png", "buffer": b"not a picture"}
    page.set_input_files("#picture input[type=file]", fake)
    expect(notice(page)).to_contain_text("could not be read as a picture", timeout=PATIENCE)
    expect(page.locator(".toast-body")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_api_reads_the_same_picture(url):
    client = Client(url, verbose=False)
    reading = client.predict(handle_file(PICTURE), api_name="/predict_image")
    assert reading["text"] == label(PICTURE)
    assert [letter["char"] for letter in reading["letters"]] == list(reading["text"])
