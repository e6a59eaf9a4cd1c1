"""Learning: by heart, after a kill, within a time limit, on two processes, and what stops it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
import yaml
from lightning.pytorch.accelerators import CPUAccelerator, MPSAccelerator
from safetensors import SafetensorError
from safetensors.numpy import load_file

from hwr_core import cli
from hwr_core.checkpoint import Checkpoint, CheckpointError, fingerprint
from hwr_core.data.store import Store
from hwr_core.evaluation import results
from hwr_core.model import build
from hwr_core.picture import prepare
from hwr_core.recognizer import Recognizer
from hwr_core.training import state
from hwr_core.training.reader import Reader, TrainingError
from hwr_core.training.recipe import Recipe
from hwr_core.training.restore import restore
from hwr_core.training.run import Run, _trainer, quiet, train
from hwr_core.training.state import SafetensorsIO
from tests import rendered
from tests.learning import by_heart, recipe, values

ROOT = Path(__file__).resolve().parents[1]
MEASURED = ["epoch", "step", "train_loss", "val_loss", "val_cer", "learning_rate"]

# Kills itself before step 9, the fourth of the second epoch, as no signal handler could prevent.
KILLED = """
import os, signal, sys
from hwr_core import cli
from hwr_core.training.reader import Reader
step = Reader.training_step
def fatal(self, batch, number):
    if self.global_step == 9:
        os.kill(os.getpid(), signal.SIGKILL)
    return step(self, batch, number)
Reader.training_step = fatal
cli.main(sys.argv[1:])
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    return rendered.store(tmp_path_factory.mktemp("names"), rendered.BY_HEART)


@pytest.fixture(scope="module")
def unbroken(store, tmp_path_factory) -> Path:
    """The folder of a run of three epochs that nothing interrupted."""
    folder = tmp_path_factory.mktemp("unbroken")
    train(recipe(store), folder)
    return folder


def config(folder: Path, content: dict[str, Any]) -> Path:
    path = folder / "recipe.yaml"
    path.write_text(yaml.safe_dump(content), "utf-8")
    return path


def run(code: list[str], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python in a process of its own, in `folder`."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, *code, *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=200
    )


def assert_same_weights(one: Path, other: Path) -> None:
    first, second = (load_file(folder / "candidate.safetensors") for folder in (one, other))
    assert first.keys() == second.keys()
    assert [key for key in first if not np.array_equal(first[key], second[key])] == []


def assert_same_names(one: Path, other: Path) -> None:
    first, second = (load_file(folder / "candidate.safetensors") for folder in (one, other))
    assert first.keys() == second.keys()


def lattices(path: Path, ink: list[np.ndarray]) -> torch.Tensor:
    """(frames, C) of all strips in a row."""
    network = restore(Checkpoint.open(path))
    with torch.no_grad():
        return torch.cat([network(torch.from_numpy(one)[None, None])[0] for one in ink])


def log_of(folder: Path) -> pd.DataFrame:
    return results.read_training(folder)


@pytest.mark.slow
def test_four_names_are_learned_by_heart_and_read_back_exactly(store, tmp_path):
    checkpoint = by_heart(store, tmp_path)
    readings = Recognizer(checkpoint).read_many([rendered.picture(n) for n in rendered.FOUR])
    assert [reading.text for reading in readings] == rendered.FOUR
    assert min(reading.confidence for reading in readings) > 0.5
    assert log_of(tmp_path).iloc[-1][["val_exact", "val_cer"]].tolist() == [1, 0]


def test_a_run_leaves_a_candidate_that_says_where_it_comes_from(store, unbroken):
    names = {path.name for path in unbroken.iterdir()}
    assert names == {
        "recipe.yaml", "training.csv", "tensorboard", "last.safetensors", "best.safetensors",
        "candidate.safetensors", "candidate.onnx",
    }  # fmt: skip
    checkpoint = Checkpoint.open(unbroken / "candidate.safetensors")
    told = checkpoint.header.provenance
    assert told["data_digests"] == {str(store.path): store.digest}
    assert told["seed"] == 1
    assert told["steps"] == 6 * told["epoch"]
    assert Recipe.parse(told["recipe"]) == recipe(store)
    assert checkpoint.training_names() == {fingerprint(name) for name in rendered.FOUR}
    assert Recipe.parse(yaml.safe_load((unbroken / "recipe.yaml").read_text())) == recipe(store)


