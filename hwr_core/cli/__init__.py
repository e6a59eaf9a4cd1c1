"""The command line; each verb imports what it needs, so that reading a name starts quickly."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from hwr_core.cli import ablating, data, errors, feedback, models, tuning


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; a refusal is one sentence on standard error and status 2."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        options = _parser().parse_args(arguments)
        status: int = options.verb(options)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads the output, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is left
        return 1
    except OSError as error:  # such as a full disk, or a folder that nobody may write to
        print(f"error: {error.filename or 'a file'}: {error.strerror or error}", file=sys.stderr)
        return 2
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
    every = (data, models, ablating, tuning, errors, feedback)
    for verb in (verb for module in every for verb in module.VERBS):
        options = verbs.add_parser(verb.name, help=verb.purpose, description=verb.purpose)
        options.set_defaults(verb=verb.run)
        verb.add_options(options)
    return parser
