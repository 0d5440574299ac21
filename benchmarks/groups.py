"""Groups of 4 to 6: value, proved bound, seconds and megabytes, beside what other tools do with the same pool.

Run `python -m benchmarks.groups [--dense 100 200 500 1000] [--sparse 5000 20000] [--seeds 1 2 3] [--kinds geography
topics chance] [--time-limit S] [--curve [500]]`. The pools are synthetic and come of the printed seed (see
`group_pools.py`); --kinds are of dense pools, the last two harder than what the demo is like.

It prints one JSON line a pool, each from a process of its own: `gap` is the share of the bound that is missing;
`limit` the seconds we were given, `seconds` those we took; `peak_mb` what the process held at most, interpreter and
pool included; `trivial_bound` each member's best three partners; `peers` what others reach, their gaps below the bound
that we proved. All is compiled before any clock runs (`warm_up_seconds`). The first line says whether the same seed
gives the same groups twice. --curve goes on to draw value and bound over time, and time over size, into docs/pictures
(needs matplotlib, of the `dev` extra).
"""

import argparse
import json
import multiprocessing
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import numpy as np

from benchmarks.group_peers import Plan, as_a_coffee_bot, by_chance, by_swaps, greedily, value_of
from benchmarks.group_pictures import draw_curve, draw_sizes
from benchmarks.group_pools import KINDS, dense_pool, sparse_pool
from benchmarks.matching import peak_megabytes
from matcher.arrangement.arrange import Arrangement, ArrangeOptions, arrange
from matcher.arrangement.means import WorkOptions
from matcher.arrangement.pools import best_means, pool_of_pairs
from matcher.engines.highs_programs import HighsPrograms
from matcher.numeric.pool import Pool
from matcher.tables.pair_weights import PairWeights

DENSE_LIMITS = {200: 30.0, 500: 90.0, 1_000: 300.0}
SPARSE_LIMITS = {20_000: 600.0, 100_000: 1_200.0}
"""Seconds for pools of up to so many members; larger ones have as many as the last."""

CURVE_SECONDS = (1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256)
PICTURES = Path("docs/pictures")

PEERS: Mapping[str, Callable[[Pool, np.random.Generator], Plan]] = {
    "random": by_chance,
    "greedy": greedily,
    "coffee_bot": as_a_coffee_bot,
    "two_swap": by_swaps,
}
ANNEALING = WorkOptions(n_starts=1, n_moves=20_000, n_rounds=0, n_passes=0)
"""Our annealing alone, once: simulated annealing as a good tool would do it, without prices or proof."""

Asking = TypeVar("Asking")
Answer = TypeVar("Answer")

Asked = tuple[str, int, int, float]
"""Kind of pool ('sparse' or one of KINDS), members, seed, seconds."""


def make_pool(kind: str, n_members: int, seed: int) -> PairWeights:
    """The pool that these three stand for."""
    return sparse_pool(n_members, seed) if kind == "sparse" else dense_pool(n_members, seed, kind)


def arranged(pairs: PairWeights, seed: int, seconds: float, options: ArrangeOptions) -> tuple[Arrangement, float]:
    """What `matcher arrange` does in so many seconds at most; and how long it took."""
    started = perf_counter()
    found = arrange(
        pairs,
        options,
        np.random.default_rng(seed),
        programs=HighsPrograms(),
        stop=lambda: perf_counter() >= started + seconds,
    )
    return found, perf_counter() - started


def warm_up() -> float:
    """Compile everything; the seconds it took."""
    started = perf_counter()
    for pairs in (dense_pool(30, 0, "geography"), sparse_pool(60, 0)):
        arranged(pairs, 0, 60, ArrangeOptions(work=WorkOptions(n_moves=10)))
        for peer in PEERS.values():
            peer(pool_of_pairs(len(pairs), pairs.edges, pairs.weights, sizes=(4, 6)), np.random.default_rng(0))
    return perf_counter() - started


def measure(asked: Asked) -> dict[str, Any]:
    """One pool: ours, and everybody else; to be called in a fresh process."""
    kind, n_members, seed, limit = asked
    warm_up_seconds = warm_up()
    pairs = make_pool(kind, n_members, seed)
    found, seconds = arranged(pairs, seed, limit, ArrangeOptions())
    peak_mb = peak_megabytes()
    value, bound = checked_value(pairs, list(found.groups), found.value), found.upper_bound
    pool = pool_of_pairs(n_members, pairs.edges, pairs.weights, sizes=(4, 6))
    return {
        "pool": kind,
        "n_members": n_members,
        "n_pairs": len(pairs.weights),
        "seed": seed,
        "value": round(value, 3),
        "bound": None if bound is None else round(bound, 3),
        "gap": gap(value, bound),
        "limit": limit,
        "seconds": round(seconds, 1),
        "was_cut_short": found.was_cut_short,
        "n_unplaced": len(found.unplaced),
        "peak_mb": round(peak_mb),
        "warm_up_seconds": round(warm_up_seconds, 1),
        "trivial_bound": round(float(best_means(pool).sum()), 3),
        "peers": _peers(pairs, pool, bound, seed),
        "load": round(os.getloadavg()[0], 1),
    }


