"""The sources of handwriting: what is kept, what is left out and why, and who is on which side."""

import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from hwr_core import cli
from hwr_core.alphabet import AS_WRITTEN
from hwr_core.data.samples import DataError, LeftOut
from hwr_core.data.sources import SOURCES, copiste_phrases, dhsd, omniglot_latin, unipen
from hwr_core.data.sources.copiste import volunteer
from hwr_core.data.store import Store
from hwr_core.strokes import Drawing
from tests import rendered

ROOT = Path(__file__).resolve().parent.parent
TABLES = {  # the columns beside `file`, and a row that is kept
    "dhsd": {"text": "Bad Düben", "writer": "3"},
    "copiste": {"text": "été", "page": "wikitexte_0001_1.xml", "split": "train"},
    "copiste-phrases": {"text": "été", "page": "wikitexte_0001_1.xml", "split": "train"},
    "full-names-fr": {"text": "Jean Dupré", "page": "wikitexte_0002.xml"},
    "lyon-registers": {"text": "Tardy - Renée", "page": "page101_T.xml"},
    "corrections": {"text": "Léa"},
    "folder": {"text": "Léa"},
}
UNIPEN = ("UNIPEN train_r01_v07: I. Guyon,", "Licence: CC BY 4.0.", "10.5281/zenodo.1195803")
BANQ = (
    "Bibliothèque et Archives nationales du Québec (BAnQ) and its volunteers.",
    "Licence: CC BY 4.0.",
    "https://github.com/banq-dcn/Copiste-d-un-jour",
)
NOBODY = ("", "", "")  # pictures that whoever trains, or visits the page, brings along
OWED = {  # maker, licence and address in NOTICE; the title in docs/data.md
    "kaggle": (
        "Handwriting Recognition, Kaggle data set landlord/handwriting-recognition.",
        "Licence: stated as CC0 on its page, not verified.",
        "https://www.kaggle.com/datasets/landlord/handwriting-recognition",
        "Kaggle landlord/handwriting-recognition",
    ),
    "unipen-words": (*UNIPEN, "UNIPEN words"),
    "unipen-letters": (*UNIPEN, "UNIPEN letters"),
    "dhsd": (
        "N. Riaz, S. Saifullah, S. Agne, A. Dengel and S. Ahmed,",
        "Licence: CC BY 4.0.",
        "https://github.com/nauman-riaz/DHSD",
        "DHSD, German Handwriting Street-name Dataset",
    ),
    "copiste": (*BANQ, "Copiste d'un jour, words"),
    "copiste-phrases": (*BANQ, "Copiste d'un jour, words in a row"),
    "full-names-fr": (*BANQ, "Copiste d'un jour, full names"),
    "lyon-registers": (
        "Ville de Lyon, Archives municipales; transcriptions found through HTR-United.",
        "Licence: labels CC BY 4.0 according to the HTR-United catalogue; pictures public domain.",
        "https://htr-united.github.io",
        "Tables of the civil registers of Lyon, 1902 to 1913",
    ),
    "omniglot-latin": (
        "B. M. Lake, R. Salakhutdinov and J. B. Tenenbaum,",
        "Licence: MIT, Copyright (c) 2015 Brenden Lake.",
        "https://github.com/brendenlake/omniglot",
        "Omniglot, the Latin alphabet",
    ),
    "folder": (*NOBODY, "Pictures of one's own, with labels.csv"),
    "corrections": (*NOBODY, "Corrections by visitors of the page"),
}
NOBODY_KNOWN = {"kaggle", "corrections", "folder"}  # sources that do not say who wrote
LINES = {
    "unipen-words": (
        unipen.WORDS,
        {"text": "arc", "writer": "anj-1", "strokes": [[0, 0, 9, 5], [9, 9]]},
    ),
    "unipen-letters": (
        unipen.LETTERS,
        {"text": "A", "writer": "apa-1", "strokes": [[0, 9, 5, 0, 9, 9]]},
    ),
    "omniglot-latin": (
        omniglot_latin.FILE,
        {"label": "a", "drawer": "01", "strokes": [[[1.5, 2, 0], [3, 9, 10]]]},
    ),
}


