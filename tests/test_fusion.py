"""Knowledge of names moves close calls, and never a clear reading."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hwr_core.alphabet import AS_WRITTEN, FOLDED
from hwr_core.decoding.decode import decode
from hwr_core.decoding.fusion import DecodingSettings, Kind, Knowledge
from hwr_core.decoding.lexicon import Lexicon
from hwr_core.decoding.ngram import encode, train
from hwr_core.decoding.posterior import Calibration
from hwr_core.decoding.score import DecodingError
from hwr_core.evaluation.trials import Subtracting
from hwr_core.language import Language, LanguageError, read_arpa, write, write_arpa

COUNTS = {"ANNA": 20.0, "LEA": 10.0, "MARIE": 5.0, "RENE": 5.0}
ACCENTED = {"LEA": "léa", "RENE": "rené"}
LETTERS = AS_WRITTEN.folded
SETTINGS = DecodingSettings(language=0.5, lexicon=0.5, letter=0.5)


@pytest.fixture(scope="module")
def language(tmp_path_factory) -> Language:
    path = tmp_path_factory.mktemp("language") / "names.npz"
    return write(path, [kind(COUNTS)])


def kind(counts: dict[str, float], share: float = 1.0) -> Kind:
    return Kind(share, train(counts, LETTERS.characters), Lexicon.of(counts, ACCENTED))


def knowledge(language: Language, settings: DecodingSettings = SETTINGS) -> Knowledge:
    return Knowledge(language.kinds, LETTERS, settings)


def classes(text: str) -> bytes:
    return bytes(LETTERS.encode(text))


def lattice(*frames: dict[str, float]) -> np.ndarray:
    """(T, C): each frame's characters, and a blank after it."""
    shares = np.full((2 * len(frames), AS_WRITTEN.classes), 1e-7)
    shares[1::2, 0] = 1
    for row, frame in zip(shares[::2], frames, strict=True):
        for character, share in frame.items():
            row[AS_WRITTEN.encode(character)[0]] = share
    return np.log(shares / shares.sum(1, keepdims=True)).astype(np.float32)


def read(log_probs: np.ndarray, language: Language) -> str:
    return decode(log_probs, AS_WRITTEN, SETTINGS, knowledge(language)).best.text


def test_a_close_call_goes_to_the_name(language):
    torn = lattice({"A": 1}, {"n": 1}, {"n": 0.45, "r": 0.55}, {"a": 1})
    assert decode(torn, AS_WRITTEN, DecodingSettings()).best.text == "Anra"
    assert read(torn, language) == "Anna"


def test_copies_have_their_say_wherever_their_letters_stand():
    torn = lattice({"A": 1}, {"n": 0.45, "r": 0.55}, {"a": 1})
    early = lattice({"A": 1}, {"n": 0.9, "r": 0.1}, {"a": 1})
    later = np.concatenate([early[1:2]] * 5 + [early])  # after five blanks
    found = decode(torn, AS_WRITTEN, DecodingSettings(), variants=[later, later])
    assert decode(torn, AS_WRITTEN, DecodingSettings()).best.text == "Ara"
    assert found.best.text == "Ana"
    assert np.exp(found.best.log_probability) == pytest.approx((0.45 + 2 * 0.9) / 3, abs=1e-3)


def test_a_copy_in_which_nothing_can_be_read_changes_no_order():
    torn = lattice({"A": 1}, {"n": 0.45, "r": 0.55}, {"a": 1})
    found = decode(torn, AS_WRITTEN, DecodingSettings(), top=2, variants=[lattice({"X": 1})])
    assert [reading.text for reading in found.readings] == ["Ara", "Ana"]


@pytest.mark.parametrize(("letter", "texts"), [(0.3, ["", "a", "b"]), (0.6, ["a", "b", "c"])])
def test_blank_paper_is_a_reading_but_no_alternative(letter, texts):
    """Neither it nor a space, whatever else has a part: a button without a text would be odd."""
    log_probs = lattice({"a": letter, " ": 0.06, "b": 0.02, "c": 0.01})[:1]
    log_probs[0, 0] = np.log(1 - letter)
    log_probs -= np.logaddexp.reduce(log_probs, axis=1, keepdims=True)
    found = decode(log_probs, AS_WRITTEN, DecodingSettings(), top=3)
    assert [reading.text for reading in found.readings] == texts
    assert len(found.shares) == 3


def test_spaces_beside_a_sign_make_no_alternative():
    torn = lattice({"A": 1}, {"-": 0.6, " ": 0.4}, {"b": 0.9, "d": 0.1})
    torn = np.concatenate([torn[:3], np.log(np.full_like(torn[:1], 1e-7)), torn[3:]])
    torn[3, [0, AS_WRITTEN.encode(" ")[0]]] = np.log([0.5, 0.5])  # is there a space behind it?
    found = decode(torn, AS_WRITTEN, DecodingSettings(), top=9)
    texts = [reading.text for reading in found.readings]
    assert texts[:3] == ["A b", "A-b", "A d"]
    assert "A- b" not in texts
    assert "A- d" not in texts


