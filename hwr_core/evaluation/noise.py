"""How many labels are wrong: which ones a model doubts, and two bounds on their share."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from hwr_core.evaluation.records import Rate
from hwr_core.evaluation.scoring import share

UNWRITABLE = 1000.0  # nats: the loss of a label that the model cannot write
START, ROUNDS = 0.05, 50  # of the estimate; it stands still after some ten
MOST = 0.5  # of labels wrong; an estimate that reaches it says nothing


def doubted(predictions: pd.DataFrame) -> pd.DataFrame:
    """The pictures that were not read as their label, the most doubted first.

    Their column `doubt` is the logarithm, in nats, of how many times likelier the reading is than
    the label by the picture alone; at most 0 where the label fits the ink as well. What is known
    of names stays out of it, or every rare name would be doubted.
    """
    rows = predictions[predictions["folded"] != predictions["truth"]]
    of_label, of_reading = (
        rows[column].astype(float).fillna(UNWRITABLE) for column in ("loss", "read_loss")
    )
    doubt = of_label - of_reading
    return rows.assign(doubt=doubt).sort_values("doubt", ascending=False, kind="stable")


def noise_rate(doubts: Sequence[float], pictures: int) -> float:
    """The share of wrong labels, by expectation and maximisation over two causes of a doubt.

    Either the label is written there, or, with the wanted share as its prior, the reading is and
    the label is a mistake. Labels that were read as they stand count as right. That believes the
    model: where it often errs and is sure, the share is far too high, so it is an upper bound;
    at `MOST` it is none.

    Args:
        doubts: nats, of the labels that were read otherwise.
        pictures: how many labels there are in all, at least one.
    """
    if not len(doubts):
        return 0.0
    odds = np.clip(np.array(doubts, dtype=float), -50, 50)
    rate = START
    for _ in range(ROUNDS):
        prior = math.log(rate / (1 - rate))
        rate = float(np.clip((1 / (1 + np.exp(-odds - prior))).sum() / pictures, 1e-6, MOST))
    return rate


def surely_read_otherwise(predictions: pd.DataFrame) -> Rate | None:
    """The share of the accepted readings that are not their label; None: nothing is accepted.

    A lower bound on wrong labels as long as the model hardly errs where it accepts, for names that
    are hard to read are mislabelled more often and accepted less.
    """
    sure = predictions[predictions["accepted"]]
    if sure.empty:
        return None
    otherwise = (sure["folded"] != sure["truth"]).to_numpy(bool)
    return share(otherwise)
