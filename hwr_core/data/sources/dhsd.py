"""DHSD: photographed German street and town names of 31 writers, in coloured pens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hwr_core.data.samples import LeftOut, Sample
from hwr_core.data.sources.labelfiles import Row, pictures, usable
from hwr_core.spelling import written

# Every seventh writer; none of the four is named below.
VALIDATION = frozenset({"6", "13", "20", "27"})
# Writer to the numbers of the pictures that show another name than their label: a name written
# twice or forgotten shifts the labels of those written next. Found by a reader and by eye; not
# repaired, because what is written need not be what was to be written.
ANOTHER_NAME = {
    "4": {31, 38, 114, 116},
    "5": {63, 94},
    "8": {84},
    "10": {60},
    "11": {123},
    "12": {22, 136},
    "14": {13, 145},
    "15": {2, 9, 10, 30, 38, 62, 63, 81, 100, 103, 113, 123, 133, 159},
    "16": {0, 11, 12, 26, 33, 41, 74, 81, 97, 107, 116, 135, 141, 153},
    "24": {15, 51, 119},
    "29": {11, 20, 33, 64, 82, 117, 135, 136, 146},
    "30": {39, 47, 53, 77, 93, 100, 101, 156},
}
CUT_OFF = {"1": {11, 104, 141}, "14": {6, 18, 27, 29, 92, 95, 98, 108, 127}, "29": {127}}
WITHOUT_UMLAUTS = "18"  # writes Muhlstraße where the label says Mühlstraße, throughout
UMLAUTS = frozenset("äöüÄÖÜ")


def samples(folder: Path, left_out: LeftOut) -> Iterator[Sample]:
    """The usable names below `folder`, in the order of labels.csv.

    Raises:
        DataError: labels.csv is missing or of another layout, or a picture is not there.
    """
    for sample in usable(map(_sample, pictures(folder, "text", "writer")), left_out):
        if reason := _untrue(sample):
            left_out.add(sample.split, reason, sample.name)
        else:
            yield sample


def side(writer: str) -> str:
    """The split of everything a writer wrote."""
    return "validation" if writer in VALIDATION else "train"


def _sample(row: Row) -> Sample:
    label, writer = written(row.values["text"]), row.values["writer"]
    return Sample(row.name, row.picture, label, side(writer), "dhsd", writer)


def _untrue(sample: Sample) -> str | None:
    """Why the label is not what stands on the paper, or None."""
    if _named(ANOTHER_NAME, sample):
        return "shows another name"
    if _named(CUT_OFF, sample):
        return "cut off within the name"
    if sample.writer == WITHOUT_UMLAUTS and UMLAUTS.intersection(sample.label):
        return "written without its umlauts"
    return None


def _named(pictures: dict[str, set[int]], sample: Sample) -> bool:
    """Whether a picture, such as writer4/4_31.jpg, is one of these."""
    writer = str(sample.writer)
    return Path(sample.name).stem in {f"{writer}_{n}" for n in pictures.get(writer, ())}