def test_a_clear_reading_outside_the_lexicon_survives(language):
    assert read(lattice({"X": 1}, {"q": 1}, {"z": 1}), language) == "Xqz"


def test_a_mark_like_an_accent_is_one_where_the_lexicon_has_it(language):
    assert read(lattice({"L": 1}, {"e": 0.8, "é": 0.2}, {"a": 1}), language) == "Léa"
    assert read(lattice({"L": 1}, {"e": 0.999, "é": 0.001}, {"a": 1}), language) == "Lea"
    assert read(lattice({"L": 1}, {"E": 0.8, "É": 0.2}, {"A": 1}), language) == "LEA"
    assert read(lattice({"M": 1}, {"e": 0.8, "é": 0.2}, {"a": 1}), language) == "Mea"


def test_the_lexicon_takes_little_from_other_names_and_adds_by_frequency(language):
    final = knowledge(language).final
    anna, lea, other = (final(bytes(LETTERS.encode(w))) for w in ("ANNA", "LEA", "ANRA"))
    assert other == pytest.approx(0.5 * np.log(0.5))
    assert min(anna, lea) > other
    often = Kind(1.0, language.kinds[0].ngram, Lexicon.of({"ANNA": 9, "LEA": 1}))
    assert Knowledge((often,), LETTERS, SETTINGS).final(classes("ANNA")) > anna


def test_a_text_is_as_probable_as_all_its_kinds_make_it(language):
    streets, settings = kind({"RUE": 3.0, "LEA": 1.0}), DecodingSettings(language=0.5, lexicon=0.6)
    kinds = replace(language.kinds[0], share=0.9), replace(streets, share=0.1)
    both = Knowledge(kinds, LETTERS, settings)
    for text in ("RUE LEA", "LEA-MARIE", "RUELLE", "XQZ"):
        expected = sum(each.share * shares(each, text, 0.6) for each in kinds)
        spelled = shares(kinds[0], text, 0)
        assert both.final(classes(text)) == pytest.approx(0.5 * np.log(expected / spelled))


def shares(of: Kind, text: str, lexicon: float) -> float:
    """The probability of a text of one kind, without what its words are parted by."""
    words = re.split("[ -]", text)
    spelled = [np.exp(of.ngram.log_probability(encode(w, LETTERS.characters))) for w in words]
    met = [of.lexicon.share(word) for word in words]
    each = ((1 - lexicon) * s + lexicon * m for s, m in zip(spelled, met, strict=True))
    return float(np.prod(list(each)))


def test_a_word_without_end_has_its_weight_like_any_other(language):
    """Scribble may be read as more letters than a float has room for in a probability."""
    both = Knowledge((*language.kinds, kind({"RUE": 1.0}, 0.1)), LETTERS, SETTINGS)
    assert np.isfinite(both.final(classes("QX" * 200)))


def test_the_beginning_of_a_text_tells_of_its_end(language):
    streets = kind({"RUE": 1.0, "ANNE": 1.0}, 0.1)
    both = Knowledge((*language.kinds, streets), LETTERS, SETTINGS)
    alone, after = (
        both.final(classes(f"{first}ANNE")) - both.final(classes(f"{first}ANNA"))
        for first in ("", "RUE ")
    )
    assert after > alone + 0.5


def test_advice_before_an_end_sums_to_one_without_a_bonus(language):
    plain = knowledge(language, DecodingSettings(language=1))
    for text in ("", "AN", "ANNA", "ANNA L", "X-", "ŒUF"):
        row = np.exp(plain(bytes(LETTERS.encode(text))))
        assert 0.99 < row.sum() < 1 + 1e-6  # of the rest, words hold no space and no hyphen


def test_what_the_network_learned_by_itself_can_be_taken_off(language):
    inner = train({"ANNA": 1.0}, LETTERS.characters, 4)
    settings = DecodingSettings(language=1)
    whole = knowledge(language, settings)
    less = Subtracting(language.kinds, LETTERS, settings, inner, 0.5)
    for text, follower in (("ANN", "A"), ("AN", "N"), ("L", "E")):
        number = LETTERS.encode(follower)[0]
        word = bytes(LETTERS.encode(text))
        learned = inner.after(encode(text, inner.characters))[encode(follower, inner.characters)[0]]
        expected = whole(word)[number] - 0.5 * np.log(learned)
        assert less(word)[number] == pytest.approx(expected)


def test_other_alphabets_are_advised_too(language):
    other = Knowledge(language.kinds, FOLDED, SETTINGS)
    assert other(b"").shape == (FOLDED.classes,)
    assert np.isfinite(other(bytes(FOLDED.encode("ANNA MARIE")))).all()


