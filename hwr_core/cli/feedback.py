"""The verb on corrections: export, delete, expire."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

from hwr_core.cli.options import Verb


def _options(parser: argparse.ArgumentParser) -> None:
    does = parser.add_mutually_exclusive_group(required=True)
    does.add_argument("--export", type=Path, metavar="DIR", help="for: prepare corrections DIR")
    does.add_argument("--delete", metavar="DIGEST", help="one of them, or all")
    does.add_argument("--expire", action="store_true", help="delete those past their time")


def _run(options: argparse.Namespace) -> int:
    from hwr_core.feedback.archive import Archive

    with closing(Archive.open()) as archive:
        if options.export:
            print(f"{options.export}: {archive.export(options.export):,} corrections")
        elif options.delete is not None:
            archive.delete(options.delete)
        else:
            print(f"{archive.expire():,} corrections deleted")
    return 0


VERBS = (Verb("corrections", _options, _run, "export or delete what visitors corrected"),)
