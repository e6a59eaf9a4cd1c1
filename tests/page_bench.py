"""Times the page as people meet it, in a real Chromium and over HTTP: make pagebench."""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from statistics import median, quantiles
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

from hwr_core.strokes import Drawing
from tests.conftest import CHROMIUM_FLAGS, ROOT, chromium_path, served

PORT = 7869
STARTS = 5  # of the server; the best counts, for other programs only ever add to it
WORDS = 20  # written stroke by stroke
PEOPLE, EACH = 50, 6  # who write at once, and the drawings that each sends one after another
CROWDS = 5  # such crowds; the best counts
BATCH, BATCHES = 500, 3  # pictures in the zip, and how often it is read; the best counts
TOO_MANY = 150  # requests at once, more than the desk takes in
SCANS = ROOT / "results" / "handwritten-names" / "validation_v2" / "validation"


def main() -> None:
    """A line a figure."""
    for line in figures():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def figures() -> Iterator[str]:
    took, work = min(start() for _ in range(STARTS))
    yield f"process to first reading: best of {STARTS} {took:.1f} s, {work:.1f} s of CPU time"
    with served([sys.executable, "app.py"], PORT) as url, sync_playwright() as engine:
        chromium = engine.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        page = chromium.new_page(locale="en-GB")
        page.goto(url)
        yield f"stroke end to text shown, {WORDS} words: {spread(strokes(page))}"
        batches = sorted(batch(page) for _ in range(BATCHES))
        yield f"batch of {BATCH} pictures: best of {BATCHES} {batches[0]:.1f} s"
        chromium.close()
        ask = asker(url)
        times = min((crowd(ask, PEOPLE, EACH) for _ in range(CROWDS)), key=p95)
        yield f"{PEOPLE} people at once, {EACH} drawings each: best of {CROWDS}, {spread(times)}"
        busy = [answer["error"] for answer, _ in at_once(ask, TOO_MANY, 1) if answer["error"]]
        yield f"{TOO_MANY} requests at once: {TOO_MANY - len(busy)} read, {len(busy)} asked to wait"


def spread(seconds: list[float]) -> str:
    middle, late = 1000 * median(seconds), 1000 * p95(seconds)
    return f"median {middle:.0f} ms, p95 {late:.0f} ms (n = {len(seconds)})"


def p95(seconds: list[float]) -> float:
    """What 95 in 100 do not exceed."""
    return quantiles(seconds, n=20)[-1]


def words() -> list[dict[str, Any]]:
    """Words of people that the model never saw, as pen strokes."""
    kept: list[dict[str, Any]] = json.loads(
        gzip.decompress((ROOT / "tests" / "replay.json.gz").read_bytes())
    )
    return kept


def start() -> tuple[float, float]:
    """Seconds from the start of the process to its first answer, and of CPU time until its end."""
    began, spent = time.perf_counter(), at_work()
    with tempfile.TemporaryDirectory() as folder:
        own = {"PORT": str(PORT + 1), "HWR_CORRECTIONS": f"sqlite:///{folder}/corrections.sqlite"}
        command = [sys.executable, "app.py"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **own}, **quiet)
        try:
            while process.poll() is None:
                with suppress(OSError):
                    asker(f"http://127.0.0.1:{PORT + 1}/")(0)
                    break
                time.sleep(0.02)
            took = time.perf_counter() - began
        finally:
            process.terminate()
            process.wait(20)
    return took, at_work() - spent


