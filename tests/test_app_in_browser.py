"""The page in a real Chromium, with the released model: write a name, send a picture, read it."""

import csv
import gzip
import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hwr_core import Recognizer
from hwr_core.spelling import fold
from hwr_core.strokes import Drawing
from tests.conftest import CHROMIUM_FLAGS, chromium_path
from tests.penmanship import EMMA, N, drag, draw, on_paper, write, write_with_finger

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "results" / "handwritten-names"
PICTURE = SHIPPED / "test_v2" / "test" / "TEST_0001.jpg"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PATIENCE = 30_000  # milliseconds until a reading must be there, on a busy machine


def label(picture: Path) -> str:
    with (SHIPPED / "written_name_test_v2.csv").open(newline="", encoding="utf-8") as rows:
        return next(r["IDENTITY"] for r in csv.DictReader(rows) if r["FILENAME"] == picture.name)


def expect(locator):
    from playwright.sync_api import expect

    return expect(locator)


def name(page):
    return page.locator(".panel .name:visible")


def notice(page):
    return page.locator(".panel.notice:visible")


def letters(page):
    return page.locator(".letters:visible li")


def button(page, text):
    return page.get_by_role("button", name=text, exact=True)


def give(page, content: bytes, file="name.png", to="#upload"):
    payload = {"name": file, "mimeType": "application/octet-stream", "buffer": content}
    page.set_input_files(f"{to} input[type=file]", payload)


def amending(page):
    """The field for the right name, after EMMA was written and read."""
    write(page, EMMA)
    expect(name(page)).to_have_text("EMMA", timeout=PATIENCE)
    page.get_by_text("Not right?").click()
    return page.get_by_label("The right name")


def test_a_name_written_with_the_mouse_is_read_letter_by_letter(show):
    page = show()
    write(page, EMMA)
    expect(name(page)).to_have_text("EMMA", timeout=PATIENCE)
    expect(letters(page)).to_have_text(["E", "M", "M", "A"])
    expect(page.locator(".verdict:visible")).to_contain_text(
        re.compile(r"\d+ %: (sure|please check)")
    )
    said = page.get_by_role("status").first  # not the alternatives, at every stroke again
    expect(said).to_have_text(re.compile(r"^EMMA, \d+ %: (sure|please check)(, [^,]+\.)?$"))
    page.wait_for_function(BELOW_THEIR_INK, timeout=PATIENCE)


BELOW_THEIR_INK = """() => {
  const paper = document.querySelector('#page canvas').getBoundingClientRect();
  return [...document.querySelectorAll('#draw .letters li')].every((letter, place) => {
    const box = letter.getBoundingClientRect();
    const share = (box.left + box.width / 2 - paper.left) / paper.width;
    return Math.abs(share - (0.18 + 0.17 * place + 0.055)) < 0.05;
  });
}"""


def test_a_name_written_with_a_finger_is_read_and_does_not_scroll_the_page(show):
    page = show(**PHONE)
    write_with_finger(page, EMMA)
    expect(name(page)).to_have_text("EMMA", timeout=PATIENCE)
    assert page.evaluate("window.scrollY") == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator("#page canvas").bounding_box()["height"] >= 180


W = [(0.35, 0.25), (0.4, 0.95), (0.46, 0.4), (0.52, 0.95), (0.57, 0.25)]


def test_a_long_stroke_is_read_before_it_ends(show):
    page = show()
    draw(page, *on_paper(page, [W]))
    expect(page.locator(".paper:not([data-empty])")).to_be_visible(timeout=PATIENCE)
    expect(name(page)).to_be_visible(timeout=PATIENCE)
    page.mouse.up()


