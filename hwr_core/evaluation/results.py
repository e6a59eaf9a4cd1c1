"""The files of results/, which evaluation and training write and the dashboard shows.

results/<run>/metrics.json          the `Metrics` of one evaluated split
results/<run>/predictions.parquet   one `Prediction` a row
results/training.csv                one `Epoch` a row
results/table.md                    all runs of `make evaluate` in three tables, for the documents
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import pandas as pd
from pydantic import TypeAdapter

from hwr_core.evaluation.explaining import ResultsError, explaining
from hwr_core.evaluation.records import Epoch, Metrics, Prediction, Record
from hwr_core.whole import whole

METRICS = "metrics.json"
PREDICTIONS = "predictions.parquet"
TRAINING = "training.csv"
TABLE = "table.md"
# The columns of a `Prediction` with numpy's letters for the kinds of what they may hold. Reading
# looks at kinds only: every row was checked when it was written, and 41,000 take 15 seconds.
TEXT = "OUT"
FACTS = {  # those that are short, and enough to count with
    "file": TEXT,
    "source": TEXT,
    "writer": TEXT,
    "truth": TEXT,
    "folded": TEXT,
    "label": TEXT,
    "text": TEXT,
    "confidence": "f",
    "accepted": "b",
    "distance": "iu",
    "seen": "b",
    "cased": "b",
    "loss": "fO",
    "read_loss": "fO",
    "tags": TEXT,
}
COLUMNS = {name: FACTS.get(name, TEXT) for name in Prediction.model_fields}

Row = TypeVar("Row", bound=Record)


def runs(results: Path) -> list[str]:
    """The names of the evaluated runs in `results` and in its folders, these last.

    A half-written run counts: whoever chooses it is told what is missing.

    Raises:
        ResultsError: there is none.
    """
    found = {path.parent for name in (METRICS, PREDICTIONS) for path in _runs(results, name)}
    if not found:
        is_there = "holds no evaluated run yet" if results.is_dir() else "is no folder"
        message = f"{results.name} {is_there}; `make evaluate` makes one."
        raise ResultsError(message)
    names = [path.relative_to(results).as_posix() for path in found]
    return sorted(names, key=lambda name: (name.count("/"), name))


def is_run(path: Path) -> bool:
    """Whether a folder is itself a run, and not one of runs."""
    return (path / METRICS).is_file() or (path / PREDICTIONS).is_file()


def read_metrics(run: Path) -> Metrics:
    """The scores of the run in the directory `run`.

    Raises:
        ResultsError: the file is missing or damaged.
    """
    path = run / METRICS
    with explaining(path, "make evaluate"):
        return Metrics.model_validate_json(path.read_bytes())


def read_predictions(run: Path) -> pd.DataFrame:
    """The predictions of the run in the directory `run`, one row a `Prediction`.

    What stands within the rows is not checked again; `records` does that for those it is given.

    A slim run, such as earlier/validation, borrows its pictures from the run of the same name
    one folder up, where that one has them.

    Raises:
        ResultsError: the file is missing or damaged.
    """
    path = run / PREDICTIONS
    with explaining(path, "make evaluate"):
        return _illustrated(_counted(pd.read_parquet(path, columns=list(COLUMNS)), COLUMNS), run)


def shown(rows: pd.DataFrame, run: Path) -> list[Prediction]:
    """Some rows of a run's table as values.

    Raises:
        ResultsError: one of them is damaged.
    """
    with explaining(run / PREDICTIONS, "make evaluate"):
        return records(rows[list(Prediction.model_fields)], Prediction)


def read_facts(run: Path) -> pd.DataFrame:
    """The short columns of the predictions, `FACTS`: a tenth of the time and of the memory.

    Raises:
        ResultsError: the file is missing or damaged.
    """
    path = run / PREDICTIONS
    with explaining(path, "make evaluate"):
        return _counted(pd.read_parquet(path, columns=list(FACTS)), FACTS)


def read_training(results: Path) -> pd.DataFrame:
    """The epochs of the training of the released model, one row an `Epoch`.

    Raises:
        ResultsError: the file is missing or damaged.
    """
    path = results / TRAINING
    with explaining(path, "make train"):
        return _checked(pd.read_csv(path), Epoch)


def write(run: Path, metrics: Metrics, predictions: pd.DataFrame) -> None:
    """Write one run; a reader meets the old files or the new ones, never half a file.

    Raises:
        ValueError: a row is not a `Prediction`; nothing is written.
    """
    table = _checked(predictions, Prediction)
    with whole(run / PREDICTIONS) as file:
        table.to_parquet(file, index=False)
    with whole(run / METRICS) as file:  # last: this file is what makes a directory a run
        file.write(f"{metrics.model_dump_json(indent=2)}\n".encode())


def write_training(results: Path, epochs: pd.DataFrame) -> None:
    """Write the epochs of a training so far, as `write` does.

    Raises:
        ValueError: a row is not an `Epoch`; nothing is written.
    """
    table = _checked(epochs, Epoch)
    with whole(results / TRAINING) as file:
        table.to_csv(file, index=False)


def write_table(results: Path, text: str) -> None:
    """Write the table of all runs."""
    with whole(results / TABLE) as file:
        file.write(text.encode())


def records(table: pd.DataFrame, row: type[Row]) -> list[Row]:
    """The rows of `table` as values of the model `row`.

    Raises:
        ValidationError: a row is not one; a `ValueError`.
    """
    absent_as_none = table.astype(object).where(table.notna(), None)
    return TypeAdapter(list[row]).validate_python(absent_as_none.to_dict("records"))  # type: ignore[valid-type]


def _checked(table: pd.DataFrame, row: type[Record]) -> pd.DataFrame:
    """`table` with the columns of `row` in their order, once every row of it is one."""
    if table.empty:
        message = "it has no row"
        raise ValueError(message)
    records(table, row)
    return table[list(row.model_fields)]


def _counted(table: pd.DataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    """`table` once its columns are of the `kinds` wanted, and its shares are shares."""
    wrong = [name for name, kind in kinds.items() if table[name].dtype.kind not in kind]
    sure = table["confidence"]
    if wrong or table.empty or not sure.between(0, 1).all():
        what = f"{wrong[0]} is of another kind" if wrong else "it has no row, or a false confidence"
        message = f"{what}; a newer or older version of this project may have written it"
        raise ValueError(message)
    return table


def _runs(results: Path, name: str) -> Iterator[Path]:
    yield from results.glob(f"*/{name}")
    yield from results.glob(f"*/*/{name}")


def lender(run: Path) -> Path:
    """The run that has the pictures of a slim one: of the same name, a folder further up."""
    return run.parent.parent / run.name


def _illustrated(table: pd.DataFrame, run: Path) -> pd.DataFrame:
    """`table`, with the pictures of the run that holds them if its own are left out."""
    path = lender(run) / PREDICTIONS
    if table["picture"].astype(bool).any() or not path.is_file():
        return table
    with explaining(path, "make evaluate"):
        lent = pd.read_parquet(path, columns=["source", "file", "picture"])
    pictures = lent.drop_duplicates(["source", "file"]).set_index(["source", "file"])["picture"]
    found = pictures.reindex(pd.MultiIndex.from_frame(table[["source", "file"]]))
    return table.assign(picture=[picture or b"" for picture in found.fillna(b"")])