def table(folder, rows, columns=None):
    """A labels.csv with a picture for every row; `file` defaults to the row's number."""
    rows = [{"file": f"{number}.png", **row} for number, row in enumerate(rows)]
    folder.mkdir(exist_ok=True)
    for row in rows:
        (folder / row["file"]).parent.mkdir(exist_ok=True)
        rendered.picture("ANNA").save(folder / row["file"])
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, columns or rows[0].keys(), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return folder


def lines(path, records):
    """A gzipped file of records, or of raw lines where they are text."""
    texts = [r if isinstance(r, str) else json.dumps(r) for r in records]
    path.write_bytes(gzip.compress("\n".join(texts).encode()))
    return path.parent


def small(name, folder, **changes):
    """A folder of this source with one sample in it."""
    if name == "kaggle":
        return rendered.pictures(folder, {"train": ["ANNA"]})
    if name == "copiste-phrases":
        return line_of(folder, [TABLES[name] | changes, TABLES[name]])
    if name in TABLES:
        return table(folder, [TABLES[name] | changes])
    file, record = LINES[name]
    return lines(folder / file, [record | changes])


def line_of(folder, words, line="img/wikitexte_0001_1_000001"):
    """Words of Copiste d'un jour, one after the other in a line."""
    rows = [{"file": f"{line}_{n}.png", **word} for n, word in enumerate(words)]
    return table(folder, rows)


def read(name, folder):
    left_out = LeftOut()
    return list(SOURCES[name](folder, left_out)), left_out.splits


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_names_its_samples_and_keeps_true_labels(tmp_path, name):
    [sample], left_out = read(name, small(name, tmp_path))
    assert sample.source == name
    assert sample.split in {"train", "validation"}
    assert sample.writer or name in NOBODY_KNOWN
    assert sample.folded == (name == "kaggle")
    assert isinstance(sample.picture, Drawing | np.ndarray) or sample.picture.is_file()
    assert AS_WRITTEN.unknown(sample.label) == ""
    assert left_out == {}


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_is_prepared_by_the_command(tmp_path, name, capsys):
    folder = tmp_path / "data"
    folder.mkdir()
    out = tmp_path / "store"
    assert cli.main(["prepare", name, str(small(name, folder)), "--out", str(out)]) == 0
    store = Store.open(out)
    assert store.column("source") == [name]
    assert store.column("folded") == [name == "kaggle"]
    assert "1 strips" in capsys.readouterr().out


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_owed_to_a_source_stands_in_the_notice_and_in_the_documents(name):
    notice = " ".join((ROOT / "NOTICE").read_text("utf-8").split())
    documents = (ROOT / "docs" / "data.md").read_text("utf-8")
    maker, licence, url, title = OWED[name]
    assert maker in notice
    assert licence in notice
    assert url in notice
    assert f"## {title}" in documents
    assert f"prepare {name} " in documents


@pytest.mark.parametrize("name", [*TABLES, *LINES])
@pytest.mark.parametrize(
    ("label", "reason"),
    [
        (" ", "missing label"),
        ("1980.", "character outside the alphabet"),
        ("(Elbe)", "character outside the alphabet"),
        ("-", "no letter"),
    ],
)
def test_labels_that_cannot_be_learned_are_counted(tmp_path, name, label, reason):
    column = "label" if name == "omniglot-latin" else "text"
    found, left_out = read(name, small(name, tmp_path, **{column: label}))
    assert found == []
    [counted] = left_out.values()
    assert counted[reason]["count"] == 1


def test_accents_that_ship_decomposed_are_composed(tmp_path):
    [sample], _ = read("lyon-registers", small("lyon-registers", tmp_path, text="Andre\u0301 "))
    assert sample.label == "André"


# Sides: whoever writes for validation writes nothing else.


def test_an_institution_is_on_one_side_with_its_words_and_letters(tmp_path):
    writers = ["art-1", "art-2", "kai-1", "not-1", "hpp-1", "arts-1"]
    for name, (file, record) in list(LINES.items())[:2]:
        lines(tmp_path / file, [record | {"writer": writer} for writer in writers])
        found, _ = read(name, tmp_path)
        split = {sample.writer: sample.split for sample in found}
        assert [split[writer] for writer in writers] == ["validation"] * 4 + ["train"] * 2
    assert len(unipen.VALIDATION) >= 3


