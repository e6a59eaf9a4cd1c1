"""Times the dashboard over 41,000 made-up rows: python -m tests.bench_dashboard [ROWS].

It prints, for each page, the seconds of its first showing and of the next, as after a click,
and the memory that the process came to hold. Chromium and the network are not in it.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from hwr_core.evaluation import results
from tests import sample_results
from tests.dashboard_screenshots import pages

ROWS = 41_000
LETTERS = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ- "))
TAGS = ("seen name", "unseen name", "4 to 6 letters", "7 to 9 letters", "rare letter", "hyphen")
PICTURE = 900  # bytes, as the strips of the shipped runs have
DASHBOARD = Path(__file__).resolve().parent.parent / "dashboard.py"


def main() -> None:
    """Each page in a fresh process, as a visitor would open it first; then all pages in one.

    Processes, because the memory that one came to hold is never given back.
    """
    if len(sys.argv) > 2:
        act = write if sys.argv[2].isdigit() else measure
        act(Path(sys.argv[1]), sys.argv[2:])
        return
    rows = sys.argv[1] if len(sys.argv) > 1 else str(ROWS)
    with tempfile.TemporaryDirectory() as folder:
        for chosen in ([rows], *([page] for page in pages()), pages()):
            command = [sys.executable, "-m", "tests.bench_dashboard", folder, *chosen]
            subprocess.run(command, check=True)


def measure(folder: Path, pages: list[str]) -> None:
    """Show some pages one after another, and print what it took."""
    os.environ["HWR_RESULTS"] = str(folder)
    say(f"{'':15} {timed(lambda: import_module('dashboard')):5.2f} s for imports")
    for page in pages:
        dashboard = AppTest.from_file(str(DASHBOARD), default_timeout=120)
        dashboard._page_hash = calc_hash(page)
        first = timed(dashboard.run)
        again = timed(dashboard.run)
        trouble = [error.value for error in (*dashboard.exception, *dashboard.error)]
        say(f"{page:15} first {first:5.2f} s   again {again:5.2f} s   {trouble or ''}")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"{'':15} {megabytes:,.0f} MB at most\n")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def timed(act) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def write(folder: Path, rows: list[str]) -> None:
    """Two runs on the same pictures."""
    for number, run in enumerate(("validation", "earlier/validation")):
        table = synthetic(int(rows[0]), np.random.default_rng(number))
        results.write(folder / run, sample_results.metrics("validation"), table)
    results.write_training(folder, sample_results.epochs())


def synthetic(rows: int, rng: np.random.Generator) -> pd.DataFrame:
    """Predictions of names at random; one in five is read with a wrong letter."""
    pictures = [sample_results.png() + rng.bytes(PICTURE) for _ in range(100)]
    labels = ["".join(rng.choice(LETTERS[:26], n)) for n in rng.integers(3, 13, rows)]
    wrong, sure = rng.random(rows) < 0.2, rng.beta(5, 1, rows)
    places = json.dumps([{"char": "A", "start": 1.5, "end": 9.0, "confidence": 0.9}] * 7)
    guesses = json.dumps([{"text": "ANNE", "confidence": 0.01}] * 5)
    return pd.DataFrame(
        {
            "file": f"{number:05}.png",
            "split": "validation",
            "source": ("scans", "pen")[number % 2],
            "writer": f"w{number % 50}",
            "label": label,
            "truth": label,
            "cased": False,
            "text": text,
            "folded": text,
            "confidence": float(sure[number]),
            "accepted": bool(sure[number] > 0.9),
            "distance": int(label != text),
            "seen": number % 3 == 0,
            "alternatives": guesses,
            "letters": places,
            "edits": _edits(label, text),
            "loss": 0.5,
            "read_loss": 0.5,
            "tags": f"{TAGS[number % 2]}, {TAGS[2 + number % 4]}",
            "picture": pictures[number % len(pictures)],
        }
        for number, label in enumerate(labels)
        for text in (_misread(label) if wrong[number] else label,)
    )


def _misread(label: str) -> str:
    return label[:-1] + ("M" if label[-1] == "N" else "N")


def _edits(label: str, text: str) -> str:
    if label == text:
        return "[]"
    step = {"kind": "replace", "at": len(label) - 1, "label": label[-1], "read": text[-1]}
    return json.dumps([step])


if __name__ == "__main__":
    main()
