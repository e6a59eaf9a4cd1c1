"""The command line: prepare, train, evaluate, read, release, bench; each imports what it needs."""

from __future__ import annotations

import argparse
import logging
import os
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
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads the output, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is left
        return 1
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
    for verb, add_options, run, purpose in (
        ("prepare", _prepare_options, _prepare, "decode a source's pictures into a packed store"),
        ("train", _train_options, _train, "learn a model from a store"),
        ("evaluate", _evaluate_options, _evaluate, "score a checkpoint on a split of a store"),
        ("read", _read_options, _read, "read pictures of names"),
        ("release", _release_options, _release, "ship a candidate that beats the shipped model"),
        ("bench", _bench_options, _bench, "time the stages from a picture to its text"),
    ):
        options = verbs.add_parser(verb, help=purpose, description=purpose)
        options.set_defaults(verb=run)
        add_options(options)
    return parser


def _prepare_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", choices=["kaggle"])
    parser.add_argument("folder", type=Path, metavar="DIR", help="where the source was unpacked")
    parser.add_argument("--out", type=Path, required=True, metavar="STORE")
    _add_settings(parser, "canvas: height=48 width=384 ...")


def _train_options(parser: argparse.ArgumentParser) -> None:
    recipe = "a recipe such as configs/names.yaml"
    parser.add_argument("config", type=Path, metavar="CONFIG", help=recipe)
    parser.add_argument("--resume", action="store_true", help="go on after the last whole epoch")
    limit = "stop between epochs within N minutes"
    parser.add_argument("--minutes", type=float, metavar="N", help=limit)
    _add_settings(parser, "override: optim.epochs=3 ...")


def _evaluate_options(parser: argparse.ArgumentParser) -> None:
    _add_checkpoint(parser)
    parser.add_argument("store", type=Path, metavar="STORE")
    parser.add_argument("--split", required=True, metavar="NAME")
    parser.add_argument("--out", type=Path, required=True, metavar="results/RUN")


def _read_options(parser: argparse.ArgumentParser) -> None:
    sources = "pictures and folders of pictures"
    parser.add_argument("paths", type=Path, nargs="+", metavar="PATH", help=sources)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--jsonl", action="store_true", help="one JSON object a picture")
    form.add_argument("--csv", action="store_true", help="one CSV line a picture")
    most = "alternatives a picture, at most"
    parser.add_argument("--top", type=int, default=5, metavar="N", help=most)
    _add_checkpoint(parser)


def _release_options(parser: argparse.ArgumentParser) -> None:
    pictures = Path("results/handwritten-names")
    parser.add_argument("candidate", type=Path, metavar="CANDIDATE")
    parser.add_argument("--pictures", type=Path, default=pictures, metavar="DIR")
    parser.add_argument("--split", default="validation", metavar="NAME")


def _bench_options(parser: argparse.ArgumentParser) -> None:
    pictures = Path("results/handwritten-names/test_v2")
    parser.add_argument("--pictures", type=Path, default=pictures, metavar="DIR")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="0: all cores")
    _add_checkpoint(parser)


def _add_settings(parser: argparse.ArgumentParser, example: str) -> None:
    parser.add_argument(
        "--set", nargs="+", action="extend", default=[], metavar="key=value", help=example
    )


def _add_checkpoint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", type=Path, default=SHIPPED, metavar="FILE")


def _prepare(options: argparse.Namespace) -> int:
    from hwr_core.config import override
    from hwr_core.data import kaggle
    from hwr_core.data.pack import pack
    from hwr_core.data.samples import LeftOut
    from hwr_core.picture import PictureSpec

    spec = PictureSpec.parse(override({}, options.set), "--set")
    left_out = LeftOut()
    store = pack(kaggle.samples(options.folder, left_out), options.out, spec, left_out)
    print("\n".join(store.describe()))
    return 0


def _train(options: argparse.Namespace) -> int:
    from hwr_core.training.recipe import load_recipe
    from hwr_core.training.run import train

    recipe = load_recipe(options.config, options.set)
    checkpoint = train(
        recipe, Path("runs") / recipe.name, resume=options.resume, minutes=options.minutes
    )
    if checkpoint:  # only one process of a distributed run has it
        path, size = checkpoint.path, checkpoint.header.parameters
        print(f"{path}: {size:,} parameters; ship it with: make release CANDIDATE={path}")
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

    print(release(options.candidate, SHIPPED, options.pictures, options.split))
    return 0


def _bench(options: argparse.Namespace) -> int:
    from hwr_core.bench import bench
    from hwr_core.bulk import files
    from hwr_core.recognizer import Recognizer

    recognizer = Recognizer.load(options.checkpoint, options.threads)
    print("\n".join(bench(recognizer, list(files([options.pictures])))))
    return 0
