"""The audit of gatherings lets a clean plan pass and catches every kind of broken one."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import polars as pl
import pytest
from geopy.distance import geodesic

from matcher.rules.audit import AuditOptions, audit_gatherings, audit_plan, audit_rounds
from matcher.rules.checks import Audit
from matcher.tables.base import Table
from matcher.tables.community import Blocks, Members, Messages, PastMeetings
from matcher.tables.geography import Places, Towns
from matcher.tables.proposals import (
    LEFT_OUT_REASONS,
    Account,
    Attendances,
    Introductions,
    Matching,
    Objective,
    Plan,
    Unplaced,
)
from tests.unit.arrangement.worlds import AS_OF, blocks_of, index_of, members_of, messages_by, seats_of

EVERYONE = "abcdefghix"
INDEX = index_of(EVERYONE)
HOMES = {member: (48.0 + row / 2, 9.0 - row / 3) for row, member in enumerate(EVERYONE)}
HUBS = [(52.5, 13.4), (45.8, 4.8), (50.1, 14.4)]
FAR_KM = 900.0
COMPANY = {member: 3.0 + row / 10 for row, member in enumerate(EVERYONE)}
EFFORT = {member: 1.0 + row / 7 for row, member in enumerate(EVERYONE)}
OPENING_COST = 0.7
OPTIONS = AuditOptions(gathering_sizes=(3, 4), max_gatherings=2, min_gain=0.5, opening_cost=OPENING_COST)
FIRST, SECOND = "abcd", "fgh"
VALUE = sum(COMPANY[member] - EFFORT[member] for member in FIRST + SECOND) - 2 * OPENING_COST


@dataclass(frozen=True, kw_only=True)
class World:
    """All that the audit is given."""

    plan: Plan
    members: Members
    places: Places
    messages: Messages
    blocks: Blocks = field(default_factory=lambda: blocks_of([("a", "f"), ("h", "d"), ("x", "a")]))
    options: AuditOptions = OPTIONS


Mutation = Callable[[World], World]


def clean_world() -> World:
    """Four go to the first hub, three to the second; E and I are left out, X did not opt in.

    Blocks are between the two gatherings, and with who is not asked.
    """
    plan = Plan(
        as_of=AS_OF,
        seats=seats_of(INDEX),
        introductions=Introductions(pl.DataFrame(schema=_schema(Introductions))),
        unplaced=unplaced("ei"),
        group_accounts=(),
        introduction_accounts=(),
        towns=Towns(pl.DataFrame(schema=Towns.schema())),
        objective=objective(0.0, 0.0),
        matching=Matching(value=0.0, upper_bound=0.0, bound_scope="candidate pairs", n_blocking_pairs=0),
        attendances=attendances({0: FIRST, 1: SECOND}),
        gathering_accounts=(account("by-a", "by-d"), account("by-g")),
        hubs=hubs(),
        gathering_objective=objective(VALUE, VALUE + 1),
    )
    return World(
        plan=plan,
        members=members_of(EVERYONE, left="x"),
        places=places(),
        messages=messages_by(
            {f"by-{member}": member for member in EVERYONE} | {"pm": "a", "new": "a"}, private=["pm"], late=["new"]
        ),
    )


def account(*evidence: str) -> Account:
    """An account with nothing but evidence."""
    return Account(reasons=(), shared_topics=(), evidence=evidence, starter="")


def objective(value: float, upper_bound: float) -> Objective:
    """What the plan says it is worth."""
    return Objective(value=value, upper_bound=upper_bound, bound_scope="candidate pairs", stranger_chance=0.001)


def attendances(guests: dict[int, str], hub_of: dict[str, int] | None = None) -> Attendances:
    """Gatherings by number, each in the hub of its number but for who is sent elsewhere, with true ways."""
    hub = {member: number for number, some in guests.items() for member in some} | (hub_of or {})
    rows = [
        (number, member, hub[member], way_km(member, hub[member]), COMPANY[member], EFFORT[member])
        for number, some in guests.items()
        for member in some
    ]
    return Attendances.sorted(pl.DataFrame(rows, schema=_schema(Attendances), orient="row"))


def way_km(member: str, hub: int) -> float:
    """The true way of a member."""
    return float(geodesic(HOMES[member], HUBS[hub]).km)


def hubs(capacity: int | None = None) -> Towns:
    """Three cities, of which two are used; the first may be a hall that holds so many."""
    rows = [
        (row, f"Hub {row}", lat, lon, 1_000_000, "", None if row else capacity) for row, (lat, lon) in enumerate(HUBS)
    ]
    return Towns(pl.DataFrame(rows, schema=Towns.schema(), orient="row"))


def places(members: str = EVERYONE) -> Places:
    """Everyone's home, with the same reach for a gathering, and hardly any for a group."""
    rows = [(member, "Home", "", "", *HOMES[member], 1.0, 1.0, 5.0, FAR_KM) for member in members]
    return Places.sorted(pl.DataFrame(rows, schema=_schema(Places), orient="row"))


