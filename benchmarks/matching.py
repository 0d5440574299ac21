"""Introductions beside other ways to match: ours, rustworkx, networkx, greedy, random, on one and the same instance.

Run `python -m benchmarks.matching [--sizes 200x10 1000x20 …] [--seed 1]`; rustworkx comes with the `dev` extra,
networkx with torch. Members have topics and a home; half of their candidates are the nearest by both, half are
anybody. Every method runs in a process of its own, after a first call on a tiny instance, so that neither compiling nor
importing is timed; `peak_mb` is what it needed beyond the most that the process had held before. `share` is its value
beside the bound that ours proves. One table, then one JSON line a row.
"""

import argparse
import json
import multiprocessing
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from matcher.arrangement.pair_matching import match_pairs
from matcher.arrangement.stability import blocking_pairs, stable_pairs
from matcher.units import Floats, Rows

SIZES = ("200x10", "200x20", "1000x10", "1000x20", "2000x10", "2000x20", "5000x10", "5000x20", "20000x20", "100000x20")
MOST_MEMBERS = {"rustworkx": 5_000, "networkx": 200}
"""Beyond so many members they take minutes or more."""

N_TOPICS = 12
SHOWN = ("n_members", "n_pairs", "limit", "method", "value", "share", "gap", "n_blocking", "seconds", "peak_mb")

Instance = tuple[Rows, Floats, Floats, Rows]
"""Edges, mutual affinities, both directions, limits."""


