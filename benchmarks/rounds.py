"""How often people meet again over many rounds: ours beside random, a coffee bot's annealer and plain swaps.

Run `python -m benchmarks.rounds [--seeds 20]`; it prints one JSON line a method: the repeated pairs of all rounds
(mean, least and most over the seeds 1, 2, ...), how many rules were broken (somebody not seated just once, or a group
of another size), and the seconds that one seed takes.

60 members sit in groups of 4 for 12 rounds: 1,080 pairs, of 1,770 possible. A pair that never met weighs 1; one that
has costs 1 for each time. Everyone is placed, and each round is arranged knowing only those before. Ours is `arrange`
with its search alone, from one start: a round without repeats needs no proof.
"""

import argparse
import json
from collections.abc import Callable, Mapping
from itertools import combinations
from statistics import fmean
from time import perf_counter

import numpy as np

from benchmarks.group_peers import Plan, as_a_coffee_bot, by_chance, by_swaps
from matcher.arrangement.arrange import ArrangeOptions, arrange
from matcher.arrangement.means import WorkOptions
from matcher.arrangement.pools import pool_of_pairs
from matcher.engines.highs_programs import HighsPrograms
from matcher.tables.pair_weights import PairWeights
from matcher.units import Rows

N_MEMBERS, SIZE, N_ROUNDS = 60, 4, 12
WORK = WorkOptions(n_starts=1, n_moves=20_000, n_rounds=0, n_passes=0)
EDGES = np.array(list(combinations(range(N_MEMBERS), 2)), dtype=np.int64)

Method = Callable[[PairWeights, np.random.Generator], Plan]
Peer = Callable[..., Plan]


def ours(pairs: PairWeights, rng: np.random.Generator) -> Plan:
    """What `matcher arrange` does, without proof."""
    options = ArrangeOptions(min_size=SIZE, max_size=SIZE, objective="sum", everyone=True, work=WORK)
    found = arrange(pairs, options, rng, programs=HighsPrograms(), stop=lambda: False)
    return list(found.groups)


def like(peer: Peer) -> Method:
    """A peer, on the same weights."""

    def arranged(pairs: PairWeights, rng: np.random.Generator) -> Plan:
        pool = pool_of_pairs(len(pairs), pairs.edges, pairs.weights, sizes=(SIZE, SIZE), is_sum=True)
        return peer(pool, rng)

    return arranged


METHODS: Mapping[str, Method] = {
    "ours": ours,
    "two_swap": like(by_swaps),
    "coffee_bot": like(as_a_coffee_bot),
    "random": like(by_chance),
}


def repeats(method: Method, seed: int) -> tuple[int, int]:
    """Pairs that meet again in all rounds, and rules broken."""
    rng, n_broken = np.random.default_rng(seed), 0
    n_met = np.zeros(len(EDGES), np.int64)
    for _ in range(N_ROUNDS):
        plan = method(_pairs(n_met), rng)
        n_broken += broken_rules(plan)
        n_met += _together(plan)
    return int(np.maximum(n_met - 1, 0).sum()), n_broken


def broken_rules(plan: Plan) -> int:
    """Members who are not seated just once, and groups of a wrong size."""
    times = np.bincount([member for group in plan for member in group], minlength=N_MEMBERS)
    return int((times != 1).sum()) + sum(len(group) != SIZE for group in plan)


def _pairs(n_met: Rows) -> PairWeights:
    names = tuple(f"m{member:02d}" for member in range(N_MEMBERS))
    return PairWeights(names=names, edges=EDGES, weights=np.where(n_met == 0, 1.0, -n_met))


def _together(plan: Plan) -> Rows:
    """Whether each pair meets, shape (pair,)."""
    table = np.full(N_MEMBERS, -1)
    for number, group in enumerate(plan):
        table[list(group)] = number
    first, second = table[EDGES].T
    return np.asarray((first == second) & (first >= 0), dtype=np.int64)


def main() -> None:
    """Print one line a method."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seeds", type=int, default=20, help="how many, from 1 on")
    seeds = range(1, parser.parse_args().seeds + 1)
    for name, method in METHODS.items():
        method(_pairs(np.zeros(len(EDGES), np.int64)), np.random.default_rng(0))  # compiled before the clock runs
        started = perf_counter()
        found = [repeats(method, seed) for seed in seeds]
        seconds = (perf_counter() - started) / len(seeds)
        counts = [count for count, _ in found]
        line = {"method": name, "n_seeds": len(seeds), "repeats": round(fmean(counts), 2)}
        line |= {"least": min(counts), "most": max(counts), "n_broken_rules": sum(n_broken for _, n_broken in found)}
        print(json.dumps(line | {"seconds": round(seconds, 2)}), flush=True)


if __name__ == "__main__":
    main()
