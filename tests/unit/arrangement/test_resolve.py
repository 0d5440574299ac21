"""Groups sought anew around locks."""

from dataclasses import replace
from itertools import count, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.arrangement.changes import (
    GroupDifference,
    keep_apart,
    resolve,
    tell_difference,
    weigh,
    weigh_group,
)
from matcher.arrangement.means import WorkOptions
from matcher.errors import InputError
from matcher.units import MemberId
from tests.unit.arrangement.desks import friends, ids, means, parties, question_of, random_question
from tests.unit.arrangement.random_pools import all_worths, best_value

seeds = st.integers(0, 2**32 - 1)
PRICED = WorkOptions(n_starts=2, n_moves=300, n_rounds=40, n_passes=2)


@given(seed=seeds, work=st.sampled_from([WorkOptions(n_starts=1, n_moves=50, n_rounds=0, n_passes=1), PRICED]))
def test_locked_groups_stay_and_the_others_are_legal_around_them(seed: int, work: WorkOptions) -> None:
    """Nobody sits twice, who rests rests, who is kept apart is apart, and no better plan lies above the bound."""
    question = random_question(seed, n_members=12)
    locked, resting = parties("abcd"), ids("e")
    asked = keep_apart(question, [(MemberId("f"), MemberId("g"))])

    found = resolve(asked, parties("abcd", "fgh"), means(work=work), locked=locked, left_out=resting)

    seated = [member for group in found.groups for member in group]
    assert found.groups[0] == locked[0]
    assert len(seated) == len({*seated})
    assert "e" not in seated
    assert not any({"f", "g"} <= {*group} for group in found.groups)
    weighed = [weigh_group(asked, group) for group in found.groups]
    assert not any(group.broken for group in weighed[1:])
    assert found.locked == (weighed[0],)
    assert found.objective.value == pytest.approx(sum(group.value for group in weighed))
    free = {rows: worth for rows, worth in all_worths(asked.pool).items() if min(rows) > 4}
    best = best_value(free, 12) + weighed[0].value
    assert found.objective.value <= best + 1e-6
    if found.objective.upper_bound is not None:
        assert found.objective.upper_bound >= best - 1e-6


@given(seed=seeds)
def test_what_stands_is_never_lost_by_seeking_anew(seed: int) -> None:
    """With next to no work; the groups that stand are legal, and worth something."""
    question = random_question(seed, n_members=12)
    start = [question.party(rows) for rows, worth in all_worths(question.pool).items() if worth > 0][-1:]
    little = WorkOptions(n_starts=1, n_moves=1, n_rounds=0, n_passes=0)

    found = resolve(question, start, means(work=little))

    assert found.objective.value >= sum(weigh_group(question, group).value for group in start) - 1e-9


def test_the_same_seed_gives_the_same_groups() -> None:
    """An organizer who asks again is not surprised."""
    question = random_question(3, n_members=20)

    once, again = (resolve(question, (), means(7), locked=parties("abcd")) for _ in range(2))

    assert once == again


def test_whoever_lost_a_seat_gets_another_before_the_time_is_over() -> None:
    """Two circles of twelve, where nobody of one has a tie to the other; there is time to search in one."""
    circles = "abcdefghijkl", "mnopqrstuvwx"
    question = friends(24, {}, apart=list(product(*circles)))
    before = parties("abcd", "efgh", "ijkl", "mnop", "qrst", "uvwx")
    asked = count()

    found = resolve(question, before, replace(means(), stop=lambda: next(asked) > 0), left_out=ids("p"))

    assert found.objective.was_cut_short
    assert {*before[:3]} <= {*found.groups}
    assert {*ids("mno")} <= {member for group in found.groups for member in group}


def test_a_locked_group_may_break_a_rule_and_says_so() -> None:
    """A and b are kept apart, and two sit in both groups: it is the organizer's word."""
    question = friends(10, {}, apart=[("a", "b")])

    found = resolve(question, (), means(), locked=parties("abcd", "def"))

    told = [[(one.rule, "".join(one.members)) for one in group.broken] for group in found.locked]
    assert told == [[("kept_apart", "ab"), ("seated_twice", "d")], [("seated_twice", "d")]]
    assert found.groups == parties("abcd", "def", "ghij")


