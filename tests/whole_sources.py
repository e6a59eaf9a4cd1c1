"""Whole sources in small, for tests: photographs, pen strokes and lexicons that sets ship from."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

from hwr_core.data.sources import unipen
from hwr_core.data.sources.labelfiles import LABELS
from tests import rendered

WORDS = [("Anna", "kai-1"), ("Eve", "ugi-1"), ("Otto", "art-2"), ("zebu", "kai-1")]
STROKE = [0, 0, 40, 80, 80, 0, 120, 80]


# ANNA and BOB are for development, EVE for training; the euro sign is in no alphabet.
PHOTOGRAPHS = {
    "dhsd": [
        ("file", "text", "writer"),
        ("writer6/6_0.png", "ANNA", "6"),
        ("writer1/1_0.png", "EVE", "1"),
        ("writer6/6_1.png", "BOB", "6"),
    ],
    "copiste": [
        ("file", "text", "page", "split"),
        ("img/0.png", "ANNA", "one.xml", "dev"),
        ("img/1.png", "€", "one.xml", "dev"),
        ("img/2.png", "EVE", "two.xml", "train"),
        ("img/3.png", "BOB", "three.xml", "dev"),
    ],
    "full-names-fr": [
        ("file", "text", "trailing_punctuation", "page"),
        ("img/0.png", "ANNA", ".", "one.xml"),
        ("img/1.png", "BOB", "", "two.xml"),
    ],
}


def write(folder: Path) -> Path:
    """Photographs with their labels, pen strokes, and lexicons."""
    for name, rows in PHOTOGRAPHS.items():
        for file, text, *_ in rows[1:]:
            (folder / name / file).parent.mkdir(parents=True, exist_ok=True)
            rendered.picture(text).save(folder / name / file)
        with (folder / name / LABELS).open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows(rows)
    (folder / "unipen").mkdir()
    lines = (json.dumps({"text": t, "writer": w, "strokes": [STROKE]}) for t, w in WORDS)
    (folder / "unipen" / unipen.WORDS).write_bytes(gzip.compress("\n".join(lines).encode()))
    (folder / "lexicons").mkdir()
    for file, rows in {
        "insee_prenoms_1900_2021.csv": "name,female,male\nAnna,9,0\nEve,9,0",
        "us_ssa_given_names_1930on.csv": "name,female,male\nOttó,0,9",
        "cc0_common_forenames_by_country.csv": "Localized Name\nBob",
        "insee_noms_1891_2000_list.csv": "surname\nMARTIN",
        "us_census_surnames_1990.csv": "surname,percent\nSMITH,1",
        "cc0_common_surnames_by_country.csv": "Localized Name\nBobo",
    }.items():
        (folder / "lexicons" / file).write_text(rows, "utf-8")
    return folder
