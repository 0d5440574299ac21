"""What every solver of programs over groups owes: right prices, whole groups that share no member, and obedience."""

from collections.abc import Sequence
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from matcher.arrangement.program import Choice, Chosen, Group, Program, Programs, Quantities
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


def quantities(
    gains: Sequence[float], sums: Sequence[Sequence[float]], high: Sequence[float], *,
    most: float = 3.0, low: Sequence[float] | None = None, is_whole: bool = True,
) -> Quantities:  # fmt: skip
    """A program over so many quantities, all of one kind."""
    return Quantities(
        gains=np.array(gains, dtype=np.float64),
        most=np.full(len(gains), most),
        is_whole=np.full(len(gains), is_whole),
        sums=csr_array(np.array(sums, dtype=np.float64).reshape(len(high), len(gains))),
        low=np.full(len(high), -np.inf) if low is None else np.array(low, dtype=np.float64),
        high=np.array(high, dtype=np.float64),
    )


def maximized(programs: Programs, asked: Quantities) -> Chosen:
    """The best that is found with time enough."""
    return programs.maximize(asked, n_nodes=1_000, stop=never)


def is_allowed(asked: Quantities, amounts: np.ndarray) -> bool:
    """Whether amounts keep every limit."""
    sums = asked.sums @ amounts
    is_inside = ((amounts >= -1e-6) & (amounts <= asked.most + 1e-6)).all()
    return bool(is_inside and (sums <= asked.high + 1e-6).all() and (sums >= asked.low - 1e-6).all())


small = st.integers(-3, 4).map(float)


@st.composite
def programs_over_quantities(draw: st.DrawFn) -> Quantities:
    """Up to three quantities of up to three, up to three rows; lopsided, and sometimes impossible."""
    n_quantities, n_rows = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    sums = [[draw(small) for _ in range(n_quantities)] for _ in range(n_rows)]
    high = [draw(st.integers(-2, 8)) + 0.5 for _ in range(n_rows)]
    low = [draw(st.sampled_from([-np.inf, -4.0, 1.0])) for _ in range(n_rows)]
    low = [min(least, most) for least, most in zip(low, high, strict=True)]
    return quantities([draw(small) for _ in range(n_quantities)], sums, high, low=low)


@given(asked=programs_over_quantities())
@pytest.mark.parametrize("name", sorted(ENGINES))
def test_the_largest_gain_of_whole_quantities_is_found(name: str, asked: Quantities) -> None:
    """All of them are tried: what is chosen keeps every limit and nothing gains more; or there is nothing to choose."""
    tried = [np.array(amounts) for amounts in product(range(4), repeat=len(asked.gains))]
    gains = [float(asked.gains @ amounts) for amounts in tried if is_allowed(asked, amounts)]

    chosen = maximized(ENGINES[name](), asked)

    assert (len(chosen.amounts) > 0) == bool(gains)
    if gains:
        assert is_allowed(asked, chosen.amounts)
        assert np.abs(chosen.amounts - chosen.amounts.round()).max() < 1e-6
        assert asked.gains @ chosen.amounts == pytest.approx(max(gains), abs=1e-6)
        assert chosen.upper_bound == pytest.approx(max(gains), abs=1e-6)
    else:
        assert chosen.upper_bound == -np.inf
    assert chosen.prices.tolist() == [0.0] * len(asked.high)


@given(asked=programs_over_quantities())
@pytest.mark.parametrize("name", sorted(ENGINES))
def test_prices_bound_what_quantities_gain(name: str, asked: Quantities) -> None:
    """Weak duality, without lower limits: what is gained beyond the prices of the rows is paid for by `most`."""
    relaxed = quantities(asked.gains.tolist(), asked.sums.toarray().tolist(), asked.high.tolist(), is_whole=False)

    chosen = maximized(ENGINES[name](), relaxed)

    if len(chosen.amounts):
        beyond = np.maximum(relaxed.gains - relaxed.sums.T @ chosen.prices, 0) @ relaxed.most
        assert (chosen.prices >= 0).all()
        assert is_allowed(relaxed, chosen.amounts)
        assert chosen.upper_bound == pytest.approx(relaxed.gains @ chosen.amounts, abs=1e-6)
        assert chosen.prices @ relaxed.high + beyond == pytest.approx(chosen.upper_bound, abs=1e-6)
    else:
        assert chosen.upper_bound == -np.inf


