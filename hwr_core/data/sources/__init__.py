"""The sources of handwriting: a module reads each, and what is owed to its makers stands here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Source:
    """A data set: what it is called, on what terms it comes, and how to read it."""

    name: str  # as in `prepare NAME DIR`, and in every sample
    title: str
    licence: str
    attribution: str  # the sentence that goes with anything derived from it
    url: str
    samples: Callable[[Path, LeftOut], Iterator[Sample]]


CC_BY = "CC BY 4.0"
UNIPEN = (
    "UNIPEN train_r01_v07: I. Guyon, L. Schomaker, R. Plamondon, M. Liberman and S. Janet, "
    '"UNIPEN project of on-line data exchange and recognizer benchmarks", ICPR 1994; '
    "the International Unipen Foundation. "
    "The disc of 1999 carries an older notice that asks for non-commercial use."
)
UNIPEN_URL = "https://doi.org/10.5281/zenodo.1195803"
COPISTE = (
    "Copiste d'un jour, Bibliothèque et Archives nationales du Québec (BAnQ) and its volunteers."
)
COPISTE_URL = "https://github.com/banq-dcn/Copiste-d-un-jour"

ALL = (
    Source(
        name="kaggle",
        title="Kaggle landlord/handwriting-recognition",
        licence="stated as CC0 on its page, not verified",
        attribution="Handwriting Recognition, Kaggle data set landlord/handwriting-recognition.",
        url="https://www.kaggle.com/datasets/landlord/handwriting-recognition",
        samples=kaggle.samples,
    ),
    Source("unipen-words", "UNIPEN words", CC_BY, UNIPEN, UNIPEN_URL, unipen.words),
    Source("unipen-letters", "UNIPEN letters", CC_BY, UNIPEN, UNIPEN_URL, unipen.letters),
    Source(
        name="dhsd",
        title="DHSD, German Handwriting Street-name Dataset",
        licence=CC_BY,
        attribution=(
            "N. Riaz, S. Saifullah, S. Agne, A. Dengel and S. Ahmed, "
            '"DHSD - German Handwriting Street-name Dataset"; introduced in "StylusAI: Stylistic '
            'Adaptation for Robust German Handwritten Text Generation", ICDAR 2024. '
            "The names are from OpenStreetMap, (c) OpenStreetMap contributors."
        ),
        url="https://github.com/nauman-riaz/DHSD",
        samples=dhsd.samples,
    ),
    Source("copiste", "Copiste d'un jour, words", CC_BY, COPISTE, COPISTE_URL, copiste.samples),
    Source(
        name="copiste-phrases",
        title="Copiste d'un jour, words in a row",
        licence=CC_BY,
        attribution=COPISTE,
        url=COPISTE_URL,
        samples=copiste_phrases.samples,
    ),
    Source(
        name="full-names-fr",
        title="Copiste d'un jour, full names",
        licence=CC_BY,
        attribution=COPISTE,
        url=COPISTE_URL,
        samples=full_names_fr.samples,
    ),
    Source(
        name="lyon-registers",
        title="Tables of the civil registers of Lyon, 1902 to 1913",
        licence=f"labels {CC_BY} according to the HTR-United catalogue; pictures public domain",
        attribution="Ville de Lyon, Archives municipales; transcriptions found through HTR-United.",
        url="https://htr-united.github.io",
        samples=lyon_registers.samples,
    ),
    Source(
        name="omniglot-latin",
        title="Omniglot, the Latin alphabet",
        licence="MIT, Copyright (c) 2015 Brenden Lake",
        attribution=(
            "B. M. Lake, R. Salakhutdinov and J. B. Tenenbaum, "
            '"Human-level concept learning through probabilistic program induction", '
            "Science 350 (2015), 1332-1338."
        ),
        url="https://github.com/brendenlake/omniglot",
        samples=omniglot_latin.samples,
    ),
    Source(
        name=folder.NAME,
        title="Pictures of one's own, with labels.csv",
        licence="their owner's",
        attribution="Pictures that whoever trains brings along.",
        url="",
        samples=folder.samples,
    ),
    Source(
        name=corrections.NAME,
        title="Corrections by visitors of the page",
        licence="given to improve this reader; not to be passed on",
        attribution="Visitors of the page, who agreed to their writing being kept.",
        url="",
        samples=corrections.samples,
    ),
)
SOURCES = {source.name: source for source in ALL}