def test_undo_redo_and_clear_leave_the_pen_armed(show):
    page = show()
    write(page, EMMA)
    expect(name(page)).to_have_text("EMMA", timeout=PATIENCE)
    for _ in range(3):
        button(page, "Undo").click()
    expect(name(page)).to_have_text("EMM", timeout=PATIENCE)
    for _ in range(3):
        page.keyboard.press("Control+Shift+z")
    expect(name(page)).to_have_text("EMMA", timeout=PATIENCE)
    button(page, "Clear").click()
    expect(notice(page)).to_contain_text("appears here while you write", timeout=PATIENCE)
    expect(letters(page)).to_have_count(0)
    write(page, EMMA)
    expect(name(page)).to_have_text("EMMA", timeout=PATIENCE)


def test_the_tools_are_reached_from_the_keyboard(show):
    page = show()
    write(page, EMMA[:4])
    page.locator("#page canvas").focus()
    page.keyboard.press("Tab")
    expect(button(page, "Undo")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("Enter")
    expect(notice(page)).to_contain_text("appears here", timeout=PATIENCE)


def test_ink_survives_a_change_of_the_windows_size(show):
    page = show(viewport={"width": 2000, "height": 1000})
    write(page, EMMA)
    expect(name(page)).to_have_text("EMMA", timeout=PATIENCE)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(300)
    box = page.locator("#page canvas").bounding_box()
    assert box["width"] / box["height"] == pytest.approx(640 / 240, rel=0.02)
    dark = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v === 255)"
    assert page.locator("#page canvas").evaluate(dark)


def test_a_correction_is_kept_only_with_consent(show):
    page = show()
    amending(page).fill("Gemma")
    button(page, "Send").click()
    expect(page.get_by_text("Nothing was kept: tick the box")).to_be_visible()
    for _ in range(3):
        button(page, "Undo").click()
    expect(name(page)).to_have_text("EMM", timeout=PATIENCE)  # the form outlasts another reading
    expect(page.get_by_label("The right name")).to_have_value("Gemma")
    page.get_by_label("Keep my writing").check()
    button(page, "Send").click()
    form = page.locator("#draw .correction form")
    expect(form).to_have_text("Thank you: it is kept.", timeout=PATIENCE)
    expect(page.get_by_role("status").first).to_have_text("Thank you: it is kept.")


def test_an_alternative_takes_the_place_of_the_reading(show):
    page = show()
    write(page, N, steps=1)
    expect(name(page)).to_have_text("N", timeout=PATIENCE)
    others = page.locator(".alternatives:visible button")
    texts = others.locator("span").all_inner_texts()
    assert texts
    assert all(texts)
    others.first.click()
    expect(name(page)).to_have_text(texts[0])
    expect(others.locator("span")).to_have_text(["N", *texts[1:]])
    expect(page.get_by_role("status").first).to_have_text(texts[0])


def test_the_unlikely_is_said_to_be_and_the_all_but_impossible_left_out(show):
    page = show()
    page.evaluate(ANSWER, [{"text": "Vl", "confidence": 0.003}, {"text": "VJ", "confidence": 9e-4}])
    write(page, EMMA[:1])
    others = page.locator(".alternatives:visible button")
    expect(others).to_have_text(["Vl< 1 %"], timeout=PATIENCE)
    face = "e => getComputedStyle(e).fontFamily"
    assert others.locator("span").evaluate(face) == name(page).evaluate(face)  # I is not l


# Whatever the server reads, the page is shown a sure "VI" with these alternatives.
ANSWER = """others => {
  const fetched = window.fetch;
  window.fetch = async (...asked) => {
    const answer = await fetched(...asked);
    if (!String(asked[0].url ?? asked[0]).includes('component_server')) return answer;
    const given = await answer.json();
    const sure = { text: 'VI', accepted: true, confidence: 0.98, alternatives: others };
    return new Response(JSON.stringify({ ...given, ...sure }));
  };
}"""


def test_the_paper_is_white_in_the_dark(show):
    page = show(color_scheme="dark")
    style = "e => getComputedStyle(e).backgroundColor"
    assert page.locator("#page canvas").evaluate(style) == "rgb(255, 255, 255)"
    red, *_ = re.findall(r"\d+", page.locator("body").evaluate(style))
    assert int(red) < 60