def _peers(pairs: PairWeights, pool: Pool, bound: float | None, seed: int) -> dict[str, dict[str, float | None]]:
    plans: dict[str, tuple[Plan, float]] = {}
    for name, peer in PEERS.items():
        started = perf_counter()
        plans[name] = (peer(pool, np.random.default_rng(seed)), perf_counter() - started)
    found, seconds = arranged(pairs, seed, float("inf"), ArrangeOptions(work=ANNEALING))
    plans["annealing"] = (list(found.groups), seconds)
    values = {name: checked_value(pairs, plan) for name, (plan, _) in plans.items()}
    return {
        name: {"value": round(values[name], 3), "gap": gap(values[name], bound), "seconds": round(seconds, 2)}
        for name, (_, seconds) in plans.items()
    }


def checked_value(pairs: PairWeights, plan: Plan, told: float | None = None) -> float:
    """What the plan is worth, counted anew; nobody may sit twice, and what we were told must be true."""
    seated = [member for group in plan for member in group]
    value = value_of(pairs, plan)
    if len(set(seated)) < len(seated) or any(not 4 <= len(group) <= 6 for group in plan):
        raise SystemExit("a plan seats somebody twice, or breaks the sizes")
    if told is not None and abs(told - value) > 1e-6 * max(value, 1.0):
        raise SystemExit(f"a plan is said to be worth {told}, and is worth {value}")
    return value


def gap(value: float, bound: float | None) -> float | None:
    """Share of the bound that is missing."""
    return None if not bound else round(1 - value / bound, 5)


def same_twice(seed: int) -> dict[str, Any]:
    """Whether the same seed gives the same groups and the same bound; to be called in a fresh process."""
    pairs = dense_pool(100, seed, "geography")
    (first, _), (second, seconds) = (arranged(pairs, seed, float("inf"), ArrangeOptions()) for _ in range(2))
    is_same = first == second
    return {"check": "same seed twice", "n_members": 100, "seed": seed, "same": is_same, "seconds": round(seconds, 1)}


def curve(asked: tuple[int, int]) -> list[dict[str, Any]]:
    """Value and bound for one time limit after another, each a run of its own; to be called in a fresh process."""
    warm_up()
    n_members, seed = asked
    pairs = dense_pool(n_members, seed, "geography")
    rows = []
    for limit in CURVE_SECONDS:
        found, seconds = arranged(pairs, seed, limit, ArrangeOptions())
        rows.append({"limit": limit, "seconds": round(seconds, 2), "value": found.value, "bound": found.upper_bound})
        if not found.was_cut_short:
            break
    return rows


def fresh(call: Callable[[Asking], Answer], asked: Asking) -> Answer:
    """The answer from a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as process:
        return process.apply(call, (asked,))


def limit_for(n_members: int, limits: Mapping[int, float]) -> float:
    """Seconds for so many members."""
    return next((seconds for most, seconds in limits.items() if n_members <= most), max(limits.values()))


def main() -> None:
    """Print one line a pool."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--dense", nargs="*", type=int, default=[100, 200], help="members of dense pools")
    parser.add_argument("--sparse", nargs="*", type=int, default=[], help="members of sparse pools")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=[KINDS[0]], help="of dense pools")
    parser.add_argument("--time-limit", type=float, help="seconds for every pool; else by their size")
    parser.add_argument("--curve", nargs="?", type=int, const=500, help="draw the pictures; members, 500 if not said")
    options = parser.parse_args()
    pools = [(kind, size, limit_for(size, DENSE_LIMITS)) for kind in options.kinds for size in options.dense]
    pools += [("sparse", size, limit_for(size, SPARSE_LIMITS)) for size in options.sparse]
    print(json.dumps(fresh(same_twice, options.seeds[0])), flush=True)
    rows = []
    for kind, size, limit in pools:
        for seed in options.seeds:
            rows.append(fresh(measure, (kind, size, seed, options.time_limit or limit)))
            print(json.dumps(rows[-1]), flush=True)
    if options.curve:
        points = fresh(curve, (options.curve, options.seeds[0]))
        print(json.dumps({"curve": points, "n_members": options.curve, "seed": options.seeds[0]}))
        draw_curve(points, options.curve, options.seeds[0], PICTURES / "arrangement_curve.png")
        draw_sizes(rows, PICTURES / "arrangement_sizes.png")


if __name__ == "__main__":
    main()
