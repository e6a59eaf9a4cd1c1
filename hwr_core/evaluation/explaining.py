"""What is wrong with a file of results, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

EARLIER = "earlier"  # the folder for runs of the model before


class ResultsError(ValueError):
    """Results that are missing or damaged; one sentence that names the file and what makes it."""


@contextmanager
def explaining(path: Path, command: str) -> Iterator[None]:
    """Turn whatever is wrong with the file at `path` into one sentence."""
    name = f"{path.parent.name}/{path.name}"  # visitors need not know where this is installed
    if path.parent.parent.name == EARLIER:
        name, command = f"{EARLIER}/{name}", "make earlier"
    try:
        yield
    except ResultsError:  # of another file, which it names
        raise
    except FileNotFoundError as error:
        message = f"{name} is missing; `{command}` writes it."
        raise ResultsError(message) from error
    except (ValueError, OSError) as error:  # parsers of all three formats raise no others
        reason = _reason(error).replace(str(path), path.name)
        message = f"{name} is damaged: {reason}; `{command}` writes it anew."
        raise ResultsError(message) from error


def _reason(error: Exception) -> str:
    """The first thing that is wrong, in a few words."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        place = " > ".join(f"row {p}" if isinstance(p, int) else p for p in first["loc"])
        return f"{place}: {first['msg']}" if place else first["msg"]
    if isinstance(error, OSError) and error.strerror:
        return error.strerror  # its full text would show the path
    return str(error).splitlines()[0].rstrip(".")
