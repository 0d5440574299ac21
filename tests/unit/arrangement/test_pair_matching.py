"""Chosen pairs keep everyone's limit, and no choice is better than the bound: held against every choice there is."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.arrangement.pair_matching import bound_by_prices, match_pairs
from matcher.units import Floats, Rows

ROUNDING = 1e-9
MEMBERS = [3, 4, 70, 71, 500, 501]
"""Rows far from 0 and with gaps: nobody may take them for positions."""

Graph = dict[tuple[int, int], float]

# Round weights make ties.
graphs = st.dictionaries(
    st.sampled_from(list(combinations(MEMBERS, 2))),
    st.one_of(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.floats(0, 1)),
    max_size=11,
)
limits = st.lists(st.integers(0, 3), min_size=len(MEMBERS), max_size=len(MEMBERS))


def arrays(graph: Graph) -> tuple[Rows, Floats]:
    """Edges and weights, in the order of the pairs."""
    pairs = sorted(graph)
    return np.array(pairs, dtype=np.int64).reshape(-1, 2), np.array([graph[pair] for pair in pairs], dtype=np.float64)


def limits_of(places: list[int]) -> Rows:
    """Limits by row; whoever is not among the members may not be in any pair."""
    by_row = np.zeros(max(MEMBERS) + 1, dtype=np.int64)
    by_row[MEMBERS] = places
    return by_row


def best_total(graph: Graph, places: dict[int, int]) -> float:
    """The truth: the best over every set of edges within the limits."""
    if not graph:
        return 0.0
    ((a, b), weight), *rest = graph.items()
    without = best_total(dict(rest), places)
    if not places[a] or not places[b]:
        return without
    return max(without, weight + best_total(dict(rest), places | {a: places[a] - 1, b: places[b] - 1}))


@given(graph=graphs, places=limits)
def test_the_best_choice_lies_between_value_and_bound(graph: Graph, places: list[int]) -> None:
    """Nobody is above their limit; what is printed as the best possible is never below the truth."""
    edges, weights = arrays(graph)

    found = match_pairs(edges, weights, limits_of(places))

    assert (np.bincount(edges[found.chosen].ravel(), minlength=max(MEMBERS) + 1) <= limits_of(places)).all()
    assert (np.diff(found.chosen) > 0).all()
    assert found.value == pytest.approx(weights[found.chosen].sum())
    assert found.value - ROUNDING <= best_total(graph, dict(zip(MEMBERS, places, strict=True)))
    assert best_total(graph, dict(zip(MEMBERS, places, strict=True))) <= found.upper_bound + ROUNDING


@given(graph=graphs, places=limits)
def test_six_people_get_the_best_choice(graph: Graph, places: list[int]) -> None:
    """Where every choice can be tried, none is better."""
    edges, weights = arrays(graph)

    found = match_pairs(edges, weights, limits_of(places))

    assert found.value == pytest.approx(best_total(graph, dict(zip(MEMBERS, places, strict=True))), abs=1e-6)


@given(graph=graphs, places=limits, prices=st.lists(st.floats(0, 2), min_size=6, max_size=6))
def test_any_prices_prove_a_bound(graph: Graph, places: list[int], prices: list[float]) -> None:
    """The proof does not trust whoever found the prices."""
    edges, weights = arrays(graph)
    by_row = np.zeros(max(MEMBERS) + 1)
    by_row[MEMBERS] = prices

    bound = bound_by_prices(edges, weights, limits_of(places), by_row)

    assert best_total(graph, dict(zip(MEMBERS, places, strict=True))) <= bound + ROUNDING


def test_a_heavy_middle_does_not_cost_two_good_ends() -> None:
    """Taking 3-4 first leaves two people alone; the best choice gives everyone a pair."""
    edges, weights = arrays({(3, 4): 0.6, (4, 70): 0.7, (70, 71): 0.6})

    found = match_pairs(edges, weights, limits_of([1] * 6))

    assert found.chosen.tolist() == [0, 2]
    assert found.upper_bound == pytest.approx(1.2)


def test_three_who_all_like_each_other_leave_an_honest_gap() -> None:
    """One of three stays alone, which prices alone cannot prove: the bound is one and a half pairs."""
    edges, weights = arrays(dict.fromkeys(combinations([3, 4, 70], 2), 0.5))

    found = match_pairs(edges, weights, limits_of([1] * 6))

    assert found.value == 0.5
    assert found.upper_bound == pytest.approx(0.75)


def test_chances_may_be_as_small_as_numbers_get() -> None:
    """Only ratios count."""
    edges, weights = arrays({(3, 4): 5e-324, (4, 70): 1e-323, (70, 71): 0.0})

    assert match_pairs(edges, weights, limits_of([1] * 6)).chosen.tolist() == [1]


def test_two_circles_of_three_are_joined() -> None:
    """Each circle alone loses somebody; joined by a weak pair, nobody is left out."""
    left, right = combinations([3, 4, 70], 2), combinations([71, 500, 501], 2)
    edges, weights = arrays(dict.fromkeys([*left, *right], 0.9) | {(70, 71): 0.2})

    found = match_pairs(edges, weights, limits_of([1] * 6))

    assert found.value == pytest.approx(0.9 + 0.9 + 0.2)


def test_the_same_question_has_the_same_answer_in_any_order_of_members() -> None:
    """All pairs are worth the same: still a run can be repeated to the byte."""
    edges, _ = arrays(dict.fromkeys(combinations(MEMBERS, 2), 0.5))

    once, again = (match_pairs(edges, np.full(len(edges), 0.5), limits_of([2] * 6)).chosen.tolist() for _ in range(2))

    assert once == again
    assert len(once) == 6


@pytest.mark.parametrize("n_members", [40, 300])
def test_a_peer_finds_nothing_better_and_the_gap_is_small(n_members: int) -> None:
    """The peer, rustworkx, finds the best choice where everyone may be in one pair."""
    rustworkx = pytest.importorskip("rustworkx", reason="the peer rustworkx is not installed")
    rng = np.random.default_rng(n_members)
    edges = np.unique(np.sort(rng.integers(0, n_members, (4 * n_members, 2)), axis=1), axis=0)
    edges = edges[edges[:, 0] < edges[:, 1]]
    steps = rng.integers(1, 1_000, len(edges))
    graph = rustworkx.PyGraph()
    graph.add_nodes_from(range(n_members))
    graph.add_edges_from([(a, b, step) for (a, b), step in zip(edges.tolist(), steps.tolist(), strict=True)])
    best = sum(graph.get_edge_data(a, b) for a, b in rustworkx.max_weight_matching(graph, weight_fn=int))

    found = match_pairs(edges, steps.astype(np.float64), np.ones(n_members, dtype=np.int64))

    assert found.value <= best <= found.upper_bound + 1e-6 * best
    assert found.upper_bound <= 1.01 * found.value
