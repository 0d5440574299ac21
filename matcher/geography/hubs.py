"""Cities, or venues, that people would travel to for a gathering, and what the way there costs them."""

from functools import partial
from typing import Final

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from matcher.geography.homes import FEWEST, distinct_homes
from matcher.geography.options import GeographyOptions
from matcher.geography.towns import apart, as_towns, towns_of, venues_as_spots, with_room
from matcher.geography.willingness import way_cost
from matcher.tables.community import MemberIndex, Venues
from matcher.tables.geography import Gazetteer, HomeReadings, Journeys, Places

SMALLEST_GATHERING: Final = 8
"""A venue must hold so many."""
LEAST_EFFORT: Final = 1e-6


def travel_to_hubs(
    readings: HomeReadings, places: Places, gazetteer: Gazetteer, venues: Venues, index: MemberIndex,
    options: GeographyOptions,
) -> Journeys:  # fmt: skip
    """Who would go how far for a gathering, and with how much effort. Hubs that fewer than two can reach are left out.

    As for towns, both the likeliest home and, with a chance of `min_reach_share`, the true one must be within
    `far_km`.

    Args:
        readings: What each home may mean.
        places: The likeliest, and how far each member goes.
        gazetteer: The cities.
        venues: Used if `options.hubs` is 'venues': public or not, with room for a gathering.
        index: Tonight's members.
        options: Which hubs, how sure one must be, and what a way costs.

    Cost: Some microseconds for each distinct home and hub within its far_km.
    """
    homes = distinct_homes(readings, places, index, options, reach="far_km")
    hubs = _hubs_of(gazetteer, venues, options)
    rows, there, km = homes.within_reach(hubs, options.min_reach_share)
    kept = homes.n_members(rows, there, hubs.height)[there] >= FEWEST
    rows, there, km = rows[kept], there[kept], km[kept]
    used, columns = np.unique(there, return_inverse=True)
    lat, lon = (hubs.get_column(name).to_numpy()[there] for name in ("lat", "lon"))
    effort = homes.mean_of(partial(way_cost, options=options), rows, lat, lon)
    shape = (len(homes), len(used))
    return Journeys(
        hubs=as_towns(hubs[used], gazetteer),
        km=homes.spread(csr_array((km, (rows, columns)), shape=shape), len(index)),
        effort=homes.spread(csr_array((np.maximum(effort, LEAST_EFFORT), (rows, columns)), shape=shape), len(index)),
        index=index,
    )


def _hubs_of(gazetteer: Gazetteer, venues: Venues, options: GeographyOptions) -> pl.DataFrame:
    if options.hubs == "venues":
        return venues_as_spots(with_room(venues, SMALLEST_GATHERING), gazetteer)
    cities = towns_of(gazetteer, options.hub_population)
    return cities[apart(cities, options.hub_spacing_km)]
