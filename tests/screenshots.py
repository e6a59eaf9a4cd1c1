"""Takes a picture of every state of the page: make screenshots."""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from hwr_core.strokes import PAPER, Drawing
from tests.conftest import CHROMIUM_FLAGS, chromium_path, served
from tests.page_bench import words
from tests.penmanship import write

PORT = 7867
ROCK = 38  # of the words in replay.json.gz
EDGE, PAPER_COLOUR = 24, "#faf9f6"  # pixels around the phone, and what they show
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


def main() -> None:
    """Every state at two sizes, light and dark."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with served([sys.executable, "app.py"], PORT) as url:
        shoot_all(url, folder)
    cover(folder)


def shoot_all(url: str, folder: Path) -> None:
    with sync_playwright() as engine:
        chromium = engine.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        for size, scheme in product(SIZES, ("light", "dark")):
            for state, reach in STATES.items():
                shoot(chromium, url, folder / f"{state}-{size}-{scheme}.png", reach)
        chromium.close()


def cover(folder: Path) -> None:
    """The README's picture: a desktop by day and a phone by night, of one height."""
    desktop = Image.open(folder / "drawn-desktop-light.png").convert("RGB").crop((0, 0, 1280, 680))
    phone = Image.open(folder / "drawn-phone-dark.png").convert("RGB")
    phone.thumbnail((desktop.width, desktop.height - 2 * EDGE), Image.Resampling.LANCZOS)
    joined = Image.new("RGB", (desktop.width + phone.width + EDGE, desktop.height), PAPER_COLOUR)
    joined.paste(desktop)
    joined.paste(phone, (desktop.width, EDGE))
    joined.quantize(128, dither=Image.Dither.NONE).save(folder / "cover.png", optimize=True)


def shoot(chromium: Browser, url: str, path: Path, reach) -> None:
    _, size, scheme = path.stem.split("-")
    context = chromium.new_context(viewport=SIZES[size], color_scheme=scheme, locale="en-GB")
    page = context.new_page()
    page.goto(url)
    page.locator("#page canvas").wait_for()
    reach(page)
    page.wait_for_timeout(300)
    page.screenshot(path=path, full_page=True)
    context.close()


def drawn(page: Page) -> None:
    """A word in a real hand."""
    word = words()[ROCK]
    box = page.locator("#page canvas").bounding_box()
    width, height = PAPER
    tall = width * box["height"] / box["width"]  # of the pad, in the paper's units
    strokes = [
        [(x / width, 0.5 + (y - height / 2) / tall) for x, y in stroke.tolist()]
        for stroke in Drawing.of(word["strokes"]).strokes
    ]
    write(page, strokes, steps=1)
    page.locator(".name:visible", has_text=word["text"]).wait_for()
    page.wait_for_timeout(500)  # the last stroke is read, too


def doubtful(page: Page) -> None:
    write(page, [[(0.2, 0.3), (0.3, 0.8), (0.4, 0.3), (0.3, 0.4)], [(0.6, 0.2), (0.5, 0.7)]])
    page.locator(".panel:visible").wait_for()


def wrong(page: Page) -> None:
    """The form of corrections, refused for want of consent."""
    drawn(page)
    page.get_by_text("Not right?").click()
    page.get_by_label("The right name").fill("Roch")
    page.get_by_role("button", name="Send").click()


def corrected(page: Page) -> None:
    wrong(page)
    page.get_by_label("Keep my writing").check()
    page.get_by_role("button", name="Send").click()
    page.locator(".correction", has_text="Thank you").wait_for()


def offered(page: Page) -> None:
    page.get_by_role("tab", name="Upload").click()


def uploaded(page: Page) -> None:
    page.get_by_role("tab", name="Upload").click()
    page.locator(".examples button").nth(5).click()
    page.locator(".photo img:visible").wait_for()
    page.get_by_text("What the model sees").click()


def batch(page: Page) -> None:
    page.get_by_role("tab", name="Many").click()
    pictures = Path("results/handwritten-names/test_v2/test").glob("*.jpg")
    page.set_input_files("#batch input[type=file]", sorted(pictures)[:8])
    page.locator("#batch progress").wait_for(state="hidden")


STATES = {
    "empty": lambda page: None,
    "drawn": drawn,
    "doubtful": doubtful,
    "wrong": wrong,
    "corrected": corrected,
    "offered": offered,
    "uploaded": uploaded,
    "batch": batch,
}


if __name__ == "__main__":
    main()
