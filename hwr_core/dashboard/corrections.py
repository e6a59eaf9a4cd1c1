"""The page Corrections: what visitors corrected, against the current model, to learn from."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
import streamlit as st

from hwr_core.checkpoint import SHIPPED
from hwr_core.dashboard import loading
from hwr_core.dashboard.loading import Choice
from hwr_core.dashboard.style import literal, page_of, percent, tile
from hwr_core.evaluation.gallery import thumbnail
from hwr_core.evaluation.predictions import png
from hwr_core.feedback.archive import Archive, FeedbackError, Outline
from hwr_core.picture import PictureError
from hwr_core.spelling import fold
from hwr_core.strokes import DrawingError, parse

ROWS = 100  # on a page
COLUMNS: dict[str, Any] = {
    "picture": st.column_config.ImageColumn("Writing", width=260),
    "text": "Corrected to",
    "read": "Read then",
    "now": "Reads now",
    "right": st.column_config.CheckboxColumn("Right now"),
    "confidence": st.column_config.ProgressColumn("Confidence now", format="%.2f", max_value=1),
    "day": "Kept on",
    "digest": "Digest",
}
NOTHING = "No visitor has left a correction yet. The page asks for them where it errs."


@dataclass(frozen=True)
class Again:
    """What the current model makes of a writing that was corrected."""

    picture: bytes  # PNG of its strip; empty: it cannot be read any more
    now: str
    confidence: float  # 0 to 1


class GoneError(Exception):
    """A correction that is no longer there."""


def show(_: Choice) -> None:
    """The whole page; it is the same for every run."""
    st.title("What visitors corrected")
    try:
        archive = Archive.found()
        if archive is None:
            st.info(NOTHING)
            return
        with closing(archive):
            show_kept(archive)
    except FeedbackError as error:
        st.error(str(error))


def show_kept(archive: Archive) -> None:
    """A page of the corrections, the newest first, and what may be done with them.

    Raises:
        FeedbackError: the database went away.
    """
    kept = pd.DataFrame(archive.outline(), columns=Outline._fields)
    tiles = st.container(horizontal=True)
    shown = page_of(kept, ROWS)["digest"].tolist()
    again = [there(archive, digest) for digest in shown]
    table = against(kept[kept["digest"].isin(shown)], again)
    if table.empty:
        st.info(NOTHING)
        return
    with tiles:
        show_tiles(kept, table)
    picked = st.dataframe(
        table,
        column_order=list(COLUMNS),
        column_config=COLUMNS,
        row_height=48,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=f"corrections {crc32(''.join(table['digest']).encode())}",  # rows are of this table
    )
    offer(archive, table["digest"].iloc[picked["selection"]["rows"]].tolist())


def against(kept: pd.DataFrame, again: list[Again | None]) -> pd.DataFrame:
    """The corrections beside what the current model reads, without those just deleted."""
    now = pd.DataFrame([vars(each) for each in again if each])
    if now.empty:
        return now
    table = kept[[each is not None for each in again]].reset_index(drop=True).join(now)
    right = table["now"].map(fold) == table["text"].map(fold)
    return table.assign(picture=now["picture"].map(lambda ink: ink and thumbnail(ink)), right=right)


def there(archive: Archive, digest: str) -> Again | None:
    """What the current model reads in a piece of writing; None if it was just deleted."""
    try:
        return read_again(loading.changed(SHIPPED), digest, archive)
    except GoneError:
        return None


@st.cache_data(max_entries=2000, show_spinner="Reading the corrections")
def read_again(model: int, digest: str, _archive: Archive) -> Again:  # noqa: ARG001 - a key
    """The same, kept without the writing itself.

    Raises:
        GoneError: it was deleted; that is not kept, since the same may be sent again.
    """
    found = _archive.some([digest])
    if not found:
        raise GoneError
    content = found[0].content
    try:
        given = parse(content.decode()) if found[0].kind == "strokes" else content
        recognizer = loading.recognizer()
        strip = recognizer.prepare(given)
    except (PictureError, DrawingError, UnicodeDecodeError):
        return Again(b"", "(cannot be read)", 0)
    (reading,) = recognizer.read_strips([strip], top=0)
    ink = np.rint(255 * strip.ink).astype(np.uint8)
    return Again(png(ink), reading.text, reading.confidence)


def show_tiles(kept: pd.DataFrame, table: pd.DataFrame) -> None:
    """How many there are, how many were read right, and of those on this page are now."""
    was = kept["read"].map(fold) == kept["text"].map(fold)
    some = None if len(table) == len(kept) else f"of the {len(table):,} below"
    tile("Corrections", f"{len(kept):,}")
    tile("Read right then", percent(was.mean()))
    tile("Read right now", percent(table["right"].mean()), some)


def offer(archive: Archive, digests: list[str]) -> None:
    """A folder and a button that accept the chosen corrections into training."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        folder = st.text_input("Folder for training", "corrections", width=280)
        accepted = st.button(f"Accept {len(digests):,} into training", disabled=not digests)
    st.caption("Select the rows whose correction you believe; nobody else has looked at them.")
    if accepted and folder:
        accept(archive, Path(folder), digests)


def accept(archive: Archive, folder: Path, digests: list[str]) -> None:
    """Write the chosen corrections as `prepare corrections` reads them, and say what to do next."""
    try:
        number = archive.export(folder, set(digests))
    except FeedbackError as error:
        st.error(str(error))
    except OSError as error:
        st.error(f"{literal(str(folder))} cannot be written: {error.strerror}.")
    else:
        st.success(f"{number:,} corrections are in {literal(str(folder))}. To learn from them:")
        st.code(f"python -m hwr_core prepare corrections {folder} --out stores/corrections")
