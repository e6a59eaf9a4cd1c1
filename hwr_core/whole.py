"""Files and folders that are written whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write, in a folder that is made; at the end it takes the place of `path`.

    Where something goes wrong before, what was there stays. Of two writers the last one wins.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partly = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with partly.open("wb") as file:
            yield file
        partly.replace(path)
    finally:
        partly.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to write in; at the end it becomes `path`, which must not be there."""
    partly = path.with_name(path.name + ".partly")
    shutil.rmtree(partly, ignore_errors=True)  # what a run that was killed left
    partly.mkdir(parents=True)
    try:
        yield partly
        partly.rename(path)
    finally:
        shutil.rmtree(partly, ignore_errors=True)
