"""Whoever was passed over comes first, and two meet again only so that nobody is passed over twice.

Small worlds, in which the best plan is found by trying them all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.arrangement.rotation import Rotation, RotationOptions, note_round, owed_weights, prices, recall, repeats_in
from matcher.errors import SettingsError
from matcher.numeric.sparse_rows import entries
from matcher.tables.community import Community, PastMeetings
from matcher.tables.proposals import Introductions
from tests.unit.arrangement.worlds import (
    AS_OF,
    affinities_of,
    blocks_of,
    community_of,
    index_of,
    meetings_of,
    members_of,
    messages_by,
    seats_of,
)
from tests.unit.publish.worlds import a_night

Pair = tuple[str, str]
Group = tuple[str, ...]
MEMBERS = "abcdefg"
PAIRS = list(combinations(MEMBERS, 2))
SIZES = (2, 3)
NIGHTS = [AS_OF - timedelta(days=days) for days in (21, 14, 7)]


def community_with(meetings: PastMeetings) -> Community:
    """Seven silent members with a past."""
    return replace(community_of(members_of(MEMBERS), messages_by({}), blocks_of()), meetings=meetings)


def recalled(meetings: PastMeetings, weights: Mapping[Pair, float], options: RotationOptions | None = None) -> Rotation:
    """What these rounds ask of a night with these affinities."""
    affinities = affinities_of(index_of(MEMBERS), weights)
    return recall(community_with(meetings), affinities, options or RotationOptions(), max_size=max(SIZES))


def worth(group: Group, weights: Mapping[Pair, float], rotation: Rotation) -> float:
    """The objective of one group: fits, minus the cost of repeats, plus debts."""
    rows = np.array([MEMBERS.index(member) for member in group])
    pairs = list(combinations(range(len(group)), 2))
    ends = np.array(pairs).T
    repeats = entries(rotation.repeats, rows[ends[0]], rows[ends[1]])
    fits = [weights.get((group[one], group[other]), 0.0) for one, other in pairs]
    return float(2 * (np.sum(fits) - repeats.sum()) / (len(group) - 1) + rotation.overdue[rows].sum())


def plans(members: Group, legal: frozenset[Group]) -> Iterator[tuple[Group, ...]]:
    """Every set of disjoint legal groups."""
    if not members:
        yield ()
        return
    yield from plans(members[1:], legal)
    for group in sorted(legal):
        if group[0] == members[0] and set(group) <= set(members):
            rest = tuple(member for member in members if member not in group)
            for others in plans(rest, legal):
                yield (group, *others)


def best_plan(weights: Mapping[Pair, float], rotation: Rotation, legal: frozenset[Group]) -> tuple[Group, ...]:
    """The plan with the largest objective."""
    value = {group: worth(group, weights, rotation) for group in legal}
    return max(plans(tuple(MEMBERS), legal), key=lambda plan: (sum(value[group] for group in plan), plan))


def legal_groups(weights: Mapping[Pair, float]) -> frozenset[Group]:
    """Groups in which everyone has a tie to everyone."""
    groups = [group for size in SIZES for group in combinations(MEMBERS, size)]
    return frozenset(group for group in groups if all(pair in weights for pair in combinations(group, 2)))


def has_repeat(group: Group, rotation: Rotation) -> bool:
    """Whether two of a group have met."""
    met = set(rotation.met.frame.select(pl.col("member_a", "member_b").cast(pl.String)).iter_rows())
    return bool(met & set(combinations(group, 2)))


def debt(group: Group, rotation: Rotation) -> int:
    """Rounds that a group's members have waited, together."""
    return int(sum(rotation.n_waited[MEMBERS.index(member)] for member in group))


worlds = st.dictionaries(st.sampled_from(PAIRS), st.sampled_from([0.001, 0.02, 0.3, 0.9]), min_size=1, max_size=11)
pasts = st.lists(st.lists(st.sampled_from(["", "one", "two", None]), min_size=7, max_size=7), max_size=3)


def past_of(rounds: list[list[str | None]]) -> PastMeetings:
    """Where each member was in each round; None: not open to proposals."""
    rows = [
        (at, member, meeting)
        for at, places in zip(NIGHTS, rounds, strict=False)
        for member, meeting in zip(MEMBERS, places, strict=True)
        if meeting is not None
    ]
    return PastMeetings.sorted(pl.DataFrame(rows, schema=PastMeetings.schema(), orient="row"))


