"""Files that are written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write, in a folder that is made; at the end it takes the place of `path`.

    Where something goes wrong before, what was there stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partly = path.with_name(path.name + ".partly")
    try:
        with partly.open("wb") as file:
            yield file
        partly.replace(path)
    finally:
        partly.unlink(missing_ok=True)
