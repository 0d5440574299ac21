"""What a change costs and breaks, as laws beside the slow truth, and in worlds that can be read."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.arrangement.changes import (
    RULES,
    DeskQuestion,
    Offer,
    Party,
    added,
    best_changes,
    keep_apart,
    leave_question,
    merged,
    moved,
    removed,
    split,
    swapped,
    weigh,
    weigh_group,
)
from matcher.arrangement.groups import GroupOptions, form_groups
from matcher.arrangement.seating import ask
from matcher.errors import InputError
from matcher.numeric.pool import FORBIDDEN, n_broken, worth
from matcher.units import MemberId
from tests.unit.arrangement.desks import LETTERS, friends, ids, in_towns, means, parties, question_of, random_question
from tests.unit.arrangement.random_pools import all_worths
from tests.unit.arrangement.worlds import (
    affinities_of,
    groups_in,
    index_of,
    picture_of,
    rotation_of,
    ties_of,
    travel_of,
    vetoes_of,
)

seeds = st.integers(0, 2**32 - 1)


def broken(question: DeskQuestion, group: str) -> list[tuple[str, str]]:
    """The rules that a group breaks, each with those concerned."""
    return [(one.rule, "".join(one.members)) for one in weigh_group(question, ids(group)).broken]


@settings(max_examples=60)
@given(seed=seeds)
def test_a_group_breaks_no_rule_just_where_it_is_legal_and_is_worth_what_the_search_says(seed: int) -> None:
    """Every set of members, beside the definition of a legal group and beside the search's own kernels."""
    question = random_question(seed, n_members=7)
    worths, (low, high) = all_worths(question.pool), question.pool.sizes

    for size in range(1, 8):
        for rows in combinations(range(7), size):
            group, array = weigh_group(question, question.party(rows)), np.array(rows, np.int64)
            assert (not group.broken) == (rows in worths)
            if low <= size <= high:
                assert (not group.broken) == (n_broken(question.pool, array, size) == 0)
            if not group.broken:
                assert group.value == pytest.approx(worths[rows], abs=1e-9)
                assert group.value == pytest.approx(worth(question.pool, array, size), abs=1e-9)
                assert group.town is not None or not len(question.pool.towns)


@given(seed=seeds)
def test_every_rule_has_a_name_that_is_explained(seed: int) -> None:
    """And names only members of the group, a pair where two are kept apart, ascending."""
    question = random_question(seed)

    for rows in combinations(range(8), 4):
        group = weigh_group(question, question.party(rows))
        for one in group.broken:
            assert one.rule in RULES
            assert list(one.members) == sorted(one.members)
            assert {*one.members} <= {*group.members}
            assert len(one.members) == 2 or one.rule != "kept_apart"


def test_a_question_left_behind_weighs_the_nights_groups_as_the_plan_does() -> None:
    """Each seat's terms, way and town, and the sum, are those that the plan tells."""
    index = index_of("abcdefgh")
    dice = np.random.default_rng(5)
    affinities = affinities_of(index, {(a, b): float(dice.uniform(0.4, 1)) for a, b in combinations("abcdefgh", 2)})
    ways = {member: {"East": float(dice.uniform(1, 60)), "West": float(dice.uniform(1, 60))} for member in "abcdefgh"}
    picture = picture_of(travel_of(index, ways), ties_of(index, {}), vetoes_of(index, [("a", "b")]))
    rotation, options = rotation_of(picture, affinities), GroupOptions(min_fit_lift=0.2, tie_lift=0.3, travel_lift=0.2)
    asked = ask(affinities, picture, rotation, options, stranger_chance=0.5)
    seats, objective = form_groups(asked, picture, rotation, options, means(), stranger_chance=0.5)

    question = leave_question(asked, picture.travel, seats, objective)
    groups = [weigh_group(question, group) for group in question.groups]

    told = {row["member"]: row for row in seats.frame.to_dicts()}
    assert [list(group) for group in question.groups] == groups_in(seats)
    assert sum(group.value for group in groups) == pytest.approx(objective.value)
    for group in groups:
        assert not group.broken
        for seat in group.seats:
            terms = (seat.fit_share, seat.repeat_cost, seat.overdue_bonus, seat.travel_cost, seat.travel_km)
            names = ("fit_share", "repeat_cost", "overdue_bonus", "travel_cost", "travel_km")
            assert terms == pytest.approx(tuple(told[seat.member][name] for name in names))
            assert group.town == told[seat.member]["town"]


