"""The characters a model can write, their CTC classes, and which of them fold to one letter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from hwr_core.spelling import fold

BLANK = 0  # the CTC blank is class 0 everywhere (torch's and ONNX's default)


class AlphabetError(ValueError):
    """A text or an alphabet that cannot be used; the message names the character."""


@dataclass(frozen=True)
class Alphabet:
    """An ordered set of characters; character i is class i + 1, class 0 is the blank.

    The order decides the classes, so it travels inside every checkpoint.
    """

    characters: str

    def __post_init__(self) -> None:
        """Refuse an alphabet that could not be inverted."""
        repeated = sorted({c for c in self.characters if self.characters.count(c) > 1})
        if repeated or not self.characters:
            message = f"an alphabet needs distinct characters; repeated: {repeated}"
            raise AlphabetError(message)

    @property
    def classes(self) -> int:
        """C, the number of classes with the blank."""
        return len(self.characters) + 1

    def unknown(self, text: str) -> str:
        """The characters of `text` that this alphabet lacks, sorted."""
        return "".join(sorted(set(text) - set(self.characters)))

    def encode(self, text: str) -> list[int]:
        """The class of each character, 1 to C - 1.

        Raises:
            AlphabetError: a character is not in the alphabet.
        """
        if unknown := self.unknown(text):
            message = f"{text!r} has {unknown!r}; the alphabet is {self.characters!r}"
            raise AlphabetError(message)
        return [self.characters.index(character) + 1 for character in text]

    def decode(self, classes: Iterable[int]) -> str:
        """The text of classes 1 to C - 1; blanks write nothing."""
        return "".join(self.characters[c - 1] for c in classes if c != BLANK)

    @cached_property
    def fold(self) -> tuple[int, ...]:
        """(C,) the class that each class becomes without case and accents: é, É and e become E.

        A class that folds to no single class of this alphabet stays what it is: the blank, ß (SS),
        or any letter whose capital is missing. So folding keeps the sum of the probabilities.
        """
        numbers = {character: number + 1 for number, character in enumerate(self.characters)}
        own = enumerate(self.characters)
        return (BLANK, *(numbers.get(fold(character), number + 1) for number, character in own))

    def fold_text(self, text: str) -> str:
        """A text in what its own letters fold to, one for one: Straße gives STRAßE.

        Raises:
            AlphabetError: a character is not in the alphabet.
        """
        return self.decode(self.fold[number] for number in self.encode(text))

    def fold_label(self, label: str) -> str | None:
        """A label as `fold_text` has it, folded first where that leaves letters of this alphabet.

        None: it lacks a letter even so.
        """
        text = fold(label) if self.unknown(label) else label
        return None if self.unknown(text) else self.fold_text(text)

    @cached_property
    def folded(self) -> Alphabet:
        """The characters that the classes fold to, in their order: K - 1 of C - 1."""
        kept = sorted(set(self.fold) - {BLANK})
        return Alphabet(self.decode(kept))


# The 29 characters of the names in landlord/handwriting-recognition: folded capitals.
FOLDED = Alphabet(" '-ABCDEFGHIJKLMNOPQRSTUVWXYZ")

# Accented letters of French, German, Spanish, Portuguese, Italian, Nordic and Polish names;
# docs/alphabet.md counts each in the lexicons.
ACCENTED = "àáâãäåæçèéêëìíîïðñòóôõöøùúûüþÿąćęłńœśźż"
# As written: what stands on the paper, where labels say it. Capital ß is not written in names.
AS_WRITTEN = Alphabet(
    " '-.ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" + ACCENTED.upper() + ACCENTED + "ß"
)
