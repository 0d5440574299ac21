"""What it costs that people meet in real towns: the way beyond that to the fairest point on the map."""

import numpy as np

from matcher.numeric.distance import great_circle_km
from matcher.numeric.fair_point import fair_point, mixed_km
from matcher.tables.geography import Places
from matcher.tables.proposals import Plan
from matcher.units import Floats

MOST_GROUPS = 100
"""A fair point takes some hundredths of a second: so many of the best groups tell enough."""


def detours_km(plan: Plan, places: Places, worst_share: float) -> Floats:
    """How much larger the mix of mean and longest way is in a group's town than at its fairest point.

    Args:
        plan: With its groups.
        places: The members' coarse homes.
        worst_share: Weight of the longest way, in [0, 1].

    Returns:
        Of the first groups, km, about 0 or more, shape (group,).
    """
    homes = places.frame.select("member", "lat", "lon")
    found = []
    for group in plan.seats.frame.partition_by("group", maintain_order=True)[:MOST_GROUPS]:
        town = plan.towns.frame.row(group.item(0, "town"), named=True)
        here = group.select("member").join(homes, on="member", maintain_order="left")
        lats, lons = here.get_column("lat").to_numpy(), here.get_column("lon").to_numpy()
        ways = great_circle_km(lats, lons, np.array(town["lat"]), np.array(town["lon"]))
        found.append(float(mixed_km(ways[:, None], worst_share)[0]) - fair_point(lats, lons, worst_share).value_km)
    return np.array(found, dtype=np.float64)