def test_the_page_speaks_french_to_the_french(show):
    page = show(locale="fr-CA")
    expect(button(page, "Effacer")).to_be_visible()
    expect(notice(page)).to_contain_text("pendant que vous écrivez")
    assert page.evaluate("[document.documentElement.lang, document.title]") == [
        "fr",
        "Un lecteur de noms manuscrits",
    ]
    german = show(locale="de-DE")  # which the page does not speak
    assert german.evaluate("document.documentElement.lang") == "en"
    write(page, EMMA)
    expect(page.locator(".verdict:visible")).to_contain_text(
        re.compile(": (sûr|à vérifier)"), timeout=PATIENCE
    )


def test_an_example_is_read_turned_and_cut(show):
    page = show("Upload")
    page.locator(".examples button").last.click()
    expect(page.locator(".photo img")).to_be_visible(timeout=PATIENCE)
    expect(name(page)).to_have_text("CHARBONNEAUX", timeout=PATIENCE)
    page.get_by_text("What the model sees").click()
    expect(page.locator(".seen")).to_be_visible()
    drag(page, page.locator(".photo img"), (0.005, 0.02), (0.4, 0.98))
    expect(name(page)).to_have_text(re.compile("^CHAR.{0,5}$"), timeout=PATIENCE)
    button(page, "Whole picture").click()
    expect(name(page)).to_have_text("CHARBONNEAUX", timeout=PATIENCE)
    button(page, "Turn left").click()
    page.wait_for_function(TALL, timeout=PATIENCE)


def test_a_part_is_sized_and_moved_from_the_keyboard(show):
    page = show("Upload")
    page.locator(".examples button").last.click()
    expect(name(page)).to_have_text("CHARBONNEAUX", timeout=PATIENCE)
    page.locator(".photo").focus()
    for _ in range(12):
        page.keyboard.press("Shift+ArrowLeft")
    expect(name(page)).to_have_text(re.compile("^CHAR.{0,5}$"), timeout=PATIENCE)
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(name(page)).to_have_text(re.compile("^[^C].*X$"), timeout=PATIENCE)


TALL = """() => {
  const image = document.querySelector('.photo img');
  return image.naturalHeight > image.naturalWidth;
}"""


@pytest.mark.parametrize("form", ["HEIF", "CMYK", "16 bits", "transparent", "EXIF", "PDF"])
def test_odd_pictures_are_read(show, form):
    page = show("Upload")
    give(page, odd(form))
    expect(name(page)).to_have_text(label(PICTURE), timeout=PATIENCE)


def odd(form) -> bytes:
    """The picture in an unusual form."""
    image, options = Image.open(PICTURE).convert("L"), {}
    if form == "CMYK":
        image, form = image.convert("CMYK"), "TIFF"
    elif form == "16 bits":
        image, form = Image.fromarray(np.asarray(image).astype("uint16") * 257), "PNG"
    elif form == "transparent":
        ink = image.point(lambda value: 255 - value)
        image, form = Image.new("RGBA", image.size, "black"), "PNG"
        image.putalpha(ink)
    elif form == "EXIF":
        exif = Image.Exif()
        exif[0x0112] = 6  # to be turned by 90 degrees
        image, form, options = image.rotate(90, expand=True), "JPEG", {"exif": exif, "quality": 95}
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def test_a_picture_in_the_clipboard_is_pasted_and_read(show):
    page = show("Upload", permissions=["clipboard-read", "clipboard-write"])
    file = io.BytesIO()
    Image.open(PICTURE).save(file, "PNG")
    page.evaluate(
        """bytes => navigator.clipboard.write([new ClipboardItem({
          'image/png': new Blob([new Uint8Array(bytes)], {type: 'image/png'}) })])""",
        list(file.getvalue()),
    )
    page.keyboard.press("Control+v")
    expect(name(page)).to_have_text(label(PICTURE), timeout=PATIENCE)


