"""The pages on single errors: found, grouped, doubted, corrected and spoiled pictures."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from hwr_core.evaluation import results
from hwr_core.evaluation.corrected import FILE
from hwr_core.evaluation.predictions import png
from hwr_core.feedback import archive as module
from hwr_core.feedback.archive import DATABASE, Archive
from hwr_core.picture import PictureSpec, prepare
from tests import sample_results
from tests.rendered import picture
from tests.test_archive import STROKES
from tests.test_dashboard import show

PAGES = ("predictions", "misclassified", "confusions", "label_noise", "trial")


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Results of one run: ANNA right, <B>EA read as <B>IA, D'ARC right but refused."""
    monkeypatch.setenv("HWR_RESULTS", str(tmp_path))
    monkeypatch.setenv(DATABASE, f"sqlite:///{tmp_path / 'corrections.sqlite'}")
    return sample_results.write(tmp_path, "validation")


def rewrite(directory: Path, **columns: object) -> None:
    """The same run with other values in some columns."""
    table = sample_results.predictions().assign(**columns)
    results.write(directory / "validation", sample_results.metrics(), table)


def stored(name: str) -> bytes:
    """A picture as runs hold it."""
    return png((255 * prepare(picture(name), PictureSpec()).ink).round().astype(np.uint8))


def rows(dashboard: AppTest, column: str = "label") -> list[str]:
    return list(dashboard.dataframe[0].value[column])


def select(dashboard: AppTest, *numbers: int) -> AppTest:
    """What a click on rows of the first table does, on which this way of testing cannot click."""
    dashboard.session_state[dashboard.dataframe[0].key] = {
        "selection": {"rows": list(numbers), "columns": []}
    }
    dashboard.run()
    assert not dashboard.exception
    return dashboard


def html(dashboard: AppTest) -> str:
    return "".join(part.value for part in dashboard.get("html"))


def everything_right() -> dict[str, object]:
    table = sample_results.predictions()
    return {"text": table["label"], "folded": table["truth"], "distance": 0, "edits": "[]"}


@pytest.mark.parametrize("page", PAGES)
def test_a_run_without_a_mistake_is_shown_too(directory, page):
    rewrite(directory, **everything_right())

    dashboard = show(page)

    assert dashboard.title
    assert not dashboard.error
    if page in {"misclassified", "confusions", "label_noise"}:
        assert len(dashboard.info) == 1


@pytest.mark.parametrize("page", PAGES)
def test_a_run_that_was_stored_without_pictures_is_shown_too(directory, page):
    rewrite(directory, picture=b"", letters="[]", alternatives="[]")
    dashboard = show(page)
    if page == "predictions":
        dashboard = select(dashboard, 0)

    assert not dashboard.error
    if page in {"predictions", "trial"}:
        assert "stored without its pictures" in dashboard.info[0].value


def test_pictures_are_found_by_words(directory):
    dashboard = show("predictions")
    dashboard.text_input(key="q").set_value("arc").run()

    assert rows(dashboard) == ["D'ARC"]


def test_pictures_are_found_by_an_expression_and_a_bad_one_gets_a_sentence(directory):
    dashboard = show("predictions", q="^A", regex="true")
    assert rows(dashboard) == ["ANNA"]

    dashboard.text_input(key="q").set_value("(").run()

    assert "( is no regular expression" in dashboard.warning[0].value
    assert not dashboard.dataframe


def test_pictures_are_filtered_and_sorted(directory):
    dashboard = show("predictions")
    dashboard.pills(key="outcome").set_value(["right, accepted", "right, refused"]).run()
    dashboard.selectbox(key="sort").set_value("Confidence").run()
    assert rows(dashboard) == ["D'ARC", "ANNA"]

    dashboard.toggle(key="descending").set_value(True).run()
    assert rows(dashboard) == ["ANNA", "D'ARC"]

    dashboard.multiselect[1].set_value(["unseen name"]).run()
    assert rows(dashboard) == ["ANNA"]

    dashboard.slider[0].set_range(0.0, 0.5).run()
    assert "widen a filter" in dashboard.info[0].value


def test_a_selected_row_is_shown_closely(directory):
    rewrite(directory, picture=stored("ANNA"))

    dashboard = select(show("predictions"), 1)

    assert dashboard.subheader[0].value == "\\<B\\>EA · 1\\.png"  # no Markdown
    (chart,) = dashboard.get("plotly_chart")
    drawn = json.loads(chart.proto.spec)
    assert [trace["type"] for trace in drawn["data"]] == ["heatmap"]
    assert len(drawn["layout"]["images"]) == 1
    guesses, ways = (table.value for table in dashboard.table)
    assert guesses.index.tolist() == ["\\<B\\>IA", "ANNE"]
    assert ways.loc["With what is known of names", "Text"].upper() == "ANNA"
    assert ways.loc["Label", "Same letters as label"] == "yes"


