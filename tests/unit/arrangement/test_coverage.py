"""What circles cover bounds every plan: all sets of circles are tried."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from matcher.arrangement.circles import Circle
from matcher.arrangement.company import Company
from matcher.arrangement.coverage import cover

OPENING_COST = 1.0
N_MEMBERS = 8


def circle_of(hub: int, margins: dict[int, float], most: int) -> Circle:
    """Members of a hub by what each gains there at most."""
    members = np.array(sorted(margins), dtype=np.int64)
    nobody = Company(
        worth=csr_array((len(members), len(members))),
        apart=np.empty((0, 2), np.int64),
        may_come=np.ones(len(members), np.bool_),
    )
    return Circle(
        hub=hub,
        members=members,
        effort=np.zeros(len(members)),
        company=nobody,
        margin=np.array([margins[member] for member in members.tolist()]),
        most=most,
        opening_cost=OPENING_COST,
    )


def best_worth(circles: list[Circle], opened: tuple[int, ...]) -> float:
    """The most that guests of these circles gain together, each asked to one, tried one member after the other."""
    best: dict[tuple[int, ...], float] = {(0,) * len(opened): 0.0}
    for member in range(N_MEMBERS):
        more = dict(best)
        for seats, value in best.items():
            for place, number in enumerate(opened):
                circle = circles[number]
                if member in circle.members and seats[place] < circle.most:
                    filled = (*seats[:place], seats[place] + 1, *seats[place + 1 :])
                    gain = float(circle.margin[circle.members.tolist().index(member)])
                    more[filled] = max(more.get(filled, 0.0), value + gain)
        best = more
    return max(best.values()) - OPENING_COST * len(opened)


gains = st.dictionaries(st.integers(0, N_MEMBERS - 1), st.sampled_from([0.5, 1.0, 2.0, 3.5]), min_size=1, max_size=6)
worlds = st.lists(st.builds(circle_of, st.integers(0, 3), gains, st.integers(1, 4)), min_size=1, max_size=5)


@given(circles=worlds, n_most=st.integers(1, 3))
def test_no_choice_of_circles_and_guests_is_worth_more_than_the_bound(circles: list[Circle], n_most: int) -> None:
    """Of every choice of cities, with a circle and with none of the others."""
    coverage = cover(circles, n_most=n_most)

    plans = [()] + [
        opened
        for size in range(1, n_most + 1)
        for opened in combinations(range(len(circles)), size)
        if len({circles[number].hub for number in opened}) == size
    ]
    worths = {opened: best_worth(circles, opened) for opened in plans}

    assert max(worths.values()) <= coverage.bound(at_least=0.0) + 1e-9
    for number in range(len(circles)):
        with_it = [worth for opened, worth in worths.items() if number in opened]
        assert max(with_it) <= coverage.bound_with(number) + 1e-9


def test_where_nobody_is_in_two_circles_the_bound_is_what_they_are_worth() -> None:
    """Two circles that fit in, and no more than two gatherings: nothing is given away."""
    circles = [circle_of(0, {0: 1.0, 1: 2.0}, 4), circle_of(1, {2: 3.0}, 4), circle_of(2, {3: 1.5}, 4)]

    assert cover(circles, n_most=2).bound(at_least=0.0) == 1 + 2 + 3 - 2 * OPENING_COST
    assert cover(circles, n_most=2).bound(at_least=7.0) == 7.0


def test_without_circles_nothing_is_worth_anything() -> None:
    """No city brings anybody together."""
    assert cover([], n_most=3).bound(at_least=0.0) == 0.0
