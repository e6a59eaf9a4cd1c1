"""How long a name takes, stage by stage: ratios within one run, because machines are noisy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from hwr_core.recognizer import Recognizer
from hwr_core.strokes import Drawing

ROUNDS = 7  # of all stages in turn, so that a slow moment hits each alike; medians count

Stage = tuple[Callable[[], object], int]  # what is timed, and how many names it does


def bench(
    recognizer: Recognizer, pictures: Sequence[Path], drawings: Sequence[Drawing]
) -> Iterator[str]:
    """Time every stage on the same pictures; a line each, with its ratio to the whole reading.

    Args:
        recognizer: give it one thread to compare machines.
        pictures: read one by one, and once together.
        drawings: names as the pad sends them.
    """
    stages = _stages(recognizer, pictures, drawings)
    seconds: dict[str, list[float]] = {name: [] for name in stages}
    for _ in range(ROUNDS):
        for name, (stage, names) in stages.items():
            began = perf_counter()
            stage()
            seconds[name].append((perf_counter() - began) / names)
    whole = median(seconds["picture to text"])
    yield f"{len(pictures)} pictures, {len(drawings)} drawings, median of {ROUNDS} rounds"
    for name, times in seconds.items():
        each = 1000 * median(times)
        yield f"{name:25}{each:8.2f} ms a name  {median(times) / whole:6.2f} of the whole"


def _stages(
    recognizer: Recognizer, pictures: Sequence[Path], drawings: Sequence[Drawing]
) -> dict[str, Stage]:
    strips = [recognizer.prepare(picture) for picture in pictures]
    read, prepare, n = recognizer.read_strips, recognizer.prepare, len(pictures)
    return {
        "picture to text": (lambda: [recognizer.read(picture) for picture in pictures], n),
        "of it, picture to strip": (lambda: [prepare(picture) for picture in pictures], n),
        "of it, strip to text": (lambda: [read([strip]) for strip in strips], n),
        "without alternatives": (lambda: [read([strip], 0) for strip in strips], n),
        "all pictures together": (lambda: recognizer.read_many(pictures), n),
        "drawing to strip": (lambda: [prepare(drawing) for drawing in drawings], len(drawings)),
    }
