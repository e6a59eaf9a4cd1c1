"""The page where things happen at once or out of turn: late answers, palms, closed cameras."""

import io
import json
import re
import zipfile

import pytest

from tests.penmanship import EMMA, N, on, write
from tests.test_app_in_browser import PATIENCE, amending, button, expect, give, name

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Answers of the function `window.slow` take `window.delay` milliseconds longer.
LATE = """() => {
  const fetched = window.fetch;
  window.fetch = async (address, given) => {
    const asks = typeof given?.body === 'string' && given.body.includes(window.slow);
    const answer = await fetched(address, given);
    if (asks) await new Promise(go => setTimeout(go, window.delay));
    return answer;
  };
}"""


def slow_down(page, function, delay):
    page.evaluate(LATE)
    page.evaluate("([slow, delay]) => Object.assign(window, { slow, delay })", [function, delay])


def zipped(number):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for place in range(number):
            archive.writestr(f"{place:02}.txt", "no picture")
    return file.getvalue()


def paste(field):
    """What a spreadsheet copies: cells as text and as a picture."""
    field.evaluate(
        """field => {
          const clipboardData = new DataTransfer();
          clipboardData.setData('text/plain', 'Anna');
          clipboardData.items.add(new File(['x'], 'image.png', { type: 'image/png' }));
          field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
        }"""
    )


def test_cells_pasted_into_a_field_are_no_picture(show):
    page = show("Many at once")
    give(page, zipped(2), "names.zip", "#batch")
    rows = page.locator("#batch tbody tr")
    expect(rows).to_have_count(2, timeout=PATIENCE)
    paste(rows.last.locator("input"))
    expect(rows).to_have_count(2)
    page.get_by_role("tab", name="Draw").click()
    paste(amending(page))
    expect(page.get_by_role("tab", name="Draw")).to_have_attribute("aria-selected", "true")


def test_who_types_in_a_table_that_grows_loses_no_letter(show):
    page = show("Many at once")
    slow_down(page, "view_batch", 700)
    give(page, zipped(60), "names.zip", "#batch")
    rows = page.locator("#batch tbody tr")
    first = rows.first.locator("input")
    expect(first).to_be_visible(timeout=PATIENCE)
    page.get_by_label("Only what to check").check()
    first.press_sequentially("Anna-Maria von und zu Hohenstein", delay=80)
    expect(rows).to_have_count(60, timeout=PATIENCE)
    expect(first).to_be_focused()
    expect(first).to_have_value("Anna-Maria von und zu Hohenstein")
    first.press("Shift+Tab")
    expect(page.locator(".said")).to_contain_text("59 to check")
    expect(rows).to_have_count(59)


def test_a_row_that_was_mended_is_none_to_check_once_its_table_is_left(show):
    page = show("Many at once")
    give(page, zipped(2), "names.zip", "#batch")
    rows = page.locator("#batch tbody tr")
    expect(rows).to_have_count(2, timeout=PATIENCE)
    page.get_by_label("Only what to check").check()
    rows.first.locator("input").fill("Anna")
    rows.first.locator("input").press("Shift+Tab")
    expect(rows).to_have_count(1)


def test_a_new_batch_takes_the_old_table_away_at_once(show):
    page = show("Many at once")
    give(page, zipped(2), "names.zip", "#batch")
    rows = page.locator("#batch tbody tr")
    expect(rows).to_have_count(2, timeout=PATIENCE)
    page.route("**/upload**", lambda _: None)  # it never arrives
    give(page, zipped(3), "others.zip", "#batch")
    expect(rows).to_have_count(0)


def test_a_new_batch_takes_the_old_table_away_from_under_the_cursor(show):
    page = show("Many at once")
    give(page, zipped(2), "names.zip", "#batch")
    rows = page.locator("#batch tbody tr")
    expect(rows).to_have_count(2, timeout=PATIENCE)
    rows.last.locator("input").focus()
    give(page, zipped(3), "others.zip", "#batch")
    expect(page.locator(".said")).to_contain_text("3 pictures", timeout=PATIENCE)
    expect(rows).to_have_count(3)


def test_pictures_that_meet_no_network_are_sent_when_it_is_back(show):
    page = show("Many at once")
    page.context.set_offline(True)
    give(page, zipped(2), "names.zip", "#batch")
    page.wait_for_timeout(500)
    expect(page.locator("#batch tbody tr")).to_have_count(0)
    page.context.set_offline(False)
    expect(page.locator(".said")).to_contain_text("2 pictures", timeout=PATIENCE)


def test_what_is_being_typed_outlasts_a_stroke_without_a_network(show):
    page = show()
    amending(page).fill("Gemma")
    page.context.set_offline(True)
    button(page, "Undo").click()
    expect(page.locator("#draw .notice")).to_contain_text("The reader does not answer")
    page.context.set_offline(False)
    expect(name(page)).to_be_visible(timeout=PATIENCE)  # it is read without another stroke
    expect(page.get_by_label("The right name")).to_have_value("Gemma")