@pytest.mark.parametrize(
    ("group", "rules"),
    [
        pytest.param("bcd", [], id="legal"),
        pytest.param("bc", [("size", "bc")], id="two-are-too-few"),
        pytest.param("bcdef", [("size", "bcdef")], id="five-are-too-many"),
        pytest.param("abcd", [("kept_apart", "ab")], id="kept-apart"),
        pytest.param("bcg", [("too_little_fit", "g"), ("too_few_ties", "g")], id="a-stranger"),
        pytest.param("bch", [("too_few_ties", "h")], id="much-liked-by-nobody-really"),
        pytest.param("bcz", [("not_seatable", "z"), ("too_little_fit", "b")], id="nobody-knows-z"),
    ],
)
def test_broken_rules_are_named_with_those_concerned(group: str, rules: list[tuple[str, str]]) -> None:
    """A and b are kept apart; g is a stranger to all; h fits with everyone a little."""
    strangers = {(min(pair), max(pair)): 0.0 for pair in zip("g" * 7, "abcdefh", strict=True)}
    lukewarm = {(member, "h"): 0.35 for member in "abcdef"}
    question = friends(8, strangers | lukewarm | {("b", "c"): 0.55}, apart=[("a", "b")])

    assert {*rules} <= {*broken(question, group)}
    assert {rule for rule, _ in broken(question, group)} <= {rule for rule, _ in rules}


def test_what_is_missing_is_told_in_numbers() -> None:
    """How much fit there is and is asked for, how many ties, and how many seats."""
    question = friends(6, {("a", "b"): 0.1, ("a", "c"): 0.2})

    little, few = weigh_group(question, ids("abc")).broken
    [size] = weigh_group(question, ids("bcdef")).broken

    assert (little.rule, little.needed) == ("too_little_fit", 0.3)
    assert little.found == pytest.approx(0.15)
    assert (few.rule, few.found, few.needed) == ("too_few_ties", 0, 1)
    assert (size.found, size.needed) == (5, 4)


NEAR = {"a": {0: 5.0}, "b": {0: 5.0}, "c": {0: 9.0}}
ASUNDER = {"a": {0: 5.0, 1: 5.0}, "b": {1: 5.0, 2: 5.0}, "c": {0: 9.0, 2: 9.0}}


@pytest.mark.parametrize(
    ("km", "most", "rule"),
    [
        pytest.param(NEAR, 3, None, id="one-town"),
        pytest.param(ASUNDER, 3, "no_common_town", id="none"),
        pytest.param(NEAR, 2, "no_room", id="too-small"),
    ],
)  # fmt: skip
def test_no_place_for_all_is_told_apart_from_a_place_that_is_too_small(
    km: dict[str, dict[int, float]], most: int, rule: str | None
) -> None:
    """An organizer can do something about a small room."""
    group = weigh_group(in_towns(friends(3, {}), km, most=most), ids("abc"))

    assert [one.rule for one in group.broken] == ([rule] if rule else [])
    assert [seat.travel_km for seat in group.seats] == ([None] * 3 if rule else [5.0, 5.0, 9.0])


def test_no_evening_for_all_is_no_common_time() -> None:
    """Each two have one, all three have none."""
    question = friends(4, {})
    slots = np.array([[3], [6], [5], [7]], np.uint64)

    question = question_of(question.pool._replace(slots=slots))

    assert broken(question, "abc") == [("no_common_time", "abc")]
    assert broken(question, "abd") == []


