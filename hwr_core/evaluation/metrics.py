"""How far readings are from the truth: counts that add up, and rates as views of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass

from rapidfuzz.distance import Levenshtein

from hwr_core.evaluation.records import Character


@dataclass(frozen=True)
class Counts:
    """What was counted over some names; the counts of two sets add up to those of both.

    A name without a letter in its truth is only counted as `empty_reference`: no error rate is
    defined for it, and one such name must not spoil the rates of the others.
    Rates are pooled (all errors over all letters), not averaged over names. Over no names they
    are NaN.
    """

    names: int = 0
    exact: int = 0  # names read without any error
    letters: int = 0  # characters of the truth, spaces included
    substitutions: int = 0
    insertions: int = 0  # characters that were read but are not in the truth
    deletions: int = 0
    words: int = 0  # of the truth
    word_edits: int = 0
    normalised_distance: float = 0.0  # sum over names of edits / length of the longer text
    empty_reference: int = 0

    def __add__(self, other: Counts) -> Counts:
        """The counts of both sets of names."""
        return Counts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    @property
    def edits(self) -> int:
        """The Levenshtein distance between the letters, added up."""
        return self.substitutions + self.insertions + self.deletions

    @property
    def exact_match(self) -> float:
        """Share of names without any error."""
        return _ratio(self.exact, self.names)

    @property
    def cer(self) -> float:
        """Character error rate, (S + I + D) / letters; insertions can take it above 1."""
        return _ratio(self.edits, self.letters)

    @property
    def wer(self) -> float:
        """Word error rate, the same over the words between spaces."""
        return _ratio(self.word_edits, self.words)

    @property
    def character_accuracy(self) -> float:
        """1 - CER, as OCR accuracy is defined (Rice, Jenkins & Nartker 1996), but at least 0.

        It is not the share of positions that agree: there one letter too many at the start
        makes all that follow count as wrong.
        """
        return max(1.0 - self.cer, 0.0)  # in this order, NaN stays NaN

    @property
    def normalised_edit_distance(self) -> float:
        """Mean of edits / length of the longer text: 0 is perfect, 1 is the worst.

        The distance N.E.D. of the ICDAR 2019 challenges (Chng et al., arXiv:1909.07145); they
        rank by 1 - N.E.D., and some papers call that value N.E.D.
        """
        return _ratio(self.normalised_distance, self.names)


def score(reference: str, prediction: str) -> Counts:
    """The counts of one name; both texts in the same spelling (`spelling.canonical`)."""
    if not reference.strip():
        return Counts(empty_reference=1)
    tags = Counter(edit.tag for edit in Levenshtein.editops(reference, prediction))
    words = reference.split()
    return Counts(
        names=1,
        exact=int(reference == prediction),
        letters=len(reference),
        substitutions=tags["replace"],
        insertions=tags["insert"],
        deletions=tags["delete"],
        words=len(words),
        word_edits=Levenshtein.distance(words, prediction.split()),
        normalised_distance=tags.total() / max(len(reference), len(prediction)),
    )


def characters(pairs: Iterable[tuple[str, str]]) -> tuple[Character, ...]:
    """The counts of every character in (reference, prediction) pairs, in alphabetical order.

    Characters are paired by a Levenshtein alignment, of which there may be several equally short
    ones; rapidfuzz takes one. Pairs without a letter in the reference are left out, as in `score`.
    """
    support: Counter[str] = Counter()
    predicted: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for reference, prediction in pairs:
        if reference.strip():
            support.update(reference)
            predicted.update(prediction)
            edits = Levenshtein.editops(reference, prediction)
            missed.update(reference[edit.src_pos] for edit in edits if edit.tag != "insert")
    return tuple(
        _character(char, support[char], predicted[char], support[char] - missed[char])
        for char in sorted(support | predicted)
    )


def _character(char: str, support: int, predicted: int, correct: int) -> Character:
    return Character(
        char=char,
        support=support,
        predicted=predicted,
        correct=correct,
        precision=correct / predicted if predicted else None,
        recall=correct / support if support else None,
        f1=2 * correct / (support + predicted),  # a character is in one of them
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
