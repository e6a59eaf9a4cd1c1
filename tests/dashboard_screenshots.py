"""Takes a picture of every page of the dashboard: python -m tests.dashboard_screenshots FOLDER."""

from __future__ import annotations

import shutil
import sys
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.conftest import CHROMIUM_FLAGS, CHROMIUM_NAMES, served

PORT = 7967
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
READY = "[data-testid=stApp][data-test-script-state=notRunning]"
# Streamlit scrolls a part of the page; for a whole picture the window has to be as high as it.
DRAWN = "!document.querySelector('[data-testid=stSkeleton]')"
HEIGHT = "document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight"


def main() -> None:
    """Every page, or those named, at two sizes, light and dark."""
    folder, names = Path(sys.argv[1]), sys.argv[2:]
    folder.mkdir(parents=True, exist_ok=True)
    options = [f"--server.port={PORT}", "--server.address=127.0.0.1", "--server.headless=true"]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", *options]
    executable = next(filter(None, map(shutil.which, CHROMIUM_NAMES)))
    with served(command, PORT) as url, sync_playwright() as engine:
        chromium = engine.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        for name, size, scheme in product(names or pages(), SIZES, ("light", "dark")):
            address = "" if name == "overview" else name  # the first page is at the root
            shoot(chromium, f"{url}{address}", folder / f"{name}-{size}-{scheme}.png")
        chromium.close()


def pages() -> list[str]:
    """The addresses of all pages."""
    from dashboard import PAGES

    return [module.__name__.rpartition(".")[2] for module, _ in PAGES]


def shoot(chromium: Browser, url: str, path: Path) -> None:
    _, size, scheme = path.stem.rsplit("-", 2)
    context = chromium.new_context(viewport=SIZES[size], color_scheme=scheme, locale="en-GB")
    page = context.new_page()
    page.goto(url)
    page.get_by_role("heading", level=1).wait_for(timeout=60_000)
    page.locator(READY).wait_for()
    page.wait_for_function(DRAWN)
    page.wait_for_timeout(700)  # charts are drawn after the script has ended
    height = min(6000, page.evaluate(HEIGHT) + 60)
    page.set_viewport_size({**SIZES[size], "height": max(SIZES[size]["height"], height)})
    page.wait_for_timeout(700)
    page.wait_for_function(DRAWN)
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    main()
