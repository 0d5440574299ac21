"""The audit lets a clean plan pass and catches every kind of broken one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import polars as pl
import pytest
from geopy.distance import geodesic

from matcher.rules.audit import AuditOptions, audit_plan, audit_rounds
from matcher.tables.community import Blocks, MemberIndex, Members, Messages
from matcher.tables.geography import Places, Towns
from matcher.tables.proposals import (
    LEFT_OUT_REASONS,
    Account,
    Introductions,
    Matching,
    Objective,
    Plan,
    Seats,
    Unplaced,
)
from tests.unit.arrangement.worlds import (
    AS_OF,
    blocks_of,
    index_of,
    meetings_of,
    members_of,
    members_who,
    messages_by,
    past_pairs_of,
)

EVERYONE = "abcdefghijx"
HOMES = {member: (45.0 + row / 10, 5.0 + row / 50) for row, member in enumerate(EVERYONE)}
TOWNS = [(45.1, 5.1), (45.5, 5.0)]
REACH_KM = 60.0


@dataclass(frozen=True, kw_only=True)
class World:
    """All that the audit is given."""

    plan: Plan
    members: Members
    messages: Messages
    blocks: Blocks
    places: Places


def way_km(member: str, town: int) -> float:
    """The true way of a member."""
    return float(geodesic(HOMES[member], TOWNS[town]).km)


def account(*evidence: str) -> Account:
    """An account with nothing but evidence."""
    return Account(reasons=(), shared_topics=(), evidence=evidence, starter="")


def clean_world() -> World:
    """A to D meet in the first town, E and F in the second, through G; I and J begin online; G and H stay.

    X is known but did not opt in. J blocks A, with whom nobody brings them together.
    """
    index = index_of(EVERYONE)
    plan = Plan(
        as_of=AS_OF,
        seats=seats(index, "abcd"),
        introductions=introductions(index),
        unplaced=unplaced(index, "gh"),
        group_accounts=(account("by-a", "by-b"),),
        introduction_accounts=(account("by-f"), account()),
        towns=towns(),
        objective=Objective(value=2.0, upper_bound=2.5, bound_scope="candidate pairs", stranger_chance=0.5),
        matching=matching(8 / 15 + 0.5, 1.2),
    )
    return World(
        plan=plan,
        members=members_of(EVERYONE, left="x"),
        messages=messages_by(
            {f"by-{member}": member for member in EVERYONE} | {"pm": "a", "new": "a"}, private=["pm"], late=["new"]
        ),
        blocks=blocks_of([("j", "a")]),
        places=places(index),
    )


def matching(value: float, upper_bound: float) -> Matching:
    """What the plan says of its introductions."""
    return Matching(value=value, upper_bound=upper_bound, bound_scope="candidate pairs", n_blocking_pairs=0)


def seats(index: MemberIndex, group: str) -> Seats:
    """One group in the first town, everyone fitting by one half."""
    rows = [(0, member, 0, way_km(member, 0), 0.5, 0.0, 0.0, 0.0) for member in group]
    schema = {name: index.enum if name == "member" else column.dtype for name, column in Seats.columns.items()}
    return Seats.sorted(pl.DataFrame(rows, schema=schema, orient="row"))


def introductions(index: MemberIndex) -> Introductions:
    """E and F in the second town through G; I and J online."""
    rows: list[tuple[object, ...]] = [
        ("e", "f", 0.4, 0.8, 8 / 15, "introduce", "g", 1, way_km("e", 1), way_km("f", 1)),
        ("i", "j", 0.5, 0.5, 0.5, "reunite", None, None, None, None),
    ]
    ids = {"member_a", "member_b", "via"}
    schema = {name: index.enum if name in ids else column.dtype for name, column in Introductions.columns.items()}
    return Introductions.sorted(pl.DataFrame(rows, schema=schema, orient="row"))


def unplaced(index: MemberIndex, members: str) -> Unplaced:
    """Members for whom others fitted better."""
    reasons = pl.Series(["others_fitted_better"] * len(members), dtype=pl.Enum(list(LEFT_OUT_REASONS)))
    listed = {"member": pl.Series(list(members), dtype=index.enum), "reason": reasons, "detail": [""] * len(members)}
    return Unplaced.sorted(pl.DataFrame(listed, schema_overrides={"detail": pl.String}))


def towns() -> Towns:
    """The two towns."""
    rows = [(row, f"Town {row}", lat, lon, 1_000, "", None) for row, (lat, lon) in enumerate(TOWNS)]
    return Towns(pl.DataFrame(rows, schema=Towns.schema(), orient="row"))


def places(index: MemberIndex) -> Places:
    """Everyone's home, with the same reach."""
    rows = [(member, "Home", "", "", *HOMES[member], 1.0, 1.0, REACH_KM, REACH_KM) for member in EVERYONE]
    schema = {name: index.enum if name == "member" else column.dtype for name, column in Places.columns.items()}
    return Places.sorted(pl.DataFrame(rows, schema=schema, orient="row"))


