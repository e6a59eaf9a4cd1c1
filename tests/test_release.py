"""Releasing: only a better model replaces the shipped one, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from hwr_core import cli
from hwr_core.checkpoint import Checkpoint, CheckpointError, fingerprint, write
from hwr_core.data.samples import DataError, Sample
from hwr_core.evaluation import results
from hwr_core.evaluation.metrics import Counts
from hwr_core.evaluation.release import (
    CAUTIOUS,
    KINDS,
    PRECISION,
    SCANS,
    Trial,
    pictures,
    refusal,
    release,
    threshold,
)
from hwr_core.language import Language
from tests import parrot, rendered, sample_results

LABELS = {"validation": ["ANNA", "ANNA", "ANNA", "BOB"], "test": ["EVE"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return rendered.pictures(tmp_path_factory.mktemp("pictures"), LABELS)


def scans(folder: Path, split: str = "validation") -> dict[str, list[Sample]]:
    return pictures(folder, split, Path("nowhere"), Path("nowhere"), [SCANS])


@pytest.fixture
def shipped(tmp_path) -> Path:
    """A shipped model that reads one picture of four right, and its training's log."""
    path = tmp_path / "checkpoints" / "names.safetensors"
    parrot.checkpoint(path, "BOB")
    results.write_training(tmp_path / "results", sample_results.epochs().head(1))
    return path


def candidate(folder: Path, name: str, certainty: float = 12) -> Path:
    """A model that reads every picture as `name`, beside the log of its training."""
    path = folder / "run" / "candidate.safetensors"
    parrot.checkpoint(path, name, certainty, seen=("ANNA", "EVE"))
    results.write_training(path.parent, sample_results.epochs())
    return path


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "run" not in path.parts
    }


@pytest.mark.parametrize("name", ["BOB", "EVE"], ids=["equal", "worse"])
def test_a_model_that_is_not_better_is_refused_and_nothing_changes(name, shipped, folder, tmp_path):
    new, before = candidate(tmp_path, name), files_below(tmp_path)
    with pytest.raises(CheckpointError) as refusal:
        release(new, shipped, scans(folder))
    assert "scans, 4: candidate exact" in str(refusal.value)
    assert "shipped exact 25.00%" in str(refusal.value)
    assert "the candidate is not better, the shipped model stays" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert files_below(tmp_path) == before


def test_a_better_model_is_shipped_whole(shipped, folder, tmp_path):
    new = candidate(tmp_path, "ANNA")
    report = release(new, shipped, scans(folder))
    assert "candidate exact 75.00%" in report
    assert "shipped exact 25.00%" in report
    assert f"shipped as {shipped}" in report
    now, was = Checkpoint.open(shipped), Checkpoint.open(new)
    assert now.onnx() == was.onnx()
    assert now.header.weights_digest == was.header.weights_digest
    assert now.training_names() == {fingerprint("ANNA"), fingerprint("EVE")}
    assert sorted(path.name for path in shipped.parent.iterdir()) == [
        "names.onnx",
        "names.safetensors",
    ]


def test_the_shipped_model_says_what_it_was_measured_on_and_keeps_its_origin(
    shipped, folder, tmp_path
):
    release(candidate(tmp_path, "ANNA"), shipped, scans(folder))
    told = Checkpoint.open(shipped).header.provenance
    assert told["metrics"] == {"scans": {"n": 4, "exact": 0.75, "cer": 4 / 15}}
    assert told["code"] == "test"


def test_the_log_of_the_training_is_shipped_with_the_model(shipped, folder, tmp_path):
    release(candidate(tmp_path, "ANNA"), shipped, scans(folder))
    assert_frame_equal(results.read_training(tmp_path / "results"), sample_results.epochs())


def test_a_model_that_was_never_tuned_does_not_replace_one_that_was(shipped, folder, tmp_path):
    tuned = Checkpoint.open(shipped)
    header = {**tuned.header.carried(), "language_digest": Language.open().digest}
    write(shipped, tuned.weights(), tuned.onnx(), (), header)
    new, before = candidate(tmp_path, "ANNA"), files_below(tmp_path)
    with pytest.raises(CheckpointError, match=r"never tuned; run first: python -m hwr_core tune"):
        release(new, shipped, scans(folder))
    assert files_below(tmp_path) == before


def test_a_model_that_comes_without_a_log_is_shipped_without_one(shipped, folder, tmp_path):
    new = candidate(tmp_path, "ANNA")
    (new.parent / results.TRAINING).unlink()
    release(new, shipped, scans(folder))
    assert Checkpoint.open(shipped).onnx() == Checkpoint.open(new).onnx()


def test_the_first_model_has_nothing_to_beat(folder, tmp_path):
    first = tmp_path / "checkpoints" / "names.safetensors"
    report = release(candidate(tmp_path, "EVE"), first, scans(folder))
    assert "candidate exact 0.00%" in report
    assert Checkpoint.open(first).onnx()


def test_of_models_with_as_many_names_right_fewer_wrong_letters_win(folder, tmp_path):
    shipped = tmp_path / "checkpoints" / "names.safetensors"
    parrot.checkpoint(shipped, "XYZ")
    release(candidate(tmp_path, "ANNI"), shipped, scans(folder))
    with pytest.raises(CheckpointError, match="not better"):
        release(candidate(tmp_path, "ANIX"), shipped, scans(folder))