def test_confidences_keep_their_order_and_their_sum(language):
    torn = lattice({"A": 1}, {"n": 0.5, "r": 0.3, "m": 0.2}, {"a": 1})
    found = decode(torn, AS_WRITTEN, SETTINGS, knowledge(language), top=5)
    sure = found.confidences(Calibration(scale=0.8, bias=-0.3))
    assert sure == sorted(sure, reverse=True)
    assert sum(sure) <= 1 + 1e-9


def test_a_file_gives_back_what_was_written(language):
    assert language.lexicon.words == sorted(COUNTS)
    assert language.lexicon.accented == ACCENTED
    assert language.lexicon.share("ANNA") == pytest.approx(0.5, rel=0.07)
    assert language.lexicon.share("ANN") == 0


def test_a_file_gives_back_every_kind(tmp_path):
    written = [kind(COUNTS, 0.75), kind({"RUE": 1.0}, 0.25)]
    names, streets = write(tmp_path / "both.npz", written).kinds
    assert (names.share, streets.share) == (0.75, 0.25)
    assert streets.lexicon.words == ["RUE"]
    assert streets.ngram.symbols == written[1].ngram.symbols
    assert streets.ngram.log_probs == pytest.approx(written[1].ngram.log_probs, abs=1 / 16)


def test_a_file_of_another_version_is_refused(tmp_path, language):
    path = tmp_path / "old.npz"
    about = np.frombuffer(json.dumps({"format": 1}).encode(), np.uint8)
    np.savez(path, about=about)
    with pytest.raises(LanguageError, match=r"not a language file of this version \(format 1\)"):
        Language.open(path)


def test_a_file_that_is_none_is_refused(tmp_path):
    broken, empty = tmp_path / "broken.npz", tmp_path / "empty.npz"
    broken.write_bytes(b"no archive")
    empty.touch()
    for path in (broken, empty, tmp_path / "none.npz"):
        with pytest.raises(LanguageError, match="not a language file"):
            Language.open(path)


def test_an_arpa_file_with_a_bad_line_is_named(tmp_path, language):
    path = tmp_path / "names.arpa"
    write_arpa(path, language.kinds[0].ngram)
    assert read_arpa(path, LETTERS.characters).symbols == language.kinds[0].ngram.symbols
    path.write_text(path.read_text("utf-8").replace("\\2-grams:", "\\2-grams:\nnonsense"), "utf-8")
    with pytest.raises(LanguageError, match=r"names\.arpa: line \d+: expected a logarithm"):
        read_arpa(path, LETTERS.characters)


def test_an_empty_lexicon_is_refused():
    with pytest.raises(DecodingError, match="at least one word"):
        Lexicon.of({})


@pytest.fixture(scope="module")
def half_a_million(language, tmp_path_factory) -> Path:
    """A language file with names nobody bears, and Anna among them."""
    names = {f"N{number:06}": 1.0 for number in range(500_000)} | {"ANNA": 1.0}
    path = tmp_path_factory.mktemp("large") / "names.npz"
    return write(path, [Kind(1.0, language.kinds[0].ngram, Lexicon.of(names))]) and path


def test_a_lexicon_of_half_a_million_names_is_open_at_once(half_a_million):
    began = time.thread_time()
    lexicon = Language.open(half_a_million).lexicon
    assert time.thread_time() - began < 1  # 0.06 s on a machine of 2024
    began = time.thread_time()
    assert all(lexicon.share(name) for name in ("N000000", "N250000", "N499999") * 100)
    assert time.thread_time() - began < 0.1  # 300 words; some 2 microseconds each


def test_a_lexicon_of_half_a_million_names_does_not_slow_the_search(half_a_million):
    large = Language.open(half_a_million)
    torn = lattice({"A": 1}, {"n": 1}, {"n": 0.45, "r": 0.55}, {"a": 1})
    assert read(torn, large) == "Anna"  # and what is remembered is remembered from here on
    began = time.thread_time()
    assert read(torn, large) == "Anna"
    assert time.thread_time() - began < 0.05  # 1 ms on a machine of 2024


@pytest.mark.parametrize(
    "bad",
    [
        np.zeros((4, 3)),
        np.zeros(AS_WRITTEN.classes),
        np.full((4, AS_WRITTEN.classes), np.nan),
        np.full((4, AS_WRITTEN.classes), 0.5),
        np.full((4, AS_WRITTEN.classes), -np.inf),
    ],
    ids=["other letters", "no frames", "not a number", "above one", "impossible"],
)
def test_what_is_no_lattice_is_refused_whatever_is_known(bad, language):
    with pytest.raises(DecodingError, match=r"expected log-probabilities"):
        read(bad, language)
