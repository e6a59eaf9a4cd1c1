"""Texts like labels: as often as the n-grams say, new ones among them, of the training split."""

import math
from collections import Counter

import numpy as np
import pytest

from hwr_core.data.composition.likeness import Likeness
from hwr_core.data.pack import pack
from hwr_core.data.samples import DataError, LeftOut, Sample
from hwr_core.decoding.ngram import encode
from hwr_core.picture import PictureSpec

STREETS = [
    f"{name}{kind}" for name in ("Berg", "Wald", "Wiesen", "See") for kind in ("weg", "gasse")
]
DRAWS = 4000


def drawn(likeness, count=DRAWS):
    rng = np.random.default_rng(5)
    return [likeness.draw(rng) for _ in range(count)]


def stored(folder, labels, **columns):
    """A store of blots with these labels, by split."""
    blot = np.full((20, 60), 255, np.uint8)
    blot[5:15, 10:50] = 0
    samples = [
        Sample(f"{split}-{number}", blot, label, split, "test", **columns)
        for split, each in labels.items()
        for number, label in enumerate(each)
    ]
    pack(samples, folder / "store", PictureSpec(), LeftOut())
    return folder / "store"


def test_a_text_is_drawn_as_often_as_it_is_probable():
    likeness = Likeness.of(["Ana", "Ana", "Ana", "Anna", "Nana"])
    counts = Counter(drawn(likeness))
    for text, count in counts.most_common(6):
        symbols = encode(text, likeness.ngram.characters)
        share = math.exp(likeness.ngram.log_probability(symbols))
        assert count == pytest.approx(DRAWS * share, abs=4 * math.sqrt(DRAWS * share))
    assert counts["Ana"] > counts["Nana"] > 0


def test_some_texts_are_labels_and_some_are_new_and_like_them():
    texts = drawn(Likeness.of([*STREETS, "Seeweg", "Waldsee"]), 1000)
    new = set(texts) - {*STREETS, "Waldsee"}
    assert set(STREETS) <= set(texts)
    assert "Waldseeweg" in new
    assert set("".join(texts)) == set("".join(STREETS))


def test_the_same_draws_give_the_same_texts():
    assert drawn(Likeness.of(STREETS), 50) == drawn(Likeness.of(STREETS), 50)


def test_only_training_labels_are_looked_at(tmp_path):
    path = stored(tmp_path, {"train": ["Anna", "Ada"], "validation": ["Otto"], "test": ["Eve"]})
    assert set("".join(drawn(Likeness.load(path)))) == set("AndaA")


def test_folded_labels_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"store: its labels are folded; .* name another"):
        Likeness.load(stored(tmp_path, {"train": ["ANNA"]}, folded=True))
