"""What every pair matcher promises; a new engine adds one entry to the two tables below."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.arrangement.introductions import GreedyMatcher, PairMatcher
from matcher.engines.rustworkx_matcher import RustworkxMatcher
from matcher.units import Floats, Rows

MATCHERS: dict[str, PairMatcher] = {"greedy": GreedyMatcher(), "rustworkx": RustworkxMatcher()}
PROMISED_SHARE_OF_BEST = {"greedy": 0.5, "rustworkx": 1.0}
ROUNDING = 1e-9

Graph = dict[tuple[int, int], float]

# Rows far from 0 and with gaps: a matcher must not take them for positions. Round weights make ties.
graphs = st.dictionaries(
    st.tuples(
        st.sampled_from([3, 4, 70, 71, 500, 501, 9_000]), st.sampled_from([3, 4, 70, 71, 500, 501, 9_000])
    ).filter(lambda pair: pair[0] < pair[1]),
    st.one_of(st.sampled_from([0.25, 0.5, 1.0]), st.floats(0, 1)),
    max_size=9,
)


def arrays(graph: Graph) -> tuple[Rows, Floats]:
    """Edges and weights, in the order of the pairs."""
    pairs = sorted(graph)
    return np.array(pairs, dtype=np.int64).reshape(-1, 2), np.array([graph[pair] for pair in pairs], dtype=np.float64)


def best_total(graph: Graph) -> float:
    """The truth: the best over every set of edges that share no member."""

    def best(pairs: list[tuple[int, int]]) -> float:
        if not pairs:
            return 0.0
        (a, b), rest = pairs[0], pairs[1:]
        apart = [pair for pair in rest if not {a, b} & set(pair)]
        return max(best(rest), graph[a, b] + best(apart))

    return best(sorted(graph))


@pytest.fixture(params=sorted(MATCHERS), scope="module")
def name(request: pytest.FixtureRequest) -> str:
    """Each matcher in turn."""
    return str(request.param)


def test_the_tables_name_the_same_matchers() -> None:
    """A matcher without a promise would be tested for nothing."""
    assert MATCHERS.keys() == PROMISED_SHARE_OF_BEST.keys()


@given(graph=graphs)
def test_nobody_is_chosen_twice(name: str, graph: Graph) -> None:
    """Nobody can be in two introductions of one night."""
    edges, weights = arrays(graph)

    chosen = MATCHERS[name].choose(edges, weights)

    assert len(np.unique(edges[chosen])) == 2 * len(chosen)
    assert (np.diff(chosen) > 0).all()


@given(graph=graphs)
def test_total_keeps_its_promise(name: str, graph: Graph) -> None:
    """The promised share of the best total is reached."""
    edges, weights = arrays(graph)

    total = weights[MATCHERS[name].choose(edges, weights)].sum()

    assert total >= PROMISED_SHARE_OF_BEST[name] * best_total(graph) - ROUNDING


@given(graph=graphs)
def test_the_same_question_has_the_same_answer(name: str, graph: Graph) -> None:
    """A run can be repeated to the byte, ties or not."""
    edges, weights = arrays(graph)

    once, again = (MATCHERS[name].choose(edges, weights).tolist() for _ in range(2))

    assert once == again


def test_nothing_to_choose_from_is_an_answer(name: str) -> None:
    """An empty night has no introductions, and no error."""
    chosen = MATCHERS[name].choose(np.empty((0, 2), dtype=np.int64), np.empty(0))

    assert chosen.shape == (0,)
    assert chosen.dtype == np.int64


def test_a_heavy_middle_does_not_cost_two_good_ends() -> None:
    """Greedy takes 3-4 and leaves two people alone; the exact matcher gives everyone a pair."""
    edges, weights = arrays({(1, 3): 0.6, (3, 4): 0.7, (4, 9): 0.6})

    greedy, exact = (MATCHERS[name].choose(edges, weights).tolist() for name in ("greedy", "rustworkx"))

    assert greedy == [1]
    assert exact == [0, 2]