@given(weights=worlds, rounds=pasts)
def test_whoever_waits_is_left_out_only_where_it_would_cost_others_as_many_rounds(
    weights: dict[Pair, float], rounds: list[list[str | None]]
) -> None:
    """However much better others would fit, and whomever they have met."""
    rotation, legal = recalled(past_of(rounds), weights), legal_groups(weights)

    plan = best_plan(weights, rotation, legal)

    for group in legal - set(plan):
        broken_up = [other for other in plan if set(other) & set(group)]
        assert debt(group, rotation) <= sum(debt(other, rotation) for other in broken_up)


@given(weights=worlds, rounds=pasts)
def test_a_repeat_stands_only_where_nothing_new_brings_in_as_much_debt(
    weights: dict[Pair, float], rounds: list[list[str | None]]
) -> None:
    """So never for fit alone: without a debt, no group is better than one with a repeat."""
    rotation, legal = recalled(past_of(rounds), weights), legal_groups(weights)

    plan = best_plan(weights, rotation, legal)

    for group in plan:
        if has_repeat(group, rotation):
            seated = {member for other in plan if other != group for member in other}
            instead = [new for new in legal if not set(new) & seated and not has_repeat(new, rotation)]
            assert debt(group, rotation) > 0
            assert all(debt(new, rotation) < debt(group, rotation) for new in instead)


def test_nobody_is_passed_over_twice_running_and_nobody_meets_again_while_others_are_new() -> None:
    """Seven who all could meet, in twos and threes no larger than a car: a and b fit far better than anybody."""
    weights = {pair: 0.9 if pair == ("a", "b") else 0.01 + number / 1000 for number, pair in enumerate(PAIRS)}
    legal = frozenset(group for group in legal_groups(weights) if len(group) == 2)
    past: dict[object, list[Group]] = {}
    left_out = []

    for night in NIGHTS:
        rotation = recalled(meetings_of(past, MEMBERS), weights)  # type: ignore[arg-type] # nights are instants
        past[night] = list(best_plan(weights, rotation, legal))
        left_out.append(set(MEMBERS) - {member for group in past[night] for member in group})

    pairs = [group for groups in past.values() for group in groups]
    assert len(pairs) == len(set(pairs)) == 9
    assert [len(left) for left in left_out] == [1, 1, 1]
    assert not left_out[0] & left_out[1]
    assert not left_out[1] & left_out[2]


def test_four_who_have_only_each_other_wait_one_round_and_meet_again() -> None:
    """Not again the very next night for the joy of it, and not passed over twice either."""
    weights = dict.fromkeys(combinations("abc", 2), 0.5)
    met = meetings_of({NIGHTS[0]: ["abc"]}, "abc")
    waited = meetings_of({NIGHTS[0]: ["abc"], NIGHTS[1]: []}, "abc")

    second, third = (best_plan(weights, recalled(past, weights), legal_groups(weights)) for past in (met, waited))

    assert second == ()
    assert third == (("a", "b", "c"),)


def test_waiting_ends_with_a_place_and_rounds_in_which_one_was_not_open_do_not_count() -> None:
    """A waited twice since the first round; b only once; c was placed last; d was not open in the second round."""
    past = past_of([["one", "", "", "", None, None, None], ["", "one", "", None, None, None, None], ["", "", "one", ""]
                    + [None] * 3])  # fmt: skip

    rotation = recalled(past, {("a", "b"): 0.5})

    assert rotation.n_waited.tolist() == [2, 1, 0, 2, 0, 0, 0]
    assert dict(rotation.waits.frame.iter_rows()) == {"a": 2, "b": 1, "d": 2}
    assert rotation.overdue[0] == pytest.approx(2 * rotation.overdue[1])
    assert rotation.overdue[4] == 0


def test_the_last_meeting_of_a_pair_costs_more_than_one_long_ago() -> None:
    """Where two must meet again, those whose meeting is older do."""
    past = meetings_of({NIGHTS[0]: ["ab", "cd"], NIGHTS[1]: ["ef"], NIGHTS[2]: ["cd"]})

    rotation = recalled(past, {("a", "b"): 0.5})

    costs = entries(rotation.repeats, np.array([2, 4, 0, 0]), np.array([3, 5, 1, 2]))
    assert costs[0] > costs[1] > costs[2] > costs[0] / 2
    assert costs[3] == 0
    assert np.array_equal(rotation.repeats.toarray(), rotation.repeats.toarray().T)
    last = rotation.met.frame.select(pl.col("member_a").cast(pl.String), "last_at").rows()
    assert last == [("a", NIGHTS[0]), ("c", NIGHTS[2]), ("e", NIGHTS[1])]


