"""Names written in handwriting fonts; whole families are held out for validation."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np

from hwr_core.data.composition.lettering import Face, letter
from hwr_core.data.composition.writing import CannotWrite, Written
from hwr_core.data.samples import DataError
from hwr_core.data.sources.labelfiles import table
from hwr_core.spelling import canonical

FOLDER = Path(__file__).parent.parent / "fonts"
LIST = "fonts.csv"
COLUMNS = (
    *("package", "version", "subsets", "family", "style"),
    *("joined", "small_caps", "missing", "licence", "copyright"),
)
# What the alphabet asks for beyond Latin-1, which fonts keep in their file "latin-ext".
EXTENDED = "ŸĄĆĘŁŃŚŹŻąćęłńśźż"


@dataclass(frozen=True)
class Font:
    """A font as it ships in its package, at its regular weight."""

    package: str  # of the @fontsource scope
    version: str
    subsets: tuple[str, ...]  # one file each: "latin", then maybe "latin-ext"
    family: str  # designs of one hand share it: all Playwrites, small caps and their model
    style: str  # print, capitals, cursive, school or brush
    joined: bool  # letters join, so a word is shaped and bent as a whole
    small_caps: bool  # small letters look like capitals
    missing: frozenset[str]  # characters of the alphabet without a glyph
    licence: str  # its SPDX name, and its text's file name without ".txt"
    copyright: str

    @property
    def files(self) -> tuple[str, ...]:
        """File names, one a subset."""
        return tuple(f"{self.package}-{subset}-400-normal.woff2" for subset in self.subsets)

    @property
    def split(self) -> str:
        """The side of the family, by its name's digest: about one family in five is held out."""
        digest = hashlib.sha256(self.family.encode()).digest()
        return "validation" if int.from_bytes(digest[:4], "big") % 5 == 3 else "train"

    def writes(self, text: str) -> bool:
        """Whether all glyphs are there, and nobody would find the text odd in this hand.

        Nobody writes whole words in the capitals of a joined script.
        """
        capitals = self.joined and any(w.isupper() and len(w) > 2 for w in text.split())
        return self.missing.isdisjoint(text) and not capitals


@dataclass(frozen=True)
class Fonts:
    """A writer whose hands are the fonts of one side of the split."""

    fonts: tuple[Font, ...]
    folder: Path
    _faces: dict[str, Face] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, split: str, folder: Path = FOLDER) -> Self:
        """The fonts of `split`, "train" or "validation"; files are opened when first used.

        Raises:
            DataError: the list is damaged, or a font is missing from the folder.
        """
        fonts = tuple(font for font in read_list(folder / LIST) if font.split == split)
        for file in (file for font in fonts for file in font.files):
            if not (folder / file).is_file():
                message = f"{folder / file} is missing; fetch the fonts again: make fonts"
                raise DataError(message)
        return cls(fonts, folder)

    def write(self, text: str, rng: np.random.Generator) -> Written:
        """Write `text` in a font that has its characters.

        Raises:
            CannotWrite: no font here has all of them.
        """
        able = [font for font in self.fonts if font.writes(text)]
        if not able:
            lacking = set(text).intersection(*(font.missing for font in self.fonts))
            named = "".join(sorted(lacking)) or text
            message = f"no font of these {len(self.fonts)} has all of {named!r}"
            raise CannotWrite(message)
        font = able[int(rng.integers(len(able)))]
        return self.write_in(font, text, rng)

    def write_in(self, font: Font, text: str, rng: np.random.Generator) -> Written:
        """Write `text` in this font, which must have its characters."""
        label = canonical(text) if font.small_caps else text
        drawn = label if "ß" in text else text  # in small capitals, ß is SS
        picture = letter(self._face(font), drawn, font.joined, rng)
        return Written(picture, font.package, label)

    def _face(self, font: Font) -> Face:
        """The opened font, kept: opening takes longer than writing."""
        if font.package not in self._faces:
            files = tuple(self.folder / file for file in font.files)
            self._faces[font.package] = Face(files, EXTENDED)
        return self._faces[font.package]


def read_list(path: Path) -> tuple[Font, ...]:
    """The fonts in a list with the columns `COLUMNS`.

    Raises:
        DataError: no such file, other columns, or a line with too few or unknown values.
    """
    return tuple(_font(row, f"{path}: line {number}") for number, row in table(path, COLUMNS))


def _font(row: dict[str, str], place: str) -> Font:
    """One line of the list."""
    switches = {"yes": True, "no": False}
    try:
        values = row | {
            "subsets": tuple(row["subsets"].split("+")),
            "joined": switches[row["joined"]],
            "small_caps": switches[row["small_caps"]],
            "missing": frozenset(row["missing"]),
        }
        return Font(**values)  # type: ignore[arg-type]
    except (KeyError, TypeError, AttributeError) as error:
        message = f'{place}: expected {len(COLUMNS)} values, "yes" or "no" for the switches'
        raise DataError(message) from error
