"""What a night proposes: seats in groups, introductions, reasons, and why someone was left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

import polars as pl

from matcher.tables.base import Column, Table
from matcher.tables.community import TEXT
from matcher.tables.geography import Towns
from matcher.tables.history import PastPairs, Waits
from matcher.tables.pairs import MEMBER, MEMBER_A, MEMBER_B, SHARE, PairTable

LEFT_OUT_REASONS: Mapping[str, str] = {
    "paused": "asked for no proposals for a while",
    "invited_lately": "has an invitation of the last days, which may not be answered yet",
    "nothing_said": "has written nothing yet, so there is nothing to go by",
    "rarely_heard": "has written little, or long ago, so there is too little to go by",
    "talks_at_people": "posts one-way, links or repeats; an organizer may overrule this",
    "no_two_way_interest": "nobody was found whose interest would be mutual",
    "nobody_in_reach": "people would get on with them, but none within reach and all closer ties are taken",
    "place_unknown": "people would get on with them, but we do not know, or not well enough, where they live",
    "met_lately": "everyone found for them has met them in a round not long ago; they come first the next time",
    "others_fitted_better": "could have been placed; tonight others fitted together better",
}
"""Every reason for which a member may be left out, in words for the report."""

NOT_OPEN = ("paused", "invited_lately", "nothing_said", "rarely_heard", "talks_at_people")
"""Left out for one of these, a member was not open to proposals; for any other, they were passed over."""


@dataclass(frozen=True, eq=False)
class Seats(Table):
    """Who sits in which group; `group` counts from 0, best cohesion first."""

    key: ClassVar[tuple[str, ...]] = ("group", "member")
    columns: ClassVar[Mapping[str, Column]] = {
        "group": Column(dtype=pl.UInt32(), meaning="The group."),
        "member": MEMBER,
        "town": Column(dtype=pl.UInt32(), meaning="Where the group meets: a row of Towns."),
        "travel_km": Column(dtype=pl.Float64(), meaning="From the member's coarse home.", low=0),
        "fit_share": Column(dtype=pl.Float64(), meaning="Mean mutual affinity to the others.", low=0, high=1),
        "overdue_bonus": Column(dtype=pl.Float64(), meaning="For rounds waited, in units of the objective.", low=0),
        "travel_cost": Column(dtype=pl.Float64(), meaning="Of the member's way, in units of the objective.", low=0),
        "repeat_cost": Column(
            dtype=pl.Float64(), meaning="Mean cost of meeting the others again, in units of the objective.", low=0
        ),
    }


@dataclass(frozen=True, eq=False)
class Attendances(Table):
    """Who is asked to which gathering; `gathering` counts from 0, the most worthwhile first."""

    key: ClassVar[tuple[str, ...]] = ("gathering", "member")
    columns: ClassVar[Mapping[str, Column]] = {
        "gathering": Column(dtype=pl.UInt32(), meaning="The gathering."),
        "member": MEMBER,
        "hub": Column(dtype=pl.UInt32(), meaning="Where it is held: a row of the plan's hubs."),
        "travel_km": Column(dtype=pl.Float64(), meaning="From the member's coarse home.", low=0),
        "company": Column(
            dtype=pl.Float64(),
            meaning="What the closest others there are worth to the member: mean log-odds above strangers.",
            low=0,
        ),
        "effort": Column(dtype=pl.Float64(), meaning="What the way costs the member, in log-odds.", low=0),
    }


@dataclass(frozen=True, eq=False)
class HubChoices(Table):
    """For each gathering its hub, and the hubs that were second and third best for the same people."""

    key: ClassVar[tuple[str, ...]] = ("gathering", "rank")
    columns: ClassVar[Mapping[str, Column]] = {
        "gathering": Column(dtype=pl.UInt32(), meaning="The gathering."),
        "rank": Column(dtype=pl.UInt8(), meaning="0: the hub proposed; then the runners-up."),
        "hub": Column(dtype=pl.UInt32(), meaning="A row of the plan's hubs."),
        "n_within": Column(dtype=pl.UInt32(), meaning="Members asked to whom it would be worth the way."),
        "mean_km": Column(dtype=pl.Float64(), meaning="Mean way of all of them who would go so far.", low=0),
        "longest_km": Column(dtype=pl.Float64(), meaning="Longest way of these.", low=0),
        "value": Column(dtype=pl.Float64(), meaning="What the gathering would be worth there, in log-odds."),
    }


@dataclass(frozen=True, eq=False)
class Introductions(PairTable):
    """Pairs who should meet; nobody in more than their limit."""

    columns: ClassVar[Mapping[str, Column]] = {
        "member_a": MEMBER_A,
        "member_b": MEMBER_B,
        "a_to_b": SHARE,
        "b_to_a": SHARE,
        "mutual": SHARE,
        "kind": Column(dtype=TEXT, meaning="'reunite' (they talk already) or 'introduce' (they should)."),
        "via": Column(dtype=pl.Enum, meaning="A mutual acquaintance.", is_nullable=True),
        "town": Column(dtype=pl.UInt32(), meaning="Where both can get to; null: they begin online.", is_nullable=True),
        "travel_km_a": Column(dtype=pl.Float64(), meaning="A's way there.", low=0, is_nullable=True),
        "travel_km_b": Column(dtype=pl.Float64(), meaning="B's way there.", low=0, is_nullable=True),
    }


@dataclass(frozen=True, eq=False)
class Unplaced(Table):
    """Everyone left out tonight, with the one reason."""

    key: ClassVar[tuple[str, ...]] = ("member",)
    columns: ClassVar[Mapping[str, Column]] = {
        "member": MEMBER,
        "reason": Column(dtype=pl.Enum(list(LEFT_OUT_REASONS)), meaning="One of LEFT_OUT_REASONS."),
        "detail": Column(dtype=TEXT, meaning="The numbers behind the reason, for who talks at people; else empty."),
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """What an organizer is told about one proposal.

    Attributes:
        reasons: Sentences, the strongest first.
        shared_topics: Topics that those concerned all or mostly share, all public.
        evidence: Ids of public messages, in order of time.
        starter: A first line to break the ice.
    """

    reasons: tuple[str, ...]
    shared_topics: tuple[str, ...]
    evidence: tuple[str, ...]
    starter: str


PROVED = 1e-6
"""A gap of no more is rounding."""

ROUNDING = 1e-12
"""Sums of so many terms differ by this share of themselves, in whatever order they are added up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Objective:
    """How good the grouping is, and how good any could be.

    Attributes:
        value: Sum over all seated members of their mean mutual affinity to their group, less what repeats and ways
            cost, plus what they are owed for rounds waited.
        upper_bound: No legal plan has a larger value; None where nothing was proved.
        bound_scope: Over which pairs the bound holds: 'candidate pairs' or 'all pairs'.
        stranger_chance: The share of two for whom nothing speaks, in [0, 1]: what any affinity is to be compared with.
        owed: How much of the value is owed for rounds waited, less what repeats cost in groups that organizers keep.
        was_cut_short: Whether the time limit ended the search.
    """

    value: float
    upper_bound: float | None
    bound_scope: str
    stranger_chance: float
    owed: float = 0.0
    was_cut_short: bool = False

    @property
    def gap(self) -> float | None:
        """How far the value may be from the best possible, as a share of the bound, what is owed taken off both."""
        return None if self.upper_bound is None else _gap(self.value, self.upper_bound, self.owed)

    @property
    def is_best(self) -> bool:
        """Whether it is proved that nothing better is possible."""
        return self.gap is not None and self.gap <= PROVED