@pytest.mark.parametrize("names", [["1.jpg", "2.jpg"], ["two.zip"]])
def test_several_files_and_zips_are_never_read_in_part(show, names):
    page = show("Upload")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("1.jpg", "2.jpg"):
            archive.write(PICTURE, name)
    content = packed.getvalue() if names == ["two.zip"] else PICTURE.read_bytes()
    page.evaluate(
        """([names, bytes]) => {
          const data = new DataTransfer();
          for (const name of names) data.items.add(new File([new Uint8Array(bytes)], name));
          document.querySelector('#upload').dispatchEvent(
            new DragEvent('drop', {bubbles: true, dataTransfer: data}));
        }""",
        [names, list(content)],
    )
    expect(page.locator("tbody input")).to_have_count(2, timeout=PATIENCE)
    expect(page.get_by_role("tab", name="Many at once")).to_have_attribute("aria-selected", "true")
    expect(page.locator("tbody tr").first.locator("td").nth(1)).to_have_text("1.jpg")


def test_files_of_one_name_in_several_zips_are_told_apart(show):
    page = show("Many at once")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(PICTURE, "1.jpg")
    zips = [
        {"name": name, "mimeType": "application/zip", "buffer": packed.getvalue()}
        for name in ("a.zip", "b.zip")
    ]
    page.set_input_files("#batch input[type=file]", zips)
    files = page.locator("#batch tbody td:nth-child(2)")
    expect(files).to_have_text(["a.zip/1.jpg", "b.zip/1.jpg"], timeout=PATIENCE)


def test_a_picture_on_its_side_is_to_be_turned(show):
    page = show("Upload")
    file = io.BytesIO()
    Image.open(PICTURE).rotate(90, expand=True).save(file, "PNG")
    give(page, file.getvalue())
    expect(page.locator(".seen")).to_be_attached(timeout=PATIENCE)
    expect(page.locator("#upload .panel")).to_contain_text("turn it if it lies on its side")
    button(page, "Turn right").click()
    expect(name(page)).to_have_text(label(PICTURE), timeout=PATIENCE)


def test_a_pdf_of_several_pages_says_that_one_was_read(show):
    page = show("Upload")
    pages, file = [Image.open(PICTURE)] * 2, io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:])
    give(page, file.getvalue(), "two.pdf")
    sentence = "Page 1 of 2 is read; Many at once reads all."
    expect(page.locator(".remark:visible")).to_have_text(sentence, timeout=PATIENCE)
    expect(page.get_by_role("status").first).to_contain_text(sentence)


@pytest.mark.parametrize(("tab", "zone"), [("Upload", "#upload"), ("Many at once", "#batch")])
def test_a_picture_is_dropped_on_the_page_and_read(show, tab, zone):
    page = show(tab)
    dragged = page.evaluate_handle(
        """bytes => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], 'dropped.jpg', {type: 'image/jpeg'}));
          return data;
        }""",
        list(PICTURE.read_bytes()),
    )
    drop = page.locator(f"{zone} .drop")
    drop.dispatch_event("dragover", {"dataTransfer": dragged})
    expect(drop).to_have_class("drop over")
    drop.dispatch_event("drop", {"dataTransfer": dragged})
    expect(drop).to_have_class("drop")
    if zone == "#upload":
        expect(name(page)).to_have_text(label(PICTURE), timeout=PATIENCE)
    else:
        expect(page.locator("tbody input")).to_have_value(label(PICTURE), timeout=PATIENCE)


def test_what_the_camera_sees_is_taken_and_read(browser, page_url, tmp_path):
    film = tmp_path / "name.y4m"
    film.write_bytes(filmed(Image.open(PICTURE)))
    flags = ["use-fake-ui-for-media-stream", "use-fake-device-for-media-stream"]
    seen = [f"--{flag}" for flag in flags] + [f"--use-file-for-fake-video-capture={film}"]
    where = browser.browser_type
    chromium = where.launch(executable_path=chromium_path(), args=[*CHROMIUM_FLAGS, *seen])
    try:
        page = chromium.new_page(locale="en-GB")
        page.goto(page_url)
        page.get_by_role("tab", name="Upload").click()
        button(page, "Camera").click()
        page.wait_for_function("document.querySelector('video').videoWidth > 0", timeout=PATIENCE)
        button(page, "Take the picture").click()
        expect(name(page)).to_have_text(label(PICTURE), timeout=PATIENCE)
        expect(page.locator("video")).to_be_hidden()
        assert page.evaluate("document.querySelector('video').srcObject") is None
    finally:
        chromium.close()