def test_the_weakest_link_is_who_fits_least() -> None:
    """Cohesion is the mean fit; c and d hardly know each other, d is the weaker for b."""
    group = weigh_group(friends(4, {("c", "d"): 0.2, ("b", "d"): 0.3}), ids("dcba"))

    assert group.members == ids("abcd")
    assert group.weakest is not None
    assert group.weakest.member == "d"
    assert group.weakest.fit_share == pytest.approx(1 / 3)
    assert group.cohesion == pytest.approx(2 / 12 * (0.5 * 4 + 0.2 + 0.3))


@given(seed=seeds)
def test_a_change_costs_what_its_groups_are_worth_then_and_now(seed: int) -> None:
    """Groups that stand in both are left out, and change nothing in the sum."""
    question = random_question(seed)
    before = parties("abcd", "ef", "gh")
    after = swapped(before, MemberId("a"), MemberId("e"))

    part, whole = weigh(question, before[:2], after[:2]), weigh(question, before, after)

    assert part == whole
    assert [group.members for group in whole.after] == [ids("bcde"), ids("af")]
    values = [sum(weigh_group(question, group).value for group in groups) for groups in (before, after)]
    assert whole.difference == pytest.approx(values[1] - values[0])
    assert whole.broken == tuple(rule for group in whole.after for rule in group.broken)


@pytest.mark.parametrize(
    ("after", "twice"),
    [
        pytest.param(["abcd", "dfg"], "dd", id="in-two-new-groups"),
        pytest.param(["abd", "def"], "d", id="taken-from-a-group-that-stays"),
        pytest.param(["abcc"], "c", id="in-one-group"),
        pytest.param(["abc", "abc"], "aabbcc", id="one-group-twice"),
        pytest.param(["abc", "def"], "", id="nobody"),
    ],
)
def test_whoever_sits_twice_is_named(after: list[str], twice: str) -> None:
    """In every group that is new; also where the other one stays as it is."""
    weighed = weigh(friends(7, {}), parties("def"), parties(*after))

    told = [one.members[0] for one in weighed.broken if one.rule == "seated_twice"]
    assert sorted(told) == [*twice]


def test_changes_are_lists_of_members() -> None:
    """Each kind of change, on groups that can be read."""
    groups = parties("abc", "def")

    assert swapped(groups, *ids("ce")) == parties("abe", "cdf")
    assert swapped(groups, *ids("az")) == swapped(groups, *ids("za")) == parties("bcz", "def")
    assert moved(groups, MemberId("a"), 1) == parties("bc", "adef")
    assert moved(parties("a", "bc"), MemberId("a"), 1) == parties("abc")
    assert split(ids("abcdef"), ids("dac")) == parties("bef", "acd")
    assert merged(*parties("ace", "bd")) == ids("abcde")
    assert added(ids("bc"), MemberId("a")) == ids("abc")
    assert removed(ids("abc"), MemberId("b")) == ids("ac")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(lambda: swapped(parties("ab", "cd"), *ids("ab")), "in one group", id="swap-neighbours"),
        pytest.param(lambda: swapped(parties("ab", "cd"), *ids("yz")), "in no group", id="swap-nobody"),
        pytest.param(lambda: moved(parties("ab", "cd"), MemberId("z"), 1), "sits in none", id="move-nobody"),
        pytest.param(lambda: moved(parties("ab", "cd"), MemberId("a"), 0), "cannot move", id="move-home"),
        pytest.param(lambda: moved(parties("ab", "cd"), MemberId("a"), 2), "cannot move", id="move-away"),
        pytest.param(lambda: split(ids("abc"), ids("abc")), "not all", id="split-all"),
        pytest.param(lambda: split(ids("abc"), ids("")), "not all", id="split-none"),
        pytest.param(lambda: split(ids("abc"), ids("az")), "not in it", id="split-strangers"),
        pytest.param(lambda: merged(*parties("abc", "abc")), "cannot be merged", id="merge-itself"),
        pytest.param(lambda: added(ids("abc"), MemberId("a")), "already", id="add-again"),
        pytest.param(lambda: removed(ids("abc"), MemberId("z")), "not in the group", id="remove-nobody"),
    ],
)
def test_nonsense_is_refused(change: Callable[[], object], words: str) -> None:
    """Before anything is weighed."""
    with pytest.raises(InputError, match=words):
        change()


