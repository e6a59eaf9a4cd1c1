"""A way to import Gradio in half its time."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_stubs() -> Iterator[None]:
    """Within it, no class has a source file.

    Gradio writes a .pyi file beside each of its components whenever it is imported, which takes
    longer than all else in it; it spares those without a file (gradio/component_meta.py). Only
    editors want these files.
    """

    def nowhere(*_: object, **__: object) -> str:
        raise OSError

    known, inspect.getfile = inspect.getfile, nowhere
    try:
        yield
    finally:
        inspect.getfile = known