def test_a_picture_that_was_made_for_another_model_is_told_of(directory):
    ink = io.BytesIO()
    picture("ANNA").save(ink, "PNG")
    rewrite(directory, picture=ink.getvalue())

    dashboard = select(show("predictions"), 1)

    assert "the shipped model reads 48" in dashboard.info[0].value


def test_a_selection_of_a_row_that_is_gone_is_forgotten(directory):
    dashboard = select(show("predictions"), 2)
    dashboard.text_input(key="q").set_value("anna").run()

    assert not dashboard.exception
    assert not dashboard.subheader


def test_mistakes_are_grouped_by_kind_confidence_and_pair(directory):
    dashboard = show("misclassified")
    assert dashboard.caption[0].value.startswith("1 of 3 pictures")
    assert dashboard.pills[0].options == ["substitution (1)"]

    dashboard.segmented_control(key="group").set_value("Confidence").run()
    assert dashboard.pills[0].options == ["90% to 100% sure (1)"]

    dashboard.segmented_control(key="group").set_value("Confused pair").run()
    assert dashboard.pills[0].options == ["E as I (1)"]
    assert "&lt;B&gt;" in html(dashboard)


def test_many_mistakes_are_walked_through_page_by_page(directory):
    many = pd.concat([sample_results.predictions().iloc[[1]]] * 50)
    many = many.assign(file=[f"{number:02}.png" for number in range(50)])
    results.write(directory / "validation", sample_results.metrics(), many)

    dashboard = show("misclassified")
    assert [button.disabled for button in dashboard.button] == [True, False]
    shown = [html(dashboard)]
    for _ in range(2):
        dashboard.button[1].click().run()
        shown.append(html(dashboard))

    assert [page.count("<figure") for page in shown] == [24, 24, 2]
    assert [button.disabled for button in dashboard.button] == [False, True]
    dashboard.button[0].click().run()
    assert html(dashboard) == shown[1]


def test_a_pair_of_letters_leads_to_its_pictures(directory):
    dashboard = show("confusions")
    assert rows(dashboard) == ["E"]
    assert any("Click a cell" in each.value for each in dashboard.caption)

    dashboard = select(dashboard, 0)

    assert dashboard.subheader[0].value == "E read as I"
    assert html(dashboard).count("<figure") == 1


def test_a_cell_that_is_clicked_leads_to_its_pictures(directory):
    dashboard = show("confusions")
    dashboard.session_state["matrix validation"] = {
        "selection": {"points": [{"customdata": ["E", "I", 1, 0.5]}], "point_indices": [0]}
    }
    dashboard.run()

    assert dashboard.subheader[0].value == "E read as I"


def test_the_pair_chosen_last_is_shown(directory):
    edit = '[{{"kind":"replace","at":0,"label":"{}","read":"{}"}}]'.format
    rewrite(directory, distance=[1, 1, 0], edits=[edit("A", "H"), edit("E", "I"), "[]"])
    dashboard = show("confusions")
    assert rows(dashboard) == ["A", "E"]

    def click(label: str, read: str) -> AppTest:
        point = {"customdata": [label, read, 1, 0.5]}
        clicked = {"selection": {"points": [point], "point_indices": [0]}}
        dashboard.session_state["matrix validation"] = clicked
        return dashboard.run()

    assert click("E", "I").subheader[0].value == "E read as I"
    assert select(dashboard, 0).subheader[0].value == "A read as H"
    assert dashboard.run().subheader[0].value == "A read as H"
    select(dashboard, 1)
    assert click("A", "H").subheader[0].value == "A read as H"


def test_files_of_one_name_are_not_marked_as_if_they_were_one(directory):
    rewrite(directory, file=["0.png", "1.png", "1.png"], source=["a", "a", "b"])
    dashboard = show("label_noise")
    assert "files of one name" in dashboard.info[0].value
    assert not dashboard.dataframe


def test_a_group_that_begins_with_a_hyphen_is_no_list(directory):
    edit = '[{"kind":"delete","at":0,"label":"-","read":""}]'
    rewrite(directory, distance=[0, 1, 0], edits=["[]", edit, "[]"])
    dashboard = show("misclassified")
    dashboard.segmented_control[0].set_value("Confused pair").run()
    assert dashboard.pills[0].options[0].startswith("\\- as ")


def test_the_longest_label_of_one_run_is_no_filter_of_another(directory):
    longer = {"label": "<B>EA" + 9 * "A", "truth": "<B>EA" + 9 * "A"}
    results.write(
        directory / "long", sample_results.metrics(), sample_results.predictions().assign(**longer)
    )
    dashboard = show("predictions")
    assert "3 of 3" in dashboard.caption[0].value
    dashboard.query_params["run"] = "long"
    assert "3 of 3 pictures" in dashboard.run().caption[0].value


