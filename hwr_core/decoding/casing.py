"""Case by the word: capitals, small letters, or a capital first; other mixtures want clear ink."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import groupby

ODD = 3.0  # nats that a word in any other mixture of capitals and small letters must have to spare
CLEAR = 1e-3  # a letter's case is never surer than this leaves it
NAMED = 3.0  # nats for a capital first where another word of the name has one: Samuel hood
PARTICLE = 3  # letters that a word has at most which may stay small beside those: von, de la

Weighed = tuple[float, str]  # nats of a case, and the letter in it
Cases = tuple[Weighed, Weighed]  # a letter as capital and small; twice the same of a sign


def cases(forms: Mapping[str, float]) -> Cases:
    """The likeliest capital and small form of a letter.

    Args:
        forms: how much its frames speak for each, at least one.
    """
    capitals = {form: share for form, share in forms.items() if form.isupper()}
    smalls = {form: share for form, share in forms.items() if form.islower()}
    if not capitals or not smalls:  # ß, and what is no letter
        only = 0.0, _likeliest(forms)
        return only, only
    capital, small = _likeliest(capitals), _likeliest(smalls)
    both = capitals[capital] + smalls[small]
    share = min(max(capitals[capital] / both, CLEAR), 1 - CLEAR) if both else 0.5
    return (math.log(share), capital), (math.log(1 - share), small)


def _likeliest(forms: Mapping[str, float]) -> str:
    return max(forms, key=lambda form: forms[form])


def cased(letters: Sequence[Cases]) -> str:
    """Each letter in the case that its frames, its word and the other words speak for.

    By its frames alone a letter that is drawn alike in both sizes, or a dotted capital I, stands
    out of its word: DUBOiS. A clear McDonald stays, and so does Ludwig van Beethoven.
    """
    words = [list(word) for _, word in groupby(letters, key=lambda letter: letter[0][1].isalpha())]
    each = list(map(_word, words))
    if not any(word[0].isupper() and not word.isupper() for word in each):
        return "".join(each)
    return "".join(_word(_named(word) if len(word) > PARTICLE else word) for word in words)


def _named(letters: Sequence[Cases]) -> list[Cases]:
    """The letters of a word that is likely to begin with a capital."""
    (nats, capital), small = letters[0]
    return [((nats + NAMED, capital), small), *letters[1:]]


def _word(letters: Sequence[Cases]) -> str:
    """The letters of one word, or the signs between two, in the likeliest way to write them."""
    capitals, smalls = [letter[0] for letter in letters], [letter[1] for letter in letters]
    usual = (smalls, [*capitals[:1], *smalls[1:]], capitals)
    best = max(usual, key=_nats)
    odd = list(map(max, letters))
    return "".join(char for _, char in (odd if _nats(odd) - ODD > _nats(best) else best))


def _nats(way: Sequence[Weighed]) -> float:
    return sum(nats for nats, _ in way)