def test_a_price_is_what_one_more_would_be_worth(programs: Programs) -> None:
    """The first row is scarce, the second is not; half a unit more of the first gains half its price."""
    sums, high = [[1.0, 2.0], [1.0, 0.0]], [4.0, 9.0]

    chosen = maximized(programs, quantities([3.0, 5.0], sums, high, is_whole=False))
    more = maximized(programs, quantities([3.0, 5.0], sums, [4.5, 9.0], is_whole=False))

    assert chosen.amounts.tolist() == pytest.approx([3.0, 0.5])
    assert chosen.prices.tolist() == pytest.approx([2.5, 0.0])
    assert more.upper_bound - chosen.upper_bound == pytest.approx(0.5 * 2.5)


def test_only_some_quantities_may_be_whole(programs: Programs) -> None:
    """The first may not be cut in two, the second may."""
    whole = quantities([5.0, 2.0], [[2.0, 1.0]], [5.5])
    mixed = Quantities(
        gains=whole.gains, most=whole.most, is_whole=np.array([True, False]), sums=whole.sums, low=whole.low,
        high=whole.high,
    )  # fmt: skip
    loose = quantities([5.0, 2.0], [[2.0, 1.0]], [5.5], is_whole=False)

    amounts = [maximized(programs, asked).amounts.tolist() for asked in (whole, mixed, loose)]

    assert amounts == [pytest.approx([2.0, 1.0]), pytest.approx([2.0, 1.5]), pytest.approx([2.75, 0.0])]


def test_where_nothing_is_possible_nothing_is_chosen(programs: Programs) -> None:
    """At least four of what there are at most three: no answer, and no plan is better than that."""
    for is_whole in (True, False):
        chosen = maximized(programs, quantities([1.0], [[1.0]], [9.0], low=[4.0], is_whole=is_whole))

        assert chosen.amounts.tolist() == []
        assert chosen.upper_bound == -np.inf


def test_quantities_without_rows_are_taken_as_they_pay(programs: Programs) -> None:
    """All there is of what gains, nothing of what costs."""
    chosen = maximized(programs, quantities([2.0, -1.0], [], []))

    assert chosen.amounts.tolist() == pytest.approx([3.0, 0.0])
    assert chosen.upper_bound == pytest.approx(6.0)


def test_one_who_is_told_to_stop_still_tells_no_lie(programs: Programs) -> None:
    """Amounts that keep the limits, or none; and a bound that holds for any."""
    dice = np.random.default_rng(7)
    sums = dice.integers(0, 9, size=(12, 30)).astype(np.float64)
    asked = quantities(dice.uniform(1, 5, 30).tolist(), sums.tolist(), (sums.sum(axis=1) / 3).tolist(), most=1.0)

    stopped = programs.maximize(asked, n_nodes=100_000, stop=lambda: True)
    one_step = programs.maximize(asked, n_nodes=1, stop=never)
    best = programs.maximize(asked, n_nodes=300, stop=never)

    assert not len(stopped.amounts) or is_allowed(asked, stopped.amounts)
    assert is_allowed(asked, best.amounts)
    for chosen in (stopped, one_step, best):
        assert chosen.upper_bound >= asked.gains @ best.amounts - 1e-6


def test_the_same_question_is_answered_the_same_to_the_byte(programs: Programs) -> None:
    """A night may be repeated."""
    asked = quantities([1.0, 1.0, 1.0], [[1.0, 1.0, 1.0]], [1.0])

    first, second = maximized(programs, asked), maximized(programs, asked)

    assert first.amounts.tobytes() == second.amounts.tobytes()
    assert first.upper_bound == second.upper_bound
