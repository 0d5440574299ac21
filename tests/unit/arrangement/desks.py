"""Questions for the desk: random ones, and small ones written as plain dicts."""

from collections.abc import Iterable, Mapping
from itertools import combinations

import numpy as np

from matcher.arrangement.changes import Area, DeskQuestion, Party
from matcher.arrangement.means import Means, WorkOptions
from matcher.arrangement.pools import pool_of_pairs
from matcher.engines.highs_programs import HighsPrograms
from matcher.numeric.pool import FORBIDDEN, Pool
from matcher.units import MemberId
from tests.unit.arrangement.random_pools import random_pool

Pair = tuple[str, str]

LETTERS = "abcdefghijklmnopqrstuvwxyz"

QUICK = WorkOptions(n_starts=2, n_moves=300, n_rounds=0, n_passes=2)


def ids(members: Iterable[str]) -> Party:
    """One id a letter, or a word."""
    return tuple(MemberId(member) for member in members)


def parties(*groups: str) -> tuple[Party, ...]:
    """Groups of members with one letter each."""
    return tuple(ids(group) for group in groups)


def question_of(pool: Pool, groups: Iterable[Iterable[str]] = (), *, upper_bound: float | None = None) -> DeskQuestion:
    """A question of members named a, b, c and so on."""
    n_towns = int(pool.towns.max(initial=-1)) + 1
    return DeskQuestion(
        pool=pool,
        members=ids(LETTERS[: len(pool.bonus)]),
        towns=tuple(Area(f"Town {town}", 47.0 + town, 15.0, "Europe/Vienna") for town in range(n_towns)),
        groups=tuple(ids(group) for group in groups),
        stranger_chance=0.01,
        upper_bound=upper_bound,
    )


def random_question(seed: int, *, n_members: int = 8) -> DeskQuestion:
    """As random pools are, all rules included; a night asks for nobody to sit together or not at all."""
    pool = random_pool(seed, n_members=n_members, has_rules=True)
    return question_of(pool._replace(clans=np.full(n_members, -1, np.int64), clan_sizes=np.empty(0, np.int64)))


def friends(
    n_members: int, shares: Mapping[Pair, float], *, apart: Iterable[Pair] = (), sizes: tuple[int, int] = (3, 4)
) -> DeskQuestion:
    """Members a, b, c and so on, whose pairs have 0.5 but for these; they need 0.3 each and ties of 0.4 with half."""
    pairs = list(combinations(LETTERS[:n_members], 2))
    hated = {(min(pair), max(pair)) for pair in apart}
    values = np.array([0.0 if pair in hated else shares.get(pair, 0.5) for pair in pairs])
    pool = pool_of_pairs(
        n_members,
        np.array([[LETTERS.index(one) for one in pair] for pair in pairs], np.int64).reshape(-1, 2),
        np.array([FORBIDDEN if pair in hated else value for pair, value in zip(pairs, values, strict=True)]),
        sizes=sizes,
        mutuals=values,
    )
    return question_of(pool._replace(floors=(0.3, 0.4, 0.5)))


def in_towns(question: DeskQuestion, km: Mapping[str, Mapping[int, float]], *, most: int = 64) -> DeskQuestion:
    """The same members, who reach these towns; a town holds at most so many."""
    ways = [sorted(km.get(member, {0: 1.0}).items()) for member in question.members]
    reach = np.zeros((len(ways), 1), np.uint64)
    for row, mine in enumerate(ways):
        reach[row, 0] = sum(1 << town for town, _ in mine)
    high = question.pool.sizes[1]
    holds = np.array([[0 if size > most else 2**64 - 1] for size in range(high + 1)], np.uint64)
    pool = question.pool._replace(
        reach=reach,
        holds=holds,
        town_starts=np.cumsum([0, *(len(mine) for mine in ways)]),
        towns=np.array([town for mine in ways for town, _ in mine], np.int64),
        km=np.array([way for mine in ways for _, way in mine], np.float64),
        km_cost=0.001,
        worst_share=0.5,
    )
    return question_of(pool)


def means(seed: int = 1, work: WorkOptions = QUICK) -> Means:
    """Little work, and fresh dice."""
    return Means(programs=HighsPrograms(), rng=np.random.default_rng(seed), work=work)
