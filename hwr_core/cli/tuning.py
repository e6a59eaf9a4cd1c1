"""The verbs that choose how a model decodes, and when it is not sure."""

from __future__ import annotations

import argparse
from itertools import chain
from pathlib import Path

from hwr_core.cli.options import POSITIVE, Verb, add_checkpoint, out_file, within


def _tune_options(parser: argparse.ArgumentParser) -> None:
    stores = "stores with development pictures; each weighs as much as another"
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT", help="is changed in place")
    parser.add_argument("stores", type=Path, nargs="+", metavar="STORE", help=stores)
    parser.add_argument("--split", default="validation", metavar="NAME")
    parser.add_argument("--most", type=POSITIVE, default=500, metavar="N", help="pictures a store")
    copies = "compare with reading smaller and larger copies, too"
    parser.add_argument("--variants", action="store_true", help=copies)
    tried = "compare with what was tried, too; FILE: counts of training labels"
    parser.add_argument("--trials", type=Path, metavar="FILE", help=tried)


def _challenge_options(parser: argparse.ArgumentParser) -> None:
    results, ships = Path("results"), "the folder with the pictures and sets that ship"
    add_checkpoint(parser)
    parser.add_argument("--shipped", type=Path, default=results, metavar="DIR", help=ships)
    parser.add_argument(
        "--seed", type=within(int, 0), default=5, metavar="N", help="of what is drawn"
    )
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="write what is drawn there")
    parser.add_argument(
        "--out", type=out_file, metavar="FILE.md", help="write the tables there, too"
    )


def _tune(options: argparse.Namespace) -> int:
    from hwr_core.evaluation.ablation import Comparison, tune_and_compare

    given = (options.checkpoint, options.stores, options.split, options.most)
    for line in tune_and_compare(*given, Comparison(options.variants, options.trials)):
        print(line, flush=True)
    return 0


def _challenge(options: argparse.Namespace) -> int:
    from hwr_core.evaluation.declining import declining
    from hwr_core.evaluation.surroundings import surrounded
    from hwr_core.recognizer import Recognizer

    recognizer = Recognizer.load(options.checkpoint, threads=1)
    lines = []
    declined = declining(recognizer, options.shipped, options.seed, options.pictures)
    for line in chain(declined, surrounded(recognizer, options.shipped, options.seed)):
        print(line, flush=True)
        lines.append(f"{line}\n")
    if options.out:
        options.out.write_text("".join(lines), "utf-8")
    return 0


VERBS = (
    Verb("tune", _tune_options, _tune, "choose weights, calibration and threshold of a model"),
    Verb(
        "challenge",
        _challenge_options,
        _challenge,
        "count what is accepted of pictures without a name",
    ),
)
