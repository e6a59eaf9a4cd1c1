"""What the verbs of the command line share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from hwr_core.checkpoint import SHIPPED


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
