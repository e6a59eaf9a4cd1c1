"""What stands in the files of results/: the scores of a split, a prediction, an epoch.

These models are the keys and the columns: none may be missing, none may be added.
"""

from __future__ import annotations

import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, NonNegativeInt, PositiveInt

Share = Annotated[FiniteFloat, Field(ge=0, le=1)]
NonNegative = Annotated[FiniteFloat, Field(ge=0)]


class Record(BaseModel):
    """A value as it stands in a file: no unknown key, no silent conversion, no change."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Rate(Record):
    """A measured share with its 95 % bootstrap interval; an error rate may exceed 1."""

    value: NonNegative
    low: NonNegative
    high: NonNegative


class Scores(Record):
    """The scores of a group of n pictures."""

    n: PositiveInt
    exact: Rate
    cer: Rate
    wer: Rate
    character_accuracy: Rate
    normalised_edit_distance: Rate


class Groups(Record):
    """All pictures, and those whose label was, or was not, a training label; None: no such one."""

    all: Scores
    seen: Scores | None
    unseen: Scores | None


class Character(Record):
    """How one character is read; None where nothing was there to divide by."""

    char: Annotated[str, Field(min_length=1, max_length=1)]
    support: NonNegativeInt
    predicted: NonNegativeInt
    correct: NonNegativeInt
    precision: Share | None
    recall: Share | None
    f1: Share | None


class Checkpoint(Record):
    """The released file the numbers come from."""

    name: str
    digest: str
    parameters: PositiveInt


class LeftOut(Record):
    """Pictures that were not scored for one reason, with the first ten of their names."""

    count: PositiveInt
    files: Annotated[tuple[str, ...], Field(max_length=10)]


class Metrics(Record):
    """One evaluated split."""

    run: str
    split: str
    checkpoint: Checkpoint
    command: str
    made: datetime.date
    left_out: dict[str, LeftOut]  # by reason
    scores: Groups
    characters: tuple[Character, ...]


class Prediction(Record):
    """One picture with its label and its reading."""

    file: str
    label: str
    text: str
    confidence: Share
    accepted: bool
    distance: NonNegativeInt  # edits from text to label
    seen: bool  # the label was a training label
    source: str
    writer: str | None
    picture: bytes  # PNG, gray, 48 pixels high, black ink on white


class Epoch(Record):
    """What one epoch of training showed; None where nothing was measured."""

    epoch: NonNegativeInt
    step: NonNegativeInt
    train_loss: FiniteFloat | None
    val_loss: FiniteFloat | None
    val_cer: NonNegative | None
    val_exact: Share | None
    learning_rate: NonNegative
    pictures_per_second: NonNegative | None
    blank_share: Share | None
    distinct_share: Share | None
    infinite_losses: NonNegativeInt
