"""What stands in the files of results/: the scores of a split, a prediction, an epoch.

These models are the keys and the columns: none may be missing, none may be added.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, Json, NonNegativeInt, PositiveInt

Share = Annotated[FiniteFloat, Field(ge=0, le=1)]
NonNegative = Annotated[FiniteFloat, Field(ge=0)]


class Record(BaseModel):
    """A value as it stands in a file: no unknown key, no silent conversion, no change."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Rate(Record):
    """A measured share with its 95 % interval; an error rate may exceed 1."""

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


class Slice(Record):
    """The names of one kind; None: too few of them for scores that say anything."""

    n: PositiveInt
    scores: Scores | None


class Trust(Record):
    """Whether confidences can be relied on, and alternatives."""

    n: PositiveInt
    top5: Rate  # the truth is among the first five texts
    ece: NonNegative  # expected calibration error, 15 bins of equal mass
    perfect_low: NonNegative  # the middle 95 % of the errors that a perfect calibration would show
    perfect_high: NonNegative
    surest: Rate  # right among the surest nine tenths


class Corrected(Record):
    """The scores against labels corrected by eye; pictures that cannot be decided are left out."""

    checked: NonNegativeInt  # labels looked at and written down; the others stand as they are
    wrong: NonNegativeInt
    undecided: NonNegativeInt
    scores: Scores
    trust: Trust | None = None  # None: measured before it was counted


class Acceptance(Record):
    """How often the reading is accepted, and how often an accepted one is right."""

    accepted: Rate  # of all names
    right: Rate | None  # of the accepted; None: there is none


class Character(Record):
    """How one character is read; None where nothing was there to divide by."""

    char: Annotated[str, Field(min_length=1, max_length=1)]
    support: NonNegativeInt  # times in the truth
    predicted: NonNegativeInt  # times in the readings
    correct: NonNegativeInt  # times in both, at aligned places
    precision: Share | None  # of its readings that were right
    recall: Share | None  # of its occurrences that were read
    f1: Share | None  # their harmonic mean


class Checkpoint(Record):
    """The released file the numbers come from."""

    name: str
    digest: str
    parameters: PositiveInt
    accept: Share | None = None  # confidence from which it accepts; None: an older run


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
    seconds: NonNegative | None = None  # for reading all pictures; None: nobody took the time
    left_out: dict[str, LeftOut]  # by reason
    scores: Groups
    corrected: Corrected | None = None  # None: nobody looked at this split's labels
    written: Rate | None  # share read as written, case and accents too; None: labels are folded
    acceptance: Acceptance
    trust: Trust | None = None  # None: measured before it was counted
    slices: dict[str, Slice]  # by tag
    characters: tuple[Character, ...]


class Guess(Record):
    """Another text the picture may hold."""

    text: str  # as written
    confidence: Share


class Place(Record):
    """One letter of a reading, and where it stands in the row's picture."""

    char: str
    start: FiniteFloat  # pixels from the left
    end: FiniteFloat
    confidence: Share


class Edit(Record):
    """One step from the folded label to the folded reading."""

    kind: Literal["replace", "delete", "insert"]
    at: NonNegativeInt  # place in the folded label
    label: str  # its letter there; "" where one was inserted
    read: str  # the letter read for it; "" where one was deleted


class Prediction(Record):
    """One picture with its label and its reading; lists stand in the file as JSON."""

    file: str  # unique within its source
    split: str
    source: str
    writer: str | None
    label: str  # as in the store
    truth: str  # the label, folded
    cased: bool  # the label tells case and accents
    text: str  # what was read, as written
    folded: str  # the same, folded: what is compared with the truth
    confidence: Share
    accepted: bool
    distance: NonNegativeInt  # edits from folded reading to truth
    seen: bool  # the label was a training label
    alternatives: Json[tuple[Guess, ...]]  # most probable first
    letters: Json[tuple[Place, ...]]
    edits: Json[tuple[Edit, ...]]
    loss: NonNegative | None  # CTC loss of the truth, nats; None: this model cannot write it
    read_loss: NonNegative | None  # the same of what was read, by the picture alone, too
    tags: str  # what `slices` tells apart, separated by ", "
    picture: bytes  # PNG, 4 grey levels, as high as the strip, black ink on white; b"": left out


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