def test_four_writers_of_street_names_are_held_out(tmp_path):
    rows = [TABLES["dhsd"] | {"writer": str(number)} for number in range(1, 32)]
    found, _ = read("dhsd", table(tmp_path, rows))
    held_out = {sample.writer for sample in found if sample.split == "validation"}
    assert held_out == {"6", "13", "20", "27"}
    assert not held_out & (dhsd.ANOTHER_NAME.keys() | dhsd.CUT_OFF.keys())


def test_four_drawers_of_letters_are_held_out():
    drawers = [f"{number:02}" for number in range(1, 21)]
    held_out = [d for d in drawers if omniglot_latin.side(d) == "validation"]
    assert held_out == ["05", "10", "15", "20"]


def test_a_volunteer_with_a_page_on_either_side_is_not_trained_on(tmp_path):
    pages = [
        ("wikitexte_0201_1.xml", "dev"),
        ("wikitexte_0201_2.xml", "train"),
        ("imp_wikitexte_0201.xml", "train"),
        ("wikitexte_0201_double_1.xml", "train"),
    ]
    rows = [TABLES["copiste"] | {"page": page, "split": split} for page, split in pages]
    found, left_out = read("copiste", table(tmp_path, rows))
    assert [(sample.writer, sample.split) for sample in found] == [
        ("wikitexte_0201", "validation"),
        ("imp_wikitexte_0201", "train"),
        ("wikitexte_0201_double", "train"),
    ]
    assert left_out == {"train": {"its writer is in validation": {"count": 1, "files": ["1.png"]}}}


def test_full_names_are_only_for_validation_and_share_their_writers_names_with_the_words(tmp_path):
    [sample], _ = read("full-names-fr", small("full-names-fr", tmp_path))
    assert (sample.split, sample.writer) == ("validation", volunteer("wikitexte_0002_1.xml"))


# Words that follow each other in a line.

COPIED = TABLES["copiste-phrases"]


def phrases(folder, *texts):
    """The labels of the phrases of a line with these words, and what was left out."""
    found, left_out = read(
        "copiste-phrases", line_of(folder, [COPIED | {"text": t} for t in texts])
    )
    return [sample.label for sample in found], left_out


def test_words_in_a_row_are_joined_by_twos_and_threes(tmp_path):
    labels, left_out = phrases(tmp_path, "Zak", "Starkey", "est", "né")
    assert labels == ["Zak Starkey", "Starkey est", "est né", "Zak Starkey est", "Starkey est né"]
    assert left_out == {}


def test_joined_words_stand_side_by_side_with_paper_between(tmp_path):
    folder = line_of(tmp_path, [COPIED, COPIED])
    [sample], _ = read("copiste-phrases", folder)
    word = np.asarray(rendered.picture("ANNA").convert("L"))
    paper = np.full((len(word), copiste_phrases.MARGIN), 255)
    assert np.array_equal(sample.picture, np.hstack([word, paper, word, paper]))


def test_a_comma_behind_a_phrase_is_no_part_of_it_and_one_within_leaves_it_out(tmp_path):
    labels, left_out = phrases(tmp_path, "Zak", "Starkey,", "né")
    assert labels == ["Zak Starkey"]
    assert left_out["train"]["character outside the alphabet"]["count"] == 2


def test_words_are_joined_only_where_no_word_is_missing_between(tmp_path):
    files = [f"img/{stem}.png" for stem in ("a_1_0", "a_1_2", "b_1_3", "b_1_n4")]
    rows = [{"file": file, **COPIED} for file in files]
    found, left_out = read("copiste-phrases", table(tmp_path, rows))
    assert found == []
    assert {reason: entry["files"] for reason, entry in left_out["train"].items()} == {
        "a word between is missing": ["img/a_1_0.png+1"],
        "not one word of a line": ["img/b_1_n4.png"],
    }


def test_a_word_that_cannot_be_read_leaves_its_phrases_out_and_is_counted(tmp_path):
    folder = line_of(tmp_path, [COPIED, COPIED, COPIED])
    (folder / "img" / "wikitexte_0001_1_000001_0.png").write_bytes(b"no picture")
    found, left_out = read("copiste-phrases", folder)
    assert [sample.name for sample in found] == ["img/wikitexte_0001_1_000001_1.png+1"]
    assert left_out["train"]["unreadable picture"]["count"] == 2


