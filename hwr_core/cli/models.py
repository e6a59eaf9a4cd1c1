"""The verbs on models, from train to read, and two benches."""

from __future__ import annotations

import argparse
import shlex
import sys
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from hwr_core.checkpoint import SHIPPED, CheckpointError
from hwr_core.cli.options import Verb, add_checkpoint, add_settings, out_file, path, within

DRAWINGS = Path("results/development")
BENCHED = 500  # drawings: enough for every way of writing in the set


def _train_options(parser: argparse.ArgumentParser) -> None:
    recipe = "a recipe such as configs/names.yaml"
    parser.add_argument("config", type=Path, metavar="CONFIG", help=recipe)
    parser.add_argument("--resume", action="store_true", help="go on after the last whole epoch")
    limit = "stop between epochs within N minutes"
    parser.add_argument("--minutes", type=within(float, 0), metavar="N", help=limit)
    add_settings(parser, "override: optim.epochs=3 ...")


def _evaluate_options(parser: argparse.ArgumentParser) -> None:
    add_checkpoint(parser)
    parser.add_argument("store", type=Path, metavar="STORE")
    parser.add_argument("--split", required=True, metavar="NAME")
    parser.add_argument("--source", metavar="NAME", help="score only pictures of this source")
    parser.add_argument("--out", type=Path, required=True, metavar="results/RUN")


def _measure_options(parser: argparse.ArgumentParser) -> None:
    add_checkpoint(parser)
    results, ships = Path("results"), "the folder with the pictures and sets that ship"
    parser.add_argument("--shipped", type=Path, default=results, metavar="DIR", help=ships)
    alone = "read by the picture alone, without what is known of names"
    parser.add_argument("--untuned", action="store_true", help=alone)
    slim = "write what comparing needs, without pictures, letters and alternatives"
    parser.add_argument("--slim", action="store_true", help=slim)
    where = "the results, which are of the shipped model as tuned; any other needs its own"
    parser.add_argument("--out", type=Path, metavar="DIR", help=where)


def _report_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", nargs="?", metavar="RUN", help="such as validation; else every run")
    parser.add_argument("--results", type=Path, default=Path("results"), metavar="DIR")


def _read_options(parser: argparse.ArgumentParser) -> None:
    sources = "pictures, PDFs, zips, and folders of them; - for a picture on standard input"
    parser.add_argument("paths", type=path, nargs="+", metavar="PATH", help=sources)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--jsonl", action="store_true", help="one JSON object a picture")
    form.add_argument("--csv", action="store_true", help="one CSV line a picture")
    most = "alternatives a picture, at most"
    parser.add_argument("--top", type=within(int, 0), default=5, metavar="N", help=most)
    wrong = "the share of accepted readings that may be wrong, as it was in tuning: 0.01"
    parser.add_argument("--errors", type=within(float, 0, 1), metavar="SHARE", help=wrong)
    copies = "read each in three sizes: slower, and a little better where a hand is hard to read"
    parser.add_argument("--variants", action="store_true", help=copies)
    add_checkpoint(parser)


def _release_options(parser: argparse.ArgumentParser) -> None:
    scans, sets = Path("results/handwritten-names"), Path("results/development")
    parser.add_argument("candidate", type=Path, metavar="CANDIDATE")
    parser.add_argument("--pictures", type=Path, default=scans, metavar="DIR", help="of scans")
    parser.add_argument("--split", default="validation", metavar="NAME", help="of them")
    parser.add_argument("--sets", type=Path, default=sets, metavar="DIR", help="of the others")
    only = "judge by some kinds: scans, pad, photographs (default: all)"
    parser.add_argument("--only", nargs="+", metavar="KIND", help=only)


def _quantize_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("candidate", type=Path, metavar="CANDIDATE")
    ranges = "training strips that give the ranges"
    parser.add_argument("stores", type=Path, nargs="+", metavar="STORE", help=ranges)
    parser.add_argument("--out", type=out_file, required=True, metavar="FILE")


def _average_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("first", type=Path, metavar="FIRST", help="what a run started from")
    parser.add_argument("last", type=Path, metavar="LAST", help="the run's candidate")
    parser.add_argument(
        "--share", type=within(float, 0, 1), default=0.8, metavar="S", help="of LAST, 0 to 1"
    )
    parser.add_argument("--out", type=out_file, required=True, metavar="FILE")


def _bench_options(parser: argparse.ArgumentParser) -> None:
    pictures = Path("results/handwritten-names/test_v2")
    parser.add_argument("--pictures", type=Path, default=pictures, metavar="DIR")
    drawn = "the folder of UNIPEN words to draw"
    parser.add_argument("--drawings", type=Path, default=DRAWINGS, metavar="DIR", help=drawn)
    parser.add_argument(
        "--threads", type=within(int, 0), default=1, metavar="N", help="0: all cores"
    )
    add_checkpoint(parser)


def _bench_training_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("config", type=Path, metavar="CONFIG", help="a recipe")
    seconds = "how long to time each of the two"
    parser.add_argument("--seconds", type=float, default=20, metavar="N", help=seconds)
    add_settings(parser, "override: threads=1 accelerator=cpu ...")


