"""The scores against labels corrected by eye: they change a report, and no model or choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hwr_core.data.relabel import Correction
from hwr_core.data.samples import DataError
from hwr_core.evaluation.records import Corrected, Prediction
from hwr_core.evaluation.scoring import counted, scores
from hwr_core.evaluation.trust import trust
from hwr_core.spelling import fold

FILE = "corrected_labels.csv"  # beside the pictures it speaks of


def rescore(predictions: Sequence[Prediction], known: Mapping[str, Correction]) -> Corrected:
    """The scores against corrected labels, without the pictures that cannot be decided.

    Raises:
        DataError: a correction of a picture that was not read, or of another label.
    """
    _check(predictions, known.values())
    by_verdict = {
        verdict: {file for file, each in known.items() if each.verdict == verdict}
        for verdict in ("label wrong", "cannot be decided")
    }
    undecided, wrong = by_verdict["cannot be decided"], by_verdict["label wrong"]
    truths = {p.file: known[p.file].corrected if p.file in wrong else p.label for p in predictions}
    kept = [p for p in predictions if p.file not in undecided]
    written = [truths[p.file] for p in kept]
    pairs = [(fold(truth), fold(p.text)) for truth, p in zip(written, kept, strict=True)]
    return Corrected(
        checked=len(known),
        wrong=len(wrong),
        undecided=len(undecided),
        scores=scores(counted(pairs)),
        trust=trust(kept, written),
    )


def made_for(
    known: Iterable[Correction], files: Iterable[str], truths: Iterable[str]
) -> dict[str, Correction]:
    """Those that speak of these pictures, by file: a picture of one name may have another label."""
    pictures = set(zip(files, truths, strict=True))
    return {each.file: each for each in known if (each.file, fold(each.label)) in pictures}


def _check(predictions: Iterable[Prediction], known: Iterable[Correction]) -> None:
    """Refuse corrections that were made for other pictures or labels."""
    labels = {prediction.file: fold(prediction.label) for prediction in predictions}
    for correction in known:
        if labels.get(correction.file) != fold(correction.label):
            message = (
                f"{FILE}: {correction.file} with the label {correction.label!r} is not a picture "
                "that was read; its row was made for other pictures"
            )
            raise DataError(message)
