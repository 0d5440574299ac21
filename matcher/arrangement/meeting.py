"""Where people should meet: the fair town or venue within everyone's reach.

It is always one of a given list, at its own coordinates: no middle of homes is ever told, so nothing gives one away.
"""

from typing import NamedTuple

from matcher.numeric.fair_point import mixed_km
from matcher.tables.geography import Travel
from matcher.units import Floats

EVEN_SHARE = 0.5
"""The longest way counts as much as the mean way."""


class Meeting(NamedTuple):
    """A town and each member's way there.

    Attributes:
        town: Row of the town.
        travel_km: In the order of the members asked for, shape (member,).
    """

    town: int
    travel_km: Floats


def meet_halfway(travel: Travel, members: list[int], worst_share: float) -> Meeting | None:
    """The common town that holds all and asks least of them, by `mixed_km`, or None where there is none.

    Ties go to the first town.

    Args:
        travel: Who can reach which town.
        members: Rows of the members.
        worst_share: Weight of the longest way, in [0, 1]; the mean way has the rest.
    """
    towns, km = travel.common_towns(members)
    most = travel.towns.frame.get_column("capacity").gather(towns).fill_null(len(members)).to_numpy()
    towns, km = towns[most >= len(members)], km[:, most >= len(members)]
    if not len(towns):
        return None
    best = int(mixed_km(km, worst_share).argmin())
    return Meeting(int(towns[best]), km[:, best])
