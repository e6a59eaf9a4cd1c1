"""How often pictures that hold no single written name are declined, and names remarked upon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from hwr_core.data import development
from hwr_core.data.store import Store
from hwr_core.decoding.remarks import NO_INK, NOT_HANDWRITING, SEVERAL_LINES
from hwr_core.evaluation.challenge import Challenge, Grey, challenges
from hwr_core.evaluation.development import SCANS, SETS, scans
from hwr_core.evaluation.predictions import CHUNK, strip_of
from hwr_core.evaluation.table import share_of
from hwr_core.recognizer import Reading, Recognizer

CODES = (NO_INK, SEVERAL_LINES, NOT_HANDWRITING)
LINES = 200  # names of each set that pictures of several lines are made of
VISIBLE = 60  # of 255; fainter strips would be blank lines
HEAD = f"| pictures | n | not accepted | remarked | {' | '.join(CODES)} |"


@dataclass(frozen=True)
class Names:
    """The names of a set that ships."""

    title: str
    inks: tuple[Grey, ...]  # (48, W) each, 0 paper to 255 ink


def declining(
    recognizer: Recognizer, shipped: Path, seed: int, pictures: Path | None = None
) -> Iterator[str]:
    """Read what should be declined, and every development picture; two tables, line by line.

    Args:
        recognizer: to be judged.
        shipped: the folder with the pictures and sets that ship.
        seed: of the pictures to be declined.
        pictures: where to write these, to be looked at; None: nowhere.

    Raises:
        DataError: a set that ships is missing or damaged.
    """
    real = _names(shipped, recognizer)
    writing = [255 - ink for names in real for ink in names.inks[:LINES] if (ink > VISIBLE).any()]
    drawn = list(challenges(writing, np.random.default_rng(seed)))
    if pictures:
        _write(drawn, pictures)
    kinds: dict[str, list[Reading]] = {}
    for each in drawn:
        kinds.setdefault(each.kind, []).append(recognizer.read(each.picture, top=0))
    yield "To be declined:\n"
    yield from _table(kinds)
    yield "\nNames, to be remarked upon in no case:\n"
    yield from _table({names.title: list(_read(recognizer, names)) for names in real})


def _names(shipped: Path, recognizer: Recognizer) -> list[Names]:
    """The development sets; the scans of the test split are left for the test."""
    spec = recognizer.header.picture
    with TemporaryDirectory() as work:
        scanned = _of(scans(shipped, Path(work), spec), SCANS[0], SCANS[0])
        sets = development.unpack(shipped / SETS, Path(work), spec)
        return [scanned, *(_of(each, development.SPLIT, each.path.name) for each in sets)]


def _of(store: Store, split: str, title: str) -> Names:
    """A split of a store, in memory: the store's folder is about to vanish."""
    return Names(title, tuple(np.array(store.strip(row)) for row in store.rows(split).tolist()))


def _read(recognizer: Recognizer, names: Names) -> Iterator[Reading]:
    for start in range(0, len(names.inks), CHUNK):
        strips = [strip_of(ink) for ink in names.inks[start : start + CHUNK]]
        yield from recognizer.read_strips(strips, top=0)


def _table(readings: dict[str, list[Reading]]) -> Iterator[str]:
    yield HEAD
    yield "|---|---:|---|---|---:|---:|---:|"
    every = [reading for group in readings.values() for reading in group]
    for title, group in {**readings, "all": every}.items():
        shares = (sum(not r.accepted for r in group), sum(bool(r.remarks) for r in group))
        counts = [str(sum(code in r.remarks for r in group)) for code in CODES]
        cells = [title, f"{len(group):,}", *(share_of(s, len(group)) for s in shares), *counts]
        yield f"| {' | '.join(cells)} |"


def _write(drawn: Sequence[Challenge], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, each in enumerate(drawn):
        name = f"{number:03}-{each.kind.replace(' ', '-')}.png"
        Image.fromarray(each.picture).save(folder / name)
