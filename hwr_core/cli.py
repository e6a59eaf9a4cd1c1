"""The command line: prepare, train, evaluate, read, release. Each verb imports only what it needs."""

from __future__ import annotations

import argparse
import logging
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from hwr_core.checkpoint import SHIPPED


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; a refusal is one sentence on standard error and status 2."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        status: int = options.verb(options)
    except (ValueError, RuntimeError) as error:  # our own refusals are all of these two kinds
        if not type(error).__module__.startswith("hwr_core"):
            raise
        print(f"error: {error}", file=sys.stderr)
        return 2
    return status


def _parser() -> argparse.ArgumentParser:
    """The verbs and their options."""
    parser = argparse.ArgumentParser(prog="python -m hwr_core", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    prepare = verbs.add_parser(
        "prepare", help="decode a source's pictures once, into a packed store"
    )
    prepare.set_defaults(verb=_prepare)
    prepare.add_argument("source", choices=["kaggle"])
    prepare.add_argument("folder", type=Path, metavar="DIR", help="where the source was unpacked")
    prepare.add_argument("--out", type=Path, required=True, metavar="STORE")
    prepare.add_argument(
        "--set", nargs="+", default=[], metavar="key=value", help="canvas: height=48 width=384 ..."
    )

    train = verbs.add_parser("train", help="learn a model from a store")
    train.set_defaults(verb=_train)
    train.add_argument(
        "config", type=Path, metavar="CONFIG", help="a recipe such as configs/names.yaml"
    )
    train.add_argument("--resume", action="store_true", help="go on after the last whole epoch")
    train.add_argument(
        "--minutes", type=float, metavar="N", help="stop between epochs within N minutes"
    )
    train.add_argument(
        "--set", nargs="+", default=[], metavar="key=value", help="override: optim.epochs=3 ..."
    )

    evaluate = verbs.add_parser("evaluate", help="score a checkpoint on a split of a store")
    evaluate.set_defaults(verb=_evaluate)
    evaluate.add_argument("--checkpoint", type=Path, default=SHIPPED, metavar="FILE")
    evaluate.add_argument("store", type=Path, metavar="STORE")
    evaluate.add_argument("--split", required=True, metavar="NAME")
    evaluate.add_argument("--out", type=Path, required=True, metavar="results/RUN")

    read = verbs.add_parser("read", help="read pictures of names")
    read.set_defaults(verb=_read)
    read.add_argument(
        "paths", type=Path, nargs="+", metavar="PATH", help="pictures and folders of pictures"
    )
    form = read.add_mutually_exclusive_group()
    form.add_argument("--jsonl", action="store_true", help="one JSON object a picture")
    form.add_argument("--csv", action="store_true", help="one CSV line a picture")
    read.add_argument(
        "--top", type=int, default=5, metavar="N", help="alternatives a picture, at most"
    )
    read.add_argument("--checkpoint", type=Path, default=SHIPPED, metavar="FILE")

    release = verbs.add_parser("release", help="ship a candidate if it beats the shipped model")
    release.set_defaults(verb=_release)
    release.add_argument("candidate", type=Path, metavar="CANDIDATE")
    release.add_argument("--store", type=Path, required=True, help="the pictures both models read")
    release.add_argument("--split", default="validation")
    return parser


def _prepare(options: argparse.Namespace) -> int:
    from hwr_core.config import override
    from hwr_core.data import kaggle
    from hwr_core.data.samples import LeftOut
    from hwr_core.data.store import describe, pack
    from hwr_core.picture import PictureSpec

    spec = PictureSpec.parse(override({}, options.set), "--set")
    left_out = LeftOut()
    store = pack(kaggle.samples(options.folder, left_out), options.out, spec, left_out)
    print("\n".join(describe(store)))
    return 0


def _train(options: argparse.Namespace) -> int:
    from hwr_core.training.recipe import load_recipe
    from hwr_core.training.run import train

    recipe = load_recipe(options.config, options.set)
    checkpoint = train(
        recipe, Path("runs") / recipe.name, resume=options.resume, minutes=options.minutes
    )
    print(
        f"{checkpoint.path}: {checkpoint.header.parameters:,} parameters; ship it with: make release CANDIDATE={checkpoint.path}"
    )
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from hwr_core.evaluation.evaluate import evaluate

    command = shlex.join(["python", "-m", "hwr_core", *sys.argv[1:]])
    print(evaluate(options.checkpoint, options.store, options.split, options.out, command))
    return 0


def _read(options: argparse.Namespace) -> int:
    from hwr_core.bulk import read_paths

    form = "jsonl" if options.jsonl else "csv" if options.csv else "text"
    return read_paths(options.paths, options.checkpoint, form, options.top)


def _release(options: argparse.Namespace) -> int:
    from hwr_core.evaluation.release import release

    print(release(options.candidate, SHIPPED, options.store, options.split))
    return 0
