"""The verb that tries changes of a recipe."""

from __future__ import annotations

import argparse
from pathlib import Path

from hwr_core.cli.options import POSITIVE, Verb, out_file


def _options(parser: argparse.ArgumentParser) -> None:
    rows = "a recipe and the changes to try, such as configs/ablations/rows.yaml"
    parser.add_argument("config", type=Path, metavar="CONFIG", help=rows)
    parser.add_argument("--processes", type=POSITIVE, default=1, metavar="N", help="rows at a time")
    runs = Path("runs/ablations")
    parser.add_argument("--runs", type=Path, default=runs, metavar="DIR", help="where rows lie")
    parser.add_argument(
        "--out", type=out_file, metavar="FILE.md", help="write the table there, too"
    )


def _run(options: argparse.Namespace) -> int:
    from hwr_core.training.ablate import Ablations, ablate, table

    text = table(ablate(Ablations.load(options.config), options.runs, options.processes))
    print(text, end="")
    if options.out:
        options.out.write_text(text, "utf-8")
    return 0


VERBS = (Verb("ablate", _options, _run, "train short runs that differ in one thing each"),)
