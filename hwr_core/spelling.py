"""The one policy for how names are spelled, for labels and readings alike."""

from __future__ import annotations

import unicodedata

# Marks that writers, keyboards and data sets use for the same two signs. As escapes, because
# no font tells them apart. NFC and upper case are applied first: they yield some of these.
APOSTROPHES = "\u0060\u00b4\u02b9\u02bb\u02bc\u02bd\u02c8\u055a\u2018\u2019\u201b\u2032\ua78b\uff07"
HYPHENS = "\u02d7\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
ONE_FORM = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(HYPHENS, "-"))

# Capitals that Unicode does not decompose into a letter of A to Z and an accent.
WITHOUT_ACCENT = str.maketrans(
    {"Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH"}
    | {"Ħ": "H", "Ŧ": "T", "Ŋ": "N", "ẞ": "SS"}
)


def written(text: str) -> str:
    """`text` as it is written: case and accents kept, each sign in its one form.

    Unicode NFC, one space between words and none around them, one apostrophe and one hyphen.
    Applying it twice changes nothing.
    """
    return " ".join(unicodedata.normalize("NFC", text).translate(ONE_FORM).split())


def canonical(text: str) -> str:
    """`text` in capitals, in the form in which labels are compared.

    Accents stay, so an accented label counts as outside a folded alphabet instead of being
    changed in silence. Applying it twice changes nothing.
    """
    return written(unicodedata.normalize("NFC", text).upper())


def fold(text: str) -> str:
    """The canonical `text` without accents: É gives E, ß gives SS, œ gives OE, ø gives O.

    Letters of other scripts stay. Applying it twice changes nothing.
    """
    letters = unicodedata.normalize("NFD", canonical(text)).translate(WITHOUT_ACCENT)
    bare = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
    return canonical(bare)  # composes again, and trims a space whose accent went
