"""Where each member is at home, coarsely."""

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from matcher.geography.lookup import Spot, places_spelled
from matcher.geography.meaning import Home, home_meant, spellings_to_look_up
from matcher.geography.naming import SHOWN_BY, country_names, shown_name
from matcher.geography.options import GeographyOptions
from matcher.geography.wording import take_apart
from matcher.numeric.distance import unit_sphere
from matcher.tables.community import Community
from matcher.tables.geography import Gazetteer, Places

_SAID = ["member", "label", "country", "lat", "lon", "uncertainty_km", "reach_km"]
TOWN_OF_A_LABEL = 5_000
"""A given home is shown under the nearest town of this many people, so that the name tells no more."""


def locate_members(community: Community, gazetteer: Gazetteer, options: GeographyOptions) -> Places:
    """Coarse home of every member whose home can be told.

    Given coordinates win, rounded to a cell of about 10 km, so that no distance gives a home away;
    otherwise the text is looked up. Whoever wrote nothing, a joke, or what may mean several places
    has no row.
    """
    members = community.members.frame.with_columns(
        pl.col("member").cast(community.index.enum),
        pl.col("reach_km").fill_null(options.default_reach_km),
    )
    is_given = pl.col("lat").is_not_null() & pl.col("lon").is_not_null()
    given = _given_homes(members.filter(is_given), gazetteer, options)
    written = _written_homes(members.filter(~is_given), gazetteer)
    return Places.sorted(pl.concat([given, written]))


def _given_homes(members: pl.DataFrame, gazetteer: Gazetteer, options: GeographyOptions) -> pl.DataFrame:
    towns = gazetteer.frame.filter((pl.col("kind") == "town") & (pl.col("population") >= TOWN_OF_A_LABEL))
    # Rounding may move a home by as much as its uncertainty: nobody travels further than they said.
    sure_reach_km = (pl.col("reach_km") - options.given_uncertainty_km).clip(0)
    homes = members.select("member", pl.col("lat", "lon").round(1), sure_reach_km)
    if homes.is_empty() or towns.is_empty():
        label, country = [""] * homes.height, [""] * homes.height
    else:
        tree = cKDTree(unit_sphere(towns["lat"].to_numpy(), towns["lon"].to_numpy()))
        _, nearest = tree.query(unit_sphere(homes["lat"].to_numpy(), homes["lon"].to_numpy()))
        countries = country_names(gazetteer)
        near = towns[np.asarray(nearest, dtype=np.int64)]
        label = [shown_name(row, countries) for row in near.select(SHOWN_BY).iter_rows()]
        country = near.get_column("country").to_list()
    return homes.with_columns(
        pl.Series("label", label, dtype=pl.String),
        pl.Series("country", country, dtype=pl.String),
        uncertainty_km=pl.lit(options.given_uncertainty_km),
    ).select(_SAID)


def _written_homes(members: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    homes = homes_written(members.get_column("place_text").unique().sort().to_list(), gazetteer)
    countries = country_names(gazetteer)
    found = pl.DataFrame(
        [(text, *_row_of(home, countries)) for text, home in homes.items()],
        schema={
            "place_text": pl.String, "label": pl.String, "country": pl.String,
            "lat": pl.Float64, "lon": pl.Float64, "uncertainty_km": pl.Float64,
        },
        orient="row",
    )  # fmt: skip
    return members.drop("lat", "lon").join(found, on="place_text").select(_SAID)


def homes_written(texts: list[str], gazetteer: Gazetteer) -> dict[str, Home]:
    """Homes that these texts mean; texts that mean none, or may mean several, are left out."""
    wordings = {text: take_apart(text) for text in texts}
    spelled = places_spelled(
        gazetteer, (spelling for wording in wordings.values() for spelling in spellings_to_look_up(wording))
    )
    homes = {text: home_meant(wording, spelled) for text, wording in wordings.items()}
    return {text: home for text, home in homes.items() if home is not None}


def _row_of(home: Home, countries: dict[str, str]) -> tuple[str, str, float, float, float]:
    spot: Spot = home.spot
    label = shown_name((spot.name, spot.kind, spot.country, spot.region), countries)
    return label, spot.country, spot.lat, spot.lon, home.uncertainty_km
