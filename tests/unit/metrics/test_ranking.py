"""Rankings are judged as a slow, obvious count would judge them, and ties by what chance would give."""

from itertools import combinations, permutations, product
from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.metrics.ranking import METRICS, Contest, tally, tally_auc, tally_lists
from matcher.units import Floats

N_MEMBERS = 6
PAIRS = np.array(list(combinations(range(N_MEMBERS), 2)))
FLAGS = st.lists(st.booleans(), min_size=len(PAIRS), max_size=len(PAIRS))
FEW_SCORES = st.lists(st.integers(0, 4), min_size=len(PAIRS), max_size=len(PAIRS))
STRATA = st.lists(st.integers(0, 2), min_size=len(PAIRS), max_size=len(PAIRS))
DRAWN = st.lists(st.integers(0, 3), min_size=N_MEMBERS, max_size=N_MEMBERS)
TIED_GROUPS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=5)


def contest_of(flags: list[bool], strata: list[int] | None = None) -> Contest:
    """All pairs of six members."""
    return Contest(
        member_a=PAIRS[:, 0],
        member_b=PAIRS[:, 1],
        is_positive=np.array(flags),
        stratum=np.array(strata or [0] * len(PAIRS)),
    )


def slow_auc(contest: Contest, scores: Floats, drawn: Floats) -> float:
    """Every positive against every negative of its stratum, one by one."""
    total = weight = 0.0
    rows = range(len(scores))
    worth = [drawn[contest.member_a[row]] * drawn[contest.member_b[row]] for row in rows]
    for positive in (row for row in rows if contest.is_positive[row]):
        rivals = [
            row for row in rows if not contest.is_positive[row] and contest.stratum[row] == contest.stratum[positive]
        ]
        against = sum(worth[row] for row in rivals)
        if against:
            won = sum(
                worth[r] * (1.0 if scores[positive] > scores[r] else 0.5 * (scores[positive] == scores[r]))
                for r in rivals
            )
            total += worth[positive] * won / against
            weight += worth[positive]
    return total / weight if weight else float("nan")


def slow_lists(groups: list[tuple[int, int]]) -> tuple[float, float, float]:
    """Hit, reciprocal rank and NDCG of one list, averaged over every order that its ties allow."""
    orders = [set(permutations([True] * positive + [False] * negative)) for positive, negative in groups]
    n_positive = sum(positive for positive, _ in groups)
    ideal = sum(1 / log2(place + 1) for place in range(1, min(n_positive, 10) + 1))
    outcomes = []
    for order in product(*orders):
        ranking = [flag for group in order for flag in group]
        places = [place for place, flag in enumerate(ranking, start=1) if flag]
        gained = sum(1 / log2(place + 1) for place in places if place <= 10)
        outcomes.append((float(places[0] <= 10), 1 / places[0], gained / ideal))
    hits, ranks, gains = (sum(values) / len(outcomes) for values in zip(*outcomes, strict=True))
    return hits, ranks, gains


@given(flags=FLAGS, scores=FEW_SCORES, strata=STRATA, drawn=DRAWN)
def test_auc_is_the_share_of_negatives_beaten(
    flags: list[bool], scores: list[int], strata: list[int], drawn: list[int]
) -> None:
    """Within strata, ties counted half, each pair as often as its two members are drawn together."""
    contest, values = contest_of(flags, strata).decided(), np.array(scores, dtype=np.float64)
    kept = values[contest_of(flags, strata).is_decided()]
    draws = np.array([[1] * N_MEMBERS, drawn], dtype=np.float64)

    found = tally_auc(contest, kept, draws).means()

    expected = [slow_auc(contest, kept, one) for one in draws]
    np.testing.assert_allclose(found, expected, atol=1e-9)


@given(groups=TIED_GROUPS)
def test_a_list_is_judged_by_the_average_over_the_orders_that_ties_allow(groups: list[tuple[int, int]]) -> None:
    """Neither the best nor the worst order, whatever row a pair happens to stand in."""
    groups = [(0, 8), (1, 1), *groups]  # so that the tenth place lies within the ties
    flags = [flag for positive, negative in groups for flag in [True] * positive + [False] * negative]
    scores = [-float(number) for number, group in enumerate(groups) for _ in range(sum(group))]
    others = np.arange(1, len(flags) + 1)
    contest = Contest(
        member_a=np.zeros_like(others),
        member_b=others,
        is_positive=np.array(flags),
        stratum=np.zeros_like(others),
    )

    found = tally_lists(contest, np.array(scores), np.ones((1, len(flags) + 1)))

    assert [found[metric].means()[0] for metric in METRICS[1:]] == pytest.approx(slow_lists(groups))


@given(flags=FLAGS, scores=FEW_SCORES, strata=STRATA, order=st.permutations(range(len(PAIRS))))
def test_the_order_of_rows_changes_nothing(
    flags: list[bool], scores: list[int], strata: list[int], order: list[int]
) -> None:
    """A score that knows nothing cannot win by where it stands."""
    contest, values = contest_of(flags, strata), np.array(scores, dtype=np.float64)
    shuffled = Contest(
        member_a=contest.member_a[order],
        member_b=contest.member_b[order],
        is_positive=contest.is_positive[order],
        stratum=contest.stratum[order],
    )
    draws = np.ones((1, N_MEMBERS))

    one, other = tally(contest, values, draws), tally(shuffled, values[order], draws)

    for metric in METRICS:
        np.testing.assert_allclose(one[metric].means(), other[metric].means(), atol=1e-12)


def test_a_score_that_says_nothing_gets_one_half() -> None:
    """Every pair the same score: what chance would give."""
    contest = contest_of([True, *[False] * (len(PAIRS) - 1)])

    found = tally(contest, np.zeros(len(PAIRS)), np.ones((1, N_MEMBERS)))

    assert found["auc"].means()[0] == 0.5
    assert found["mrr"].means()[0] == pytest.approx(sum(1 / place for place in range(1, 6)) / 5)


def test_where_nothing_came_true_nothing_is_judged() -> None:
    """The figure is unknown, not zero."""
    found = tally(contest_of([False] * len(PAIRS)), np.zeros(len(PAIRS)), np.ones((1, N_MEMBERS)))

    assert all(np.isnan(found[metric].means()[0]) for metric in METRICS)


def test_a_member_with_lists_in_two_strata_counts_once() -> None:
    """Member 0 has a list of rank 1 and one of rank 2; member 5 one of rank 2: (0.75 + 0.5) / 2."""
    member_a, member_b = np.array([0, 0, 0, 0, 5, 5]), np.array([1, 2, 3, 4, 6, 7])
    contest = Contest(
        member_a=member_a,
        member_b=member_b,
        is_positive=np.array([True, False, True, False, True, False]),
        stratum=np.array([0, 0, 1, 1, 0, 0]),
    )

    found = tally_lists(contest, np.array([2.0, 1, 1, 2, 1, 2]), np.ones((1, 8)))

    assert found["mrr"].means()[0] == pytest.approx((0.75 + 0.5) / 2)
