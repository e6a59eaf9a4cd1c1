"""What the verbs of the command line share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from hwr_core.checkpoint import SHIPPED

Number = TypeVar("Number", int, float)


def within(
    kind: type[Number], least: Number, most: Number | None = None
) -> Callable[[str], Number]:
    """A parser of an option's number, from `least` to `most`, for argparse."""

    def parse(text: str) -> Number:
        value = kind(text)
        if not (value >= least and (most is None or value <= most)):  # NaN is neither
            message = f"expected {least} {'or more' if most is None else f'to {most}'}, got {text}"
            raise argparse.ArgumentTypeError(message)
        return value

    parse.__name__ = kind.__name__  # what argparse calls a text that is none
    return parse


POSITIVE = within(int, 1)


def path(text: str) -> Path:
    """A path that was given; an empty one would be the current folder."""
    if not text:
        message = "a path is empty"
        raise argparse.ArgumentTypeError(message)
    return Path(text)


def out_file(text: str) -> Path:
    """An option's file to write, in a folder that is there: made now, not after hours of work."""
    path = Path(text)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


class Verb(NamedTuple):
    """One word of the command line."""

    name: str
    add_options: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]  # gives the exit status
    purpose: str


def add_settings(parser: argparse.ArgumentParser, example: str) -> None:
    """`--set key=value ...`, which overrides settings."""
    parser.add_argument(
        "--set", nargs="+", action="extend", default=[], metavar="key=value", help=example
    )


def add_checkpoint(parser: argparse.ArgumentParser) -> None:
    """`--checkpoint FILE`, the shipped model by default."""
    parser.add_argument("--checkpoint", type=Path, default=SHIPPED, metavar="FILE")
