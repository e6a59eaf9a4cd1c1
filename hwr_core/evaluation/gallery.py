"""Misread pictures as a page of HTML: each with its label and, under it, what was read."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from html import escape
from types import MappingProxyType

from rapidfuzz.distance import Levenshtein, Opcodes

from hwr_core.data.relabel import Correction
from hwr_core.evaluation.records import Prediction

# The paper stays white on a dark page; all else takes the colours of the page it stands on.
STYLE = """
.gallery { display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 16rem), 1fr)); }
.gallery figure { margin: 0; overflow: hidden; border-radius: .5rem;
  border: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
.gallery img { display: block; box-sizing: border-box; width: 100%; height: 4.5rem;
  padding: .5rem; object-fit: contain; background: white; }
.gallery figcaption { padding: .6rem .8rem; }
.gallery div { display: grid; grid-template-columns: 3.2rem 1fr; align-items: baseline; }
.gallery code { padding: 0; background: none; color: inherit; font-size: 1.05rem;
  letter-spacing: .06em; white-space: pre-wrap; overflow-wrap: anywhere; }
.gallery mark { border-radius: .2rem; color: inherit;
  background: color-mix(in srgb, #e08e45 45%, transparent); }
.gallery small { opacity: .75; }
"""
NONE: Mapping[str, Correction] = MappingProxyType({})
GAP = "·"  # stands for a letter that only the other text has


def gallery(mistakes: Iterable[Prediction], seen: Mapping[str, Correction] = NONE) -> str:
    """All `mistakes` as one piece of HTML, in their order, with what was `seen` by eye, by file."""
    cards = "".join(card(mistake, seen.get(mistake.file)) for mistake in mistakes)
    return f'<style>{STYLE}</style><section class="gallery">{cards}</section>'


def card(mistake: Prediction, seen: Correction | None = None) -> str:
    """One mistake; browsers load its picture when it comes into sight."""
    eye = ": ".join(filter(None, (seen.verdict, seen.corrected))) if seen else ""
    by_eye = f"<div><small>By eye</small><small>{escape(eye)}</small></div>" if eye else ""
    verdict = "accepted" if mistake.accepted else "refused"
    name = "seen in training" if mistake.seen else "unseen name"
    # A label that does not tell case and accents does not tell them wrong either.
    label, read = (
        (mistake.label, mistake.text) if mistake.cased else (mistake.truth, mistake.folded)
    )
    edits = Levenshtein.opcodes(label, read)
    return f"""<figure title="{escape(mistake.file)}">{image(mistake.picture, mistake.label)}
<figcaption>
<div><small>Label</small><code>{marked(label, edits)}</code></div>
<div><small>Read</small><code>{marked(read, edits.inverse())}</code></div>
<small>{mistake.confidence:.0%} sure, {verdict} · {name} · {escape(mistake.source)}</small>
{by_eye}</figcaption></figure>"""


def image(picture: bytes, label: str) -> str:
    """A picture as HTML, loaded when it comes into sight; none of a run stored without them."""
    if not picture:
        return ""
    return f'<img loading="lazy" src="{data_uri(picture)}" alt="{escape(label)}, handwritten">'


def marked(text: str, edits: Opcodes) -> str:
    """`text` as HTML with what the `edits` of it touch marked.

    The target, with the inverse of the same edits, stands under it letter by letter.
    """
    parts = []
    for edit in edits:
        letters = text[edit.src_start : edit.src_end]
        if edit.tag == "equal":
            parts.append(escape(letters))
        else:
            shown = letters.replace(" ", "␣") or GAP * (edit.dest_end - edit.dest_start)
            parts.append(f"<mark>{escape(shown)}</mark>")
    return "".join(parts)


def thumbnail(png: bytes, width: int = 240, height: int = 40) -> str:
    """A picture fitted whole into a frame of that many pixels, as a data URI.

    Tables cut wide pictures off; this drawing around the untouched picture does the fitting.
    """
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<image href="{data_uri(png)}" width="{width}" height="{height}"/></svg>'
    )
    return "data:image/svg+xml;base64," + b64encode(drawing.encode()).decode()


def data_uri(png: bytes) -> str:
    """A picture that needs no request of its own."""
    return "data:image/png;base64," + b64encode(png).decode()
