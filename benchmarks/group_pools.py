"""Synthetic pools to arrange: members with topics and homes, dense and sparse, and two kinds that are harder."""

import numpy as np
from scipy.spatial import cKDTree

from matcher.tables.pair_weights import PairWeights
from matcher.units import Floats, Rows

N_TOPICS = 12
NEAR_KM = 50.0
"""At this distance a pair is worth half as much as next door."""

N_CANDIDATES, MEMBERS_AT_ONCE = 50, 2_000
CITY_SPREAD_KM = 40.0
REGION_KM = 2_000.0
"""Cities lie anywhere in a square with this side; a sparse pool has more room, so that crowds stay as they are."""

KINDS = ("geography", "topics", "chance")
"""Topics and nearness; topics alone; topics and nearness under charm and pure chance, read as a mutual yes."""


def dense_pool(n_members: int, seed: int, kind: str) -> PairWeights:
    """Every pair has its weight, of one of KINDS, with six digits; what rounds to 0 is not named."""
    rng = np.random.default_rng(seed)
    topics, homes = _people(n_members, REGION_KM, rng)
    km = np.linalg.norm(homes[:, None] - homes[None], axis=2)
    if kind == "chance":
        weights = _with_chance(topics @ topics.T, km, rng)
    else:
        weights = topics @ topics.T * (np.exp2(-km / NEAR_KM) if kind == "geography" else 1.0)
    first, second = np.triu_indices(n_members, 1)
    return _named(n_members, np.column_stack([first, second]), weights[first, second])


def sparse_pool(n_members: int, seed: int) -> PairWeights:
    """Topics and nearness; pairs among the best N_CANDIDATES of either, of 4 times as many nearest."""
    rng = np.random.default_rng(seed)
    topics, homes = _people(n_members, REGION_KM * np.sqrt(n_members / 1_000), rng)
    crowd = cKDTree(homes)
    pairs = [
        _best_of(topics, homes, crowd, np.arange(low, min(low + MEMBERS_AT_ONCE, n_members)))
        for low in range(0, n_members, MEMBERS_AT_ONCE)
    ]
    edges = np.unique(np.sort(np.concatenate(pairs), axis=1), axis=0)
    edges = edges[edges[:, 0] < edges[:, 1]]
    return _named(n_members, edges, _weights_of(topics, homes, edges))


def _best_of(topics: Floats, homes: Floats, crowd: cKDTree, members: Rows) -> Rows:
    """Each of these members with their best N_CANDIDATES, shape (pair, 2)."""
    near = np.asarray(crowd.query(homes[members], min(4 * N_CANDIDATES, len(homes) - 1) + 1)[1])[:, 1:]
    pairs = np.column_stack([np.repeat(members, near.shape[1]), near.ravel()])
    weights = _weights_of(topics, homes, pairs).reshape(near.shape)
    best = np.argsort(-weights, axis=1, kind="stable")[:, :N_CANDIDATES]
    return np.column_stack([np.repeat(members, best.shape[1]), np.take_along_axis(near, best, axis=1).ravel()])


def _people(n_members: int, side_km: float, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Topics of length 1, shape (member, topic), and homes in km, most of them near a few large cities."""
    cities = rng.uniform(0, side_km, (max(3, n_members // 80), 2))
    city = (rng.pareto(1.2, n_members) * 2).astype(np.int64) % len(cities)
    homes = cities[city] + rng.normal(0, CITY_SPREAD_KM, (n_members, 2))
    topics = rng.dirichlet(np.full(N_TOPICS, 0.3), n_members)
    return topics / np.linalg.norm(topics, axis=1, keepdims=True), homes


def _weights_of(topics: Floats, homes: Floats, pairs: Rows) -> Floats:
    """Topics and nearness of some pairs, shape (pair,)."""
    first, second = pairs.T
    alike = np.einsum("pt,pt->p", topics[first], topics[second])
    return np.asarray(alike * np.exp2(-np.linalg.norm(homes[first] - homes[second], axis=1) / NEAR_KM))


def _with_chance(alike: Floats, km: Floats, rng: np.random.Generator) -> Floats:
    """Common topics, nearness, everybody's own charm and a share of pure chance, in [0, 1], shape (member, member)."""
    chance, charm = rng.normal(0, 1, km.shape), rng.normal(0, 0.7, len(km))
    total = 5 * alike - 4 + 1.5 * np.exp(-km / 100) + (chance + chance.T) / 2
    return np.asarray(1 / (1 + np.exp(-(total + charm[:, None] + charm))))


def _named(n_members: int, edges: Rows, weights: Floats) -> PairWeights:
    weights = np.round(weights, 6)
    names = tuple(f"m{member:06d}" for member in range(n_members))
    return PairWeights(names=names, edges=edges[weights > 0].astype(np.int64), weights=weights[weights > 0])
