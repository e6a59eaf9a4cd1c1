"""The words people write with how often each is met, from lexicons and training labels."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from hwr_core.alphabet import AS_WRITTEN
from hwr_core.data.composition.lexicons import Weights, given_names, surnames
from hwr_core.data.composition.texts import label_counts
from hwr_core.data.samples import DataError
from hwr_core.data.store import Store
from hwr_core.data.wordlists import listed
from hwr_core.decoding.fusion import Kind
from hwr_core.decoding.lexicon import Lexicon
from hwr_core.decoding.ngram import Ngram, train

ORDER = 6
LEAST = 1.0  # n-grams met less often are left out: the file stays below 5 MB
MEAN = 2.0  # times that a word counts on average: how far the n-grams trust what they saw
LABELS, GIVEN, SURNAMES = 0.5, 0.25, 0.25  # shares of all names
WRITTEN = 0.1  # share of all that is written: other labels than names, each store's alike
KINDS = 0.3  # share of all texts that are of one of the stores' own kinds, each's alike
LISTED = 0.1  # share of a store's own kind that is from a list of words: what labels lack
OFTEN = 0.2  # share of a word with an accent from which the form is worth a thought
SEPARATORS = re.compile("[ -]")


def vocabulary(
    lexicons: Path, labels: Path, stores: Sequence[tuple[Path, str]] = ()
) -> tuple[Kind, ...]:
    """The kinds of texts that people write: all of them together, and those of each store.

    Args:
        lexicons: see `composition.lexicons`.
        labels: training labels of the Kaggle set with their counts; of no other split.
        stores: of other pictures; the labels of their training splits count, too. A model that
            knows names alone takes every other word for one. With each the list of `wordlists`
            that its own kind has words of, too, or "".

    Raises:
        DataError: a file, store or list is missing, has other columns or no label as written, or
            a count is no number.
    """
    lists = [listed(name) if name else {} for _, name in stores]
    own = [_labels(Store.open(path)) for path, _ in stores]
    written = WRITTEN if own else 0.0
    names = 1 - written
    sources = [(written / len(own), each) for each in own]
    sources.append((names * GIVEN, given_names(lexicons).weights))
    sources.append((names * SURNAMES, surnames(lexicons).weights))
    counts: defaultdict[str, float] = defaultdict(float)
    forms: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for word, weight in _shared(sources):
        folded = AS_WRITTEN.fold_text(word)
        forms[folded][word.lower()] += weight
        counts[folded] += weight
    for word, weight in _shared([(names * LABELS, label_counts(labels))]):  # folded already
        counts[word] += weight
    lexicon = Lexicon.of(counts, dict(_accented(forms)))
    every = Kind(1 - KINDS if own else 1.0, _ngram(counts, LEAST), lexicon)
    return (every, *(_kind(KINDS / len(own), *known) for known in zip(own, lists, strict=True)))


def _kind(share: float, labels: Weights, others: Weights) -> Kind:
    """The kind of some labels, and of a list of words like theirs."""
    counts = _folded(_shared([(1 - LISTED, labels), (LISTED, others)]))
    return Kind(share, _ngram(counts), Lexicon.of(counts))


def _ngram(counts: Mapping[str, float], least: float = 0.0) -> Ngram:
    """The n-grams of words, trusted alike however large a set they are from."""
    scale = MEAN * len(counts) / sum(counts.values())
    scaled = {word: scale * count for word, count in counts.items()}
    return train(scaled, AS_WRITTEN.folded.characters, ORDER, least)


def _labels(store: Store) -> Weights:
    """The training labels of a store that are as written, and how often each is met."""
    labels, folded = store.column("label"), store.column("folded")
    counts = Counter(labels[row] for row in store.rows("train") if not folded[row])
    if not counts:
        message = f"{store.path}: no training label as written; scans are counted by --labels"
        raise DataError(message)
    return {label: float(count) for label, count in counts.items()}


def _shared(sources: Sequence[tuple[float, Weights]]) -> Iterator[tuple[str, float]]:
    """The words of sources, each with its share of its source's share."""
    for share, weights in sources:
        total = sum(weights.values())
        for word, weight in _words(weights):
            yield word, share * weight / total


def words(weights: Weights) -> dict[str, float]:
    """The folded words of names, each as often as all names with it."""
    return _folded(_words(weights))


def _folded(words: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Folded words, each as often as all that fold to it."""
    counts: defaultdict[str, float] = defaultdict(float)
    for word, weight in words:
        counts[AS_WRITTEN.fold_text(word)] += weight
    return counts


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
