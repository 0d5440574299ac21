"""A graph cut into parts."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.numeric.parts import grow_parts
from tests.unit.arrangement.random_pools import random_pool


@given(seed=st.integers(0, 10_000), most=st.integers(3, 9))
def test_everyone_has_a_part_and_no_part_counts_too_much(seed: int, most: int) -> None:
    """Parts are numbered from 0 without gaps, and hold together."""
    rng = np.random.default_rng(seed)
    pool = random_pool(seed, n_members=12)
    sizes = rng.integers(1, 4, 12)

    part, n_parts = grow_parts(pool.starts, pool.partners, pool.weights, sizes, most, rng.permutation(12))

    assert sorted(set(part.tolist())) == list(range(n_parts))
    assert np.bincount(part, weights=sizes).max() <= most
    for number in range(n_parts):
        assert is_one_piece(np.flatnonzero(part == number).tolist(), pool.matrix)


def is_one_piece(nodes: list[int], weights: np.ndarray) -> bool:
    """Whether all can be reached from the first along positive links inside."""
    reached = {nodes[0]}
    for _ in nodes:
        reached |= {b for a, b in combinations(nodes, 2) if a in reached and weights[a, b] > 0}
        reached |= {a for a, b in combinations(nodes, 2) if b in reached and weights[a, b] > 0}
    return reached == set(nodes)


def test_a_part_grows_along_its_heaviest_links() -> None:
    """From a: b, who is drawn by 3, then c, who is drawn by 1 + 2 together, before d, who is drawn by 2."""
    links = {(0, 1): 3.0, (0, 2): 1.0, (1, 2): 2.0, (0, 3): 2.0}
    ends = sorted([*links, *((b, a) for a, b in links)])
    weights = np.array([links.get((min(pair), max(pair)), 0.0) for pair in ends])
    starts = np.searchsorted([a for a, _ in ends], np.arange(5))

    part, n_parts = grow_parts(starts, np.array([b for _, b in ends]), weights, np.ones(4, np.int64), 3, np.arange(4))

    assert part.tolist() == [0, 0, 0, 1]
    assert n_parts == 2
