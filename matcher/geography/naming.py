"""How a place is shown to people: "Portland, OR", "Munich, Germany", "France"."""

import polars as pl

from matcher.tables.geography import Gazetteer


def country_names(gazetteer: Gazetteer) -> dict[str, str]:
    """Names of the countries by ISO code."""
    countries = gazetteer.frame.filter(pl.col("kind") == "country")
    return dict(countries.select("country", "name").iter_rows())


def shown_name(name: str, kind: str, country: str, region: str, countries: dict[str, str]) -> str:
    """Name with what tells it from its namesakes: the state in the United States, else the country."""
    if kind == "country":
        return name
    if kind == "town" and country == "US" and region:
        return f"{name}, {region}"
    land = countries.get(country, country)
    return name if land == name else f"{name}, {land}"
