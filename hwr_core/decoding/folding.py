"""Which letter first, in which form afterwards: C and c share their probability."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hwr_core.alphabet import Alphabet
from hwr_core.decoding.greedy import Hypothesis, Span
from hwr_core.decoding.score import check


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


def as_written(
    hypothesis: Hypothesis, log_probs: NDArray[np.floating], alphabet: Alphabet
) -> Hypothesis:
    """A hypothesis of the folded lattice with each letter in the form its frames show.

    Args:
        hypothesis: spans and text in `alphabet.folded`; its probability is kept, as no form of
            the letters is less the same name.
        log_probs: (T, C), not folded.
        alphabet: the C - 1 characters.
    """
    spans = tuple(replace(span, char=_form(span, log_probs, alphabet)) for span in hypothesis.spans)
    return replace(hypothesis, text="".join(span.char for span in spans), spans=spans)


def _form(span: Span, log_probs: NDArray[np.floating], alphabet: Alphabet) -> str:
    """The form of a folded letter with the largest probability over the frames of its span."""
    fold = np.array(alphabet.fold)
    forms = np.flatnonzero(fold == alphabet.encode(span.char)[0])
    shares = np.exp(log_probs[span.start : span.end, forms]).sum(0)
    return alphabet.decode([int(forms[shares.argmax()])])


def _groups(alphabet: Alphabet) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The classes ordered by what they fold to, and where each of the K groups begins."""
    fold = np.array(alphabet.fold)
    order = np.argsort(fold, kind="stable")
    return order, np.flatnonzero(np.diff(fold[order], prepend=-1))