def test_words_of_different_heights_are_counted(tmp_path):
    folder = line_of(tmp_path, [COPIED, COPIED])
    first = folder / "img" / "wikitexte_0001_1_000001_0.png"
    rendered.picture("ANNA").resize((90, 30)).save(first)
    found, left_out = read("copiste-phrases", folder)
    assert found == []
    assert left_out["train"]["words cut at different heights"]["count"] == 1


def test_no_phrase_is_learned_of_a_volunteer_who_is_in_validation(tmp_path):
    dev = COPIED | {"split": "dev", "page": "wikitexte_0001_2.xml"}
    folder = line_of(tmp_path, [COPIED, COPIED, dev])
    found, left_out = read("copiste-phrases", folder)
    assert found == []
    assert left_out["train"]["its writer is in validation"]["count"] == 3


# Labels that are not what stands on the paper.


def test_street_names_known_to_be_wrong_are_counted_by_their_reason(tmp_path):
    rows = [
        {"file": "writer4/4_31.png", "text": "Barfußgäßchen", "writer": "4"},
        {"file": "writer4/4_32.png", "text": "Großpörthener Straße", "writer": "4"},
        {"file": "writer1/1_11.png", "text": "Schönau-Berzdorf", "writer": "1"},
        {"file": "writer18/18_1.png", "text": "Mühlstraße", "writer": "18"},
        {"file": "writer18/18_2.png", "text": "Schloßstraße", "writer": "18"},
    ]
    found, left_out = read("dhsd", table(tmp_path, rows))
    assert [sample.label for sample in found] == ["Großpörthener Straße", "Schloßstraße"]
    assert {reason: entry["files"] for reason, entry in left_out["train"].items()} == {
        "shows another name": ["writer4/4_31.png"],
        "cut off within the name": ["writer1/1_11.png"],
        "written without its umlauts": ["writer18/18_1.png"],
    }


# Strokes.


def test_a_record_keeps_its_strokes_and_says_its_line(tmp_path):
    file, record = LINES["unipen-words"]
    lines(tmp_path / file, [record, record])
    first, second = unipen.records(tmp_path / file, LeftOut())
    assert (first.name, second.name) == (f"{file}:1", f"{file}:2")
    assert [stroke.tolist() for stroke in first.strokes] == [[[0, 0], [9, 5]], [[9, 9]]]
    assert first.strokes[0].dtype == np.float32


@pytest.mark.parametrize(
    ("strokes", "reason"), [([], "no strokes"), ([[4, 4], [4, 4]], "a single point")]
)
def test_strokes_that_show_nothing_are_counted(tmp_path, strokes, reason):
    found, left_out = read("unipen-letters", small("unipen-letters", tmp_path, strokes=strokes))
    assert found == []
    assert left_out["train"][reason]["count"] == 1


@pytest.mark.parametrize(
    ("writer", "text", "reason"),
    [
        ("ibm-1", "E", "an institution whose letters lack strokes"),
        ("ibm-1", "Eve", None),
        (unipen.SMALL_CAPITALS, "EVE", "capitals written as small letters"),
        (unipen.SMALL_CAPITALS, "Eve", None),
        ("phi-2", "EVE", None),
    ],
)
def test_strokes_known_to_differ_from_their_text_are_counted(tmp_path, writer, text, reason):
    found, left_out = read(
        "unipen-words", small("unipen-words", tmp_path, writer=writer, text=text)
    )
    assert [sample.label for sample in found] == [text] * (reason is None)
    assert [list(reasons) for reasons in left_out.values()] == [[reason]] * (reason is not None)


# Damage: one sentence with the file and the line.


@pytest.mark.parametrize("name", SOURCES)
def test_a_folder_without_the_source_is_refused(tmp_path, name):
    with pytest.raises(DataError, match=r"no written_name_train_v2|not there; check the path"):
        read(name, tmp_path)