def unplaced(members: str) -> Unplaced:
    """Members for whom others fitted better."""
    reason = pl.Series(["others_fitted_better"] * len(members), dtype=pl.Enum(list(LEFT_OUT_REASONS)))
    listed = {"member": pl.Series(list(members), dtype=INDEX.enum), "reason": reason, "detail": [""] * len(members)}
    return Unplaced.sorted(pl.DataFrame(listed, schema_overrides={"detail": pl.String}))


def _schema(table: type[Table]) -> dict[str, pl.DataType]:
    ids = {"member", "member_a", "member_b", "via"}
    return {name: INDEX.enum if name in ids else column.dtype for name, column in table.columns.items()}  # type: ignore[misc]


def audited(world: World) -> Audit:
    """What the audit of gatherings finds."""
    return audit_gatherings(world.plan, world.members, world.blocks, world.places, world.options)


def with_plan(**changes: object) -> Mutation:
    """Other fields of the plan."""
    return lambda world: replace(world, plan=replace(world.plan, **changes))  # type: ignore[arg-type]  # fields by name


def with_guests(guests: dict[int, str], **hub_of: int) -> Mutation:
    """Others are asked, or sent to another hub, and the plan says truly what that is worth."""
    value = sum(COMPANY[member] - EFFORT[member] for some in guests.values() for member in some)
    value -= OPENING_COST * len(guests)
    return with_plan(
        attendances=attendances(guests, hub_of),
        gathering_accounts=(account(),) * len(guests),
        gathering_objective=objective(value, value + 1),
    )


def with_amount(column: str, member: str, amount: float) -> Mutation:
    """Another number for one guest."""
    is_theirs = pl.when(pl.col("member") == member)

    def mutate(world: World) -> World:
        told = world.plan.attendances.frame.with_columns(is_theirs.then(amount).otherwise(column).alias(column))
        return replace(world, plan=replace(world.plan, attendances=Attendances(told)))

    return mutate


def with_stated_reach(member: str, reach_km: float) -> Mutation:
    """Let the export say how far a member goes."""

    def mutate(world: World) -> World:
        is_theirs = pl.when(pl.col("member") == member)
        told = world.members.frame.with_columns(is_theirs.then(reach_km).otherwise("reach_km").alias("reach_km"))
        return replace(world, members=Members(told))

    return mutate


def with_far_km(far_km: float) -> Mutation:
    """Let everybody's place say how far they go to a gathering."""
    return lambda world: replace(world, places=Places(world.places.frame.with_columns(far_km=pl.lit(far_km))))


def with_blocks(*pairs: tuple[str, str]) -> Mutation:
    """Other blocks in the raw table."""
    return lambda world: replace(world, blocks=blocks_of(pairs))


def with_members_left(*left: str) -> Mutation:
    """Others who did not opt in."""
    return lambda world: replace(world, members=members_of(EVERYONE, left=left))


def with_most(n_gatherings: int) -> Mutation:
    """Other limits."""
    return lambda world: replace(world, options=replace(OPTIONS, max_gatherings=n_gatherings))


