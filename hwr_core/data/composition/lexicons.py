"""Given names and surnames of many countries, each with how often to write it."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

import numpy as np

from hwr_core.alphabet import AS_WRITTEN
from hwr_core.data.samples import DataError
from hwr_core.data.sources.labelfiles import table
from hwr_core.spelling import written

Weights = dict[str, float]  # of each name, not normalised

TEMPER = 0.3  # power of the counts: 1,000 times as frequent is written 8 times as often
FLOOR = 0.0022  # share of a lexicon's characters that each small letter gets at least
ROUNDS = 5  # raising one letter lowers the others a little; this settles
LONGEST = 20  # characters of one name; two and a hyphen still fit a label
PARTICLES = frozenset(
    "de du des la le les da do dos das di del der den van von zu zur y".split()  # noqa: SIM905
)

# Well-known names with letters that the lexicons lack or hold in a name or two only.
RARE_GIVEN = """
    Søren Jørgen Bjørn Øystein Øyvind Åsa Åse Åke Håkan Mårten Pål Kåre Pär Ægir Lætitia Lœtitia
    Łukasz Paweł Michał Wiesława Elżbieta Grażyna Żaneta Jędrzej Bożena Błażej Zdzisława Radosław
    Józef Świętosława Wacław Bronisława Jaśmina Dąbrówka Kuźma Niccolò Nicolò Alì Noè Salomè
    Giosuè Mosè João Sebastião Antônio Íñigo Iñaki Begoña Úrsula Ângela Íris Ève Þór Þóra Þórdís
    Þórður Hafþór Bergþór Friðrik Davíð Sigríður Guðrún Maÿlis Loÿs Zoë Jürgen Özgür Ülkü Tõnu
"""
RARE_SURNAMES = """
    Groß Weiß Strauß Preuß Voß Großmann Weißmann Kießling Heß Meißner Roßbach Süß Jäger Schäfer
    Köhler Krüger Böhm Schröder Jürgens Østergaard Sørensen Kjær Ødegård Bøe Nygård Næss Sæther
    Ångström Åberg Åkesson Åström Sjögren Strömberg Håkansson Wałęsa Łuczak Żak Żuraw Gołąb Dębski
    Święcicki Śliwiński Wróbel Źrebiec Woźniak Kuźniar Bąk Pająk Zając Kędzierski Ćwik Ćwikliński
    Cannavò Nicolò Cantù Mazzù Ferraù Alì Calì Virzì Laganà Magalhães Guimarães Simões Camões
    Araújo Brandão Falcão Leitão Muñoz Núñez Ibáñez Ordóñez Cœur Lecœur Lebœuf Schœlcher Lemaître
    Benoît Lefèvre Hébrard Barthélémy Haÿ Croÿ Nicolaÿ Louÿs Þorsteinsson Þórarinsson Þorvaldsson
    Guðmundsson Sigurðsson Lévêque Côté Prévôt Brûlé Kõiv Jõgi Bergþórsson Câmara Pâris Zaïdi
    Saïdi Haïdara Różański Jeż Özdemir Öztürk
"""


@dataclass(frozen=True)
class Lexicon:
    """Names to draw from."""

    weights: Weights

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All names, in the order of `bounds`."""
        return tuple(self.weights)

    @cached_property
    def bounds(self) -> list[float]:
        """The running sum of the weights: a list, for bisect is ten times as fast on it."""
        return list(accumulate(self.weights.values()))

    def draw(self, rng: np.random.Generator) -> str:
        """A name, as likely as its weight."""
        return self.names[
            bisect(self.bounds, rng.random() * self.bounds[-1], hi=len(self.names) - 1)
        ]


def given_names(folder: Path) -> Lexicon:
    """The given names in a folder of lexicons.

    Raises:
        DataError: a file is missing or has other columns.
    """
    sources = (
        (0.6, _counted(folder / "insee_prenoms_1900_2021.csv", "name", "female", "male")),
        (0.1, _counted(folder / "us_ssa_given_names_1930on.csv", "name", "female", "male")),
        (0.2, _listed(folder / "cc0_common_forenames_by_country.csv", "Localized Name")),
        (0.1, dict.fromkeys(RARE_GIVEN.split(), 1.0)),
    )
    return Lexicon(_raised(_mixed(sources)))


