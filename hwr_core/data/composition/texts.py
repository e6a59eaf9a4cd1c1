"""Names to write: drawn from lexicons and set as people set them on a form, a page or a phone."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Self, TypeVar

import numpy as np
from pydantic import Field

from hwr_core.alphabet import FOLDED
from hwr_core.config import Settings
from hwr_core.data.composition.lexicons import (
    Lexicon,
    Weights,
    given_names,
    number,
    surnames,
    tempered,
)
from hwr_core.data.composition.likeness import Likeness
from hwr_core.data.sources.kaggle import REMARKS
from hwr_core.data.sources.labelfiles import table
from hwr_core.spelling import canonical, written

SHORTEST, LONGEST = 2, 34  # characters; the longest label of the Kaggle set has 34
VOWELS = frozenset("aeiouyhàáâäåæéèêëíîïóôöøœúùûü")  # d' and l' stand before them

# As they are written before a surname; a space where one is. O', Mc and Mac join it.
PARTICLES = (
    *(
        "de ",
        "du ",
        "de la ",
        "des ",
        "le ",
        "Le ",
        "d'",
        "D'",
        "l'",
        "L'",
        "O'",
        "O'",
        "Mc",
        "Mac",
    ),
    *("van ", "van der ", "Van den ", "von ", "von der ", "zu ", "da ", "dos ", "de los ", "di "),
)
TITLES = ("M.", "M.", "Mr.", "Mme", "Mlle", "Dr.", "Mrs.", "Ms.", "Sr.", "Hr.", "Fr.", "St.")


class TextMix(Settings):
    """How often each kind of text is drawn (weights), and how it is set (shares of the texts)."""

    given: float = Field(default=14, ge=0)  # Léa
    surname: float = Field(default=16, ge=0)  # Groß
    compound_given: float = Field(default=6, ge=0)  # Jean-Pierre, Marie Louise
    double_surname: float = Field(default=7, ge=0)  # Müller-Groß, García Márquez, Ortega y Gasset
    particle: float = Field(default=8, ge=0)  # d'Arc, O'Neil, van der Meer
    given_surname: float = Field(default=14, ge=0)  # Léa Groß
    given_capitals: float = Field(default=8, ge=0)  # Léa MÜLLER
    capitals_given: float = Field(default=6, ge=0)  # MÜLLER Léa
    initials: float = Field(default=6, ge=0)  # J.-P. Martin, M. Dupont
    label: float = Field(default=15, ge=0)  # a label of the scans: LEA
    alike: float = Field(default=15, ge=0)  # like the labels of other sets: Möllnitzer Dorfstraße
    capitals: float = Field(default=0.3, ge=0, le=1)  # LÉA GROSS
    small: float = Field(default=0.03, ge=0, le=1)  # léa groß


Choice = TypeVar("Choice")


@dataclass(frozen=True)
class Texts:
    """Draws texts of 2 to 34 characters, all of `AS_WRITTEN` and in their written form."""

    given: Lexicon
    surnames: Lexicon
    labels: Lexicon | None = None  # folded capitals
    mix: TextMix = field(default_factory=TextMix)
    likenesses: Sequence[Likeness] = ()

    @classmethod
    def load(
        cls,
        folder: Path,
        counts: Path | None = None,
        mix: TextMix | None = None,
        alike: Iterable[Path] = (),
    ) -> Self:
        """Read a folder of lexicons and what else is at hand.

        Args:
            folder: the lexicons.
            counts: the labels of the Kaggle set.
            mix: how often each kind of text is drawn; kinds without material never are.
            alike: stores, for texts like their labels.

        Raises:
            DataError: a file is missing, has other columns, or a count is no number; no store.
        """
        labels = Lexicon(label_counts(counts)) if counts else None
        likenesses = [Likeness.load(path) for path in alike]
        return cls(given_names(folder), surnames(folder), labels, mix or TextMix(), likenesses)

    def draw(self, rng: np.random.Generator) -> str:
        """A text; too long ones are drawn again."""
        while True:
            text = self._text(_index(self._kinds, rng), rng)
            if SHORTEST <= len(text) <= LONGEST:
                return text

    @cached_property
    def _kinds(self) -> list[float]:
        """The running sum of the weights of the kinds, in the order of `KINDS`."""
        at_hand = {"label": bool(self.labels), "alike": bool(self.likenesses)}
        weights = [getattr(self.mix, kind) * at_hand.get(kind, True) for kind in KINDS]
        return list(accumulate(weights))

    def _text(self, kind: int, rng: np.random.Generator) -> str:
        """A text of this kind, of any length."""
        text: str = getattr(self, f"_{KINDS[kind]}")(rng)
        case = rng.random()
        if case < self.mix.capitals:
            return text.upper()
        return text.lower() if case > 1 - self.mix.small else text

    def _given(self, rng: np.random.Generator) -> str:
        return self.given.draw(rng)

    def _surname(self, rng: np.random.Generator) -> str:
        return self.surnames.draw(rng)

    def _compound_given(self, rng: np.random.Generator) -> str:
        return self.given.draw(rng) + _one("-- ", rng) + self.given.draw(rng)

    def _double_surname(self, rng: np.random.Generator) -> str:
        between = _one(("-", "-", "-", " ", " ", " y "), rng)
        return self.surnames.draw(rng) + between + self.surnames.draw(rng)

    def _particle(self, rng: np.random.Generator) -> str:
        particle, surname = _one(PARTICLES, rng), self.surnames.draw(rng)
        if particle in {"d'", "D'", "l'", "L'"} and surname[0].lower() not in VOWELS:
            particle = particle[0] + "e "
        before = self.given.draw(rng) + " " if rng.random() < 0.4 else ""
        return before + particle + surname

    def _given_surname(self, rng: np.random.Generator) -> str:
        return f"{self.given.draw(rng)} {self.surnames.draw(rng)}"

    def _given_capitals(self, rng: np.random.Generator) -> str:
        return f"{self.given.draw(rng)} {self.surnames.draw(rng).upper()}"

    def _capitals_given(self, rng: np.random.Generator) -> str:
        return f"{self.surnames.draw(rng).upper()} {self.given.draw(rng)}"

    def _initials(self, rng: np.random.Generator) -> str:
        given, surname = self.given.draw(rng), self.surnames.draw(rng)
        second = _one(("", "-", " "), rng)
        both = f"{given[0]}.{second}{self.given.draw(rng)[0]}." if second else f"{given[0]}."
        return _one(
            (f"{both} {surname}", f"{given} {surname[0]}.", f"{_one(TITLES, rng)} {surname}"), rng
        )

    def _label(self, rng: np.random.Generator) -> str:
        return self.labels.draw(rng) if self.labels else self.given.draw(rng)

    def _alike(self, rng: np.random.Generator) -> str:
        return written(_one(self.likenesses, rng).draw(rng))


KINDS = tuple(name for name in TextMix.model_fields if name not in {"capitals", "small"})


def _index(bounds: Sequence[float], rng: np.random.Generator) -> int:
    """The index of a step of the running sum `bounds`, as likely as it is high."""
    return bisect(bounds, rng.random() * bounds[-1], hi=len(bounds) - 1)


def _one(choices: Sequence[Choice], rng: np.random.Generator) -> Choice:
    """One of the choices, all as likely; `rng.choice` takes fifty times as long."""
    return choices[int(rng.random() * len(choices))]


def label_counts(path: Path) -> Weights:
    """The usable labels of the whole Kaggle training file, tempered."""
    rows = table(path, ("IDENTITY", "COUNT"))
    counts = ((canonical(row["IDENTITY"]), row["COUNT"]) for _, row in rows)
    return {
        label: tempered(number(count, path))
        for label, count in counts
        if SHORTEST <= len(label) <= LONGEST and label not in REMARKS and not FOLDED.unknown(label)
    }