BROKEN = [
    pytest.param(with_guests({0: FIRST, 1: "dfgh"}), "guests", id="asked-to-two-gatherings"),
    pytest.param(with_guests({0: FIRST, 1: "ghx"}), "guests", id="somebody-who-did-not-opt-in"),
    pytest.param(with_members_left("x", "h"), "guests", id="a-guest-left"),
    pytest.param(with_blocks(("g", "h")), "guests", id="block-in-the-second-gathering"),
    pytest.param(with_blocks(("h", "g")), "guests", id="the-same-block-backwards"),
    pytest.param(with_blocks(("a", "d")), "guests", id="block-in-the-first-gathering"),
    pytest.param(with_most(1), "gatherings", id="one-gathering-too-many"),
    pytest.param(with_most(0), "gatherings", id="none-were-wanted"),
    pytest.param(with_guests({0: FIRST, 1: "gh"}), "gatherings", id="too-small"),
    pytest.param(with_guests({0: "abcde", 1: SECOND}), "gatherings", id="too-large"),
    pytest.param(with_guests({0: FIRST, 1: SECOND}, h=2), "gatherings", id="one-gathering-in-two-cities"),
    pytest.param(with_guests({0: FIRST, 2: SECOND}), "gatherings", id="misnumbered"),
    pytest.param(with_plan(gathering_accounts=(account(),)), "gatherings", id="a-gathering-without-an-account"),
    pytest.param(with_plan(gathering_accounts=(account(),) * 3), "gatherings", id="an-account-without-a-gathering"),
    pytest.param(with_plan(hubs=hubs(capacity=3)), "gatherings", id="more-than-the-hall-holds"),
    pytest.param(lambda world: replace(world, places=places("abcdefg")), "journeys", id="a-guest-without-a-home"),
    pytest.param(with_plan(hubs=Towns(hubs().frame.head(1))), "journeys", id="no-such-city"),
    pytest.param(with_amount("travel_km", "b", way_km("b", 0) - 9), "journeys", id="way-understated"),
    pytest.param(with_amount("travel_km", "h", way_km("h", 1) * 1.02), "journeys", id="way-overstated"),
    pytest.param(with_amount("travel_km", "h", way_km("h", 0)), "journeys", id="the-way-to-the-other-hub"),
    pytest.param(with_stated_reach("g", way_km("g", 1) - 9), "journeys", id="sent-further-than-they-said"),
    pytest.param(with_far_km(way_km("a", 0) - 9), "journeys", id="sent-further-than-anybody-goes"),
    pytest.param(with_amount("company", "c", EFFORT["c"] + 0.4), "gains", id="somebody-gains-too-little"),
    pytest.param(with_amount("effort", "f", COMPANY["f"] + 1), "gains", id="somebody-pays-for-the-others"),
    pytest.param(with_amount("company", "c", COMPANY["c"] + 1), "gains", id="gains-do-not-add-up"),
    pytest.param(with_plan(gathering_objective=objective(VALUE - 1, VALUE)), "gains", id="value-understated"),
    pytest.param(
        with_plan(gathering_objective=objective(VALUE + OPENING_COST, VALUE + 9)), "gains", id="one-hall-unpaid"
    ),
    pytest.param(with_plan(gathering_objective=objective(VALUE, VALUE - 0.1)), "gains", id="value-above-its-bound"),
    pytest.param(with_plan(gathering_objective=None), "gains", id="no-word-of-what-they-are-worth"),
]

CLEAN = [
    pytest.param(lambda world: world, id="as-it-is"),
    pytest.param(with_stated_reach("g", way_km("g", 1) + 1), id="just-within-what-they-said"),
    pytest.param(with_stated_reach("e", 1.0), id="who-is-not-asked-may-stay-at-home"),
    pytest.param(with_amount("travel_km", "b", way_km("b", 0) + 0.05), id="rounded-a-little"),
    pytest.param(with_plan(hubs=hubs(capacity=4)), id="a-full-hall"),
    pytest.param(with_blocks(("a", "h"), ("e", "a")), id="blocks-between-gatherings"),
    pytest.param(with_plan(gathering_objective=objective(VALUE, VALUE)), id="the-best-there-is"),
    pytest.param(
        with_plan(attendances=Attendances.none(), gathering_accounts=(), gathering_objective=None), id="none-at-all"
    ),
]


@pytest.mark.parametrize("mutate", CLEAN)
def test_clean_gatherings_pass(mutate: Mutation) -> None:
    """What is at the edge of a rule breaks none."""
    assert audited(mutate(clean_world())).violations == ()


