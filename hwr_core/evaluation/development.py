"""One model on every picture that ships: a run each, and one table of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from hwr_core.checkpoint import Checkpoint
from hwr_core.data import development
from hwr_core.data.pack import pack
from hwr_core.data.samples import LeftOut
from hwr_core.data.sources import kaggle
from hwr_core.data.store import Store
from hwr_core.evaluation import corrected, results
from hwr_core.evaluation.evaluate import Task, measure
from hwr_core.evaluation.predictions import Reader
from hwr_core.evaluation.slices import FORM, RARE_FORM, SMALLEST
from hwr_core.evaluation.table import table
from hwr_core.picture import PictureSpec

PICTURES, SETS = "handwritten-names", "development"  # folders of the results
SCANS = ("validation", "test")  # splits of `PICTURES`, and the runs' names
CHECKED = {"validation": PICTURES, "dhsd": SETS}  # runs whose labels were checked by eye: where


def measure_all(
    path: Path, shipped: Path, out: Path, command: str, *, tuned: bool = True, slim: bool = False
) -> str:
    """Measure a checkpoint on every set that ships; write a run each and `table.md`.

    Args:
        path: the checkpoint.
        shipped: the folder that holds `PICTURES` and `SETS`.
        out: where the runs go, `shipped` itself for the released model.
        command: what to run to get the same.
        tuned: whether to read as the checkpoint was tuned; else the picture alone decides.
        slim: see `Task`.

    Returns:
        The table.

    Raises:
        CheckpointError, DataError: the model, or a set that ships, cannot be used.
    """
    checkpoint = Checkpoint.open(path)
    plain = Reader(checkpoint, tuned=tuned)
    readers = {development.STROKES: replace(plain, names=development.names(shipped / SETS))}
    scanner = replace(plain, forms=forms(shipped / PICTURES))
    readers |= dict.fromkeys(SCANS, scanner)
    found = []
    with TemporaryDirectory() as work:
        for store, task in _tasks(shipped, out, Path(work), checkpoint.header.picture, command):
            reader = readers.get(task.out.name, plain)
            found.append(measure(reader, store, replace(task, slim=slim)))
    text = table(found)
    results.write_table(out, text)
    return text


def _tasks(
    shipped: Path, out: Path, work: Path, spec: PictureSpec, command: str
) -> Iterator[tuple[Store, Task]]:
    """Each set, prepared below `work`, with what to do about it."""
    scanned = scans(shipped, work, spec)
    for split in SCANS:
        yield scanned, Task(split, out / split, command, corrected=_by_eye(shipped, split))
    for store in development.unpack(shipped / SETS, work, spec):
        run = store.path.name
        yield store, Task(development.SPLIT, out / run, command, corrected=_by_eye(shipped, run))


def _by_eye(shipped: Path, run: str) -> Path | None:
    """The labels of a run that were corrected by eye, where somebody looked at them."""
    return shipped / CHECKED[run] / corrected.FILE if run in CHECKED else None


def forms(pictures: Path) -> dict[str, str]:
    """A tag for each scan, by file name: which printed form it is cut from.

    Each form was cut to a size of its own; forms of fewer pictures than make a slice share a tag.
    """
    sizes = {}
    for path in sorted(pictures.rglob("*.jpg")):
        with Image.open(path) as picture:
            sizes[path.name] = picture.size
    often = Counter(sizes.values())
    return {
        name: f"{FORM} {size[0]} x {size[1]} pixels" if often[size] >= SMALLEST else RARE_FORM
        for name, size in sizes.items()
    }


def scans(shipped: Path, work: Path, spec: PictureSpec) -> Store:
    """The scans that ship, prepared below `work`.

    Raises:
        DataError: they are missing or damaged.
    """
    left_out, pictures = LeftOut(), shipped / PICTURES
    return pack(kaggle.samples(pictures, left_out), work / PICTURES, spec, left_out)