Mutation = Callable[[World], World]


def with_blocks(*pairs: tuple[str, str]) -> Mutation:
    """Other blocks in the raw table."""
    return lambda world: replace(world, blocks=blocks_of(pairs))


def with_plan(**changes: object) -> Mutation:
    """Other fields of the plan."""
    return lambda world: replace(world, plan=replace(world.plan, **changes))  # type: ignore[arg-type]  # fields by name


def with_seats(change: pl.Expr) -> Mutation:
    """Another column of the seats."""
    return lambda world: replace(
        world, plan=replace(world.plan, seats=Seats(world.plan.seats.frame.with_columns(change)))
    )


def with_pairs(change: pl.Expr) -> Mutation:
    """Another column of the introductions."""
    return lambda world: replace(
        world,
        plan=replace(world.plan, introductions=Introductions(world.plan.introductions.frame.with_columns(change))),
    )


def with_reach(reach_km: float) -> Mutation:
    """Another reach for everyone."""
    return lambda world: replace(world, places=Places(world.places.frame.with_columns(reach_km=pl.lit(reach_km))))


def with_members_left(*left: str) -> Mutation:
    """Others who did not opt in."""
    return lambda world: replace(world, members=members_of(EVERYONE, left=left))


def with_an_unknown_reason(world: World) -> World:
    """A reason that no table would accept, put there behind the table's back."""
    frame = world.plan.unplaced.frame.with_columns(reason=pl.lit("because"))
    broken = Unplaced(world.plan.unplaced.frame)
    object.__setattr__(broken, "frame", frame)
    return replace(world, plan=replace(world.plan, unplaced=broken))


def with_group_evidence(*evidence: str) -> Mutation:
    """Other evidence for the group."""
    return with_plan(group_accounts=(account(*evidence),))


INDEX = index_of(EVERYONE)


def where(member: str, column: str, then: object, side: str = "member") -> pl.Expr:
    """The column with another value for one member."""
    return pl.when(pl.col(side) == member).then(pl.lit(then)).otherwise(pl.col(column)).cast(pl.Float64).alias(column)


def with_a_stated_home(member: str, *, reach_km: float) -> Mutation:
    """Let the export itself say where a member lives, far off, and how far they go."""

    def mutate(world: World) -> World:
        is_theirs = pl.col("member") == member
        told = world.members.frame.with_columns(
            lat=pl.when(is_theirs).then(60.0).otherwise("lat"),
            lon=pl.when(is_theirs).then(60.0).otherwise("lon"),
            reach_km=pl.when(is_theirs).then(reach_km).otherwise("reach_km"),
        )
        return replace(world, members=Members(told))

    return mutate


def with_stated(column: str, **stated: list[str]) -> Mutation:
    """Let members state languages or times; those who do not are free."""
    everyone = {member: stated.get(member, []) for member in EVERYONE}

    def mutate(world: World) -> World:
        lists = members_who(column, everyone).frame.get_column(column)
        return replace(world, members=Members(world.members.frame.with_columns(lists)))

    return mutate


