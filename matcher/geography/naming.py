"""How a place is shown to people: "Portland, OR", "Munich, Germany", "France"."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from matcher.tables.geography import Gazetteer


def country_names(gazetteer: Gazetteer) -> dict[str, str]:
    """Names of the countries by ISO code."""
    countries = gazetteer.frame.filter(pl.col("kind") == "country")
    return dict(countries.select("country", "name").iter_rows())


SHOWN_BY: Final = ("name", "kind", "country", "region")
"""Columns of the gazetteer that `shown_name` takes, in this order."""


def shown_name(place: tuple[str, ...], countries: Mapping[str, str]) -> str:
    """Name with what tells it from its namesakes: the state in the United States, else the country.

    Example:
        >>> shown_name(("Portland", "town", "US", "OR"), {"US": "United States"})
        'Portland, OR'
    """
    name, kind, country, region = place
    if kind == "country":
        return name
    if kind == "town" and country == "US" and region:
        return f"{name}, {region}"
    land = countries.get(country, country)
    return name if land in {name, ""} else f"{name}, {land}"