def at_work() -> float:
    """Seconds of CPU time of all programs that were started here and have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def asker(url: str) -> Callable[[int], dict[str, Any]]:
    """A function that sends a drawing as the page does, and returns the answer."""
    with urllib.request.urlopen(f"{url}config", timeout=30) as answer:  # noqa: S310 - http only
        components = json.load(answer)["components"]
    page = next(each["id"] for each in components if each["props"].get("elem_id") == "page")
    call = {"fn_name": "read_drawing", "component_id": page, "session_hash": "bench"}
    drawings = [json.dumps({**call, "data": payload(word)}).encode() for word in words()]

    def ask(number: int) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - http only
            f"{url}gradio_api/component_server",
            drawings[number % len(drawings)],
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            given: dict[str, Any] = json.load(answer)
        return given

    return ask


def payload(word: dict[str, Any]) -> str:
    """The word as the pad sends it, to a tenth of a pixel."""
    drawing = Drawing.of(word["strokes"])
    strokes = [np.round(stroke.astype(float), 1).tolist() for stroke in drawing.strokes]
    return json.dumps({"width": drawing.width, "height": drawing.height, "strokes": strokes})


def crowd(ask: Callable[[int], dict[str, Any]], people: int, each: int) -> list[float]:
    """Seconds of every drawing, people sending theirs one after another."""
    outcomes = at_once(ask, people, each)
    refused = [answer["error"] for answer, _ in outcomes if answer["error"]]
    if refused:
        message = f"{len(refused)} of {len(outcomes)} were refused: {refused[0]}"
        raise RuntimeError(message)
    return [seconds for _, seconds in outcomes]


def at_once(
    ask: Callable[[int], dict[str, Any]], people: int, each: int
) -> list[tuple[dict[str, Any], float]]:
    """The answers and their seconds."""

    def person(number: int) -> list[tuple[dict[str, Any], float]]:
        outcomes = []
        for turn in range(each):
            began = time.perf_counter()
            answer = ask(number * each + turn)
            outcomes.append((answer, time.perf_counter() - began))
        return outcomes

    with ThreadPoolExecutor(people) as pool:
        return [outcome for mine in pool.map(person, range(people)) for outcome in mine]


def strokes(page: Page) -> list[float]:
    """Seconds from the end of each stroke to the next painted frame with its reading."""
    page.locator("#page canvas").wait_for()
    page.evaluate(PEN)
    seconds: list[float] = []
    for word in words()[:WORDS]:
        drawing = Drawing.of(word["strokes"])
        seconds += page.evaluate("write", [stroke.tolist() for stroke in drawing.strokes])
    return seconds


def batch(page: Page) -> float:
    """Seconds from the choice of a zip to the last line of its table."""
    file = io.BytesIO()
    pictures = sorted(SCANS.glob("*.jpg"))
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(BATCH):
            picture = pictures[number % len(pictures)]
            archive.write(picture, f"{number:03}-{picture.name}")
    page.get_by_role("tab", name="Many").click()
    payload = {"name": "names.zip", "mimeType": "application/zip", "buffer": file.getvalue()}
    began = time.perf_counter()
    page.set_input_files("#batch input[type=file]", payload)
    page.locator("#batch progress").wait_for(state="visible")
    page.locator("#batch progress").wait_for(state="hidden", timeout=120_000)
    took = time.perf_counter() - began
    if page.locator("#batch tbody tr").count() != BATCH:
        message = "not every picture has its line"
        raise RuntimeError(message)
    return took


# Each stroke is put down at once, so no reading of an unfinished stroke is on its way.
PEN = """() => { window.write = async strokes => {
  const canvas = document.querySelector('#page canvas'), panel = document.querySelector('.panel');
  const frame = () => new Promise(go => requestAnimationFrame(go));
  document.querySelector('[data-does=clear]').click();
  while (!panel.classList.contains('notice')) await frame();
  await new Promise(go => setTimeout(go, 100));
  const box = canvas.getBoundingClientRect(), scale = box.width / 640, times = [];
  canvas.setPointerCapture = () => {};  // these pointers are not the browser's
  const send = (kind, [x, y]) => canvas.dispatchEvent(new PointerEvent(kind, {
    pointerId: 7, pointerType: 'pen', button: 0, bubbles: true, cancelable: true,
    clientX: box.left + x * scale, clientY: box.top + y * scale }));
  for (const stroke of strokes) {
    const before = panel.firstChild;  // every answer puts a new one in its place
    send('pointerdown', stroke[0]);
    stroke.slice(1).forEach(point => send('pointermove', point));
    const began = performance.now();
    send('pointerup', stroke.at(-1));
    while (panel.contains(before)) await frame();
    times.push((performance.now() - began) / 1000);
  }
  return times;
}; }"""


if __name__ == "__main__":
    main()