def test_a_doubted_label_is_marked_and_the_marks_can_be_applied(directory, tmp_path):
    dashboard = show("label_noise")
    assert rows(dashboard) == ["<B>EA"]
    assert [tile.value for tile in dashboard.metric[:2]] == ["3", "1"]
    (button,) = dashboard.get("download_button")
    assert button.proto.disabled

    key = dashboard.session_state["marking"]
    dashboard.session_state[key] = {
        "edited_rows": {0: {"mark": "relabel", "corrected": "EVA"}},
        "added_rows": [],
        "deleted_rows": [],
    }
    dashboard.run()

    assert not dashboard.exception
    (button,) = dashboard.get("download_button")
    assert button.proto.label == "Download 1 verdicts as CSV"
    assert not button.proto.disabled


@pytest.mark.parametrize(("cased", "proposed"), [(True, "Évia"), (False, "EVIA")])
def test_the_reading_is_proposed_in_the_letters_that_labels_have(directory, cased, proposed):
    wrong = {"truth": ["ANNA", "EVEA", "D'ARC"], "folded": ["ANNA", "EVIA", "D'ARC"]}
    rewrite(directory, text=["Anna", "Évia", "d'Arc"], cased=cased, **wrong)

    shown = show("label_noise")

    assert (rows(shown, "read"), rows(shown, "corrected")) == ([proposed], [proposed])


def test_what_was_judged_before_is_shown_and_counted(directory):
    (directory / "pictures").mkdir()
    rows_of = "file,label,corrected,verdict,reason\n1.png,<B>EA,<B>IA,label wrong,an I\n"
    (directory / "pictures" / FILE).write_text(rows_of, encoding="utf-8")

    dashboard = show("label_noise")

    assert rows(dashboard, "mark") == ["relabel"]
    assert "1 were judged by eye: 1 wrong" in dashboard.caption[0].value


def turned_to(dashboard: AppTest, page: str) -> AppTest:
    """The same visit on another page."""
    dashboard._page_hash = calc_hash(page)
    return dashboard.run()


def test_a_mark_outlives_a_visit_to_another_page_and_is_counted_at_once(directory):
    dashboard = show("label_noise")
    dashboard.session_state[dashboard.session_state["marking"]] = {
        "edited_rows": {0: {"mark": "relabel", "corrected": "EVA"}},
        "added_rows": [],
        "deleted_rows": [],
    }
    dashboard.run()
    assert "1 were judged by eye: 1 wrong" in dashboard.caption[0].value

    again = turned_to(turned_to(dashboard, "slices"), "label_noise")

    assert (rows(again, "mark"), rows(again, "corrected")) == (["relabel"], ["EVA"])
    assert again.get("download_button")[0].proto.label == "Download 1 verdicts as CSV"


def test_verdicts_on_labels_that_are_no_longer_doubted_stay_in_the_file(directory):
    (directory / "pictures").mkdir()
    rows_of = "file,label,corrected,verdict,reason\n0.png,ANNA,,label right,clear\n"
    (directory / "pictures" / FILE).write_text(rows_of, encoding="utf-8")

    (button,) = show("label_noise").get("download_button")

    assert button.proto.label == "Download 1 verdicts as CSV"


def test_bounds_that_say_nothing_are_not_shown(directory):
    rewrite(directory, accepted=False, folded=["X", "Y", "Z"], loss=99.0, confidence=0.99)
    tiles = {tile.label: tile.value for tile in show("label_noise").metric}

    assert tiles["Accepted, not as labelled"] == tiles["Labels wrong, at most"] == "unknown"


def test_a_damaged_file_of_verdicts_gives_a_sentence(directory):
    (directory / "pictures").mkdir()
    (directory / "pictures" / FILE).write_text("nonsense\n1\n", encoding="utf-8")

    assert "line 1 must name the columns file,label" in show("label_noise").error[0].value


