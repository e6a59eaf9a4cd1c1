"""The language file: an n-gram model and a lexicon of names, for every model of names."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hwr_core.decoding import arpa
from hwr_core.decoding.lexicon import Lexicon
from hwr_core.decoding.ngram import Ngram
from hwr_core.decoding.score import DecodingError
from hwr_core.whole import whole

FORMAT = 1
SHIPPED = Path(__file__).resolve().parent.parent / "checkpoints" / "names.language.npz"
STEPS = 16  # codes a nat: probabilities are kept to 6 %, down to e^-16


class LanguageError(ValueError):
    """A language file that cannot be used; the message names the file and the remedy."""


@dataclass(frozen=True, eq=False)
class Language:
    """What is known of names before a picture is seen."""

    ngram: Ngram
    lexicon: Lexicon
    digest: str = ""  # SHA-256 of the file

    @classmethod
    def open(cls, path: Path = SHIPPED) -> Language:
        """Read a file that `write` wrote.

        Raises:
            LanguageError: no such file, damaged, or of another format.
        """
        try:
            data = path.read_bytes()
            with np.load(io.BytesIO(data)) as parts:
                about = json.loads(_text(parts["about"]))
                if about["format"] != FORMAT:
                    raise ValueError(f"format {about['format']}")  # noqa: TRY301, EM102
                ngram = Ngram(
                    about["characters"],
                    about["order"],
                    parts["symbols"].tobytes(),
                    parts["children"],
                    _decoded(parts["log_probs"]),
                )
                words, forms = (_text(parts[name]).split("\n") for name in ("words", "accented"))
                accented = dict(line.split(" ") for line in forms if line)
                lexicon = Lexicon(words, _decoded(parts["shares"]), accented)
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            message = (
                f"{path}: not a language file of this version ({error}); fetch it again, or make "
                "one with: python -m hwr_core language"
            )
            raise LanguageError(message) from None
        return cls(ngram, lexicon, hashlib.sha256(data).hexdigest())

    def check(self, digest: str) -> None:
        """Refuse another file than the one of this digest, if one is given.

        Raises:
            LanguageError: see there.
        """
        if digest and digest != self.digest:
            message = (
                f"{SHIPPED.name} has digest {self.digest[:12]}, the model was tuned with "
                f"{digest[:12]}; fetch both again, or run: python -m hwr_core tune"
            )
            raise LanguageError(message)


def write(path: Path, ngram: Ngram, lexicon: Lexicon) -> Language:
    """Write a model and a lexicon, whole or not at all; probabilities are rounded down to 6 %."""
    about = {"format": FORMAT, "characters": ngram.characters, "order": ngram.order}
    accented = "\n".join(f"{word} {form}" for word, form in sorted(lexicon.accented.items()))
    with whole(path) as file:
        np.savez_compressed(
            file,
            about=_bytes(json.dumps(about)),
            symbols=np.frombuffer(ngram.symbols, np.uint8),
            children=ngram.children,
            log_probs=_coded(ngram.log_probs),
            words=_bytes("\n".join(lexicon.words)),
            shares=_coded(lexicon.log_shares),
            accented=_bytes(accented),
        )
    return Language.open(path)


def read_arpa(path: Path, characters: str) -> Ngram:
    """The n-grams of an ARPA file.

    Raises:
        LanguageError: it cannot be read, or a line of it is wrong; the line is named.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            return arpa.load(lines, characters)
    except (OSError, UnicodeDecodeError, DecodingError) as error:
        message = f"{path}: {error}"
        raise LanguageError(message) from None


def write_arpa(path: Path, ngram: Ngram) -> None:
    """Write n-grams for other tools."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in arpa.dump(ngram))


def _coded(nats: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.ceil(-nats * STEPS).clip(0, 255).astype(np.uint8)


def _decoded(codes: NDArray[np.uint8]) -> NDArray[np.float32]:
    return codes.astype(np.float32) / np.float32(-STEPS)


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def _text(data: NDArray[np.uint8]) -> str:
    return data.tobytes().decode()