@pytest.mark.parametrize("name", TABLES)
def test_a_missing_column_is_named_with_its_file(tmp_path, name):
    table(tmp_path, [TABLES[name]], columns=["file", "page"])
    with pytest.raises(DataError, match=r"labels\.csv: line 1 must name the columns file,text"):
        read(name, tmp_path)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"file,text,writer\n0.png,Anna\n", "line 2 is not file,text,writer"),
        (b"file,text,writer\n0.png,Anna,3,4\n", "line 2 is not file,text,writer"),
        (b"file,text,writer\n0.png,Anna,3\n1.png,Bob,3\n", "line 3 names '1.png', which is not"),
        (b"file,text,writer\n0.png,Anna,3\n0.png,Bob,3\n", "line 3 names '0.png', a second"),
        (b"file,text,writer\n,Anna,3\n", "line 2 names '', which is not there"),
        (b"file,text,writer\n0.png,D\xfcben,3\n", "save it as CSV in UTF-8"),
    ],
)
def test_a_damaged_table_is_named_with_its_line(tmp_path, content, fault):
    table(tmp_path, [TABLES["dhsd"]])
    (tmp_path / "labels.csv").write_bytes(content)
    with pytest.raises(DataError, match=r"labels\.csv: ") as caught:
        read("dhsd", tmp_path)
    assert fault in str(caught.value)


def test_an_unknown_split_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"labels\.csv: the split 'test' is none of train, dev"):
        read("copiste", small("copiste", tmp_path, split="test"))


