"""The verbs on data, from prepare to development."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from hwr_core.cli.options import POSITIVE, Verb, add_checkpoint, add_settings, out_file


def _prepare_options(parser: argparse.ArgumentParser) -> None:
    from hwr_core.data.sources import SOURCES

    parser.add_argument("source", choices=SOURCES, metavar="SOURCE", help=", ".join(SOURCES))
    parser.add_argument("folder", type=Path, metavar="DIR", help="where the source was unpacked")
    parser.add_argument("--out", type=Path, required=True, metavar="STORE")
    labels = "labels of training pictures that somebody corrected: file,label,corrected,..."
    parser.add_argument("--labels", type=Path, metavar="FILE.csv", help=labels)
    add_settings(parser, "canvas: height=48 width=512 line=32 ...")


def _cut_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="scans in the Kaggle layout")
    parser.add_argument("--out", type=out_file, required=True, metavar="FILE")
    add_checkpoint(parser)


def _compose_options(parser: argparse.ArgumentParser) -> None:
    material = "what to compose from, such as configs/composition/names.yaml"
    parser.add_argument("config", type=Path, metavar="CONFIG", help=material)
    parser.add_argument("--out", type=Path, required=True, metavar="STORE")
    add_settings(parser, "override: kinds.fonts=0 pictures.train=1000 ...")


def _sheet_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=Path, metavar="STORE")
    parser.add_argument("--out", type=out_file, required=True, metavar="FILE.png")
    parser.add_argument("--source", metavar="NAME", help="only strips of it")
    parser.add_argument("--split", metavar="NAME", help="only strips of it")
    parser.add_argument("--number", type=POSITIVE, default=40, metavar="N")
    instead = "show every augmentation at its extremes on six strips instead"
    parser.add_argument("--augmented", action="store_true", help=instead)


def _coarsen_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=Path, metavar="STORE")
    parser.add_argument("--out", type=Path, required=True, metavar="OUT", help="the new store")


def _development_options(parser: argparse.ArgumentParser) -> None:
    whole = "the folder of unipen, dhsd, copiste, full-names-fr and lexicons"
    parser.add_argument("data", type=Path, metavar="DATA", help=whole)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")


def _language_options(parser: argparse.ArgumentParser) -> None:
    from hwr_core.language import SHIPPED

    lexicons, labels = Path("data/lexicons"), Path("data/handwritten-names/train_label_counts.csv")
    stores = "its training labels count, too; LIST: words like them, such as words-fr or places-de"
    parser.add_argument("stores", type=_listed, nargs="*", metavar="STORE[=LIST]", help=stores)
    parser.add_argument("--lexicons", type=Path, default=lexicons, metavar="DIR")
    parser.add_argument("--labels", type=Path, default=labels, metavar="FILE")
    parser.add_argument("--out", type=out_file, default=SHIPPED, metavar="FILE.npz")
    arpa = "the n-grams of this ARPA file instead of new ones"
    parser.add_argument("--from-arpa", type=Path, metavar="FILE", help=arpa)
    parser.add_argument("--to-arpa", type=out_file, metavar="FILE", help="write them as ARPA, too")


def _listed(value: str) -> tuple[Path, str]:
    """A store, and the list of words that goes with it, or ""."""
    store, _, words = value.partition("=")
    return Path(store), words


def _prepare(options: argparse.Namespace) -> int:
    from hwr_core.config import override
    from hwr_core.data.pack import pack
    from hwr_core.data.relabel import corrections, mended, tally
    from hwr_core.data.samples import LeftOut
    from hwr_core.data.sources import SOURCES
    from hwr_core.picture import PictureSpec

    spec = PictureSpec.parse(override({}, options.set), "--set")
    left_out = LeftOut()
    samples = SOURCES[options.source](options.folder, left_out)
    known = corrections(options.labels) if options.labels else {}
    store = pack(mended(samples, known, left_out), options.out, spec, left_out)
    print("\n".join(store.describe()))
    if known:
        print(tally(known.values()))
    return 0


def _cut(options: argparse.Namespace) -> int:
    from hwr_core.checkpoint import Checkpoint
    from hwr_core.data.composition.extract import Reader, extract
    from hwr_core.data.samples import LeftOut
    from hwr_core.data.sources import kaggle
    from hwr_core.runtime.onnx import OnnxNetwork

    model = Checkpoint.open(options.checkpoint)
    reader = Reader(OnnxNetwork(model.onnx()).lattices, model.alphabet, model.header.picture)
    left_out = LeftOut()
    samples = kaggle.samples(options.folder, left_out)
    lines = extract(samples, reader, options.out, left_out).lines()
    print("\n".join([f"{options.out}: {options.out.stat().st_size / 2**20:.1f} MiB", *lines]))
    return 0


def _compose(options: argparse.Namespace) -> int:
    from hwr_core.config import read_yaml
    from hwr_core.data.composition.compose import CompositionSettings, compose

    values = read_yaml(options.config, options.set)
    settings = CompositionSettings.parse(values, str(options.config))
    print("\n".join(compose(settings, options.out).describe()))
    return 0


def _language(options: argparse.Namespace) -> int:
    from hwr_core.data.vocabulary import vocabulary
    from hwr_core.language import read_arpa, write, write_arpa

    every, *kinds = vocabulary(options.lexicons, options.labels, options.stores)
    if options.from_arpa:
        every = replace(every, ngram=read_arpa(options.from_arpa, every.ngram.characters))
    write(options.out, (every, *kinds))
    if options.to_arpa:
        write_arpa(options.to_arpa, every.ngram)
    print(f"{options.out}: {options.out.stat().st_size / 2**20:.1f} MiB")
    for kind in (every, *kinds):
        ngram, lexicon = kind.ngram, kind.lexicon
        known = (
            f"{len(ngram.symbols):,} n-grams of up to {ngram.order}, {len(lexicon.words):,} words"
        )
        print(f"{kind.share:.2f} of all texts: {known}")
    return 0


def _sheet(options: argparse.Namespace) -> int:
    from hwr_core.data.sheets import store_sheet

    if options.augmented:
        from hwr_core.data.augment.extremes import extremes_sheet

        print(extremes_sheet(options.store, options.out, options.source, options.split))
        return 0
    chosen = {"source": options.source, "split": options.split, "number": options.number}
    print(store_sheet(options.store, options.out, **chosen))
    return 0


def _coarsen(options: argparse.Namespace) -> int:
    from hwr_core.data.store import Store
    from hwr_core.data.travel import coarsen

    print("\n".join(coarsen(Store.open(options.store), options.out).describe()))
    return 0


def _development(options: argparse.Namespace) -> int:
    from hwr_core.data.development import ship

    for line in ship(options.data, options.out):
        print(line, flush=True)
    return 0


VERBS = (
    Verb("prepare", _prepare_options, _prepare, "decode a source's pictures into a packed store"),
    Verb("cut", _cut_options, _cut, "cut labelled scans into letters to compose names from"),
    Verb("compose", _compose_options, _compose, "compose names into a store"),
    Verb("language", _language_options, _language, "make the language file"),
    Verb("sheet", _sheet_options, _sheet, "draw strips of a store on a page, to be looked at"),
    Verb("coarsen", _coarsen_options, _coarsen, "a store in 16 greys, which compress well"),
    Verb("development", _development_options, _development, "pack the sets that ship"),
)
