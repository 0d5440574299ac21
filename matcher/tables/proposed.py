"""A plan's groups, introductions and gatherings, one value each, as every file and page of a run shows them.

How they are read from a plan's tables stands in `publish/proposed.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from matcher.tables.proposals import Account
from matcher.units import Km, MemberId, Share


@dataclass(frozen=True, kw_only=True, slots=True)
class Town:
    """Where people would meet; a public place.

    Attributes:
        name: With region or country.
        lat: Degrees north.
        lon: Degrees east.
        time_zone: IANA time zone, or empty.
    """

    name: str
    lat: float
    lon: float
    time_zone: str = ""


Repeat = tuple[MemberId, MemberId, datetime]
"""Two members, ascending, and the last round in which they were proposed to each other."""

TERMS = ("fit_share", "overdue_bonus", "travel_cost", "repeat_cost")
"""What a seat brings to the objective: the first two added, the others taken off."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposedGroup:
    """Members who should meet.

    Attributes:
        id: `g-` and a hash of the members, the same every night.
        members: Ascending.
        town: Where they meet.
        travel_km: One a member.
        fit_shares: Each member's mean mutual affinity to the others.
        terms: What each member brings to the objective, by name: fit, and bonus less costs.
        waited: Rounds that each member was passed over before tonight.
        repeats: Two who met before, and when.
        account: What an organizer is told.
    """

    id: str
    members: tuple[MemberId, ...]
    town: Town
    travel_km: tuple[Km, ...]
    fit_shares: tuple[Share, ...]
    terms: tuple[Mapping[str, float], ...]
    waited: tuple[int, ...]
    repeats: tuple[Repeat, ...]
    account: Account

    @property
    def cohesion(self) -> float:
        """The mean fit of the members, in [0, 1]."""
        return sum(self.fit_shares) / len(self.fit_shares)

    @property
    def weakest_link(self) -> float:
        """The fit of the member who fits least, in [0, 1]."""
        return min(self.fit_shares)


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposedIntroduction:
    """A pair who should meet.

    Attributes:
        id: `i-` and a hash of the two, the same every night.
        members: A and B, ascending.
        a_to_b: What A would gain.
        b_to_a: What B would gain.
        mutual: Both together.
        kind: 'reunite' or 'introduce'.
        via: A mutual acquaintance, or None.
        town: Where both can get to; None means they begin online.
        travel_km: A's and B's way there; empty where they begin online.
        waited: Rounds that A and B were passed over before tonight.
        met_at: The last round in which they were proposed to each other, or None.
        account: What an organizer is told.
    """

    id: str
    members: tuple[MemberId, MemberId]
    a_to_b: Share
    b_to_a: Share
    mutual: Share
    kind: str
    via: MemberId | None
    town: Town | None
    travel_km: tuple[Km, ...]
    waited: tuple[int, int]
    met_at: datetime | None
    account: Account


@dataclass(frozen=True, kw_only=True, slots=True)
class HubChoice:
    """A city for a gathering, weighed for the members asked to it.

    Attributes:
        town: The city, or a venue.
        n_within: Members to whom it would be worth the way.
        mean_km: Mean way of all of them who would go so far.
        longest_km: Longest way of these.
        value: What the gathering would be worth there, in log-odds.
    """

    town: Town
    n_within: int
    mean_km: Km
    longest_km: Km
    value: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposedGathering:
    """Members who should travel to one city.

    Attributes:
        id: `t-` and a hash of the members, the same every night.
        members: Ascending.
        hub: Where they meet.
        travel_km: One a member.
        companies: What the closest others there are worth to each member, in log-odds above strangers.
        efforts: What the way costs each member, in log-odds.
        choices: The hub, then the runners-up, the best first.
        account: What an organizer is told.
    """

    id: str
    members: tuple[MemberId, ...]
    hub: Town
    travel_km: tuple[Km, ...]
    companies: tuple[float, ...]
    efforts: tuple[float, ...]
    choices: tuple[HubChoice, ...]
    account: Account


Proposed = ProposedGroup | ProposedIntroduction | ProposedGathering
"""Any suggestion."""