def test_only_so_many_rounds_are_remembered() -> None:
    """What lies further back is forgiven and forgotten."""
    past = meetings_of({NIGHTS[0]: ["ab"], NIGHTS[1]: ["cd"], NIGHTS[2]: []}, "g")

    remembered = [recalled(past, {("a", "b"): 0.5}, RotationOptions(rounds=rounds)) for rounds in (0, 1, 2, 9)]

    assert [len(one.met) for one in remembered] == [0, 0, 1, 2]
    assert [int(one.n_waited[6]) for one in remembered] == [0, 1, 2, 3]


def test_the_prices_follow_the_best_fit_of_the_night() -> None:
    """In the units of the objective, so that they mean the same in every community."""
    affinities = affinities_of(index_of("abc"), {("a", "b"): 0.5, ("b", "c"): 0.1})

    assert prices(affinities, RotationOptions(), max_size=4) == pytest.approx((8.0, 40.0))
    assert prices(affinities, RotationOptions(), max_size=4, largest_travel_cost=0.5) == pytest.approx((16.0, 80.0))
    assert prices(affinities, RotationOptions(repeat_weight=0), max_size=4) == pytest.approx((0.0, 8.0))
    assert prices(affinities_of(index_of("abc"), {}), RotationOptions(), max_size=4) == (0.0, 0.0)


def test_introductions_carry_debts_and_shun_repeats() -> None:
    """C has waited: any pair with c is worth more than the best without; a and b met, and are not worth it."""
    past = meetings_of({NIGHTS[2]: ["ab", "cd"]})
    waited = meetings_of({NIGHTS[1]: ["cd"], NIGHTS[2]: ["ab"]}, "c")
    edges, weights = np.array([[0, 1], [0, 2], [2, 3], [5, 6]]), np.array([0.9, 0.1, 0.2, 0.0])
    affinities = {("a", "b"): 0.9}

    met_owed = owed_weights(edges, weights, recalled(past, affinities))
    owed = owed_weights(edges, weights, recalled(waited, affinities))

    assert (met_owed >= 0).tolist() == [False, True, False, True]
    assert (owed >= 0).tolist() == [False, True, True, True]
    assert owed[1] > owed[2] > 0.9 > owed[3]


def test_without_a_past_nothing_changes() -> None:
    """The first night of a community is a night like before."""
    edges, weights = np.array([[0, 1], [1, 2]]), np.array([0.3, 0.2])

    rotation = recalled(PastMeetings.none(), {("a", "b"): 0.3})

    assert owed_weights(edges, weights, rotation).tolist() == [0.3, 0.2]
    assert not rotation.overdue.any()
    assert rotation.repeats.nnz == 0


def test_a_plan_becomes_a_round() -> None:
    """Groups, introductions, and who was open but got no place; whoever said nothing was not open."""
    plan = a_night().plan

    noted = note_round(plan).frame

    places: dict[str, list[str]] = {}
    for at, member, meeting in noted.iter_rows():
        assert at == plan.as_of
        places.setdefault(meeting, []).append(member)
    assert places == {
        "": ["m13"],
        "group 0": ["m01", "m02", "m03", "m04"],
        "group 1": ["m05", "m06", "m07"],
        "introduction 0": ["m01", "m08"],
        "introduction 1": ["m03", "m09"],
        "introduction 2": ["m10", "m11"],
    }


def test_the_plan_lists_who_meets_again() -> None:
    """In a group or in an introduction; whoever met but does not meet tonight is not listed."""
    index = index_of(MEMBERS)
    past = meetings_of({NIGHTS[0]: ["abc", "fg"], NIGHTS[1]: ["ad"], NIGHTS[2]: ["ef"]})
    pair = {
        "member_a": ["f"],
        "member_b": ["g"],
        "a_to_b": [0.5],
        "b_to_a": [0.5],
        "mutual": [0.5],
        "kind": ["reunite"],
    }
    kinds = {
        name: index.enum if column.dtype is pl.Enum else column.dtype for name, column in Introductions.columns.items()
    }
    empty = {name: [None] for name in kinds.keys() - pair.keys()}
    introductions = Introductions.sorted(pl.DataFrame(pair | empty, schema=kinds))

    again = repeats_in(seats_of(index, ["abde"]), introductions, recalled(past, {("a", "b"): 0.5}))

    rows = again.frame.select(pl.col("member_a", "member_b").cast(pl.String), "last_at").rows()
    assert rows == [("a", "b", NIGHTS[0]), ("a", "d", NIGHTS[1]), ("f", "g", NIGHTS[0])]


def test_a_weight_that_cannot_be_meant_is_refused() -> None:
    """Debts are never turned into penalties."""
    with pytest.raises(SettingsError, match="overdue_weight"):
        RotationOptions(overdue_weight=-1.0)
