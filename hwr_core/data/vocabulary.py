"""The words of names with how often each is met, from lexicons and the labels of the scans."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from hwr_core.alphabet import AS_WRITTEN
from hwr_core.data.composition.lexicons import Weights, given_names, surnames
from hwr_core.data.composition.texts import label_counts
from hwr_core.decoding.lexicon import Lexicon
from hwr_core.decoding.ngram import Ngram, train

ORDER = 6
LEAST = 1.0  # n-grams met less often are left out: the file stays below 5 MB
MEAN = 2.0  # times that a word counts on average: how far the n-grams trust what they saw
SHARES = {"labels": 0.5, "given": 0.25, "surnames": 0.25}  # of all words met
OFTEN = 0.2  # share of a word with an accent from which the form is worth a thought
SEPARATORS = re.compile("[ -]")


def vocabulary(lexicons: Path, labels: Path) -> tuple[Ngram, Lexicon]:
    """The language model and the lexicon of a folder of lexicons and a table of labels.

    Args:
        lexicons: see `composition.lexicons`.
        labels: training labels of the Kaggle set with their counts; of no other split.

    Raises:
        DataError: a file is missing, has other columns, or a count is no number.
    """
    sources = {
        "labels": label_counts(labels),
        "given": given_names(lexicons).weights,
        "surnames": surnames(lexicons).weights,
    }
    counts: defaultdict[str, float] = defaultdict(float)
    forms: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for name, weights in sources.items():
        total = sum(weights.values())
        for word, weight in _words(weights):
            folded = fold_word(word)
            counts[folded] += SHARES[name] * weight / total
            if name != "labels":  # these are folded
                forms[folded][word.lower()] += SHARES[name] * weight / total
    scale = MEAN * len(counts) / sum(counts.values())
    ngram = train(
        {word: scale * count for word, count in counts.items()},
        AS_WRITTEN.folded.characters,
        ORDER,
        LEAST,
    )
    return ngram, Lexicon.of(counts, dict(_accented(forms)))


def words(weights: Weights) -> dict[str, float]:
    """The folded words of names, each as often as all names with it."""
    counts: defaultdict[str, float] = defaultdict(float)
    for word, weight in _words(weights):
        counts[fold_word(word)] += weight
    return counts


def fold_word(word: str) -> str:
    """A word in the folded letters of the alphabet, one for each of its own."""
    return AS_WRITTEN.decode(AS_WRITTEN.fold[number] for number in AS_WRITTEN.encode(word))


def _words(weights: Weights) -> Iterator[tuple[str, float]]:
    """The words of names, each as often as its name."""
    for name, weight in weights.items():
        for word in SEPARATORS.split(name):
            if word and weight:
                yield word, weight


def _accented(forms: Mapping[str, Mapping[str, float]]) -> Iterator[tuple[str, str]]:
    """Each word that is often written with an accent, and its most usual form with one."""
    for folded, written in forms.items():
        accented = {form: n for form, n in written.items() if form.upper() != folded}
        if accented and sum(accented.values()) >= OFTEN * sum(written.values()):
            yield folded, max(accented, key=accented.__getitem__)
