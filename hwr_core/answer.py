"""A reading as JSON: what the command line prints and the web page's endpoints return."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, TypedDict

from hwr_core.picture import PictureError
from hwr_core.recognizer import Reading

UNREAD = dict.fromkeys(("text", "folded", "confidence")) | {
    "accepted": False,
    "alternatives": [],
    "letters": [],
    "remarks": [],
}


class OtherText(TypedDict):
    """An alternative, as JSON."""

    text: str
    confidence: float  # 0 to 1


class PlacedLetter(TypedDict):
    """A letter and where it stands, as JSON."""

    char: str
    start: float  # pixels of the given picture
    end: float
    confidence: float  # 0 to 1


class Answered(TypedDict):
    """What an endpoint answers: the object below and its version; for the endpoints' own pages."""

    version: int
    file: str
    text: str | None  # None: not read, see `error`
    folded: str | None
    confidence: float | None  # 0 to 1
    accepted: bool
    alternatives: list[OtherText]
    letters: list[PlacedLetter]
    remarks: list[str]
    error: str | None


def as_record(name: str, outcome: Reading | PictureError) -> dict[str, Any]:
    """The JSON object of one picture; its keys are a contract."""
    if isinstance(outcome, PictureError):
        return {"file": name, **UNREAD, "error": str(outcome)}
    return {"file": name, **asdict(outcome), "error": None}