def test_a_run_logs_a_line_an_epoch(unbroken):
    log = log_of(unbroken)
    assert log["epoch"].tolist() == [0, 1, 2]
    assert log["step"].tolist() == [6, 12, 18]
    assert not log.isna().any(axis=None)
    assert log["learning_rate"].is_monotonic_decreasing
    assert (log["infinite_losses"] == 0).all()


def test_a_student_comes_nearer_to_its_teacher_and_keeps_nothing_of_it(store, unbroken, tmp_path):
    teacher = unbroken / "candidate.safetensors"
    ink = [prepare(rendered.picture(name)).ink for name in rendered.FOUR]
    frames, apart = {}, {}
    for weight in (0, 5):
        given = recipe(store, seed=8, teacher=str(teacher), optim={"distil": weight})
        train(given, tmp_path / str(weight))
        frames[weight] = lattices(tmp_path / str(weight) / "candidate.safetensors", ink)
    wanted = lattices(teacher, ink)
    for weight, own in frames.items():
        apart[weight] = float((wanted.exp() * (wanted - own)).sum())
    assert apart[5] < apart[0]
    assert_same_names(tmp_path / "5", unbroken)


def test_a_student_without_labels_learns_from_its_teacher_alone(store, unbroken, tmp_path):
    teacher = str(unbroken / "candidate.safetensors")
    logs = {}
    for label in (0, 1):
        optim = {"labels": label, "distil": 0.5, "shortcut": 1}
        train(recipe(store, seed=8, teacher=teacher, optim=optim), tmp_path / str(label))
        logs[label] = log_of(tmp_path / str(label))["train_loss"]
    assert logs[0].is_monotonic_decreasing
    assert (logs[0] < 0.5 * logs[1]).all()  # what the labels' two heads cost is not in it


def test_the_learning_rate_rises_stays_and_falls(store):
    flat, cosine = (
        Reader(recipe(store, optim={"warmup": 0.1, "cooldown": share}), steps=100)._rate
        for share in (0.25, 1)
    )
    assert [flat(step) for step in (4, 9, 50, 77)] == pytest.approx([0.5, 1, 1, 1], abs=1e-3)
    assert flat(89) == pytest.approx(0.5, abs=0.05)
    assert cosine(55) == pytest.approx(0.5)
    assert flat(100) == cosine(100) == cosine(120) == 0


def test_a_teacher_of_another_alphabet_is_refused(store, unbroken):
    teacher = str(unbroken / "candidate.safetensors")
    with pytest.raises(CheckpointError, match="a teacher must write the recipe's alphabet, folded"):
        Reader(recipe(store, teacher=teacher, alphabet="folded"))


@pytest.mark.slow
def test_a_run_killed_in_the_middle_of_an_epoch_resumes_to_the_same_bits(store, unbroken, tmp_path):
    path = str(config(tmp_path, values(store)))
    killed = run(["-c", KILLED], tmp_path, "train", path)
    assert killed.returncode == -signal.SIGKILL
    folder = tmp_path / "runs" / "tiny"
    assert not (folder / "candidate.safetensors").exists()
    assert log_of(folder)["epoch"].tolist() == [0]
    resumed = run(["-m", "hwr_core"], tmp_path, "train", path, "--resume")
    assert resumed.returncode == 0, resumed.stderr
    assert_same_weights(folder, unbroken)
    assert log_of(folder)[MEASURED].equals(log_of(unbroken)[MEASURED])


@pytest.mark.slow
def test_minutes_stop_between_epochs_and_the_rest_gives_the_same_losses(
    store, unbroken, tmp_path, caplog
):
    train(recipe(store), tmp_path, minutes=1e-9)
    assert log_of(tmp_path)["epoch"].tolist() == [0]
    assert "stopped after 1 of 3 epochs; go on with --resume" in caplog.text
    train(recipe(store), tmp_path, minutes=1e-9, resume=True)
    assert log_of(tmp_path)["epoch"].tolist() == [0, 1]
    caplog.clear()
    train(recipe(store), tmp_path, minutes=1e-9, resume=True)
    assert "stopped" not in caplog.text  # the last epoch was done, nothing was cut
    assert log_of(tmp_path)[MEASURED].equals(log_of(unbroken)[MEASURED])
    assert_same_weights(tmp_path, unbroken)


