"""The verbs on errors: labels that are doubted, and why pictures are misread."""

from __future__ import annotations

import argparse
from pathlib import Path

from hwr_core.cli.options import POSITIVE, Verb, add_checkpoint, out_file


def _doubts_options(parser: argparse.ArgumentParser) -> None:
    add_checkpoint(parser)
    parser.add_argument("store", type=Path, metavar="STORE")
    parser.add_argument("--split", default="train", metavar="NAME")
    parser.add_argument("--out", type=out_file, required=True, metavar="FILE.csv")
    parser.add_argument("--sheets", type=Path, metavar="DIR", help="draw the most doubted, too")
    parser.add_argument("--number", type=POSITIVE, default=200, metavar="N", help="pictures drawn")


def _causes_options(parser: argparse.ArgumentParser) -> None:
    folder = "the folder of the runs"
    parser.add_argument("--results", type=Path, default=Path("results"), metavar="DIR", help=folder)
    parser.add_argument("--sheet", type=out_file, metavar="FILE.png", help="draw some of each, too")
    parser.add_argument(
        "--number", type=POSITIVE, default=6, metavar="N", help="of each cause, drawn"
    )


def _doubts(options: argparse.Namespace) -> int:
    from hwr_core.checkpoint import Checkpoint
    from hwr_core.data.store import Store
    from hwr_core.evaluation import doubts

    store = Store.open(options.store)
    ranking = doubts.rank(Checkpoint.open(options.checkpoint), store, options.split)
    doubts.write(ranking, options.out)
    print(f"{options.out}: {len(ranking.doubts):,} of {ranking.pictures:,} read otherwise")
    print(f"they speak for {ranking.noise:.1%} wrong labels at most")
    for path in (
        doubts.sheets(ranking, store, options.sheets, options.number) if options.sheets else ()
    ):
        print(path)
    return 0


def _causes(options: argparse.Namespace) -> int:
    from hwr_core.evaluation import causes

    found = causes.of_results(options.results)
    print(causes.as_markdown(causes.table(found)), causes.summary(found), sep="\n\n")
    if options.sheet:
        causes.draw(found, options.sheet, options.number)
        print(f"{options.sheet}: {options.sheet.stat().st_size / 1000:.0f} kB")
    return 0


VERBS = (
    Verb("doubts", _doubts_options, _doubts, "rank labels that are not what a model reads"),
    Verb("causes", _causes_options, _causes, "count why the pictures of all runs were misread"),
)
