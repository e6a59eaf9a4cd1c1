"""How long a name takes, stage by stage: ratios within one run, because machines are noisy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from hwr_core.recognizer import Recognizer

ROUNDS = 7  # of all stages in turn, so that a slow moment hits each alike; medians count


def bench(recognizer: Recognizer, pictures: Sequence[Path]) -> Iterator[str]:
    """Time every stage on the same pictures; a line each, with its ratio to the whole reading.

    Args:
        recognizer: give it one thread to compare machines.
        pictures: read one by one, and once together.
    """
    strips = [recognizer.prepare(picture) for picture in pictures]
    stages: dict[str, Callable[[], object]] = {
        "picture to text": lambda: [recognizer.read(picture) for picture in pictures],
        "of it, picture to strip": lambda: [recognizer.prepare(picture) for picture in pictures],
        "of it, strip to text": lambda: [recognizer.read_strips([strip]) for strip in strips],
        "without alternatives": lambda: [recognizer.read_strips([strip], 0) for strip in strips],
        "all pictures together": lambda: recognizer.read_many(pictures),
    }
    seconds: dict[str, list[float]] = {name: [] for name in stages}
    for _ in range(ROUNDS):
        for name, stage in stages.items():
            began = perf_counter()
            stage()
            seconds[name].append(perf_counter() - began)
    whole = median(seconds["picture to text"])
    yield f"{len(pictures)} pictures, median of {ROUNDS} rounds"
    for name, times in seconds.items():
        each = 1000 * median(times) / len(pictures)
        yield f"{name:25}{each:8.2f} ms a name  {median(times) / whole:6.2f} of the whole"