def _train(options: argparse.Namespace) -> int:
    from hwr_core.training.recipe import load_recipe
    from hwr_core.training.run import train

    recipe = load_recipe(options.config, options.set)
    checkpoint = train(
        recipe, Path("runs") / recipe.name, resume=options.resume, minutes=options.minutes
    )
    if checkpoint:  # only one process of a distributed run has it
        path, size = checkpoint.path, checkpoint.header.parameters
        smaller = path.with_name("integers.safetensors")
        print(f"{path}: {size:,} parameters; next:")
        print(f"python -m hwr_core quantize {path} STORE --out {smaller}")
        print(f"python -m hwr_core tune {smaller} STORE")
        print(f"make release CANDIDATE={smaller}")
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from hwr_core.evaluation.evaluate import evaluate

    given = (options.checkpoint, options.store, options.split, options.out)
    print(evaluate(*given, _command(), options.source))
    return 0


def _measure(options: argparse.Namespace) -> int:
    from hwr_core.evaluation.development import measure_all

    own = options.checkpoint.resolve() == SHIPPED and not (options.untuned or options.slim)
    if options.out is None and not own:
        message = "--out: name a folder, such as results/untuned; results is the shipped model's"
        raise CheckpointError(message)
    given = (options.checkpoint, options.shipped, options.out or Path("results"), _command())
    print(measure_all(*given, tuned=not options.untuned, slim=options.slim))
    return 0


def _report(options: argparse.Namespace) -> int:
    from hwr_core.evaluation import handout, results

    every = [name for name in results.runs(options.results) if "/" not in name]
    for name in [options.run] if options.run else every:
        print(handout.write(options.results, name, f"make report RUN={name}"), flush=True)
    return 0


def _command() -> str:
    """What was typed, for the results to say how to get them again."""
    return shlex.join(["python", "-m", "hwr_core", *sys.argv[1:]])


def _read(options: argparse.Namespace) -> int:
    from hwr_core.bulk import read_paths
    from hwr_core.recognizer import Options

    form = "jsonl" if options.jsonl else "csv" if options.csv else "text"
    how = Options.parse({"errors": options.errors, "variants": options.variants}, "--")
    return read_paths(options.paths, options.checkpoint, form, options.top, how)


def _release(options: argparse.Namespace) -> int:
    from hwr_core.evaluation.release import KINDS, pictures, release

    kinds = options.only or KINDS
    with TemporaryDirectory() as work:
        where = options.pictures, options.split, options.sets, Path(work)
        print(release(options.candidate, SHIPPED, pictures(*where, kinds)))
    return 0


def _average(options: argparse.Namespace) -> int:
    from hwr_core.training.average import average

    path = average(options.first, options.last, options.share, options.out).path
    print(f"{path}: {options.share:.0%} of {options.last}, the rest of {options.first}")
    return 0


def _quantize(options: argparse.Namespace) -> int:
    from hwr_core.training.quantize import quantize

    path = quantize(options.candidate, options.stores, options.out).path
    size = path.with_suffix(".onnx").stat().st_size
    print(f"{path}: its network takes {size:,} bytes; next: python -m hwr_core tune {path} STORE")
    return 0


def _bench(options: argparse.Namespace) -> int:
    from hwr_core.bench import bench
    from hwr_core.bundle import files
    from hwr_core.data.samples import LeftOut
    from hwr_core.data.sources import unipen
    from hwr_core.picture import PictureError
    from hwr_core.recognizer import Recognizer
    from hwr_core.strokes import Drawing

    if not (pictures := list(files(options.pictures))):
        message = f"{options.pictures}: there is no picture to time; name a folder of some"
        raise PictureError(message)
    recognizer = Recognizer.load(options.checkpoint, options.threads)
    words = islice(unipen.words(options.drawings, LeftOut()), BENCHED)
    drawings = [word.picture for word in words if isinstance(word.picture, Drawing)]
    for line in bench(recognizer, pictures, drawings):
        print(line)
    return 0


def _bench_training(options: argparse.Namespace) -> int:
    from hwr_core.training.bench import delivery
    from hwr_core.training.recipe import load_recipe

    for line in delivery(load_recipe(options.config, options.set), options.seconds):
        print(line)
    return 0


VERBS = (
    Verb("train", _train_options, _train, "learn a model from stores"),
    Verb("evaluate", _evaluate_options, _evaluate, "score a checkpoint on a split of a store"),
    Verb("measure", _measure_options, _measure, "score a checkpoint on every set that ships"),
    Verb("report", _report_options, _report, "write the reports of evaluated runs"),
    Verb("read", _read_options, _read, "read pictures of names"),
    Verb("average", _average_options, _average, "the weights between a run's first and last"),
    Verb("quantize", _quantize_options, _quantize, "a candidate's network in 8-bit integers"),
    Verb("release", _release_options, _release, "ship a candidate that beats the shipped model"),
    Verb("bench", _bench_options, _bench, "time the stages from a picture to its text"),
    Verb(
        "bench-training",
        _bench_training_options,
        _bench_training,
        "time the delivery of strips beside the network that learns from them",
    ),
)
