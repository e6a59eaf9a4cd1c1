"""The page for whom the mouse is not all: focus, folders, slow answers, work not yet downloaded."""

import shutil

import pytest

from tests.penmanship import N, drag, write
from tests.test_app_in_browser import (
    PATIENCE,
    PICTURE,
    amending,
    button,
    expect,
    give,
    label,
    name,
    notice,
)
from tests.test_page_races_in_browser import slow_down, zipped

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def drop(page, zone, *paths):
    """Files and folders from the desktop, as the browser itself is told of them."""
    box = page.locator(zone).bounding_box()
    browser = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2, "data": data}
    for kind in ("dragEnter", "dragOver", "drop"):
        browser.send("Input.dispatchDragEvent", {"type": kind, **place})


def test_a_folder_is_every_picture_in_it(show, tmp_path):
    for inside in ("names/a.jpg", "names/more/a.jpg", "names/.hidden.jpg"):
        path = tmp_path / inside
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PICTURE, path)
    page = show("Upload")
    drop(page, "#upload .drop", tmp_path / "names")
    rows = page.locator("#batch tbody tr")
    expect(rows).to_have_count(2, timeout=PATIENCE)
    for place, path in enumerate(("names/a.jpg", "names/more/a.jpg")):
        expect(rows.nth(place)).to_contain_text(path)
        expect(rows.nth(place).locator("input")).to_have_value(label(PICTURE))


def test_a_folder_without_files_gets_a_sentence(show, tmp_path):
    page = show("Many at once")
    drop(page, "#batch .drop", tmp_path)
    expect(page.locator(".said")).to_contain_text("There is no file in this folder")


def test_focus_moves_on_from_a_button_that_can_no_longer_be_pressed(show):
    page = show()
    write(page, N)
    button(page, "Undo").press("Enter")
    expect(page.locator("#page canvas")).to_be_focused()
    page.get_by_role("tab", name="Upload").click()
    page.locator(".examples button").last.click()
    expect(name(page)).to_be_visible(timeout=PATIENCE)
    drag(page, page.locator(".photo img"), (0.005, 0.02), (0.6, 0.98))
    button(page, "Whole picture").press("Enter")
    expect(page.locator(".photo")).to_be_focused(timeout=PATIENCE)


def test_focus_stays_with_a_correction_refused_and_kept(show):
    page = show()
    amending(page).fill("Gemma")
    button(page, "Send").press("Enter")
    expect(page.get_by_text("Nothing was kept")).to_be_visible()
    expect(button(page, "Send")).to_be_focused()
    page.get_by_label("Keep my writing").check()
    button(page, "Send").press("Enter")
    expect(page.locator(".correction summary")).to_be_focused(timeout=PATIENCE)


def test_a_chosen_alternative_is_offered_as_the_right_name(show):
    page = show()
    write(page, N)
    others = page.locator("#draw .alternatives button")
    expect(others.first).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(500)  # until no later reading takes its place
    chosen = others.first.locator("span").inner_text()
    others.first.click()
    page.get_by_text("Not right?").click()
    expect(page.get_by_label("The right name")).to_have_value(chosen)


def test_a_slow_answer_is_seen_to_be_on_its_way(show):
    page = show()
    slow_down(page, "read_drawing", 2000)
    write(page, N)
    panel = page.locator("#draw .panel")
    expect(panel).to_have_attribute("aria-busy", "true")
    expect(name(page)).to_be_visible(timeout=PATIENCE)
    expect(panel).not_to_have_attribute("aria-busy", "true")


def test_mended_names_are_not_thrown_away_without_a_question(show):
    page = show("Many at once")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    rows = page.locator("#batch tbody tr")
    give(page, zipped(2), "names.zip", "#batch")
    expect(rows).to_have_count(2, timeout=PATIENCE)
    rows.first.locator("input").fill("Anna")
    give(page, zipped(3), "others.zip", "#batch")
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["confirm", "beforeunload"]
    expect(rows.first.locator("input")).to_have_value("Anna")
    with page.expect_download():
        button(page, "Download CSV").click()
    give(page, zipped(3), "others.zip", "#batch")
    expect(rows).to_have_count(3, timeout=PATIENCE)
    assert len(asked) == 2


def test_a_filter_that_finds_nothing_says_so(show):
    page = show("Many at once")
    give(page, zipped(2), "names.zip", "#batch")
    expect(page.locator(".said")).to_have_text("2 pictures, 2 to check", timeout=PATIENCE)
    page.get_by_label("Filter").fill("nobody")
    expect(page.locator(".said")).to_have_text("2 pictures, 2 to check, 0 shown")


def test_french_signs_stay_with_their_words(show):
    page = show(locale="fr-FR")
    page.get_by_role("tab", name="Envoyer").click()
    give(page, b"no picture")
    expect(notice(page)).to_contain_text("Ce fichier n'a pas pu être lu", timeout=PATIENCE)
    assert "image\u00a0; envoyez" in notice(page).inner_text()


def test_a_phone_on_its_side_shows_the_reading_beside_the_paper(show):
    page = show(viewport={"width": 667, "height": 375}, has_touch=True, is_mobile=True)
    paper, panel = (page.locator(f"#draw {part}").bounding_box() for part in (".paper", ".panel"))
    assert panel["x"] > paper["x"] + paper["width"]
    clear = button(page, "Clear").bounding_box()
    assert clear["y"] + clear["height"] < 375
    assert page.evaluate("document.documentElement.scrollWidth") == 667
