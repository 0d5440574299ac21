"""Where people should meet: the fair town within everyone's reach."""

from typing import NamedTuple

from matcher.tables.geography import Travel
from matcher.units import Floats


class Meeting(NamedTuple):
    """A town and each member's way there.

    Attributes:
        town: Row of the town.
        travel_km: In the order of the members asked for, shape (member,).
    """

    town: int
    travel_km: Floats


def meet_halfway(travel: Travel, members: list[int]) -> Meeting | None:
    """The common town with the smallest mean way plus longest way, or None where there is none.

    The mean alone would let one member pay for everybody; the longest alone would let everybody
    travel to spare one. Ties go to the first town.

    Args:
        travel: Who can reach which town.
        members: Rows of the members.
    """
    towns, km = travel.common_towns(members)
    if not len(towns):
        return None
    best = int((km.mean(axis=0) + km.max(axis=0)).argmin())
    return Meeting(int(towns[best]), km[:, best])
