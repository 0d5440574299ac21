"""How near the best known plans of MDGPLIB we come, at the published time limits, beside what simpler tools do.

Run `python -m benchmarks.mdgplib [--seed 1] [--ours-only] [name …]`, a name being how instances' names begin, such as
`Geo` or `RanReal_n120`. It prints one JSON line an instance and then one a family. Data: `mdgplib` under MATCHER_DATA
(or ../shared/data), 42 instances of the maximally diverse grouping problem; the best known values, and the spread of
20 runs, are of TPSDP (Yang et al., Eur. J. Oper. Res. 302 (3), 2022: C++; 3, 20, 120 s for 120, 240, 480 members).

Distances are percent below the best known; below 0 is better than it. Ours, annealing and greedy have the same CPU
seconds on one thread, so that a busy machine changes little; greedy begins again and again and keeps its best. Values
are counted anew from the file.
"""

import argparse
import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import fmean
from time import perf_counter, process_time

import numpy as np
import polars as pl

from benchmarks import DATA
from matcher.arrangement.diversity import inside, spread_members
from matcher.arrangement.diversity_bound import most_inside
from matcher.arrangement.diversity_sizes import group_limits
from matcher.numeric.diverse_groups import N_TRIES, Walk, start_walk, wander
from matcher.sources.pair_weights import read_pair_weights
from matcher.tables.pair_weights import PairWeights
from matcher.units import Floats, Rows

FOLDER = DATA / "mdgplib"
SECONDS = {120: 3, 240: 20, 480: 120}
ENDLESS = 10**18
N_RANDOM = 100
PLAIN_COOLING = 0.95
PLAIN_SWEEPS = 200
"""A textbook's annealing: from the largest weight down by 5 % whenever everyone had 200 turns; cold, it begins anew."""

Stop = Callable[[], bool]


def random_plan(pairs: PairWeights, rng: np.random.Generator) -> Rows:
    """Lower sizes, then whoever is left where there is room, by chance."""
    limits = group_limits(pairs.sizes or (), len(pairs))
    seats = np.repeat(np.arange(len(limits)), limits[:, 0])
    room = rng.permutation(np.repeat(np.arange(len(limits)), limits[:, 1] - limits[:, 0]))
    return rng.permutation(np.concatenate([seats, room[: len(pairs) - len(seats)]]))


def greedy_plan(weights: Floats, pairs: PairWeights, rng: np.random.Generator) -> Rows:
    """Members in chance order, each to the open group whose members they fit best; lower sizes are filled first."""
    limits = group_limits(pairs.sizes or (), len(pairs))
    labels, counts = np.full(len(pairs), -1), np.zeros(len(limits), np.int64)
    sums = np.zeros((len(limits), len(pairs)))
    n_owed = int(limits[:, 0].sum())
    for n_placed, member in enumerate(rng.permutation(len(pairs)).tolist()):
        is_open = counts < limits[:, 0 if n_placed < n_owed else 1]
        group = int(np.argmax(np.where(is_open, sums[:, member] / np.maximum(counts, 1), -np.inf)))
        labels[member] = group
        counts[group] += 1
        sums[group] += weights[member]
    return labels


def repeated_greedy(weights: Floats, pairs: PairWeights, rng: np.random.Generator, stop: Stop) -> Rows:
    """The best of as many greedy plans as there is time for."""
    best = greedy_plan(weights, pairs, rng)
    while not stop():
        best = max(best, greedy_plan(weights, pairs, rng), key=lambda labels: inside(weights, labels))
    return best


def plain_annealing(weights: Floats, pairs: PairWeights, rng: np.random.Generator, stop: Stop) -> Rows:
    """Annealing with the same compiled moves and a fixed schedule, from a new random plan each time it is cold."""
    best = random_plan(pairs, rng)
    while not stop():
        walk = start_walk(weights, group_limits(pairs.sizes or (), len(pairs)), random_plan(pairs, rng), _seed(rng))
        _cool_plainly(walk, stop)
        best = max(best, walk.best, key=lambda labels: inside(weights, labels))
    return best


def _cool_plainly(walk: Walk, stop: Stop) -> None:
    temperature = float(walk.weights.max())
    while wander(walk, temperature, PLAIN_SWEEPS // N_TRIES) > 0 and not stop():
        temperature *= PLAIN_COOLING


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(2**63))


