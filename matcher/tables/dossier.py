"""What the organizers' desk may show of one run, whatever becomes of the community afterwards.

Nothing finer than this reaches a page: names cleaned, homes as labels and coarse cells, words only if public.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from matcher.tables.decisions import Members
from matcher.tables.proposed import Proposed, ProposedGathering, ProposedGroup, ProposedIntroduction, Town
from matcher.units import MemberId

UNKNOWNS: Mapping[str, str] = {
    "home": "where they live",
    "sure_home": "for sure where they live",
    "reach": "how far they would travel",
    "languages": "what they speak",
    "times": "when they have time",
}
"""What may not be known of a member, in words that follow 'we do not know'."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """The middle of a coarse cell, in degrees: about 11 km each way. Finer than that no map of ours shows a home."""

    lat: float
    lon: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """What a reader sees of a member.

    Attributes:
        name: Cleaned and of bearable length; never empty.
        place: Label of the coarse home, 'probably' or 'perhaps' before it where that is not sure; or empty.
        cell: Where a map may show them, or None where the home is unknown.
    """

    name: str
    place: str
    cell: Cell | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """A public message, shortened."""

    author: str
    date: str
    channel: str
    text: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOutMember:
    """Somebody who got no place; `reason` is one of LEFT_OUT_REASONS, `detail` the numbers behind it or empty."""

    member: MemberId
    reason: str
    detail: str
    waited: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Dossier:
    """One run as the desk shows it.

    Attributes:
        run_id: Its id.
        as_of: The instant that it saw the community at.
        notice: What every reader must know ("synthetic"), or empty.
        attribution: Whom to credit for places, or empty.
        lead: The night in a few sentences.
        objective: How good the groups are, in a sentence.
        stranger_chance: The share of two for whom nothing speaks, in [0, 1].
        people: Everyone who takes part tonight, by id.
        unknowns: By member what is not known of them, each one of UNKNOWNS; who is not named is known well.
        groups: As the night formed them, best first.
        introductions: As the night proposed them.
        gatherings: As the night proposed them.
        left_out: Everyone who got no place, by id.
        towns: Names for orientation on maps, the most populous first.
        kept: Suggestions that organizers keep, each with the run in which they locked or approved it: here it begins
            locked.
        heard: By earlier run how many decisions about it the night had read.
        is_reduced: Whether a member was forgotten since, and with them all that was said and scored.
    """

    run_id: str
    as_of: datetime
    notice: str
    attribution: str
    lead: str
    objective: str
    stranger_chance: float
    people: Mapping[MemberId, Person]
    unknowns: Mapping[MemberId, tuple[str, ...]]
    groups: tuple[ProposedGroup, ...]
    introductions: tuple[ProposedIntroduction, ...]
    gatherings: tuple[ProposedGathering, ...]
    left_out: tuple[LeftOutMember, ...]
    towns: tuple[Town, ...]
    kept: Mapping[str, str] = field(default_factory=dict)
    heard: Mapping[str, int] = field(default_factory=dict)
    is_reduced: bool = False

    @property
    def proposed(self) -> Mapping[str, Proposed]:
        """Every suggestion by id: groups, introductions, gatherings."""
        every: tuple[Proposed, ...] = (*self.groups, *self.introductions, *self.gatherings)
        return {one.id: one for one in every}

    @property
    def suggestions(self) -> Mapping[str, Members]:
        """The members of each."""
        return {one: proposed.members for one, proposed in self.proposed.items()}