def filmed(picture) -> bytes:
    """A film of one frame, as Chromium's false camera takes it: the picture on white paper."""
    paper = Image.new("L", (640, 480), "white")
    paper.paste(
        picture.convert("L").resize((600, 600 * picture.height // picture.width)), (20, 200)
    )
    grey = bytes([128]) * (320 * 240 * 2)  # no colour: two planes of half the size
    return b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\nFRAME\n" + paper.tobytes() + grey


def test_without_a_camera_a_sentence_says_so(show):
    page = show("Upload")
    button(page, "Camera").click()
    expect(notice(page)).to_contain_text("There is no camera", timeout=PATIENCE)


def test_numbers_in_sentences_are_french_to_the_french(show):
    page = show("Par lot", locale="fr-FR")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(2_500):
            archive.writestr(f"{number}.png", b"")
    give(page, file.getvalue(), "noms.zip", "#batch")
    sentence = "Il y a 2\u202f500 images dans ce fichier ; la limite est de 2\u202f000 à la fois."
    expect(page.locator("tbody")).to_contain_text(sentence, timeout=PATIENCE)


def test_a_long_name_stands_on_one_line_of_a_phone(show):
    page = show("Upload", **PHONE)
    page.locator(".examples button").last.click()
    expect(name(page)).to_have_text(re.compile(r"^\w{12}$"), timeout=PATIENCE)
    boxes = """e => {
      const range = document.createRange();
      range.selectNodeContents(e);
      return range.getClientRects().length;
    }"""
    assert name(page).evaluate(boxes) == 1


def test_a_file_that_is_no_picture_gives_a_sentence_and_no_alarm(show):
    page = show("Upload", **PHONE)
    give(page, b"not a picture")
    expect(notice(page)).to_contain_text("could not be read as a picture", timeout=PATIENCE)
    expect(page.get_by_role("status").first).to_contain_text("could not be read as a picture")
    expect(page.locator(".toast-body")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_zip_is_read_into_a_table_to_sort_filter_mend_and_download(show):
    page = show("Many at once")
    folder = SHIPPED / "test_v2" / "test"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for path in sorted(folder.glob("*.jpg"))[:19]:
            archive.write(path, path.name)
        archive.writestr("words.txt", "no picture")
    give(page, file.getvalue(), "names.zip", "#batch")
    rows = page.locator("#batch tbody tr")
    expect(rows).to_have_count(20, timeout=PATIENCE)
    expect(rows.filter(has_text="could not be read as a picture").locator("input")).to_have_value(
        ""
    )
    button(page, "Confidence").click()
    button(page, "Confidence").click()
    shown = rows.locator("td:nth-child(4)").all_inner_texts()
    sure = [int(re.sub(r"\D", "", share) or -1) for share in shown]
    assert sure == sorted(sure, reverse=True)
    assert sure[0] > 90
    button(page, "File").click()
    expect(rows.first).to_contain_text("TEST_0001.jpg")
    page.get_by_label("Filter").fill("TEST_0001")
    expect(rows).to_have_count(1)
    rows.locator("input").fill("KÉVIN")
    rows.locator("input").press("Tab")
    with page.expect_download() as saved:
        button(page, "Download CSV").click()
    lines = Path(saved.value.path()).read_text("utf-8-sig").splitlines()
    assert len(lines) == 21
    assert lines[1].startswith('"TEST_0001.jpg","KÉVIN"')
    with page.expect_download() as saved:
        button(page, "Download JSON").click()
    answers = json.loads(Path(saved.value.path()).read_text("utf-8"))
    assert len(answers) == 20
    mended = next(answer for answer in answers if answer["file"] == "TEST_0001.jpg")
    assert (mended["text"], mended["checked"]) == ("KÉVIN", True)
    assert "folded" not in mended  # nor anything else of the text that was read
    assert all("folded" in answer for answer in answers if answer is not mended)


def test_a_name_that_was_mended_is_checked_and_text_dropped_on_the_table_changes_nothing(show):
    page = show("Many at once")
    folder = SHIPPED / "test_v2" / "test"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("1.txt", "no picture")
        archive.write(sorted(folder.glob("*.jpg"))[0], "2.jpg")
    give(page, file.getvalue(), "names.zip", "#batch")
    rows = page.locator("#batch tbody tr")
    expect(rows).to_have_count(2, timeout=PATIENCE)
    doubtful = int(re.search(r", (\d+) to check", page.locator(".said").inner_text())[1])
    rows.first.locator("input").press_sequentially("Ann")
    rows.first.locator("input").press("Tab")
    expect(page.locator(".said")).to_contain_text(f"{doubtful - 1} to check")
    expect(rows.first).to_contain_text("checked")
    text = page.evaluate_handle("() => new DataTransfer()")
    page.locator("#batch table").dispatch_event("drop", {"dataTransfer": text})
    expect(rows).to_have_count(2)
    with page.expect_download() as saved:
        button(page, "Download CSV").click()
    lines = Path(saved.value.path()).read_text("utf-8-sig").splitlines()
    assert lines[0] == "file,text,confidence,accepted,checked,remarks,error"
    assert lines[1].startswith('"1.txt","Ann","","false","true"')


def test_a_doubtful_name_that_is_right_is_checked_without_being_changed(show):
    page = show("Many at once")
    blurred = Image.new("L", (200, 60), 255)
    blurred.paste(Image.open(PICTURE).convert("L").resize((24, 4)).resize((180, 30)), (10, 15))
    file = io.BytesIO()
    blurred.save(file, "PNG")
    give(page, file.getvalue(), "1.png", "#batch")
    expect(page.locator(".said")).to_contain_text("1 picture, 1 to check", timeout=PATIENCE)
    row = page.locator("#batch tbody tr")
    read = row.locator("input").input_value()
    button(page, "It is right").click()
    expect(page.locator(".said")).to_contain_text("0 to check")
    expect(row).to_contain_text("checked")
    expect(row.locator("input")).to_have_value(read)
    expect(row.locator("input")).to_be_focused()


def test_undo_in_a_text_field_leaves_the_ink(show):
    page = show()
    field = amending(page)
    field.press_sequentially("Gemma")
    field.press("Control+z")
    expect(button(page, "Redo")).to_be_disabled()
    expect(name(page)).to_have_text("EMMA")


def test_where_nobody_answers_a_sentence_says_so_and_the_next_picture_is_read(show):
    page = show("Upload")
    page.evaluate(UNANSWERED)
    page.locator(".examples button").last.click()
    expect(notice(page)).to_contain_text("The reader does not answer", timeout=PATIENCE)
    page.evaluate("window.answered = true")
    page.locator(".examples button").last.click()
    expect(name(page)).to_have_text("CHARBONNEAUX", timeout=PATIENCE)


def test_an_answer_lost_on_its_way_does_not_hold_up_the_pad(show):
    page = show()
    page.clock.install()
    page.route("**/component_server/", lambda _: None)
    write(page, EMMA[:4])
    page.clock.run_for(1_000)  # it asks
    page.clock.run_for(20_000)
    expect(notice(page)).to_contain_text("The reader does not answer", timeout=PATIENCE)
    page.unroute("**/component_server/")
    write(page, EMMA[4:])
    expect(name(page)).to_have_text("EMMA", timeout=PATIENCE)


UNANSWERED = """() => {
  const fetched = window.fetch;
  window.fetch = async (address, given) => {
    const asks = typeof given?.body === 'string' && given.body.includes('fn_name');
    if (asks && !window.answered) throw new TypeError('Failed to fetch');
    return fetched(address, given);
  };
}"""


def test_a_part_that_is_too_small_leaves_the_picture_to_be_cut_again(show):
    page = show("Upload")
    page.locator(".examples button").last.click()
    expect(name(page)).to_have_text("CHARBONNEAUX", timeout=PATIENCE)
    drag(page, page.locator(".photo img"), (0.01, 0.05), (0.04, 0.08))
    expect(notice(page)).to_contain_text("drag over a whole name", timeout=PATIENCE)
    expect(page.locator(".photo img")).to_be_visible()
    button(page, "Turn left").click()
    page.wait_for_function(TALL, timeout=PATIENCE)


def test_no_picture_of_a_batch_is_lost_where_the_reader_is_busy_or_fails(show):
    page = show("Many at once")
    page.evaluate(HINDERED)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(40):
            archive.write(PICTURE, f"{number:02}.jpg")
    give(page, file.getvalue(), "names.zip", "#batch")
    expect(page.locator("#batch progress")).to_be_hidden(timeout=PATIENCE)
    rows = page.locator("#batch tbody tr")
    expect(rows).to_have_count(40)
    expect(rows.filter(has_text="The first of these is lost.")).to_have_count(8)
    expect(rows.nth(39)).to_contain_text("names.zip, 40")
    assert rows.nth(31).locator("input").input_value() == label(PICTURE)


# The second portion of a batch is put off once, the third fails.
HINDERED = """() => {
  const fetched = window.fetch;
  let put_off = false;
  const sentence = text => new Response(JSON.stringify({ error: text }));
  window.fetch = async (address, given) => {
    const { fn_name, data } = JSON.parse(typeof given?.body === 'string' ? given.body : '{}');
    if (fn_name === 'view_batch' && data.start === 16 && !put_off) {
      put_off = true;
      return sentence('Many people are writing just now; wait a moment and try again.');
    }
    if (fn_name === 'view_batch' && data.start === 32)
      return sentence('The first of these is lost.');
    return fetched(address, given);
  };
}"""


def test_names_replayed_on_the_pad_are_read_as_well_as_their_strokes(show):
    """100 UNIPEN words of institutions that the model never saw in training."""
    words = json.loads(gzip.decompress((ROOT / "tests" / "replay.json.gz").read_bytes()))
    recognizer, page = Recognizer.load(threads=1), show()
    page.evaluate(REPLAY)
    direct = replayed = 0
    for word in words:
        drawing = Drawing.of(word["strokes"])
        direct += recognizer.read(drawing).folded == fold(word["text"])
        answer = page.evaluate("replay", [stroke.tolist() for stroke in drawing.strokes])
        replayed += fold(answer) == fold(word["text"])
    assert len(words) == 100
    assert abs(replayed - direct) <= 2


REPLAY = """() => { window.replay = async strokes => {
  const canvas = document.querySelector('#page canvas'), panel = document.querySelector('.panel');
  document.querySelector('[data-does=clear]').click();
  while (!panel.classList.contains('notice')) await new Promise(go => setTimeout(go, 5));
  const before = panel.firstChild;  // every answer puts a new one in its place
  const box = canvas.getBoundingClientRect(), scale = box.width / 640;
  canvas.setPointerCapture = () => {};  // these pointers are not the browser's
  const send = (kind, [x, y]) => canvas.dispatchEvent(new PointerEvent(kind, {
    pointerId: 7, pointerType: 'pen', button: 0, bubbles: true, cancelable: true,
    clientX: box.left + x * scale, clientY: box.top + y * scale }));
  for (const stroke of strokes) {
    send('pointerdown', stroke[0]);
    stroke.slice(1).forEach(point => send('pointermove', point));
    send('pointerup', stroke.at(-1));
  }
  while (panel.contains(before)) await new Promise(go => setTimeout(go, 5));
  return panel.querySelector('.name')?.textContent ?? '';
}; }"""