def instance(n_members: int, n_candidates: int, limit: int, rng: np.random.Generator) -> Instance:
    """Members with a few topics each, most of them near one of a few cities."""
    cities = rng.uniform(0, 2_000, (max(3, n_members // 80), 2))
    homes = cities[(rng.pareto(1.2, n_members) * 2).astype(np.int64) % len(cities)] + rng.normal(0, 40, (n_members, 2))
    topics = rng.dirichlet(np.full(N_TOPICS, 0.3), n_members)
    topics /= np.linalg.norm(topics, axis=1, keepdims=True)
    alike = np.hstack([topics, homes / 300])
    nearest = np.asarray(cKDTree(alike).query(alike, k=n_candidates // 2 + 1)[1])[:, 1:]
    anybody = rng.integers(0, n_members, (n_members, n_candidates - n_candidates // 2))
    rows = np.repeat(np.arange(n_members), n_candidates)
    edges = np.unique(np.sort(np.column_stack([rows, np.hstack([nearest, anybody]).ravel()]), axis=1), axis=0)
    edges = edges[edges[:, 0] < edges[:, 1]].astype(np.int64)
    a, b = edges.T
    km, charm = np.linalg.norm(homes[a] - homes[b], axis=1), rng.normal(0, 0.7, n_members)
    both = 5 * (topics[a] * topics[b]).sum(axis=1) - 4 + 1.5 * np.exp(-km / 100)
    own = [both + charm[side] + rng.normal(0, 1, len(edges)) for side in (b, a)]  # what A would gain is B's charm
    wishes = 1 / (1 + np.exp(-np.column_stack(own)))
    return edges, 2 * wishes.prod(axis=1) / wishes.sum(axis=1), wishes, np.full(n_members, limit)


def by_ours(asked: Instance, _: int) -> Rows:
    """The largest total."""
    edges, weights, _wishes, limits = asked
    return match_pairs(edges, weights, limits).chosen


def by_first_choices(asked: Instance, _: int) -> Rows:
    """Ours, if stability is preferred."""
    edges, weights, wishes, limits = asked
    return stable_pairs(edges, weights, wishes, limits)


def by_greedy(asked: Instance, _: int) -> Rows:
    """The heaviest first."""
    return _in_order(asked, np.argsort(-asked[1], kind="stable"))


def by_chance(asked: Instance, seed: int) -> Rows:
    """In any order."""
    return _in_order(asked, np.random.default_rng(seed).permutation(len(asked[1])))


def by_rustworkx(asked: Instance, _: int) -> Rows:
    """Edmonds' blossoms; whole weights only."""
    import rustworkx  # noqa: PLC0415 -- a peer, maybe not installed

    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from([None] * len(asked[3]))
    graph.add_edges_from([(a, b, step) for (a, b), step in zip(asked[0].tolist(), _steps(asked), strict=True)])
    return _positions(asked, rustworkx.max_weight_matching(graph, weight_fn=int))


def by_networkx(asked: Instance, _: int) -> Rows:
    """The same in Python."""
    nx = import_module("networkx")  # has no types

    graph = nx.Graph()
    graph.add_weighted_edges_from([(a, b, step) for (a, b), step in zip(asked[0].tolist(), _steps(asked), strict=True)])
    return _positions(asked, nx.max_weight_matching(graph))


METHODS: Mapping[str, Callable[[Instance, int], Rows]] = {
    "ours": by_ours,
    "ours, stable": by_first_choices,
    "rustworkx": by_rustworkx,
    "networkx": by_networkx,
    "greedy": by_greedy,
    "random": by_chance,
}


def _in_order(asked: Instance, order: Rows) -> Rows:
    spare, chosen, edges = asked[3].tolist(), [], asked[0].tolist()
    for position in order.tolist():
        a, b = edges[position]
        if spare[a] and spare[b]:
            spare[a], spare[b] = spare[a] - 1, spare[b] - 1
            chosen.append(position)
    return np.array(sorted(chosen), dtype=np.int64)


def _steps(asked: Instance) -> list[int]:
    steps: list[int] = np.rint(asked[1] * 2**40).astype(np.int64).tolist()
    return steps


def _positions(asked: Instance, pairs: set[tuple[int, int]]) -> Rows:
    matched = {(min(pair), max(pair)) for pair in pairs}
    return np.array([row for row, (a, b) in enumerate(asked[0].tolist()) if (a, b) in matched], dtype=np.int64)


def timed(method: str, asked: Instance, seed: int) -> tuple[Rows, float, float]:
    """What a method chooses, in how many seconds, and the megabytes it needed; called in a fresh process."""
    METHODS[method](instance(40, 4, 1, np.random.default_rng(seed)), seed)
    before_mb = peak_megabytes()
    started = perf_counter()
    chosen = METHODS[method](asked, seed)
    seconds = perf_counter() - started
    return chosen, seconds, peak_megabytes() - before_mb


def peak_megabytes() -> float:
    """Most memory of this process since it began; getrusage would count what its parent held. 0 where /proc is not."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def measure(n_members: int, n_candidates: int, limit: int, seed: int) -> list[dict[str, Any]]:
    """One instance, every method that can do it."""
    asked = instance(n_members, n_candidates, limit, np.random.default_rng([seed, n_members, n_candidates]))
    edges, weights, wishes, limits = asked
    bound = match_pairs(edges, weights, limits).upper_bound
    rows = []
    for method in METHODS:
        if n_members > MOST_MEMBERS.get(method, n_members) or (limit > 1 and method in MOST_MEMBERS):
            continue
        with multiprocessing.get_context("spawn").Pool(1) as fresh:
            chosen, seconds, peak_mb = fresh.apply(timed, (method, asked, seed))
        value = float(weights[chosen].sum())
        rows.append(
            {
                "n_members": n_members,
                "n_pairs": len(edges),
                "limit": limit,
                "method": method,
                "value": round(value, 3),
                "share": round(value / bound, 6),
                "gap": round(1 - value / bound, 6) if method == "ours" else None,
                "n_blocking": len(blocking_pairs(edges, chosen, wishes, limits)),
                "seconds": round(seconds, 3),
                "peak_mb": round(peak_mb, 1),
                "seed": seed,
            }
        )
    return rows


def main() -> None:
    """Print a table as it grows, then JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=list(SIZES), help="members x candidates")
    parser.add_argument("--limits", nargs="+", type=int, default=[1, 3], help="introductions a member")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"seed {options.seed}\n| {' | '.join(SHOWN)} |\n|{' --- |' * len(SHOWN)}", flush=True)
    rows = []
    for size in options.sizes:
        n_members, n_candidates = (int(part) for part in size.split("x"))
        for limit in options.limits:
            for row in measure(n_members, n_candidates, limit, options.seed):
                print(f"| {' | '.join('' if row[name] is None else str(row[name]) for name in SHOWN)} |", flush=True)
                rows.append(row)
    print("\n".join(json.dumps(row) for row in rows))


if __name__ == "__main__":
    main()
