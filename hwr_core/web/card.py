"""A reading as HTML: the name, how sure it is, the alternatives and every letter."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hwr_core.recognizer import Letter, Reading

NOTHING = "No writing was found: write or send one name, dark on light paper."


def notice(sentence: str) -> str:
    """A sentence in place of a reading: what is missing or wrong, and what to do."""
    return f'<div class="card notice" role="status"><p>{escape(sentence)}</p></div>'


def card(reading: Reading, milliseconds: float) -> str:
    """A whole reading; every text in it is escaped.

    Args:
        reading: what the recognizer made of one picture; blank paper gives a notice.
        milliseconds: how long that took.
    """
    if not reading.text:
        return notice(NOTHING)
    state = "sure" if reading.accepted else "unsure"
    words = "sure" if reading.accepted else "\N{EN DASH} not sure, please check"
    return (
        f'<div class="card {state}" role="status">'
        f'<p class="name">{escape(reading.text)}</p>'
        f'<p class="verdict"><b>{percent(reading.confidence)}</b> {words}</p>'
        f"{bar(reading.confidence)}{_letters(reading.letters)}{_alternatives(reading)}"
        f'<p class="latency">read in {milliseconds:.0f} ms</p></div>'
    )


def percent(share: float) -> str:
    """A share of 0 to 1 in words that claim no certainty: never 0 % and never 100 %."""
    return f"{min(99, max(1, round(100 * share)))} %"


def bar(share: float) -> str:
    """A slim bar, filled to a share of 0 to 1; the number beside it says the same."""
    return f'<span class="bar" aria-hidden="true"><i style="width:{100 * share:.0f}%"></i></span>'


def _letters(letters: Iterable[Letter]) -> str:
    """Each letter above its own bar."""
    columns = (
        f'<li title="{percent(letter.confidence)}"><span>{escape(letter.char)}</span>'
        f"{bar(letter.confidence)}</li>"
        for letter in letters
    )
    return f'<h3>Letter by letter</h3><ol class="letters">{"".join(columns)}</ol>'


def _alternatives(reading: Reading) -> str:
    """The other names it could be; none is left when the reader is certain."""
    rows = "".join(
        f"<li><span>{escape(other.text)}</span>{bar(other.confidence)}"
        f"<b>{percent(other.confidence)}</b></li>"
        for other in reading.alternatives
        if other.text != reading.text
    )
    return f'<h3>It could also be</h3><ol class="alternatives">{rows}</ol>' if rows else ""
