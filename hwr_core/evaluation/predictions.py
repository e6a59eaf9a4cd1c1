"""Everything that is kept of one picture's reading: what was read, what else, and how far off."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rapidfuzz.distance import Levenshtein

from hwr_core.alphabet import Alphabet
from hwr_core.checkpoint import Checkpoint, Header, fingerprint
from hwr_core.data.store import Store
from hwr_core.decoding.folding import fold_lattice
from hwr_core.decoding.score import log_probability
from hwr_core.evaluation.records import Prediction
from hwr_core.evaluation.slices import SEPARATOR, looks, tags
from hwr_core.picture import Strip
from hwr_core.recognizer import Reading, Recognizer
from hwr_core.spelling import fold

KEPT = ("split", "source", "writer", "label", "seen", "loss", "read_loss")  # of an entry
CHUNK = 512  # strips held at once
TOP = 5  # alternatives kept
COLUMNS = ("name", "label", "split", "source", "writer", "folded")
GREYS = 3  # the lightest of 4 levels: letters stay as legible as with 256, at a third of the bytes


@dataclass(frozen=True)
class Reader:
    """A checkpoint that reads stores."""

    checkpoint: Checkpoint
    names: Collection[str] = field(default=())  # folded labels that count as names, for the tags
    forms: Mapping[str, str] = field(default_factory=dict)  # tags of pictures whose form is known
    tuned: bool = True  # False: the picture alone decides

    @property
    def header(self) -> Header:
        """What decides how it reads."""
        return self.checkpoint.header if self.tuned else self.checkpoint.header.untuned()

    def read(self, store: Store, rows: Sequence[int]) -> Iterator[Prediction]:
        """One prediction a row, in order."""
        recognizer = Recognizer(self.checkpoint, tuned=self.tuned)
        seen = self.checkpoint.training_names()
        columns = {name: store.column(name) for name in COLUMNS}
        for start in range(0, len(rows), CHUNK):
            chunk = rows[start : start + CHUNK]
            inks = [store.strip(row) for row in chunk]
            strips = [strip_of(ink) for ink in inks]
            lattices = recognizer.lattices(strips)
            readings = recognizer.read_lattices(lattices, strips, TOP)
            for row, ink, reading, lattice in zip(chunk, inks, readings, lattices, strict=True):
                entry = {name: values[row] for name, values in columns.items()}
                entry["seen"] = fingerprint(fold(entry["label"])) in seen
                entry["loss"] = loss(lattice, entry["label"], self.checkpoint.alphabet)
                entry["read_loss"] = loss(lattice, reading.text, self.checkpoint.alphabet)
                entry["picture"] = png(ink)
                ends = [end for letter in reading.letters for end in (letter.start, letter.end)]
                form = [self.forms[entry["name"]]] if entry["name"] in self.forms else []
                entry["looks"] = (*looks(ink, min(ends, default=0), max(ends, default=0)), *form)
                yield prediction(entry, reading, self.names)


def prediction(entry: dict[str, Any], reading: Reading, names: Collection[str]) -> Prediction:
    """What was read of one picture, beside its label.

    Args:
        entry: the picture's row in the store, whether its label was `seen`, its `loss` and that of
            the reading, PNG, and the tags of its `looks`.
        reading: of the picture.
        names: folded labels that count as names, for the tags.
    """
    truth, cased = fold(entry["label"]), not entry["folded"]
    edits = list(_edits(truth, reading.folded))
    kinds = (
        *tags(entry["label"], folded=not cased, seen=entry["seen"], names=names),
        *entry["looks"],
    )
    guesses = [{"text": o.text, "confidence": _brief(o.confidence)} for o in reading.alternatives]
    return Prediction.model_validate(
        {
            "file": entry["name"],
            **{key: entry[key] for key in KEPT},
            "truth": truth,
            "cased": cased,
            "text": reading.text,
            "folded": reading.folded,
            "confidence": reading.confidence,
            "accepted": reading.accepted,
            "distance": len(edits),
            "alternatives": _json(guesses),
            "letters": _json(_places(reading)),
            "edits": _json(edits),
            "tags": SEPARATOR.join(kinds),
            "picture": entry["picture"],
        }
    )


def loss(lattice: NDArray[np.float32], text: str, alphabet: Alphabet) -> float | None:
    """The CTC loss of a text on its picture's (T, C) lattice, case and accents aside; nats.

    None: the alphabet lacks a letter of it, or the frames are too few.
    """
    folded = alphabet.fold_label(text)
    if folded is None:
        return None
    nats = -log_probability(fold_lattice(lattice, alphabet), alphabet.folded.encode(folded))
    return max(0.0, nats) if math.isfinite(nats) else None


def strip_of(ink: NDArray[np.uint8]) -> Strip:
    """A stored strip (H, W) as the network takes it; the picture it came from is gone."""
    share = np.divide(ink, 255, dtype=np.float32)
    return Strip(share, left=0, right=ink.shape[1], scale=1, offset=0, lost=0)


def png(ink: NDArray[np.uint8]) -> bytes:
    """(H, W) ink, 0 paper to 255, as a small picture of black strokes on white paper."""
    levels = GREYS - np.rint(ink * (GREYS / 255)).astype(np.uint8)  # (H, W) 0 black to 3 white
    picture = Image.frombytes("P", levels.shape[::-1], levels.tobytes())
    picture.putpalette([grey for grey in range(0, 256, 255 // GREYS) for _ in "RGB"])
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=True, bits=2)
    return buffer.getvalue()


def _edits(truth: str, read: str) -> Iterator[dict[str, Any]]:
    """The `Edit`s from truth to reading, along one shortest alignment."""
    for edit in Levenshtein.editops(truth, read):
        letter = "" if edit.tag == "insert" else truth[edit.src_pos]
        yield {
            "kind": edit.tag,
            "at": edit.src_pos,
            "label": letter,
            "read": "" if edit.tag == "delete" else read[edit.dest_pos],
        }


def _places(reading: Reading) -> Iterator[dict[str, Any]]:
    """The `Place`s of a reading's letters."""
    for letter in reading.letters:
        yield {
            "char": letter.char,
            "start": round(letter.start, 1),
            "end": round(letter.end, 1),
            "confidence": _brief(letter.confidence),
        }


def _brief(confidence: float) -> float:
    """Four digits: what a person compares, and a third of the bytes."""
    return round(confidence, 4)


def _json(values: Iterable[dict[str, Any]]) -> str:
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))