def test_no_correction_and_no_database_are_told_of(directory, monkeypatch):
    assert "No visitor has left a correction" in show("corrections").info[0].value
    assert not (directory / "corrections.sqlite").exists()

    monkeypatch.setenv(DATABASE, "postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert "check HWR_CORRECTIONS" in show("corrections").error[0].value


def test_corrections_are_shown_against_the_model_and_accepted_into_training(directory):
    archive = Archive.open()
    archive.keep("strokes", STROKES, "Anna", "ANA", 0.4)
    ink = io.BytesIO()
    picture("OTTO").save(ink, "PNG")
    archive.keep("picture", ink.getvalue(), "Otto", "OTTO", 0.9)
    archive.keep("picture", b"no picture any more", "Emma", "", 0)
    archive.close()

    dashboard = show("corrections")
    assert [tile.value for tile in dashboard.metric] == ["3", "33.3 %", "33.3 %"]
    shown = dashboard.dataframe[0].value.set_index("text")
    assert shown.loc["Emma", "now"] == "(cannot be read)"
    assert bool(shown.loc["Otto", "right"])
    assert dashboard.button[0].disabled

    select(dashboard, list(shown.index).index("Otto"))
    dashboard.text_input[0].set_value(str(directory / "accepted")).run()
    dashboard.button[0].click().run()

    assert "1 corrections are in" in dashboard.success[0].value
    assert (directory / "accepted" / "labels.csv").read_text("utf-8").endswith(",Otto\n")
    dashboard.button[0].click().run()
    assert "is not empty" in dashboard.error[0].value


def test_a_selection_is_of_no_other_writing_when_one_arrives_or_goes(directory):
    archive = Archive.open()
    digests = [archive.keep("picture", each, "Anna", "", 0) for each in (b"a", b"b", b"c", b"d")]

    dashboard = show("corrections")
    select(dashboard, 3)
    assert dashboard.button[0].label == "Accept 1 into training"
    archive.keep("picture", b"sent meanwhile", "Spam", "", 0)
    assert dashboard.run().button[0].label == "Accept 0 into training"
    select(dashboard, 4)
    archive.delete(digests[0])
    dashboard.run()
    assert not dashboard.exception
    assert dashboard.button[0].label == "Accept 0 into training"
    archive.close()


def test_a_writing_that_was_deleted_and_sent_again_is_shown_again(directory, monkeypatch):
    archive = Archive.open()
    archive.keep("picture", b"sent twice", "Anna", "", 0)
    archive.close()
    with monkeypatch.context() as patch:  # deleted between the list and its reading
        patch.setattr(Archive, "some", lambda *_: [])
        assert "No visitor has left a correction" in show("corrections").info[0].value
    assert rows(show("corrections"), "text") == ["Anna"]


def test_many_corrections_are_shown_by_pages_the_newest_first(directory, monkeypatch):
    archive = Archive.open()
    for number, text in enumerate(["Anna", "Otto", "Emma"]):
        monkeypatch.setattr(module, "_today", lambda day=number: date(2026, 11, 20 + day))
        archive.keep("picture", text.encode(), text, text.upper(), 0.5)
    archive.close()
    monkeypatch.setattr("hwr_core.dashboard.corrections.ROWS", 2)

    dashboard = show("corrections")

    assert dashboard.dataframe[0].value["text"].tolist() == ["Emma", "Otto"]
    assert [tile.value for tile in dashboard.metric] == ["3", "100.0 %", "0.0 %"]
    assert dashboard.metric[2].delta == "of the 2 below"


def test_a_picture_is_spoiled_step_by_step(directory):
    rewrite(directory, picture=stored("ANNA"))

    dashboard = show("trial")

    assert [each.value for each in dashboard.subheader] == [
        "Blur",
        "Noise",
        "Slant",
        "Thin strokes",
        "Low contrast",
    ]
    assert html(dashboard).count("<figure") == 30
    assert html(dashboard).count("sure") == 30
    breaks = [caption.value for caption in dashboard.caption[1:]]
    assert all(text.startswith(("It breaks at", "It holds")) for text in breaks)

    dashboard.text_input(key="q").set_value("nobody").run()
    assert "No picture is like this" in dashboard.info[0].value


@pytest.mark.parametrize("page", ["misclassified", "confusions"])
def test_a_damaged_row_gives_one_sentence(directory, page):
    path = directory / "validation/predictions.parquet"
    sample_results.predictions().assign(edits="[{]").to_parquet(path)

    (error,) = show(page).error
    assert "predictions.parquet is damaged: a row cannot be understood" in error.value


def test_a_damaged_row_is_told_of_where_it_is_looked_at(directory):
    path = directory / "validation/predictions.parquet"
    sample_results.predictions().assign(letters="[{]").to_parquet(path)

    (error,) = select(show("predictions"), 0).error
    assert "predictions.parquet is damaged: row 0 > letters" in error.value


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("content", [b"PAR1 damaged", None])
def test_damaged_and_missing_predictions_give_one_sentence(directory, page, content):
    path = directory / "validation/predictions.parquet"
    path.write_bytes(content) if content else path.unlink()

    dashboard = show(page)

    (error,) = dashboard.error
    assert "validation/predictions.parquet is" in error.value


def test_a_missing_model_gives_one_sentence(directory, monkeypatch):
    from hwr_core import recognizer

    monkeypatch.setattr(recognizer, "SHIPPED", directory / "nowhere.safetensors")
    rewrite(directory, picture=stored("ANNA"))
    st.cache_resource.clear()

    assert "nowhere.safetensors" in show("trial").error[0].value