@dataclass(frozen=True, kw_only=True, slots=True)
class Matching:
    """How good the introductions are together, and how good any could be.

    Attributes:
        value: Sum of the mutual affinities of all introductions, less what repeats cost, plus what is owed for rounds
            waited.
        upper_bound: No choice of introductions among the members who sit in no group has a larger value.
        bound_scope: Over which pairs the bound holds: 'candidate pairs'.
        n_blocking_pairs: Pairs who were not introduced, and of whom each has a place free or stands to gain more from
            the other (`a_to_b`, `b_to_a`) than from somebody they got.
        owed: How much of the value is owed for rounds waited, repeats taken off.
    """

    value: float
    upper_bound: float
    bound_scope: str
    n_blocking_pairs: int
    owed: float = 0.0

    @property
    def gap(self) -> float:
        """How far the value may be from the best possible, as a share of the bound, what is owed taken off both."""
        return _gap(self.value, self.upper_bound, self.owed)

    @property
    def is_best(self) -> bool:
        """Whether it is proved that nothing better is possible."""
        return self.gap <= PROVED


def _gap(value: float, upper_bound: float, owed: float) -> float:
    # Debts are large and easily paid: a share of them would make any plan look nearly perfect.
    best = upper_bound - max(owed, 0.0)
    if best > 0:
        # Where a debt is missing, it is more than all that is left: nothing is known of how near the bound is.
        return min((upper_bound - value) / best, 1.0)
    # Nothing is left to take a share of: either the bound is reached, or nothing is known either.
    return 1.0 if upper_bound - value > ROUNDING * max(1.0, abs(upper_bound)) else 0.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Plan:
    """One run's proposals.

    Attributes:
        as_of: The instant the community was seen at.
        seats: The groups.
        introductions: The pairs.
        unplaced: Everyone else.
        group_accounts: One a group, in the order of the groups.
        introduction_accounts: One an introduction, in the order of the rows.
        towns: What `town` means.
        objective: Of the groups.
        matching: Of the introductions.
        waits: Members who waited before tonight, and how many rounds.
        repeats: Pairs of this plan who met before, and when.
        are_repeats_forced: Whether two meet again only where nothing else was found: the laws of rotation were in full
            force, and the search was not cut short.
        attendances: The gatherings.
        hub_choices: Why they are held where they are.
        gathering_accounts: One a gathering, in the order of the gatherings.
        hubs: What `hub` means.
        gathering_objective: Of the gatherings; None where none were looked for.
    """

    as_of: datetime
    seats: Seats
    introductions: Introductions
    unplaced: Unplaced
    group_accounts: tuple[Account, ...]
    introduction_accounts: tuple[Account, ...]
    towns: Towns
    objective: Objective
    matching: Matching
    waits: Waits = field(default_factory=Waits.none)
    repeats: PastPairs = field(default_factory=PastPairs.none)
    are_repeats_forced: bool = False
    attendances: Attendances = field(default_factory=Attendances.none)
    hub_choices: HubChoices = field(default_factory=HubChoices.none)
    gathering_accounts: tuple[Account, ...] = ()
    hubs: Towns = field(default_factory=Towns.none)
    gathering_objective: Objective | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RunFacts:
    """What a run was made from; the same facts, the same plan, to the byte.

    Attributes:
        run_id: Date of `as_of` and a short fingerprint of everything below.
        seed: What chance was made from.
        model: Name and fingerprint of the encoder.
        input_fingerprint: sha256 of the community's tables.
        settings_fingerprint: sha256 of the settings.
        attribution: Whose data of places it rests on, as their licence asks.
    """

    run_id: str
    seed: int
    model: str
    input_fingerprint: str
    settings_fingerprint: str
    attribution: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One number of the night, for the report and metrics.json.

    Attributes:
        section: What it belongs to: 'community', 'embedding', 'pairs', 'plan', 'seconds', 'memory'.
        name: Snake case, with its unit at the end.
        value: The number.
        meaning: A few words for an organizer.
    """

    section: str
    name: str
    value: float
    meaning: str
