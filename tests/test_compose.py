"""Composed names: what they show, on which side of the split, and again the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from hwr_core import cli
from hwr_core.alphabet import AS_WRITTEN
from hwr_core.config import ConfigError, read_yaml
from hwr_core.data.composition.compose import (
    SHRUNK,
    CompositionSettings,
    Order,
    Studio,
    compose,
    studio,
)
from hwr_core.data.composition.hands import save
from hwr_core.data.composition.texts import TextMix
from hwr_core.data.composition.writing import CannotWrite
from hwr_core.data.pack import Refused
from hwr_core.data.samples import DataError, LeftOut
from hwr_core.data.store import Store
from hwr_core.spelling import canonical, fold
from tests import test_composition_cuts, test_composition_letters, test_texts

CONFIGS = Path(__file__).resolve().parents[1] / "configs" / "composition"
KINDS = ("words", "letters", "cuts", "fonts")


@pytest.fixture(scope="module")
def material(tmp_path_factory) -> Path:
    """A little of everything that names are composed from."""
    folder = tmp_path_factory.mktemp("material")
    for name, content in test_texts.FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    letters, words = test_composition_letters, test_composition_letters.WORDS_FILE
    writers = (letters.TRAIN, letters.OTHER, letters.VALIDATION)
    rows = [row for writer in writers for row in letters.rows(writer, letters.LETTERS)]
    letters.write(folder / letters.LETTERS_FILE, rows)
    drawn = letters.stored(20)
    letters.write(folder / words, [("Oslo", writer, drawn) for writer in writers])
    names = [*test_composition_cuts.names_of("train", 3)]
    names += test_composition_cuts.names_of("validation", 2)
    chars = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
    save([test_composition_cuts.hand(name, chars) for name in names], folder / "cuts.arrow")
    return folder


def settings(material: Path, **changes) -> CompositionSettings:
    paths = {"unipen": material, "lexicons": material, "cuts": material / "cuts.arrow"}
    pictures = {"train": 24, "validation": 8}
    return CompositionSettings.parse({**paths, "pictures": pictures, **changes})


@pytest.fixture(scope="module")
def store(material, tmp_path_factory) -> Store:
    out = tmp_path_factory.mktemp("composed") / "store"
    return compose(settings(material), out)


def test_a_store_has_as_many_names_as_ordered_of_every_kind(store):
    assert store.about["splits"] == {"train": 24, "validation": 8}
    assert set(store.column("source")) == {f"composed-{kind}" for kind in KINDS}
    assert len(set(store.column("name"))) == 32


def test_no_hand_is_on_two_sides(store):
    sides = zip(store.column("source"), store.column("writer"), store.column("split"), strict=True)
    hands = {side: set() for side in ("train", "validation")}
    for source, hand, split in sides:
        hands[split].add((source, hand))
    assert hands["train"]
    assert hands["validation"]
    assert not hands["train"] & hands["validation"]


def test_labels_are_of_the_alphabet_and_folded_where_they_say_so(store):
    for label, folded in zip(store.column("label"), store.column("folded"), strict=True):
        assert not AS_WRITTEN.unknown(label)
        assert not folded or label == fold(label)


def test_there_is_ink_on_every_strip(store):
    assert all(store.strip(row).max() > 127 for row in range(len(store.index)))


def test_the_same_seed_composes_the_same_store(material, store, tmp_path):
    assert compose(settings(material), tmp_path / "a").digest == store.digest
    other = compose(settings(material, seed=2), tmp_path / "b")
    assert other.digest != store.digest


def test_a_picture_does_not_depend_on_how_many_are_ordered(material, store, tmp_path):
    fewer = settings(material, pictures={"train": 3})
    short = compose(fewer, tmp_path / "few")
    assert short.column("label") == store.column("label")[:3]
    assert np.array_equal(short.strip(2), store.strip(2))


def test_the_canvas_changes_nothing_but_the_size(material, store, tmp_path):
    large = settings(material, pictures={"train": 3}, picture={"height": 64, "line": 32})
    other = compose(large, tmp_path / "large")
    assert other.column("label") == store.column("label")[:3]
    assert [other.strip(row).shape[0] for row in range(3)] == [64] * 3
    assert other.spec == large.picture


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_can_be_composed_alone(material, tmp_path, kind):
    alone = settings(material, kinds={kind: 1}, pictures={"train": 4}, cluttered={kind: 1})
    store = compose(alone, tmp_path / "store")
    assert set(store.column("source")) == {f"composed-{kind}"}


def test_texts_are_like_the_labels_of_a_store(material, tmp_path):
    fonts = {"kinds": {"fonts": 1}, "pictures": {"train": 20}, "cluttered": {}}
    mix = dict.fromkeys(TextMix.model_fields, 0.0)
    names = compose(settings(material, **fonts, mix={**mix, "surname": 1}), tmp_path / "names")
    alike = {"alike": [names.path], "mix": {**mix, "alike": 1}}
    store = compose(settings(material, **fonts, **alike), tmp_path / "alike")
    # Some fonts have capitals for small letters, and their labels, too.
    known, made = (set(map(canonical, each.column("label"))) for each in (names, store))
    assert set("".join(made)) <= set("".join(known))
    assert made - known
    assert made & known


def test_shrunk_pictures_are_as_small_as_photographs_and_show_the_same_name(material):
    fonts = {"kinds": {"fonts": 1}, "cluttered": {}, "mix": {"given_surname": 100}}
    for number in range(8):
        sharp, small = (
            studio(settings(material, **fonts, shrunk=share).model_dump_json(), "train").compose(
                Order("train", number)
            )
            for share in (0.0, 1.0)
        )
        (high, wide), (low, narrow) = sharp.picture.shape, small.picture.shape
        assert small.label == sharp.label
        assert narrow <= SHRUNK[1]
        assert narrow >= min(wide, SHRUNK[0])
        assert low / high == pytest.approx(narrow / wide, abs=0.5 / high)  # of one aspect


def test_what_no_hand_can_write_is_counted_and_named(material):
    class Nobody:
        hands = ()

        def write(self, text, rng):
            raise CannotWrite(text)

    whole = studio(settings(material).model_dump_json(), "train")
    nobody = Studio(whole.settings, whole.texts, {"letters": Nobody()}, (), LeftOut())
    refused = nobody.compose(Order("train", 7))
    assert refused == Refused("train", "no text for letters", "letters-train-7")


@pytest.mark.parametrize(("kind", "path"), [("cuts", "cuts"), ("words", "unipen")])
def test_a_kind_without_its_material_is_refused_in_a_sentence(material, tmp_path, kind, path):
    bare = CompositionSettings(lexicons=material, kinds={kind: 1})
    with pytest.raises(DataError, match=rf"kinds\.{kind} needs the path {path}; name it, or set"):
        compose(bare, tmp_path / "store")
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_composition_that_ships_can_be_parsed(path):
    assert sum(CompositionSettings.parse(read_yaml(path), str(path)).pictures.values()) > 0


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_can_be_left_out_of_what_ships(kind):
    values = read_yaml(CONFIGS / "names.yaml", [f"kinds.{kind}=0"])
    kinds = CompositionSettings.parse(values).kinds
    assert [each for each, weight in kinds.items() if not weight] == [kind]
    assert len(kinds) == 4


def test_no_kind_at_all_is_refused():
    values = read_yaml(CONFIGS / "names.yaml", ["kinds={fonts: 0}"])
    with pytest.raises(ConfigError, match=r"kinds: .*no way of writing is left"):
        CompositionSettings.parse(values)


def test_the_command_composes_and_says_what_it_made(material, tmp_path, capsys):
    config = tmp_path / "some.yaml"
    config.write_text(f"lexicons: {material}\nkinds: {{fonts: 1}}\npictures: {{train: 2}}\n")
    assert cli.main(["compose", str(config), "--out", str(tmp_path / "store")]) == 0
    assert "store: 2 strips (2 train)" in capsys.readouterr().out


def test_what_is_left_out_of_the_material_is_counted_once(material, tmp_path):
    folder, letters = shutil.copytree(material, tmp_path / "material"), test_composition_letters
    writers = (letters.TRAIN, letters.OTHER, letters.VALIDATION)
    rows = [row for writer in writers for row in letters.rows(writer, letters.LETTERS)]
    rows += letters.rows(f"{letters.TRAIN}-brief", "abc")
    letters.write(folder / letters.LETTERS_FILE, rows)
    few = settings(folder, kinds={"letters": 1}, pictures={"train": 2, "validation": 1})
    (entry,) = compose(few, tmp_path / "store").about["left_out"]["train"].values()
    assert entry == {"count": 1, "files": [f"{letters.TRAIN}-brief"]}


def test_material_that_is_not_there_is_one_sentence(tmp_path, capsys):
    config = tmp_path / "some.yaml"
    config.write_text(f"lexicons: {tmp_path / 'absent'}\nkinds: {{fonts: 1}}\n")
    assert cli.main(["compose", str(config), "--out", str(tmp_path / "store")]) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert "absent" in said
    assert said.count("\n") == 1
    assert not (tmp_path / "store").exists()
