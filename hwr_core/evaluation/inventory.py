"""Inventories: what data consists of, counted for charts and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

import pandas as pd

from hwr_core.data.samples import SPLITS

WIDTH = slice(16, 20)  # where a PNG states its width (RFC 2083, 11.2.1)


def lengths(facts: pd.DataFrame) -> pd.Series:
    """How many labels have each number of letters, by rising number."""
    return facts["truth"].str.len().value_counts().sort_index()


def letters(facts: pd.DataFrame) -> pd.Series:
    """How often each letter occurs in the folded labels, the most frequent first."""
    counted = Counter("".join(facts["truth"]))
    return pd.Series(dict(counted.most_common()), dtype=int).rename({" ": "␣"})


def widths(pictures: Iterable[bytes]) -> pd.Series:
    """How many pictures (PNG) have each width, pixels; those left out are not counted."""
    counted = Counter(int.from_bytes(picture[WIDTH]) for picture in pictures if picture)
    return pd.Series(counted, dtype=int).sort_index()


def inventory(provenance: Mapping[str, Any]) -> pd.DataFrame:
    """What a model learned from, a row a store: pictures of each split, those left out, digest.

    Args:
        provenance: of the header of a checkpoint; a part that is missing counts as nothing.
    """
    left_out, digests = provenance.get("left_out", {}), provenance.get("data_digests", {})
    rows = []
    for store, splits in provenance.get("splits", {}).items():
        reasons = [
            reason for split in left_out.get(store, {}).values() for reason in split.values()
        ]
        rows.append(
            {
                "store": PurePath(store).name,
                **{split: splits.get(split, 0) for split in SPLITS},
                "left out": sum(reason["count"] for reason in reasons),
                "digest": digests.get(store, "")[:12],
            }
        )
    return pd.DataFrame(rows)