BROKEN = [
    pytest.param(with_stated("languages", b=["en"], c=["fr"]), "languages", id="two-at-a-table-who-cannot-talk"),
    pytest.param(with_stated("languages", e=["en"], f=["fr"]), "languages", id="an-introduction-without-words"),
    pytest.param(
        with_stated("availability", a=["x", "y"], b=["y", "z"], c=["x", "z"]), "times", id="each-two-but-not-all"
    ),
    pytest.param(with_stated("availability", i=["x"], j=["y"]), "times", id="an-introduction-without-a-time"),
    pytest.param(with_a_stated_home("b", reach_km=30.0), "reach", id="sent-further-than-they-said"),
    pytest.param(with_members_left("x", "b"), "opted_in", id="a-seated-member-left"),
    pytest.param(with_members_left("x", "f"), "opted_in", id="an-introduced-member-left"),
    pytest.param(with_members_left("x", "g"), "opted_in", id="a-go-between-left"),
    pytest.param(with_members_left("x", "h"), "opted_in", id="an-unplaced-member-left"),
    pytest.param(with_blocks(("a", "d")), "blocks", id="block-in-a-group"),
    pytest.param(with_blocks(("d", "a")), "blocks", id="block-in-a-group-backwards"),
    pytest.param(with_blocks(("e", "f")), "blocks", id="block-in-an-introduction"),
    pytest.param(with_blocks(("f", "e")), "blocks", id="block-in-an-introduction-backwards"),
    pytest.param(with_blocks(("e", "g")), "blocks", id="blocked-go-between"),
    pytest.param(with_blocks(("g", "f")), "blocks", id="go-between-who-blocked"),
    pytest.param(with_plan(seats=seats(INDEX, "abcde")), "once", id="in-a-group-and-an-introduction"),
    pytest.param(with_plan(unplaced=unplaced(INDEX, "agh")), "once", id="in-a-group-and-unplaced"),
    pytest.param(with_plan(unplaced=unplaced(INDEX, "g")), "once", id="forgotten"),
    pytest.param(with_pairs(pl.lit("e").cast(INDEX.enum).alias("via")), "once", id="their-own-go-between"),
    pytest.param(with_plan(seats=seats(INDEX, "abc"), unplaced=unplaced(INDEX, "dgh")), "sizes", id="too-small"),
    pytest.param(with_plan(seats=seats(INDEX, "abcdefg"), unplaced=unplaced(INDEX, "h")), "sizes", id="too-large"),
    pytest.param(with_seats(where("b", "travel_km", 1.0)), "travel", id="way-understated"),
    pytest.param(with_seats(where("b", "travel_km", 50.0)), "travel", id="way-overstated"),
    pytest.param(with_pairs(where("e", "travel_km_b", 1.0, "member_a")), "travel", id="other-way-understated"),
    pytest.param(with_pairs(where("e", "travel_km_a", None, "member_a")), "travel", id="way-unknown"),
    pytest.param(with_reach(9.0), "travel", id="beyond-reach"),
    pytest.param(with_seats(pl.lit(7, pl.UInt32).alias("town")), "travel", id="no-such-town"),
    pytest.param(
        with_seats(pl.when(pl.col("member") == "d").then(1).otherwise(0).cast(pl.UInt32).alias("town")),
        "travel",
        id="two-towns",
    ),
    pytest.param(with_an_unknown_reason, "reasons", id="undocumented-reason"),
    pytest.param(with_group_evidence("by-nobody"), "evidence", id="evidence-does-not-exist"),
    pytest.param(with_group_evidence("pm"), "evidence", id="evidence-is-private"),
    pytest.param(with_group_evidence("new"), "evidence", id="evidence-from-the-future"),
    pytest.param(with_group_evidence("by-e"), "evidence", id="evidence-by-someone-else"),
    pytest.param(
        with_plan(introduction_accounts=(account("by-g"), account())), "evidence", id="evidence-by-the-go-between"
    ),
    pytest.param(with_pairs(pl.lit(0.9).alias("mutual")), "mutual", id="mutual-above-both"),
    pytest.param(with_pairs(pl.lit(0.1).alias("mutual")), "mutual", id="mutual-below-both"),
    pytest.param(with_pairs(where("e", "a_to_b", 0.2, "member_a")), "mutual", id="mutual-above-twice-the-weaker"),
    pytest.param(with_plan(group_accounts=()), "accounts", id="a-group-without-an-account"),
    pytest.param(with_plan(introduction_accounts=(account(),)), "accounts", id="a-pair-without-an-account"),
    pytest.param(with_seats(pl.lit(3, pl.UInt32).alias("group")), "accounts", id="groups-misnumbered"),
    pytest.param(
        with_plan(objective=Objective(value=2.2, upper_bound=2.5, bound_scope="candidate pairs", stranger_chance=0.5)),
        "objective",
        id="value-does-not-add-up",
    ),
    pytest.param(
        with_plan(objective=Objective(value=2.0, upper_bound=1.9, bound_scope="candidate pairs", stranger_chance=0.5)),
        "objective",
        id="value-above-its-bound",
    ),
    pytest.param(with_plan(matching=matching(1.1, 1.2)), "matching", id="introductions-do-not-add-up"),
    pytest.param(with_plan(matching=matching(8 / 15 + 0.5, 1.0)), "matching", id="introductions-above-their-bound"),
    pytest.param(
        with_pairs(pl.col("member_a").cast(pl.String).replace("i", "f").cast(INDEX.enum)),
        "limits",
        id="twice-introduced",
    ),
]