@pytest.mark.slow
def test_two_processes_train_together_and_write_one_candidate(store, tmp_path):
    """Stopped after the first epoch and resumed, so that both must also agree on when to stop."""
    command = ["train", str(config(tmp_path, values(store, devices=2)))]
    folder = tmp_path / "runs" / "tiny"
    for options, epochs in ((["--minutes", "1e-9"], [0]), (["--resume"], [0, 1, 2])):
        done = run(["-m", "hwr_core"], tmp_path, *command, *options)
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("make release CANDIDATE=") == 1
        assert done.stderr.count("stopped after 1 of 3") == (epochs == [0])  # one of them says it
        assert log_of(folder)["epoch"].tolist() == epochs
    assert sorted(file.name for file in folder.glob("candidate*")) == [
        "candidate.onnx",
        "candidate.safetensors",
    ]
    assert log_of(folder)["step"].tolist() == [3, 6, 9]  # a batch on either process each
    checkpoint = Checkpoint.open(folder / "candidate.safetensors")
    assert checkpoint.weights()
    assert Recognizer(checkpoint).read(rendered.picture("ANNA"))


def test_a_loss_that_is_not_finite_stops_with_a_diagnosis(store, tmp_path):
    broken = recipe(store, optim={"learning_rate": 1e30, "warmup": 0})
    with pytest.raises(TrainingError) as diagnosis:
        train(broken, tmp_path)
    message = str(diagnosis.value)
    assert message.startswith("the loss is nan at step 1 ")
    assert "(the weights are finite)" in message
    assert "the batch holds train-" in message
    assert "lower optim.learning_rate" in message
    assert not (tmp_path / "candidate.safetensors").exists()


def test_weights_that_are_not_finite_are_named(store, tmp_path, monkeypatch):
    def spoiled(settings, classes):
        network = build(settings, classes)
        torch.nn.init.constant_(network.head.bias, torch.nan)
        return network

    monkeypatch.setattr("hwr_core.training.reader.build", spoiled)
    with pytest.raises(
        TrainingError, match=r"at step 0 \(the weights of head.bias are already not"
    ):
        train(recipe(store), tmp_path)


def test_a_model_that_reads_all_alike_is_named_in_the_log(tmp_path, caplog):
    many = [first + last for first in "ABCD" for last in "EFGHI"]
    store = rendered.store(tmp_path, {"train": ["ANNA"], "validation": many})
    train(recipe(store, pictures=2, optim={"epochs": 1}), tmp_path / "run")
    assert "the model is collapsed: 20 pictures give 1 different readings" in caplog.text


def test_a_missing_picture_is_counted_and_never_replaced(tmp_path):
    folder = rendered.pictures(
        tmp_path / "pictures", {"train": rendered.FOUR, "validation": ["EVE"]}
    )
    (folder / "train_v2" / "train" / "train-1.png").unlink()
    store = rendered.packed(folder, tmp_path / "store")
    assert [store.column("label")[row] for row in store.rows("train")] == ["ANNA", "EVE", "OTTO"]
    missing = {"train": {"missing picture": {"count": 1, "files": ["train-1.png"]}}}
    assert store.about["left_out"] == missing
    checkpoint = train(recipe(store, pictures=2, optim={"epochs": 1}), tmp_path / "run")
    assert checkpoint is not None
    assert checkpoint.header.provenance["left_out"][str(store.path)] == missing
    assert fingerprint("BOB") not in checkpoint.training_names()


def test_there_is_nothing_to_resume_without_a_state(store, tmp_path):
    with pytest.raises(TrainingError, match=r"last\.safetensors is not there; leave --resume out"):
        train(recipe(store), tmp_path, resume=True)


def test_a_run_is_not_overwritten(store, tmp_path):
    (tmp_path / "last.safetensors").write_bytes(b"hours of work")
    with pytest.raises(TrainingError, match="holds a run; go on with --resume"):
        train(recipe(store), tmp_path)
    assert (tmp_path / "last.safetensors").read_bytes() == b"hours of work"


def test_a_damaged_state_is_refused_by_name(store, tmp_path):
    (tmp_path / "last.safetensors").write_bytes(b"cut short")
    with pytest.raises(TrainingError, match=r"last\.safetensors: not the state of a run"):
        train(recipe(store), tmp_path, resume=True)


