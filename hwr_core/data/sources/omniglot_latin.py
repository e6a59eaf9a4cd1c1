"""Omniglot's Latin alphabet: a to z, drawn once each on a screen by 20 people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from hwr_core.data.samples import DataError, LeftOut, Sample
from hwr_core.data.sources.labelfiles import json_lines, usable
from hwr_core.spelling import written
from hwr_core.strokes import Drawing

FILE = "latin_strokes.jsonl.gz"


def samples(folder: Path, left_out: LeftOut) -> Iterator[Sample]:
    """The letters below `folder`, in the order of their file.

    Raises:
        DataError: the file is missing or damaged, or a line is of another layout.
    """
    return usable(_drawn(folder / FILE), left_out)


def side(drawer: str) -> str:
    """The split of everything a drawer drew: every fifth of the 20 is held out."""
    return "train" if int(drawer) % 5 else "validation"


def _drawn(path: Path) -> Iterator[Sample]:
    for number, values in json_lines(path):
        try:
            yield _sample(f"{path.name}:{number}", values)
        except (KeyError, TypeError, ValueError) as error:
            form = '{"label", "drawer", "strokes": [[[x, y, t], ...], ...]}'
            message = f"{path}: line {number} is not {form} ({error})"
            raise DataError(message) from None


def _sample(name: str, values: dict[str, Any]) -> Sample:
    """The letter of one line; the time of a point is left."""
    strokes = [np.asarray(stroke, np.float32) for stroke in values["strokes"]]
    picture = Drawing.of([stroke.reshape(-1, 3)[:, :2] for stroke in strokes])
    label, drawer = written(values["label"]), values["drawer"]
    return Sample(name, picture, label, side(drawer), "omniglot-latin", drawer)
