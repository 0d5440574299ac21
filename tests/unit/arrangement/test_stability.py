"""Who would rather have whom, and a choice in which hardly anybody would."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.arrangement.stability import blocking_pairs, stable_pairs
from matcher.units import Floats, Rows

PAIRS = list(combinations(range(6), 2))
Wishes = dict[tuple[int, int], tuple[float, float]]

wish = st.one_of(st.sampled_from([0.2, 0.5]), st.floats(0.01, 1))
graphs = st.dictionaries(st.sampled_from(PAIRS), st.tuples(wish, wish), max_size=12)
limits = st.lists(st.integers(0, 2), min_size=6, max_size=6)


def arrays(graph: Wishes) -> tuple[Rows, Floats, Floats]:
    """Edges, the wishes of both, and the weaker wish."""
    pairs = sorted(graph)
    wishes = np.array([graph[pair] for pair in pairs], dtype=np.float64).reshape(-1, 2)
    return np.array(pairs, dtype=np.int64).reshape(-1, 2), wishes, wishes.min(axis=1)


def blocking(graph: Wishes, chosen: set[tuple[int, int]], places: list[int]) -> list[tuple[int, int]]:
    """The definition, word by word."""

    def would(member: int, other: int) -> bool:
        got = [pair for pair in chosen if member in pair]
        wished = [graph[pair][pair.index(member)] for pair in got]
        pair = (min(member, other), max(member, other))
        return len(got) < places[member] or any(one < graph[pair][pair.index(member)] for one in wished)

    return [(a, b) for a, b in sorted(graph) if (a, b) not in chosen and would(a, b) and would(b, a)]


@given(graph=graphs, places=limits, n_chosen=st.integers(0, 4))
def test_blocking_pairs_are_those_of_the_definition(graph: Wishes, places: list[int], n_chosen: int) -> None:
    """Both must gain, and each is asked for their own wish; a place that does not exist is not free."""
    edges, wishes, _ = arrays(graph)
    left = list(places)
    chosen: list[int] = []
    for position, (a, b) in enumerate(edges.tolist()):
        if left[a] and left[b] and len(chosen) < n_chosen:
            left[a], left[b] = left[a] - 1, left[b] - 1
            chosen.append(position)

    found = blocking_pairs(edges, np.array(chosen, dtype=np.int64), wishes, np.array(places))

    picked = {tuple(pair) for pair in edges[chosen].tolist()}
    assert [tuple(pair) for pair in edges[found].tolist()] == blocking(graph, picked, places)


@given(graph=graphs, places=limits)
def test_where_both_wish_alike_nobody_would_rather_have_somebody_else(graph: Wishes, places: list[int]) -> None:
    """Then wishes cannot run in a circle; nobody gets more than their places."""
    edges, _, weights = arrays(graph)
    wishes = np.column_stack([weights, weights])

    chosen = stable_pairs(edges, weights, wishes, np.array(places))

    assert (np.bincount(edges[chosen].ravel(), minlength=6) <= places).all()
    assert not len(blocking_pairs(edges, chosen, wishes, np.array(places)))


@given(graph=graphs)
def test_where_one_half_asks_the_other_nobody_would_rather_have_somebody_else(graph: Wishes) -> None:
    """If 0 to 2 only wish for 3 to 5, and these rank all alike, wishes do not run in circles."""
    across = {(a, b): (one, float(3 - a)) for (a, b), (one, _) in graph.items() if a < 3 <= b}
    edges, wishes, weights = arrays(across)

    chosen = stable_pairs(edges, weights, wishes, np.ones(6, dtype=np.int64))

    assert not len(blocking_pairs(edges, chosen, wishes, np.ones(6, dtype=np.int64)))


def test_where_wishes_run_in_a_circle_the_heaviest_pair_goes_first() -> None:
    """Gale and Shapley's four: everybody wishes least for 3, the others for each other in turn."""
    edges, wishes, weights = arrays(
        {
            (0, 1): (0.9, 0.8),
            (1, 2): (0.9, 0.7),
            (0, 2): (0.6, 0.9),
            (0, 3): (0.1, 1),
            (1, 3): (0.1, 1),
            (2, 3): (0.1, 1),
        }
    )

    chosen = stable_pairs(edges, weights, wishes, np.ones(6, dtype=np.int64))

    assert edges[chosen].tolist() == [[0, 1], [2, 3]]
    assert edges[blocking_pairs(edges, chosen, wishes, np.ones(6, dtype=np.int64))].tolist() == [[1, 2]]
