"""The sources of handwriting: a module reads each; what is owed to its makers stands in NOTICE."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from hwr_core.data.samples import LeftOut, Sample
from hwr_core.data.sources import (
    copiste,
    copiste_phrases,
    corrections,
    dhsd,
    folder,
    full_names_fr,
    kaggle,
    lyon_registers,
    omniglot_latin,
    unipen,
)

# What `prepare` calls each source, and what reads its folder, counting what it leaves out.
SOURCES: dict[str, Callable[[Path, LeftOut], Iterator[Sample]]] = {
    "kaggle": kaggle.samples,
    "unipen-words": unipen.words,
    "unipen-letters": unipen.letters,
    "dhsd": dhsd.samples,
    "copiste": copiste.samples,
    "copiste-phrases": copiste_phrases.samples,
    "full-names-fr": full_names_fr.samples,
    "lyon-registers": lyon_registers.samples,
    "omniglot-latin": omniglot_latin.samples,
    folder.NAME: folder.samples,
    corrections.NAME: corrections.samples,
}
