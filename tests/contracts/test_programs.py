"""What every solver of programs over groups owes: right prices, whole groups that share no member, and obedience."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.arrangement.program import Choice, Group, Program, Programs
from matcher.engines.highs_programs import HighsPrograms

ENGINES = {"HighsPrograms": HighsPrograms}
FAR = np.full(6, 100.0)
NOTHING = np.zeros(6)


@pytest.fixture(params=sorted(ENGINES))
def programs(request: pytest.FixtureRequest) -> Programs:
    """Each engine by its name."""
    return ENGINES[request.param]()


def never() -> bool:
    """Take all the time."""
    return False


def begun(programs: Programs, worths: dict[Group, float]) -> Program:
    """A program over six members with these groups."""
    program = programs.begin(6)
    program.add_groups(list(worths), np.array(list(worths.values())))
    return program


def chosen(programs: Programs, worths: dict[Group, float], *, is_everyone: bool = False) -> list[Group]:
    """The groups chosen among these, for six members."""
    groups = list(worths)
    return [groups[at] for at in choice_among(programs, worths, is_everyone=is_everyone).picked.tolist()]


def choice_among(programs: Programs, worths: dict[Group, float], *, is_everyone: bool = False) -> Choice:
    """What is chosen among these, for six members, and the bound on it."""
    return programs.choose(
        list(worths), np.array(list(worths.values())), n_members=6, is_everyone=is_everyone, n_nodes=1_000, stop=never
    )


def packings(groups: Sequence[Group]) -> list[tuple[Group, ...]]:
    """All sets of these groups that share no member."""
    sets = [chosen for size in range(len(groups) + 1) for chosen in combinations(groups, size)]
    return [one for one in sets if sum(map(len, one)) == len({member for group in one for member in group})]


def test_prices_pay_for_every_group_and_cost_no_more_than_is_formed(programs: Programs) -> None:
    """Pairs (0, 1) and (2, 3) are formed; member 1, whom two want, is dear; who is not wanted costs nothing."""
    worths: dict[Group, float] = {(0, 1): 4.0, (1, 2): 3.0, (2, 3): 2.0}

    solved = begun(programs, worths).solve(NOTHING, FAR)

    assert solved.shares.tolist() == pytest.approx([1.0, 0.0, 1.0])
    assert solved.prices.sum() == pytest.approx(6.0)
    assert all(solved.prices[list(group)].sum() >= worth - 1e-6 for group, worth in worths.items())
    assert solved.prices[4:].tolist() == [0.0, 0.0]
    assert solved.prices.min() >= 0


def test_groups_may_be_half_formed_until_that_is_cut_off(programs: Programs) -> None:
    """Of three pairs among three members, halves make 1.5; a cut leaves one, and costs what seats do not."""
    program = begun(programs, {(0, 1): 1.0, (0, 2): 1.0, (1, 2): 1.0})

    before = program.solve(NOTHING, FAR)
    program.add_cuts([(0, 1, 2)])
    after = program.solve(NOTHING, FAR)

    assert before.shares.tolist() == pytest.approx([0.5, 0.5, 0.5])
    assert before.prices.sum() == pytest.approx(1.5)
    assert before.cut_prices.tolist() == []
    assert after.shares.sum() == pytest.approx(1.0)
    assert after.prices.sum() + after.cut_prices.sum() == pytest.approx(1.0)


def test_a_cut_holds_for_groups_that_come_later(programs: Programs) -> None:
    """A group with all three and a group with two pay for it, one with one of them does not."""
    program = begun(programs, {(0, 1): 1.0})
    program.add_cuts([(0, 1, 2)])

    program.add_groups([(1, 2, 3), (2, 4)], np.array([5.0, 5.0]))
    solved = program.solve(NOTHING, FAR)

    assert solved.shares.tolist() == pytest.approx([1.0, 0.0, 1.0]) or solved.shares[1:].sum() <= 1 + 1e-9
    assert solved.prices.sum() + solved.cut_prices.sum() == pytest.approx(6.0)


def test_worths_may_change(programs: Programs) -> None:
    """The same groups, in the order they were added."""
    program = begun(programs, {(0, 1): 4.0, (1, 2): 3.0})
    program.solve(NOTHING, FAR)

    program.set_worths(np.array([1.0, 3.0]))
    solved = program.solve(NOTHING, FAR)

    assert solved.shares.tolist() == pytest.approx([0.0, 1.0])
    assert solved.prices.sum() == pytest.approx(3.0)


def test_prices_stay_near_where_they_should(programs: Programs) -> None:
    """Any split of the worth is right; the range says which."""
    program = begun(programs, {(0, 1): 4.0})

    solved = program.solve(np.array([1.0, 2.5, 0, 0, 0, 0]), np.array([1.5, 3.0, 0, 0, 0, 0]))

    assert 1.0 <= solved.prices[0] <= 1.5
    assert 2.5 <= solved.prices[1] <= 3.0


def test_without_groups_seats_cost_nothing(programs: Programs) -> None:
    """An empty program has an answer too."""
    program = programs.begin(6)
    program.add_groups([], np.empty(0))

    solved = program.solve(NOTHING, FAR)

    assert solved.prices.tolist() == [0.0] * 6
    assert solved.shares.tolist() == []


@pytest.mark.parametrize("is_everyone", [False, True], ids=["the-best", "everyone"])
def test_of_no_groups_none_are_chosen(programs: Programs, *, is_everyone: bool) -> None:
    """Nothing to choose from is an answer, not an error."""
    assert chosen(programs, {}, is_everyone=is_everyone) == []


def test_nobody_can_be_placed_whom_no_group_holds(programs: Programs) -> None:
    """Then there is no answer, rather than half of one."""
    assert chosen(programs, {(0, 1): 1.0, (2, 3): 1.0}, is_everyone=True) == []


def test_everyone_is_placed_at_a_loss_only_if_asked(programs: Programs) -> None:
    """Two threes hold all; one of them costs more than it brings."""
    worths: dict[Group, float] = {(0, 1, 2): 2.0, (3, 4, 5): -1.0, (0, 1, 3): 1.0}

    assert chosen(programs, worths) == [(0, 1, 2)]
    assert chosen(programs, worths, is_everyone=True) == [(0, 1, 2), (3, 4, 5)]


@given(
    worths=st.dictionaries(
        st.sets(st.integers(0, 5), min_size=2, max_size=4).map(lambda group: tuple(sorted(group))),
        st.sampled_from([-0.5, 0.2, 0.7, 1.0, 1.1, 2.5]),
        max_size=9,
    ),
    is_everyone=st.booleans(),
)
@pytest.mark.parametrize("name", sorted(ENGINES))
def test_chosen_groups_are_worth_most(name: str, worths: dict[Group, float], *, is_everyone: bool) -> None:
    """Of all sets of groups that share no member."""
    choice = choice_among(ENGINES[name](), worths, is_everyone=is_everyone)

    held = [one for one in packings(list(worths)) if not is_everyone or sum(map(len, one)) == 6]
    best = max((sum(worths[group] for group in one) for one in held), default=0.0)
    groups = [list(worths)[at] for at in choice.picked.tolist()]
    assert tuple(groups) in packings(list(worths))
    assert sum(worths[group] for group in groups) == pytest.approx(best, abs=1e-6)
    assert not held or choice.upper_bound == pytest.approx(best, abs=1e-6)


def test_one_who_is_told_to_stop_gives_what_there_is(programs: Programs) -> None:
    """Whole groups that share no member, or none; and a bound that holds for any choice."""
    rng = np.random.default_rng(1)
    groups: list[Group] = [tuple(sorted(rng.permutation(30)[:4].tolist())) for _ in range(150)]
    worths = rng.uniform(1, 2, 150)

    best, stopped = (
        programs.choose(groups, worths, n_members=30, is_everyone=False, n_nodes=1_000, stop=stop)
        for stop in (never, lambda: True)
    )

    members = [member for at in stopped.picked.tolist() for member in groups[at]]
    assert len(members) == len(set(members))
    assert stopped.upper_bound >= worths[best.picked].sum() - 1e-6