def test_the_pen_writes_where_a_palm_came_first(show):
    page = show()
    canvas = page.locator("#page canvas")
    canvas.evaluate("canvas => { canvas.setPointerCapture = () => {}; }")  # these are no real pens
    (stroke,) = on(canvas, [[(0.3, 0.3), (0.5, 0.6), (0.7, 0.3)]])

    def event(kind, tool, number, place):
        where = {"clientX": place[0], "clientY": place[1]}
        canvas.dispatch_event(kind, {"pointerType": tool, "pointerId": number, **where})

    with page.expect_request(lambda request: "read_drawing" in (request.post_data or "")) as sent:
        event("pointerdown", "touch", 2, on(canvas, [[(0.9, 0.9)]])[0][0])
        event("pointerdown", "pen", 3, stroke[0])
        for place in stroke[1:]:
            event("pointermove", "pen", 3, place)
        event("pointercancel", "touch", 2, stroke[0])
        event("pointerup", "pen", 3, stroke[-1])
    drawing = json.loads(re.search(r'"data":("(?:[^"\\]|\\.)*")', sent.value.post_data)[1])
    (only,) = json.loads(drawing)["strokes"]
    assert [round(x / 640, 1) for x, _ in only] == [0.3, 0.5, 0.7]
    event("pointerdown", "touch", 4, stroke[0])
    event("pointercancel", "touch", 4, stroke[0])  # a palm alone
    button(page, "Undo").click()
    expect(button(page, "Undo")).to_be_disabled()


def test_ink_that_was_cleared_comes_back_on_a_turned_phone(show):
    page = show(viewport={"width": 390, "height": 844})
    write(page, [[(u, v + 0.2) for u, v in stroke] for stroke in EMMA])
    expect(name(page)).to_have_text("EMMA", timeout=PATIENCE)
    button(page, "Undo").click()
    button(page, "Clear").click()
    page.set_viewport_size({"width": 844, "height": 390})
    redo = button(page, "Redo")
    for _ in EMMA:
        redo.click()
    expect(redo).to_be_disabled()
    expect(name(page)).to_have_text("EMMA", timeout=PATIENCE)


def test_a_late_answer_leaves_the_cursor_in_the_correction(show):
    page = show()
    write(page, EMMA[:-3])
    expect(name(page)).to_have_text("EMM", timeout=PATIENCE)
    slow_down(page, "read_drawing", 1500)
    write(page, EMMA[-3:])
    page.get_by_text("Not right?").click()
    field = page.get_by_label("The right name")
    field.press_sequentially("Abcdefghijklmnopqrst", delay=120)
    expect(name(page)).to_have_text("EMMA", timeout=PATIENCE)
    expect(field).to_be_focused()
    expect(field).to_have_value("Abcdefghijklmnopqrst")


def test_thanks_are_seen_though_another_reading_comes_meanwhile(show):
    page = show()
    amending(page).fill("Emma")
    page.get_by_label("Keep my writing").check()
    slow_down(page, '"correct"', 1500)
    button(page, "Send").click()
    for _ in range(3):
        button(page, "Undo").click()
    expect(name(page)).to_have_text("EMM", timeout=PATIENCE)
    form = page.locator("#draw .correction form")
    expect(form).to_have_text("Thank you: it is kept.", timeout=PATIENCE)
    button(page, "Undo").click()
    expect(page.get_by_label("The right name")).to_be_hidden(timeout=PATIENCE)  # a form of its own
    page.get_by_text("Not right?").click()
    expect(page.get_by_label("The right name")).to_have_value("")


def test_a_camera_left_while_it_starts_takes_no_reading_away(show):
    page = show("Upload")
    page.locator(".examples button").last.click()
    expect(name(page)).to_have_text("CHARBONNEAUX", timeout=PATIENCE)
    page.evaluate("navigator.mediaDevices.getUserMedia = async () => new MediaStream()")
    button(page, "Camera").click()  # its first frame never comes
    page.wait_for_function("document.querySelector('video').srcObject")
    page.get_by_role("tab", name="Draw").click()
    page.get_by_role("tab", name="Upload").click()
    expect(name(page)).to_have_text("CHARBONNEAUX")
    assert page.evaluate("document.querySelector('video').srcObject") is None


def test_only_the_first_button_cuts_a_picture(show):
    page = show("Upload")
    page.locator(".examples button").last.click()
    expect(name(page)).to_have_text("CHARBONNEAUX", timeout=PATIENCE)
    ((start, end),) = on(page.locator(".photo img"), [[(0.1, 0.1), (0.5, 0.9)]])
    page.mouse.move(*start)
    page.mouse.down(button="right")
    page.mouse.move(*end)
    page.mouse.up(button="right")
    page.mouse.move(start[0], start[1] - 400)
    page.mouse.down()
    page.mouse.move(*end)
    page.mouse.up()  # pressed elsewhere
    expect(button(page, "Whole picture")).to_be_disabled()
    expect(name(page)).to_have_text("CHARBONNEAUX")


def test_a_chosen_alternative_keeps_the_keyboard_and_outlasts_a_key_that_does_nothing(show):
    page = show()
    write(page, N, steps=1)
    expect(name(page)).to_have_text("N", timeout=PATIENCE)
    others = page.locator("#draw .alternatives button")
    chosen = others.first.locator("span").inner_text()
    others.first.press("Enter")
    expect(name(page)).to_have_text(chosen)
    expect(others.first).to_be_focused()
    page.keyboard.press("Control+y")
    page.wait_for_timeout(500)
    expect(name(page)).to_have_text(chosen)
