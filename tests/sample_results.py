"""A tiny results directory for tests: two names read right, one wrong, two epochs."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pandas as pd
from PIL import Image

from hwr_core.evaluation import results
from hwr_core.evaluation.records import (
    Acceptance,
    Character,
    Checkpoint,
    Groups,
    LeftOut,
    Metrics,
    Rate,
    Scores,
    Slice,
)


def metrics(run: str = "validation") -> Metrics:
    rate = Rate(value=0.667, low=0.1, high=0.9)
    scores = Scores(
        n=3,
        exact=rate,
        cer=rate,
        wer=rate,
        character_accuracy=rate,
        normalised_edit_distance=rate,
    )
    return Metrics(
        run=run,
        split=run,
        checkpoint=Checkpoint(name="names.safetensors", digest="0123abcd", parameters=1_234_567),
        command="hwr evaluate",
        made=datetime.date(2026, 1, 31),
        left_out={"label without a letter": LeftOut(count=1, files=("empty.png",))},
        scores=Groups(all=scores, seen=scores, unseen=None),
        written=None,
        acceptance=Acceptance(accepted=rate, right=rate),
        slices={"seen name": Slice(n=3, scores=None)},
        characters=(
            Character(
                char="A", support=3, predicted=2, correct=2, precision=1.0, recall=0.6, f1=0.8
            ),
            Character(
                char="Z", support=0, predicted=0, correct=0, precision=None, recall=None, f1=None
            ),
        ),
    )


def predictions() -> pd.DataFrame:
    texts = [("ANNA", "ANNA", 0.99), ("<B>EA", "<B>IA", 0.9), ("D'ARC", "D'ARC", 0.4)]
    return pd.DataFrame(
        {
            "file": f"{number}.png",
            "split": "validation",
            "source": "sample",
            "writer": None if number else "w1",
            "label": label,
            "truth": label,
            "cased": False,
            "text": text,
            "folded": text,
            "confidence": confidence,
            "accepted": confidence > 0.5,
            "distance": int(label != text),
            "seen": number > 0,
            "alternatives": '[{"text":"ANNE","confidence":0.01}]',
            "letters": '[{"char":"A","start":1.5,"end":9.0,"confidence":0.9}]',
            "edits": '[{"kind":"replace","at":3,"label":"E","read":"I"}]' if number == 1 else "[]",
            "loss": None if number else 0.01,
            "read_loss": 0.01,
            "tags": "seen name" if number else "unseen name",
            "picture": png(),
        }
        for number, (label, text, confidence) in enumerate(texts)
    )


def epochs() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "epoch": [1, 2],
            "step": [10, 20],
            "train_loss": [9.0, 3.0],
            "val_loss": [8.0, None],
            "val_cer": [0.9, None],
            "val_exact": [0.1, None],
            "learning_rate": [1e-3, 1e-4],
            "pictures_per_second": [100.0, 101.0],
            "blank_share": [0.8, 0.7],
            "distinct_share": [0.5, 0.9],
            "infinite_losses": [0, 0],
        }
    )


def png() -> bytes:
    stream = io.BytesIO()
    Image.new("L", (96, 48), 255).save(stream, "PNG")
    return stream.getvalue()


def write(directory: Path, *runs: str) -> Path:
    for run in runs:
        results.write(directory / run, metrics(run), predictions())
    results.write_training(directory, epochs())
    return directory