def test_a_run_is_not_resumed_with_another_recipe(store, tmp_path):
    train(recipe(store, optim={"epochs": 2}), tmp_path, minutes=1e-9)
    before = (tmp_path / "recipe.yaml").read_bytes()
    other = recipe(store, optim={"epochs": 2}, seed=99)
    with pytest.raises(
        TrainingError, match=r"is of another recipe \(seed\); start one: --set name="
    ):
        train(other, tmp_path, resume=True)
    assert (tmp_path / "recipe.yaml").read_bytes() == before
    assert train(recipe(store, optim={"epochs": 2}, threads=1), tmp_path, resume=True)


def test_a_run_is_not_resumed_with_other_pictures(tmp_path):
    store = rendered.store(tmp_path / "names", {"train": ["ANNA"], "validation": ["ANNA"]})
    short = recipe(store, pictures=2, optim={"epochs": 2})
    train(short, tmp_path / "run", minutes=1e-9)
    shutil.rmtree(tmp_path / "names")
    rendered.store(tmp_path / "names", {"train": ["ZOE"], "validation": ["ZOE"]})
    with pytest.raises(TrainingError, match=r"store: prepared anew since; start a run: --set name"):
        train(short, tmp_path / "run", resume=True)


def test_what_a_run_began_with_counts_as_seen(store, tmp_path):
    rendered_names = {fingerprint(name) for name in rendered.FOUR}
    folder = rendered.pictures(tmp_path / "other", {"train": ["ZOE"], "validation": ["ZOE"]})
    one = {"pictures": 2, "optim": {"epochs": 1}}
    train(recipe(rendered.packed(folder, tmp_path / "store"), **one), tmp_path / "first")
    start = str(tmp_path / "first" / "candidate.safetensors")
    second = train(recipe(store, start=start, **one), tmp_path / "second")
    assert second.training_names() == {fingerprint("ZOE"), *rendered_names}


def test_apples_gpu_is_not_chosen_for_lack_of_ctc(store, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(MPSAccelerator, "is_available", lambda: True)
    with quiet():
        trainer = _trainer(recipe(store, accelerator="auto"), Run(tmp_path), None)
    assert isinstance(trainer.accelerator, CPUAccelerator)


def refusals(store: Store) -> dict[str, tuple[dict[str, Any], str]]:
    """What is wrong with a recipe, and a part of the sentence that says so."""
    narrow = {"picture": {"height": 32, "width": 100, "step": 4, "margin": 2}}
    return {
        "missing store": ({"stores": {"nowhere": 1}}, "nowhere: not a store"),
        "wrong canvas": (narrow, "needed are height=32 width=100"),
        "unknown key": ({"epochs": 3}, "epochs is unknown; known here:"),
        "no such device": ({"accelerator": "gpu", "devices": 99}, "gpu"),
    }


@pytest.mark.parametrize(
    "fault", ["missing store", "wrong canvas", "unknown key", "no such device"]
)
def test_a_run_that_cannot_start_says_why_in_one_sentence(
    fault, store, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    changes, complaint = refusals(store)[fault]
    assert cli.main(["train", str(config(tmp_path, values(store, **changes)))]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1
    assert complaint in said.err
    assert not (tmp_path / "runs").exists()


@pytest.mark.slow
def test_a_user_sees_the_progress_and_nothing_of_the_machinery(store, tmp_path):
    path = config(tmp_path, values(store, optim={"epochs": 1}))
    done = run(["-m", "hwr_core"], tmp_path, "train", str(path))
    assert done.returncode == 0
    assert done.stderr.strip() == ""
    for shown in ("loss=", "val_cer=", "val_exact=", "pictures/s=", "make release CANDIDATE="):
        assert shown in done.stdout
    for noise in ("Tip", "litlogger", "v_num", "available", "Trainer", "Warning"):
        assert noise not in done.stdout


def test_a_full_disk_leaves_the_older_state_and_a_sentence(tmp_path, monkeypatch):
    def full(_, path, **__):
        Path(path).write_bytes(b"the first half")
        message = "No space left on device"
        raise SafetensorError(message)

    path = tmp_path / "last.safetensors"
    SafetensorsIO().save_checkpoint({"epoch": 1}, path)
    monkeypatch.setattr(state, "save_file", full)
    with pytest.raises(TrainingError, match=r"last\.safetensors: cannot be written .*No space"):
        SafetensorsIO().save_checkpoint({"epoch": 2}, path)
    assert SafetensorsIO().load_checkpoint(path) == {"epoch": 1}
