"""Case by the word: capitals, small letters, or a capital first; other mixtures want clear ink."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import groupby

ODD = 3.0  # nats that a word in any other mixture of capitals and small letters must have to spare
CLEAR = 1e-3  # a letter's case is never surer than this leaves it

Shares = Mapping[str, float]  # the forms of a letter: how much its frames speak for each
Weighed = tuple[float, str]  # nats of a case, and the letter in it


def cased(letters: Sequence[Shares]) -> str:
    """Each letter in the form that its frames and its word speak for.

    By its frames alone a letter that is drawn alike in both sizes, or a dotted capital I, stands
    out of its word: DUBOiS. A clear McDonald stays.
    """
    return "".join(
        _word(list(group)) if written else "".join(map(_likeliest, group))
        for written, group in groupby(letters, key=_is_letter)
    )


def _is_letter(forms: Shares) -> bool:
    return any(map(str.isalpha, forms))


def _likeliest(forms: Shares) -> str:
    return max(forms, key=lambda form: forms[form])


def _word(letters: Sequence[Shares]) -> str:
    """The letters of one word in the likeliest of its ways to be written."""
    pairs = list(map(_cases, letters))  # capital and small of each
    capitals, smalls = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    usual = (smalls, [*capitals[:1], *smalls[1:]], capitals)
    best = max(usual, key=_nats)
    odd = list(map(max, pairs))
    return "".join(char for _, char in (odd if _nats(odd) - ODD > _nats(best) else best))


def _nats(way: Sequence[Weighed]) -> float:
    return sum(nats for nats, _ in way)


def _cases(forms: Shares) -> tuple[Weighed, Weighed]:
    """The likeliest capital and small form; twice the same of a letter that has one case only."""
    capitals = {form: share for form, share in forms.items() if form.isupper()}
    smalls = {form: share for form, share in forms.items() if form.islower()}
    if not capitals or not smalls:
        only = 0.0, _likeliest(forms)
        return only, only
    capital, small = _likeliest(capitals), _likeliest(smalls)
    both = capitals[capital] + smalls[small]
    share = min(max(capitals[capital] / both, CLEAR), 1 - CLEAR) if both else 0.5
    return (math.log(share), capital), (math.log(1 - share), small)
