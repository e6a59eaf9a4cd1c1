"""The golden pictures: what the shipped model reads in each, and the command that notes it.

make golden        # after a release; look at what changed before you commit it
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hwr_core import Recognizer
from hwr_core.strokes import Drawing, parse

FOLDER = Path(__file__).parent / "golden"
READINGS = FOLDER / "readings.json"


def noted() -> list[dict[str, str]]:
    """Each picture's file, kind, source, label and noted reading."""
    rows: list[dict[str, str]] = json.loads(READINGS.read_text("utf-8"))
    return rows


def picture(file: str) -> Path | Drawing:
    """A picture, or what the drawing pad would send."""
    path = FOLDER / file
    return parse(path.read_text("utf-8")) if path.suffix == ".json" else path


def note(recognizer: Recognizer) -> list[str]:
    """Note the present readings; a line for each that changed."""
    rows: list[dict[str, Any]] = noted()
    changes = []
    for row in rows:
        text = recognizer.read(picture(row["file"])).text
        if text != row["text"]:
            changes.append(f"{row['file']} ({row['label']}): {row['text']!r} is now {text!r}")
        row["text"] = text
    READINGS.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return changes


if __name__ == "__main__":
    print("\n".join(note(Recognizer.load())) or "nothing changed")  # noqa: T201 - a command