def test_the_threshold_is_written_into_the_shipped_model(folder, tmp_path):
    """On the test split every reading is right; the model's own certainty is the threshold."""
    shipped = tmp_path / "checkpoints" / "names.safetensors"
    report = release(candidate(tmp_path, "EVE", certainty=9), shipped, scans(folder, "test"))
    accept = Checkpoint.open(shipped).header.accept
    assert 0.5 <= accept < 1
    assert accept != CAUTIOUS
    assert f"accepted from confidence {accept:.2f}" in report


def test_where_too_few_readings_are_right_the_threshold_is_cautious(shipped, folder, tmp_path):
    release(candidate(tmp_path, "ANNA"), shipped, scans(folder))  # three of four
    assert Checkpoint.open(shipped).header.accept == CAUTIOUS


def test_a_picture_that_cannot_be_read_counts_as_read_wrong(tmp_path):
    folder = rendered.pictures(tmp_path / "pictures", {"validation": ["ANNA", "ANNA"]})
    (folder / "validation_v2" / "validation" / "validation-0.png").write_bytes(b"no picture")
    new, shipped = candidate(tmp_path, "ANNA"), tmp_path / "checkpoints" / "names.safetensors"
    assert "candidate exact 50.00%" in release(new, shipped, scans(folder))


def test_a_split_that_is_not_there_is_refused(shipped, folder, tmp_path):
    with pytest.raises(DataError, match="no usable picture in the split 'train'"):
        release(candidate(tmp_path, "ANNA"), shipped, scans(folder, "train"))


def test_a_candidate_whose_network_is_another_ones_is_refused(shipped, folder, tmp_path):
    new, before = candidate(tmp_path, "ANNA"), files_below(tmp_path)
    new.with_suffix(".onnx").write_bytes(shipped.with_suffix(".onnx").read_bytes())
    with pytest.raises(CheckpointError, match="digest"):
        release(new, shipped, scans(folder))
    assert files_below(tmp_path) == before


def test_the_command_refuses_with_one_sentence(shipped, folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cli.models, "SHIPPED", shipped)
    new = candidate(tmp_path, "EVE")
    assert cli.main(["release", str(new), "--pictures", str(folder), "--only", "scans"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: scans, 4: candidate")
    assert said.count("\n") == 1


def trial(right: int, n: int, edits: int | None = None) -> Trial:
    """The first `right` of `n` names of ten letters are right, in the others a letter is wrong."""
    wrong = n - right if edits is None else edits
    counts = Counts(names=n, exact=right, letters=10 * n, substitutions=wrong)
    return Trial(counts, (0.9,) * n, (True,) * right + (False,) * (n - right))


OLD = {"scans": trial(80, 100), "pad": trial(900, 1000), "photographs": trial(300, 500)}


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ({}, "the candidate is not better"),
        ({"pad": trial(901, 1000)}, None),
        ({"pad": trial(900, 1000, edits=99)}, None),  # as many names, fewer wrong letters
        ({"scans": trial(79, 100), "pad": trial(909, 1000)}, "the candidate is not better"),
        ({"scans": trial(79, 100), "pad": trial(911, 1000)}, None),  # 1 % lost by accident
        ({"pad": trial(893, 1000), "scans": trial(100, 100)}, "fewer names of pad"),  # by none
        (
            {"pad": trial(0, 1000), "photographs": trial(0, 500)},
            "the candidate reads fewer names of pad and photographs (--only scans judges without)",
        ),
    ],
)
def test_every_kind_counts_the_same_and_none_is_sold(new, expected):
    reason = refusal({**OLD, **new}, OLD)
    assert (expected or "") in (reason or "")
    assert (reason is None) == (expected is None)


def test_the_sets_that_ship_are_of_three_kinds(tmp_path):
    shipped = Path(__file__).parents[1] / "results"
    where = shipped / "handwritten-names", "validation", shipped / "development", tmp_path
    judged_by = pictures(*where)
    assert {kind: len(samples) for kind, samples in judged_by.items()} == {
        "scans": 497,
        "pad": 3793,
        "photographs": 656 + 2485 + 64,
    }
    assert tuple(judged_by) == KINDS


def test_a_kind_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(DataError, match="'pda'; there are scans, pad, photographs"):
        pictures(tmp_path, "validation", tmp_path, tmp_path, ["scans", "pda"])


@pytest.mark.parametrize(
    ("confidences", "right", "expected"),
    [
        ([0.99, 0.9, 0.8, 0.6, 0.3], [True] * 5, 0.6),  # never below one half
        ([0.99, 0.9, 0.8], [False] * 3, CAUTIOUS),
        ([0.4, 0.3], [True, True], CAUTIOUS),
        ([], [], CAUTIOUS),
        ([0.9] * 19 + [0.7], [True] * 19 + [False], 0.7),  # 19 of 20 are just enough
        ([0.9] * 18 + [0.7], [True] * 18 + [False], 0.9),
        ([0.99, 0.95, 0.9], [False, True, True], CAUTIOUS),  # the surest one is wrong
        ([0.8, 0.8], [True, False], CAUTIOUS),  # what is equally sure is accepted together
        ([0.8, 0.8], [False, True], CAUTIOUS),
        ([0.95, 0.9, 0.9], [True, True, False], 0.95),
    ],
)
def test_the_threshold_of_known_readings(confidences, right, expected):
    assert threshold(confidences, right) == expected


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans())))
def test_what_the_threshold_accepts_is_as_right_as_promised(readings):
    accept = threshold([c for c, _ in readings], [r for _, r in readings])
    accepted = [right for confidence, right in readings if confidence >= accept]
    assert accept == CAUTIOUS or sum(accepted) / len(accepted) >= PRECISION
    assert 0.5 <= accept <= 1
