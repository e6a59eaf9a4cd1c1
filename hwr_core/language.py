"""The language file: what is known of names and other texts, for every model of names."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hwr_core.decoding import arpa
from hwr_core.decoding.fusion import Kind
from hwr_core.decoding.lexicon import Lexicon
from hwr_core.decoding.ngram import Ngram
from hwr_core.decoding.score import DecodingError
from hwr_core.whole import whole

FORMAT = 2
SHIPPED = Path(__file__).resolve().parent.parent / "checkpoints" / "names.language.npz"
STEPS = 16  # codes a nat: probabilities are kept to 6 %, down to e^-16


class LanguageError(ValueError):
    """A language file that cannot be used; the message names the file and the remedy."""


@dataclass(frozen=True, eq=False)
class Language:
    """What is known of names before a picture is seen."""

    kinds: tuple[Kind, ...]  # of texts, at least one; the first is of all of them together
    digest: str = ""  # SHA-256 of the file

    @property
    def lexicon(self) -> Lexicon:
        """Which words are usual in texts of any kind."""
        return self.kinds[0].lexicon

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
                kinds = tuple(
                    _kind(parts, number, each) for number, each in enumerate(about["kinds"])
                )
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            message = (
                f"{path}: not a language file of this version ({error}); fetch it again, or make "
                "one with: python -m hwr_core language"
            )
            raise LanguageError(message) from None
        return cls(kinds, hashlib.sha256(data).hexdigest())

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


def write(path: Path, kinds: Sequence[Kind]) -> Language:
    """Write kinds of texts, whole or not at all; probabilities are rounded down to 6 %."""
    about = [
        {"share": kind.share, "characters": kind.ngram.characters, "order": kind.ngram.order}
        for kind in kinds
    ]
    parts: dict[str, Any] = {
        f"{name}-{number}": part
        for number, kind in enumerate(kinds)
        for name, part in _parts(kind).items()
    }
    with whole(path) as file:
        described = _bytes(json.dumps({"format": FORMAT, "kinds": about}))
        np.savez_compressed(file, about=described, **parts)
    return Language.open(path)


def _parts(kind: Kind) -> dict[str, NDArray[np.uint8]]:
    """What a file holds of a kind beside what it is."""
    ngram, lexicon = kind.ngram, kind.lexicon
    accented = "\n".join(f"{word} {form}" for word, form in sorted(lexicon.accented.items()))
    return {
        "symbols": np.frombuffer(ngram.symbols, np.uint8),
        "children": ngram.children,
        "log_probs": _coded(ngram.log_probs),
        "words": _bytes("\n".join(lexicon.words)),
        "shares": _coded(lexicon.log_shares),
        "accented": _bytes(accented),
    }


def _kind(parts: Mapping[str, NDArray[np.uint8]], number: int, about: Mapping[str, Any]) -> Kind:
    """The kind of a number in a file."""

    def part(name: str) -> NDArray[np.uint8]:
        return parts[f"{name}-{number}"]

    ngram = Ngram(
        about["characters"],
        about["order"],
        part("symbols").tobytes(),
        part("children"),
        _decoded(part("log_probs")),
    )
    words, forms = (_text(part(name)).split("\n") for name in ("words", "accented"))
    accented = dict(line.split(" ") for line in forms if line)
    return Kind(about["share"], ngram, Lexicon(words, _decoded(part("shares")), accented))


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
