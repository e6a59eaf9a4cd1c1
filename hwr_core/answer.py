"""A reading as JSON: what the command line prints and the web page's endpoints return."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from hwr_core.picture import PictureError
from hwr_core.recognizer import Reading

UNREAD = dict.fromkeys(("text", "folded", "confidence")) | {
    "accepted": False,
    "alternatives": [],
    "letters": [],
    "remarks": [],
}


def as_record(name: str, outcome: Reading | PictureError) -> dict[str, Any]:
    """The JSON object of one picture; its keys are a contract."""
    if isinstance(outcome, PictureError):
        return {"file": name, **UNREAD, "error": str(outcome)}
    return {"file": name, **asdict(outcome), "error": None}