def ours(weights: Floats, pairs: PairWeights, rng: np.random.Generator, stop: Stop) -> Rows:
    """What `matcher arrange` does."""
    return spread_members(weights, pairs.sizes or (), rng, n_steps=ENDLESS, stop=stop)


def measure(path: Path, known: dict[str, float], seed: int, *, is_ours_only: bool) -> dict[str, object]:
    """One instance: values, distances from the best known, seconds, bound."""
    pairs = read_pair_weights(path)
    weights = pairs.matrix()
    limit = SECONDS[len(pairs)]
    best_known = known["best_known"]

    def distance(value: float) -> float:
        return round(100 * (1 - value / best_known), 4)

    line: dict[str, object] = {"instance": path.stem, "best_known": best_known, "seed": seed}
    methods = (
        {"ours": ours} if is_ours_only else {"ours": ours, "annealing": plain_annealing, "greedy": repeated_greedy}
    )
    for name, method in methods.items():
        rng, start, cpu_start = np.random.default_rng(seed), perf_counter(), process_time()
        labels = method(weights, pairs, rng, partial(_is_over, cpu_start + limit))
        seconds, cpu_seconds = perf_counter() - start, process_time() - cpu_start
        _check(labels, pairs)
        if name == "ours":
            line |= {"value": round(inside(weights, labels), 6)}
            line |= {"cpu_seconds": round(cpu_seconds, 2), "seconds": round(seconds, 2)}
        line[f"{name}_distance"] = distance(inside(weights, labels))
    rng = np.random.default_rng(seed)
    return line | {
        "random_distance": distance(fmean(inside(weights, random_plan(pairs, rng)) for _ in range(N_RANDOM))),
        "published_mean_distance": distance(known["mean_of_20_runs"]),
        "published_worst_distance": distance(known["worst_of_20_runs"]),
        "upper_bound": round(most_inside(weights, pairs.sizes or ()), 3),
        "load": round(os.getloadavg()[0], 1),
    }


def _is_over(end: float) -> bool:
    return process_time() >= end


def _check(labels: Rows, pairs: PairWeights) -> None:
    counts = np.bincount(labels, minlength=len(pairs.sizes or ()))
    if not all(low <= count <= high for count, (low, high) in zip(counts, pairs.sizes or (), strict=True)):
        raise SystemExit(f"a plan breaks the sizes; found {counts.tolist()}")


def summary(lines: list[dict[str, object]]) -> list[dict[str, object]]:
    """Mean distances by family and number of members."""
    frame = pl.DataFrame(lines).with_columns(
        family=pl.col("instance").str.extract(r"^([A-Za-z]+)_"), n=pl.col("instance").str.extract(r"_n(\d+)_").cast(int)
    )
    distances = [name for name in frame.columns if name.endswith("_distance")]
    means = [pl.len().alias("n_instances"), *(pl.col(name).mean().round(4) for name in distances)]
    by_size = frame.group_by("family", "n").agg(means).sort("family", "n")
    by_family = frame.group_by("family").agg(means).sort("family")
    return [*by_size.to_dicts(), *by_family.to_dicts()]


def main() -> None:
    """Print one line an instance, and then one a family."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", default=[""])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ours-only", action="store_true")
    asked = parser.parse_args()
    if not FOLDER.exists():
        parser.exit(1, f"no data at {FOLDER}: set MATCHER_DATA\n")
    known = {row["instance"]: row for row in pl.read_csv(FOLDER / "best_known.csv").iter_rows(named=True)}
    ready = np.ones((4, 4)) - np.diag([1.0, 1.0, 1.0, 1.0])
    spread_members(ready, [(1, 3), (1, 3)], np.random.default_rng(0), n_steps=1)  # compiled before any clock runs
    lines = []
    for path in sorted(FOLDER.glob("*.txt"), key=lambda one: (one.stem.split("_")[1], one.stem)):
        if path.stem.startswith(tuple(asked.names)):
            lines.append(measure(path, known[path.stem], asked.seed, is_ours_only=asked.ours_only))
            print(json.dumps(lines[-1]), flush=True)
    for line in summary(lines):
        print(json.dumps(line))


if __name__ == "__main__":
    main()