def surnames(folder: Path) -> Lexicon:
    """The surnames in a folder of lexicons; those in capitals only get small letters.

    Raises:
        DataError: a file is missing or has other columns.
    """
    french = _listed(folder / "insee_noms_1891_2000_list.csv", "surname")
    american = _counted(folder / "us_census_surnames_1990.csv", "surname", "percent")
    sources = (
        (0.55, {title(name): weight for name, weight in french.items()}),
        (0.15, {title(name): weight for name, weight in american.items()}),
        (0.2, _listed(folder / "cc0_common_surnames_by_country.csv", "Localized Name")),
        (0.1, dict.fromkeys(RARE_SURNAMES.split(), 1.0)),
    )
    return Lexicon(_raised(_mixed(sources)))


def title(capitals: str) -> str:
    """A name in capitals as people write it: "DE LA TOUR D'YVOIRE" is "De la Tour d'Yvoire".

    Particles within a name are small. After an apostrophe stands a capital if one letter is
    before it (O'Neil), else a small letter (Vourc'h), and Mc is followed by a capital.
    """
    if capitals.isalpha() and not capitals.startswith("MC"):  # nearly all of them
        return capitals.capitalize()
    words = re.split(r"([ -])", capitals.lower())
    return "".join(_word(word, first=number == 0) for number, word in enumerate(words))


def _word(word: str, *, first: bool) -> str:
    """One word of a name in small letters, with its capitals."""
    if word in PARTICLES and not first:
        return word
    if match := re.fullmatch(r"([a-z])'(.+)", word):
        before, after = match.groups()
        return f"{before if before == 'd' and not first else before.upper()}'{after.capitalize()}"
    if re.match(r"mc[a-z]{3}", word):
        return "Mc" + word[2:].capitalize()
    return word[:1].upper() + word[1:]


def tempered(count: float) -> float:
    """How often to write a name that people bear `count` times."""
    return float(count**TEMPER)


def usable(name: str) -> bool:
    """Whether a name can be a label: in the alphabet, two to twenty characters, with a letter."""
    return 2 <= len(name) <= LONGEST and not AS_WRITTEN.unknown(name) and name[0].isalpha()


def number(value: str, place: Path) -> float:
    """A count in a file.

    Raises:
        DataError: it is none.
    """
    try:
        return float(value)
    except ValueError as error:
        message = f"{place}: {value!r} is not a count"
        raise DataError(message) from error


def _counted(path: Path, name: str, *counts: str) -> Weights:
    """The usable names of a file with counts, tempered."""
    rows = ((written(row[name]), row) for _, row in table(path, (name, *counts)))
    return {n: tempered(sum(number(row[c], path) for c in counts)) for n, row in rows if usable(n)}


def _listed(path: Path, name: str) -> Weights:
    """The usable names of a file without counts."""
    names = (written(row[name]) for _, row in table(path, (name,)))
    return dict.fromkeys(filter(usable, names), 1.0)


def _mixed(sources: Iterable[tuple[float, Weights]]) -> Weights:
    """The names of all sources, each source with its share."""
    mixed: Weights = {}
    for share, weights in sources:
        total = sum(weights.values()) or 1.0
        for name, weight in weights.items():
            mixed[name] = mixed.get(name, 0.0) + share * weight / total
    return mixed


def _raised(weights: Weights) -> Weights:
    """The weights with names of rare letters raised until each small letter has its `FLOOR`.

    Capitals follow, for many texts are written in capitals. A letter that no name has stays away.
    """
    lengths = np.fromiter(map(len, weights), int, len(weights))
    starts = np.cumsum(lengths) - lengths
    points = np.frombuffer("".join(weights).encode("utf-32-le"), np.uint32)  # (characters,)
    floor = np.array([FLOOR * chr(point).islower() for point in range(points.max() + 1)])
    weight = np.fromiter(weights.values(), float, len(weights))
    for _ in range(ROUNDS):
        share = np.bincount(points, np.repeat(weight, lengths))  # by code point
        factor = np.maximum(1, floor * share.sum() / np.maximum(share, 1e-12))
        weight *= np.maximum.reduceat(factor[points], starts)
    return dict(zip(weights, (weight / weight.sum()).tolist(), strict=True))