def test_a_locked_group_may_hold_somebody_who_could_sit_nowhere() -> None:
    """Z has no tie tonight: named, not refused; the others are seated all the same."""
    found = resolve(friends(7, {}), parties("abc", "defg"), means(), locked=parties("abz"))

    assert found.groups[0] == ids("abz")
    assert ("not_seatable", ids("z")) in [(one.rule, one.members) for one in found.locked[0].broken]
    assert {member for group in found.groups[1:] for member in group} <= {*"cdefg"}


def test_the_nights_bound_holds_around_any_locks_that_are_legal() -> None:
    """Locks only take possibilities away; but a group that breaks a rule was no possibility."""
    question = question_of(friends(12, {}, apart=[("a", "b")]).pool, upper_bound=99.0)
    unpriced = means()

    legal, illegal = (resolve(question, (), unpriced, locked=parties(group)) for group in ("acd", "abc"))

    assert legal.objective.upper_bound == pytest.approx(legal.objective.value) or legal.objective.upper_bound == 99.0
    assert illegal.objective.upper_bound != 99.0


def test_nobody_rests_in_a_locked_group() -> None:
    """One of the two was a mistake."""
    with pytest.raises(InputError, match="unlock"):
        resolve(friends(6, {}), (), means(), locked=parties("abc"), left_out=ids("c"))


@pytest.mark.parametrize("n_members", [0, 1, 2])
def test_nothing_left_to_seat_is_an_answer(n_members: int) -> None:
    """Everybody is locked, or rests, or there is nobody."""
    found = resolve(friends(n_members, {}), (), means())

    assert found.groups == ()
    assert (found.objective.value, found.objective.upper_bound) == (0.0, 0.0)


def test_the_difference_says_who_came_and_who_went() -> None:
    """Groups are followed by the members they keep."""
    told = tell_difference(parties("abc", "def", "ghi", "jkl"), parties("efx", "abc", "mno"))

    assert told.groups == (
        GroupDifference(kind="stayed", before=ids("abc"), after=ids("abc")),
        GroupDifference(kind="changed", before=ids("def"), after=ids("efx"), came=ids("x"), went=ids("d")),
        GroupDifference(kind="gone", before=ids("ghi"), after=None, went=ids("ghi")),
        GroupDifference(kind="gone", before=ids("jkl"), after=None, went=ids("jkl")),
        GroupDifference(kind="new", before=None, after=ids("mno"), came=ids("mno")),
    )
    assert (told.seated, told.unseated) == (ids("mnox"), ids("dghijkl"))


def test_a_group_that_was_split_lives_on_in_the_larger_part() -> None:
    """The other part is new; so an id stays with most of those who had it."""
    told = tell_difference(parties("abcdef"), parties("ab", "cdef"))

    assert [(one.kind, one.after) for one in told.groups] == [("changed", ids("cdef")), ("new", ids("ab"))]


@given(seed=seeds)
def test_a_difference_adds_up(seed: int) -> None:
    """Whatever came less whatever went leads from each group to what it became; each new group appears once."""
    dice = np.random.default_rng(seed)
    drafts = []
    for _ in range(2):
        order, cuts = dice.permutation(list("abcdefghijkl")), sorted(dice.integers(0, 12, 3).tolist())
        drafts.append(tuple(tuple(sorted(map(MemberId, part))) for part in np.split(order, cuts)[1:] if len(part)))

    told = tell_difference(*drafts)

    assert tuple(one.before for one in told.groups if one.before) == drafts[0]
    assert sorted(one.after for one in told.groups if one.after) == sorted(drafts[1])
    for one in told.groups:
        assert {*(one.before or ())} - {*one.went} | {*one.came} == {*(one.after or ())} or one.kind == "gone"
    assert not weigh(friends(12, {}), drafts[0], drafts[0]).after