def test_everything_is_looked_at() -> None:
    """A check that counts nothing has seen nothing."""
    checked = {check.name: check.n_checked for check in audited(clean_world()).checks}

    assert checked == {"guests": 7, "gatherings": 2, "journeys": 7, "gains": 7}


@pytest.mark.parametrize(("mutate", "check_name"), BROKEN)
def test_a_broken_gathering_is_caught(mutate: Mutation, check_name: str) -> None:
    """One violation is enough to keep the plan from being published, and it is found by the check that it breaks."""
    audit = audited(mutate(clean_world()))

    assert check_name in {check.name for check in audit.checks if check.violations}


def test_every_check_has_a_gathering_that_breaks_it() -> None:
    """A check that nothing can break checks nothing."""
    assert {check.name for check in audited(clean_world()).checks} == {str(case.values[1]) for case in BROKEN}


def test_a_violation_names_whom_it_is_about() -> None:
    """The one who is sent too far, and nobody else."""
    audit = audited(with_stated_reach("g", 100.0)(clean_world()))

    assert audit.violations == ("journeys: gathering 1: g is sent further than they said",)


def test_who_is_asked_has_a_place_and_may_sit_at_home_too() -> None:
    """A guest is in no other place, or in a group as well; but nobody is left out and asked at once."""
    world = clean_world()
    at_home = replace(world.plan, seats=seats_of(INDEX, ["ei"]), unplaced=unplaced(""))
    both = replace(world.plan, seats=seats_of(INDEX, ["ab"]))
    torn = replace(world.plan, unplaced=unplaced("aei"))

    found = [_broken(world, plan, "once") for plan in (world.plan, at_home, both, torn)]

    assert found == [(), (), (), ("a is left out and asked to a gathering",)]


@pytest.mark.parametrize(
    ("days_ago", "meeting", "is_broken"),
    [
        pytest.param(89, "gathering 0", True, id="asked-this-season"),
        pytest.param(90, "gathering 0", False, id="asked-a-season-ago"),
        pytest.param(0, "gathering 0", False, id="tonight"),
        pytest.param(9, "group 0", False, id="sat-at-a-table"),
        pytest.param(9, "", False, id="passed-over"),
    ],
)
def test_who_was_asked_this_season_is_not_asked_again(days_ago: float, meeting: str, *, is_broken: bool) -> None:
    """G is asked to the second gathering; an older one of A does not hide it."""
    rows = [(AS_OF - timedelta(days=days_ago), "g", meeting), (AS_OF - timedelta(days=200), "a", "gathering 1")]
    past = PastMeetings.sorted(pl.DataFrame(rows, schema=PastMeetings.schema(), orient="row"))

    audit = audit_rounds(clean_world().plan, past, OPTIONS)

    found = f"rested: gathering 1: g was asked in the round of {AS_OF - timedelta(days=days_ago):%Y-%m-%d}"
    assert audit.violations == ((found,) if is_broken else ())


@pytest.mark.parametrize(
    ("quoted", "fault"),
    [
        pytest.param("by-nobody", "which does not exist", id="made-up"),
        pytest.param("pm", "which is private", id="private"),
        pytest.param("new", "which is later than the plan", id="from-the-future"),
        pytest.param("by-f", "which none of them wrote", id="by-a-guest-of-the-other-gathering"),
    ],
)
def test_a_gathering_quotes_its_own_guests_in_public(quoted: str, fault: str) -> None:
    """Evidence is public, of the past, and by those who are asked."""
    world = clean_world()
    plan = replace(world.plan, gathering_accounts=(account("by-a", quoted), account("by-g")))

    assert _broken(world, world.plan, "evidence") == ()
    assert _broken(world, plan, "evidence") == (f"gathering 0 quotes {quoted}, {fault}",)


def _broken(world: World, plan: Plan, check_name: str) -> tuple[str, ...]:
    """What one check of the whole plan finds."""
    audit = audit_plan(plan, world.members, world.messages, world.blocks, world.places, AuditOptions(min_size=2))
    return next(check.violations for check in audit.checks if check.name == check_name)