@pytest.mark.parametrize("name", LINES)
def test_a_damaged_archive_is_refused(tmp_path, name):
    folder = small(name, tmp_path)
    path = folder / LINES[name][0]
    whole = path.read_bytes()
    for damaged in (b"no gzip", whole[: len(whole) // 2], whole[:-12] + bytes(12)):
        path.write_bytes(damaged)
        with pytest.raises(DataError, match=rf"{path.name}: damaged after line \d"):
            read(name, folder)


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("line", ["{", "[]", '{"text": NaN}', "{}", '{"text": 3, "label": 3}'])
def test_a_line_that_is_no_record_is_named(tmp_path, name, line):
    file, record = LINES[name]
    lines(tmp_path / file, [record, line])
    with pytest.raises(DataError, match=rf"{file}: line 2 is not"):
        read(name, tmp_path)


@pytest.mark.parametrize(
    "strokes", [[[1, 2, 3]], [[]], [["a", "b"]], [[1e999, 0]], 3, [[[1, 2], [3]]], None]
)
@pytest.mark.parametrize("name", LINES)
def test_strokes_of_another_form_are_named_with_their_line(tmp_path, name, strokes):
    if name == "omniglot-latin":
        strokes = [[[1, 2]]] if strokes == [[1, 2, 3]] else strokes
    with pytest.raises(DataError, match=r"line 1 is not"):
        read(name, small(name, tmp_path, strokes=strokes))


def test_damage_within_a_source_leaves_no_half_store(tmp_path, capsys):
    folder = tmp_path / "data"
    folder.mkdir()
    file, record = LINES["unipen-words"]
    lines(folder / file, [record] * 3 + ["{"])
    out = tmp_path / "store"
    assert cli.main(["prepare", "unipen-words", str(folder), "--out", str(out)]) == 2
    assert f"error: {folder / file}: line 4 is not a JSON object" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def split_of(folder):
    return {s.name: s.split for s in SOURCES["folder"](folder, LeftOut())}


def test_a_tenth_of_ones_own_pictures_validate_always_the_same_ones(tmp_path):
    rows = [{"text": "Léa"} for _ in range(200)]
    splits = split_of(table(tmp_path, rows))
    assert 10 <= list(splits.values()).count("validation") <= 32
    assert split_of(table(tmp_path, rows[:50])).items() <= splits.items()


def test_of_ones_own_pictures_no_writer_is_on_both_sides(tmp_path):
    rows = [{"text": "Léa", "writer": str(number % 30)} for number in range(90)]
    splits = split_of(table(tmp_path, rows))
    sides = {(number % 30, splits[f"{number}.png"]) for number in range(90)}
    assert len(sides) == 30
    assert {side for _, side in sides} == {"train", "validation"}


@pytest.mark.parametrize("hands", [2, 3, 5])
def test_of_few_writers_one_validates(tmp_path, hands):
    rows = [{"text": "Léa", "writer": "anna" * (1 + number % hands)} for number in range(20)]
    assert set(split_of(table(tmp_path, rows)).values()) == {"train", "validation"}


def test_what_is_left_out_does_not_validate(tmp_path):
    rows = [{"text": text} for text in ("Bilel", "Léa", "Ada")]
    for number in range(20):  # some would be drawn, were they usable
        rows.insert(0, {"text": "名前" * (1 + number)})
    assert set(split_of(table(tmp_path, rows)).values()) == {"train", "validation"}


def test_a_row_without_a_split_goes_where_its_writer_is(tmp_path):
    hands = [{"text": "Léa", "writer": f"w{number}"} for number in range(30)]
    told = [row | {"split": "train" if number % 2 else "test"} for number, row in enumerate(hands)]
    splits = list(
        split_of(table(tmp_path, [*told, *(row | {"split": ""} for row in hands)])).values()
    )
    assert splits[30:] == splits[:30]


def test_where_one_hand_wrote_all_it_says_what_to_do(tmp_path):
    rows = [{"text": "Léa", "writer": "anna"}] * 3
    with pytest.raises(DataError, match=r"one hand wrote all.*add a column `split`"):
        split_of(table(tmp_path / "a", rows))
    told = [row | {"split": "train"} for row in rows]
    assert set(split_of(table(tmp_path / "b", told)).values()) == {"train"}


def test_ones_own_pictures_without_a_row_are_counted(tmp_path):
    folder, left_out = table(tmp_path, [{"text": "Léa"}]), LeftOut()
    for name in ("more/a.png", "b.JPG", "notes.txt", ".trash/c.png"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    assert len(list(SOURCES["folder"](folder, left_out))) == 1
    assert list(left_out.lines()) == ["no split: 2 left out, not in labels.csv (b.JPG, more/a.png)"]


def test_what_of_ones_own_is_missing_or_named_twice_is_counted(tmp_path):
    folder, left_out = table(tmp_path, [{"text": "Léa"}] * 20), LeftOut()
    labels = folder / "labels.csv"
    labels.write_text(labels.read_text("utf-8") + "1.png,Ada\r\ngone.png,Zoé\r\n", "utf-8")
    names = [sample.name for sample in SOURCES["folder"](folder, left_out)]
    assert names == [f"{number}.png" for number in range(20)]
    assert list(left_out.lines()) == [
        "no split: 1 left out, named twice (1.png)",
        "no split: 1 left out, missing picture (gone.png)",
    ]


def test_where_most_of_ones_own_pictures_are_elsewhere_it_says_so(tmp_path):
    folder = table(tmp_path, [{"text": "Léa"}] * 3)
    for picture in folder.glob("*.png"):
        picture.unlink()
    with pytest.raises(DataError, match="3 of its 3 pictures are not there; check their paths"):
        split_of(folder)


def test_semicolons_part_columns_as_well(tmp_path):
    folder = table(tmp_path, [{"text": "Léa, Zoé"}] * 3)
    (folder / "labels.csv").write_text("\ufefffile;text\r\n0.png;Léa\r\n1.png;Zoé\r\n", "utf-8")
    assert [s.label for s in SOURCES["folder"](folder, LeftOut())] == ["Léa", "Zoé"]


def test_ones_own_table_is_asked_for_and_a_wrong_split_has_its_line(tmp_path):
    with pytest.raises(DataError, match=r"not there; check the path, or write it: file,text"):
        split_of(tmp_path)
    rows = [{"text": "Léa", "split": "train"}, {"text": "Ada", "split": "val"}]
    with pytest.raises(DataError, match="line 3 names the split 'val', none of train, validation"):
        split_of(table(tmp_path / "a", rows))


def test_a_quote_that_is_never_closed_swallows_no_row(tmp_path):
    folder = table(tmp_path, [{"text": "Léa"}] * 3)
    labels = folder / "labels.csv"
    labels.write_text(labels.read_text("utf-8").replace("1.png,Léa", '1.png,"Léa'), "utf-8")
    with pytest.raises(DataError, match="not CSV after line"):
        split_of(folder)


def test_ones_own_split_counts_and_an_unknown_one_is_refused(tmp_path):
    rows = [{"text": "Léa", "split": "test"}, {"text": "Zoé", "split": "train"}]
    assert split_of(table(tmp_path / "a", rows)) == {"0.png": "test", "1.png": "train"}
    with pytest.raises(DataError, match="line 2 names the split 'dev', none of train, valid"):
        split_of(table(tmp_path / "b", [{"text": "Léa", "split": "dev"}]))
