"""Big pools cut into parts: nobody is forgotten, nobody stands twice, no group is torn."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.arrangement.pools import pool_of_pairs
from matcher.arrangement.program import Group
from matcher.arrangement.shards import cut_into_shards, cut_into_windows, nodes_of
from matcher.units import Rows
from tests.unit.arrangement.random_pools import random_pool

N_MEMBERS = 16

seeds = st.integers(0, 10_000)


def everyone_in(parts: Sequence[Rows]) -> list[int]:
    """All members of all parts."""
    return sorted(np.concatenate(parts).tolist())


def random_groups(seed: int, n_groups: int) -> list[Group]:
    """Groups of two to four, that may overlap."""
    rng = np.random.default_rng(seed)
    return [tuple(sorted(rng.permutation(N_MEMBERS)[: rng.integers(2, 5)].tolist())) for _ in range(n_groups)]


def disjoint(groups: Sequence[Group]) -> list[Group]:
    """Those that share nobody with an earlier one."""
    kept: list[Group] = []
    for group in groups:
        if not {member for one in kept for member in one} & set(group):
            kept.append(group)
    return sorted(kept)


@given(seed=seeds, most=st.integers(4, 20))
def test_shards_hold_everyone_once_and_are_never_too_large(seed: int, most: int) -> None:
    """Ascending within each; and few: two scraps that fit together share a part."""
    shards = cut_into_shards(random_pool(seed, n_members=N_MEMBERS), most)

    assert everyone_in(shards) == list(range(N_MEMBERS))
    assert all(len(shard) <= most and (np.diff(shard) > 0).all() for shard in shards)
    assert len(shards) == 1 or min(len(a) + len(b) for a, b in combinations(shards, 2)) > 0
    assert len(shards) <= 2 * -(-N_MEMBERS // (most // 2))


@given(seed=seeds, most=st.integers(4, 20), n_options=st.integers(0, 12))
def test_windows_tear_no_group_of_the_plan(seed: int, most: int, n_options: int) -> None:
    """And hold everyone once, whatever else could be formed."""
    plan = disjoint(random_groups(seed, 5))
    node = nodes_of(N_MEMBERS, plan)
    losses = np.random.default_rng(seed).random(node.max() + 1)

    windows = cut_into_windows(N_MEMBERS, plan, random_groups(seed + 1, n_options), losses, most)

    assert everyone_in(windows) == list(range(N_MEMBERS))
    assert all(len(window) <= most and (np.diff(window) > 0).all() for window in windows)
    for group in plan:
        assert sum(not set(group).isdisjoint(window.tolist()) for window in windows) == 1


def test_nodes_are_groups_and_then_whoever_is_alone() -> None:
    """In the order of the plan, then by number."""
    assert nodes_of(6, [(1, 4), (0, 5)]).tolist() == [1, 0, 2, 3, 0, 1]


def test_two_circles_of_friends_are_two_shards() -> None:
    """A weak link between them does not keep them together."""
    friends = [(a, b) for circle in (range(0, 8, 2), range(1, 8, 2)) for a, b in combinations(circle, 2)]
    edges = np.array([(0, 1), *friends])
    pool = pool_of_pairs(8, edges, np.where(np.arange(len(edges)) == 0, 0.1, 1.0), sizes=(2, 4))

    shards = cut_into_shards(pool, 4)

    assert [shard.tolist() for shard in shards] == [[0, 2, 4, 6], [1, 3, 5, 7]]


def test_a_window_begins_where_most_is_lost_and_follows_what_could_be_formed() -> None:
    """Members 4 and 5 lose most; the option (3, 4) links them to the group of 3."""
    plan: list[Group] = [(0, 1), (2, 3), (4, 5)]

    windows = cut_into_windows(6, plan, [(3, 4)], np.array([0.1, 0.2, 0.9]), 4)

    assert [window.tolist() for window in windows] == [[2, 3, 4, 5], [0, 1]]
