"""Whole sources in small, for tests: stores, pen strokes and lexicons that sets ship from."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from hwr_core.data import development
from hwr_core.data.sources import unipen
from tests import rendered

WORDS = [("Anna", "kai-1"), ("Eve", "ugi-1"), ("Otto", "art-2"), ("zebu", "kai-1")]
STROKE = [0, 0, 40, 80, 80, 0, 120, 80]


def write(folder: Path) -> Path:
    """A store for each set of strips, pen strokes, and lexicons."""
    for name in development.STRIPS:
        pictures = rendered.pictures(
            folder / name, {"train": ["EVE"], "validation": ["ANNA", "BOB"]}
        )
        rendered.packed(pictures, folder / "stores" / name)
    lines = (json.dumps({"text": t, "writer": w, "strokes": [STROKE]}) for t, w in WORDS)
    (folder / unipen.WORDS).write_bytes(gzip.compress("\n".join(lines).encode()))
    (folder / "lexicons").mkdir()
    for file, rows in {
        "insee_prenoms_1900_2021.csv": "name,female,male\nAnna,9,0\nEve,9,0",
        "us_ssa_given_names_1930on.csv": "name,female,male\nOttó,0,9",
        "cc0_common_forenames_by_country.csv": "Localized Name\nBob",
        "insee_noms_1891_2000_list.csv": "surname\nMARTIN",
        "us_census_surnames_1990.csv": "surname,percent\nSMITH,1",
        "cc0_common_surnames_by_country.csv": "Localized Name\nBobo",
    }.items():
        (folder / "lexicons" / file).write_text(rows)
    return folder
