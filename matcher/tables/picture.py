"""The picture of a community: all that is known before anybody is paired with anybody."""

from dataclasses import dataclass, field

import numpy as np

from matcher.tables.community import Community, MemberIndex
from matcher.tables.conversation import Company, Exchanges, MemberTopics, Presences, Standings, Ties
from matcher.tables.decided import HeldPlaces
from matcher.tables.geography import Clocks, HomeReadings, Journeys, Places, Travel
from matcher.tables.pairs import Vetoes
from matcher.tables.vectors import Interests
from matcher.units import Flags


@dataclass(frozen=True, eq=False, kw_only=True)
class Picture:
    """One table a question; made once a night, by `matcher.plan.study_community`.

    Attributes:
        community: Members, messages and blocks, as of one instant.
        exchanges: Who answered whom, message by message.
        ties: What each pair has said to each other.
        presences: Who took part in which conversation.
        company: Who shares conversations, and through whom.
        topics: What members talk about, ask about and answer on.
        standings: How well we know members, and whether they talk with people.
        interests: What members care about, as vectors; of those who are open only.
        places: Where members live, coarsely.
        readings: What those homes may mean, and how likely each is.
        travel: Who can reach which town.
        journeys: Who would travel to which city.
        clocks: In which time zone members live.
        vetoes: Pairs that must not meet.
        times: When each member can come, as bits: a group needs one that is set for all, uint64, shape (member, word).
        is_open: Who may be proposed to somebody anew, shape (member,).
        held: What organizers keep as it is, of groups and introductions.
    """

    community: Community
    exchanges: Exchanges
    ties: Ties
    presences: Presences
    company: Company
    topics: MemberTopics
    standings: Standings
    interests: Interests
    places: Places
    readings: HomeReadings
    travel: Travel
    journeys: Journeys
    clocks: Clocks
    vetoes: Vetoes
    times: np.ndarray
    is_open: Flags
    held: HeldPlaces = field(default_factory=HeldPlaces)

    @property
    def index(self) -> MemberIndex:
        """Tonight's members."""
        return self.community.index

    @property
    def is_weighed(self) -> Flags:
        """Who is compared with others: the open, and whoever is in a suggestion that organizers keep."""
        return self.is_open | self.community.is_held

    @property
    def is_only_held(self) -> Flags:
        """Who has a place that organizers keep, and gets no other, shape (member,)."""
        return self.community.is_held & ~self.is_open