def test_a_clean_plan_passes() -> None:
    """Nothing is found, and everything was looked at."""
    world = clean_world()

    audit = audit_plan(world.plan, world.members, world.messages, world.blocks, world.places, AuditOptions())

    assert audit.violations == ()
    assert audit.is_clean
    assert all(check.n_checked > 0 for check in audit.checks)


@pytest.mark.parametrize(("mutate", "check_name"), BROKEN)
def test_a_broken_plan_is_caught(mutate: Mutation, check_name: str) -> None:
    """One violation is enough to keep the plan from being published."""
    world = mutate(clean_world())

    audit = audit_plan(world.plan, world.members, world.messages, world.blocks, world.places, AuditOptions())

    assert not audit.is_clean
    assert check_name in {check.name for check in audit.checks if check.violations}


def test_every_check_has_a_plan_that_breaks_it() -> None:
    """A check that nothing can break checks nothing."""
    world = clean_world()
    audit = audit_plan(world.plan, world.members, world.messages, world.blocks, world.places, AuditOptions())

    assert {check.name for check in audit.checks} == {str(case.values[1]) for case in BROKEN}


def test_an_online_introduction_needs_no_home() -> None:
    """I and J have no town, so nobody asks where they live."""
    world = clean_world()
    homes = Places(world.places.frame.filter(~pl.col("member").is_in(["i", "j"])))

    audit = audit_plan(world.plan, world.members, world.messages, world.blocks, homes, AuditOptions())

    assert audit.is_clean


LAST_WEEK, LAST_MONTH = AS_OF - timedelta(days=7), AS_OF - timedelta(days=30)
MET = meetings_of({LAST_MONTH: ["abg", "ef"], LAST_WEEK: ["ac", "gh"]}, "d")
AGAIN = {("a", "b"): LAST_MONTH, ("a", "c"): LAST_WEEK, ("e", "f"): LAST_MONTH}


@pytest.mark.parametrize(
    ("told", "options", "broken"),
    [
        pytest.param(AGAIN, AuditOptions(), set(), id="clean"),
        pytest.param(AGAIN, AuditOptions(cooldown_days=7), set(), id="cooldown-just-over"),
        pytest.param(AGAIN, AuditOptions(cooldown_days=8), {"cooldown"}, id="too-soon"),
        pytest.param({}, AuditOptions(), {"repeats"}, id="hidden"),
        pytest.param(AGAIN | {("a", "d"): LAST_WEEK}, AuditOptions(), {"repeats"}, id="made-up"),
        pytest.param(AGAIN | {("a", "c"): LAST_MONTH}, AuditOptions(), {"repeats"}, id="another-round"),
        pytest.param({("a", "c"): LAST_WEEK}, AuditOptions(rounds=1), set(), id="only-the-last-round-is-told"),
        pytest.param({}, AuditOptions(rounds=0), set(), id="no-round-is-told"),
    ],
)
def test_who_meets_again_is_told_and_not_too_soon(
    told: dict[tuple[str, str], datetime], options: AuditOptions, broken: set[str]
) -> None:
    """Held against the rounds themselves, pair by pair."""
    plan = replace(clean_world().plan, repeats=past_pairs_of(INDEX, told))

    audit = audit_rounds(plan, MET, options)

    assert {check.name for check in audit.checks if check.violations} == broken
    assert {check.name for check in audit.checks} == {"cooldown", "repeats", "rested"}


def test_a_bonus_and_a_cost_are_part_of_the_objective() -> None:
    """What a seat brings is its fit and its bonus, less its costs."""
    world = with_seats(pl.lit(0.5).alias("overdue_bonus"))(clean_world())
    world = with_seats(pl.lit(0.2).alias("repeat_cost"))(with_seats(pl.lit(0.1).alias("travel_cost"))(world))
    told = Objective(value=2.8, upper_bound=3.0, bound_scope="candidate pairs", stranger_chance=0.5)

    audits = [
        audit_plan(plan, world.members, world.messages, world.blocks, world.places, AuditOptions())
        for plan in (world.plan, replace(world.plan, objective=told))
    ]

    assert [audit.is_clean for audit in audits] == [False, True]
