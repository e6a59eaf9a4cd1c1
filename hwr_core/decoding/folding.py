"""Which letter first, in which form afterwards: C and c share their probability."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hwr_core.alphabet import Alphabet
from hwr_core.decoding.casing import Cases, cased, cases
from hwr_core.decoding.greedy import Hypothesis, Span
from hwr_core.decoding.lexicon import Lexicon
from hwr_core.decoding.score import check

# How much likelier an accent is where the lexicon has it, and elsewhere: scans without accents in
# their labels teach none, so noise above a letter is seen as one (docs/decoding.md).
EXPECTED, STRANGE = 8.0, 0.25
PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def fold_lattice(log_probs: NDArray[np.floating], alphabet: Alphabet) -> NDArray[np.float64]:
    """The lattice of letters without case and accents: (T, C) of `alphabet` to (T, K) of its fold.

    The probabilities of all forms of a letter are added up, frame by frame. A frame torn between
    C and c is then a sure C, instead of losing to the blank.

    Raises:
        DecodingError: `log_probs` are not log-probabilities of `alphabet`.
    """
    check(log_probs, alphabet.classes)
    order, firsts = _groups(alphabet)
    shares = np.exp(log_probs[:, order].astype(np.float64))
    with np.errstate(divide="ignore"):  # a form that is impossible has the logarithm -inf
        folded: NDArray[np.float64] = np.log(np.add.reduceat(shares, firsts, axis=1))
    return np.minimum(folded, 0)  # rounding may leave a sum above 1


@dataclass(frozen=True, eq=False)
class Forms:
    """The forms of the letters that a lattice shows, remembered for readings that share them."""

    log_probs: NDArray[np.floating]  # (T, C), not folded
    alphabet: Alphabet  # the C - 1 characters
    lexicon: Lexicon | None = None  # the second adviser, if any
    _known: dict[tuple[Span, str], Cases] = field(default_factory=dict)

    def write(self, hypothesis: Hypothesis) -> Hypothesis:
        """A hypothesis of the folded lattice with each letter in the form its frames show.

        Where the lexicon knows a word with an accent, a small letter of it needs less of a mark.
        Capitals stay as they are: LEA is as right as LÉA. The probability is kept, as no form of
        the letters is less the same name.
        """
        text, spans = hypothesis.text, hypothesis.spans
        hints = _hints(text, self.lexicon) if self.lexicon else text
        text = cased(list(map(self._cases, spans, hints)))
        written = (
            Span(char, span.start, span.end, span.confidence)
            for char, span in zip(text, spans, strict=True)
        )
        return Hypothesis(text, hypothesis.log_probability, tuple(written))

    def _cases(self, span: Span, hint: str) -> Cases:
        found = self._known.get((span, hint))
        if found is None:
            found = cases(_shares(span, self.log_probs, self.alphabet, hint))
            self._known[span, hint] = found
        return found


def _hints(text: str, lexicon: Lexicon) -> str:
    """The text with the accented small letters that the lexicon has for its words."""
    words = re.split("([ -])", text)
    forms = (lexicon.accented.get(word, word) for word in words)
    return "".join(f if len(f) == len(w) else w for f, w in zip(forms, words, strict=True))


def _shares(
    span: Span, log_probs: NDArray[np.floating], alphabet: Alphabet, hint: str
) -> dict[str, float]:
    """The forms of a folded letter, each with its probability over the frames of its span."""
    forms = _forms(alphabet)[span.char]
    classes = [number for number, _ in forms]
    shares = np.exp(log_probs[span.start : span.end, classes]).sum(0).tolist()
    return {char: s * _weight(char, hint) for s, (_, char) in zip(shares, forms, strict=True)}


def _weight(char: str, hint: str) -> float:
    """What the lexicon's form of a letter says for a form that the picture may show."""
    if char in PLAIN:
        return 1.0
    return EXPECTED if char == hint else STRANGE


@cache
def _forms(alphabet: Alphabet) -> dict[str, list[tuple[int, str]]]:
    """The classes that fold to each letter, with what they write."""
    forms: dict[str, list[tuple[int, str]]] = {}
    for number, (fold, char) in enumerate(zip(alphabet.fold[1:], alphabet.characters, strict=True)):
        forms.setdefault(alphabet.decode([fold]), []).append((number + 1, char))
    return forms


@cache
def _groups(alphabet: Alphabet) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The classes ordered by what they fold to, and where each of the K groups begins."""
    fold = np.array(alphabet.fold)
    order = np.argsort(fold, kind="stable")
    return order, np.flatnonzero(np.diff(fold[order], prepend=-1))