def test_two_who_are_kept_apart_from_now_on_are_so_everywhere() -> None:
    """What they were to each other is forgotten; all else stays; whoever is not asked tonight does not matter."""
    question = friends(5, {}, apart=[("a", "b")], sizes=(3, 5))

    stricter = keep_apart(question, [(MemberId("d"), MemberId("c")), (MemberId("a"), MemberId("z"))])

    assert broken(question, "bcde") == []
    assert broken(stricter, "bcde") == [("kept_apart", "cd")]
    assert broken(stricter, "abce") == [("kept_apart", "ab")]
    assert weigh_group(stricter, ids("ace")) == weigh_group(question, ids("ace"))
    assert stricter.pool.matrix[2, 3] == stricter.pool.matrix[3, 2] == FORBIDDEN


def all_changes(question: DeskQuestion, groups: tuple[Party, ...], member: MemberId) -> dict[frozenset[Party], float]:
    """Every legal swap and move of a member, as the groups that come of it, with what it gains."""
    drafts = [moved(groups, member, at) for at in range(len(groups)) if any(member in one for one in groups)
              and member not in groups[at]]  # fmt: skip
    if not any(member in group for group in groups):
        drafts += [(*groups[:at], added(group, member), *groups[at + 1 :]) for at, group in enumerate(groups)]
    for other in question.members:
        homes = [[one for one in groups if who in one] for who in (member, other)]
        if other != member and homes[0] != homes[1]:
            drafts.append(swapped(groups, member, other))
    weighed = [(draft, weigh(question, groups, draft)) for draft in drafts]
    return {frozenset(draft): one.difference for draft, one in weighed if not one.broken}


@given(seed=seeds, member=st.sampled_from("abcdefghi"))
def test_the_best_changes_are_those_found_by_trying_all(seed: int, member: str) -> None:
    """The same groups come of them, in the order of what they gain."""
    question = random_question(seed, n_members=9)
    groups = parties("abc", "def") if question.pool.sizes[0] <= 3 else parties("abcd", "efgh")

    offers = best_changes(question, groups, ids(member), n_offers=100)

    truth = all_changes(question, groups, MemberId(member))
    drafts = {frozenset({*groups} - {*one.before} | {*one.after}): one.difference for one in offers}
    assert drafts == pytest.approx(truth, abs=1e-9)
    assert [one.difference for one in offers] == sorted((one.difference for one in offers), reverse=True)


def test_a_group_is_offered_who_could_join_it_and_locked_groups_stay() -> None:
    """G is everybody's friend and sits nowhere; with the other group locked there is nobody else to come."""
    question = friends(7, {(member, "g"): 0.9 for member in "abcdef"})
    groups = parties("abc", "def")

    offers = best_changes(question, groups, ids("abc"), locked=parties("def"), n_offers=20)

    assert offers[0] == Offer(kind="add", before=parties("abc"), after=parties("abcg"), difference=offers[0].difference)
    assert {one.kind for one in offers} == {"add", "swap"}
    assert all(one.before == parties("abc") for one in offers)
    assert best_changes(question, groups, ids("abc"), locked=parties("abc")) == ()


def test_nobody_is_offered_to_whoever_could_sit_nowhere() -> None:
    """Who is not part of tonight's question has no seat to change."""
    assert best_changes(friends(6, {}), parties("abc", "def"), ids("z")) == ()
    assert len(LETTERS) == 26
