"""What the desk's re-solve costs, and what it loses beside a whole night's work on the same question.

    python -m benchmarks.desk --members 200 500

Members with topics and homes, 50 candidates each, real ties asked for, ways to 40 towns. A night seats them; then an
organizer locks a tenth of the groups, lets five members rest and keeps five pairs apart. The desk begins with what
stands; beside it, the same question with the work of a night, from nothing. Also: what offers for a member and for a
group cost. `gap` of the desk is beside the night's bound, which holds for any groups, whatever is locked.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from time import process_time
from typing import TypeVar

import numpy as np

from benchmarks.group_pools import sparse_pool
from matcher.arrangement.changes import DESK_WORK, Area, DeskQuestion, best_changes, keep_apart, resolve, weigh_group
from matcher.arrangement.means import Means, WorkOptions
from matcher.arrangement.pools import pool_of_pairs
from matcher.arrangement.seating import GroupOptions
from matcher.engines.highs_programs import HighsPrograms
from matcher.units import MemberId

N_TOWNS, NEAREST = 40, 12

T = TypeVar("T")


def question_of(n_members: int, seed: int) -> DeskQuestion:
    """Members who need a fit and ties that about a third of the candidates have, and reach their nearest towns."""
    pairs = sparse_pool(n_members, seed)
    rng = np.random.default_rng([seed, n_members])
    pool = pool_of_pairs(n_members, pairs.edges, pairs.weights, sizes=(4, 6))
    km = rng.uniform(1, 200, (n_members, N_TOWNS))
    order = np.argsort(
        np.where(np.arange(N_TOWNS) == 0, 0.0, km), axis=1, kind="stable"
    )  # everyone reaches the capital
    near = np.sort(order[:, :NEAREST], axis=1)
    reach = np.bitwise_or.reduce(np.uint64(1) << near.astype(np.uint64), axis=1)[:, None]
    tie = float(np.quantile(pairs.weights, 0.66))
    pool = pool._replace(
        reach=reach,
        town_starts=np.arange(n_members + 1) * NEAREST,
        towns=near.ravel().astype(np.int64),
        km=np.take_along_axis(km, near, axis=1).ravel(),
        floors=(tie * 2 / 3, tie, 0.5),
        km_cost=tie / 2_000,
        worst_share=0.5,
    )
    width = len(str(n_members))
    return DeskQuestion(
        pool=pool,
        members=tuple(MemberId(f"m{row:0{width}d}") for row in range(n_members)),
        towns=tuple(Area(f"Town {town}", 0.0, 0.0, "") for town in range(N_TOWNS)),
        groups=(),
        stranger_chance=0.01,
        upper_bound=None,
    )


def measure(n_members: int, seed: int) -> dict[str, float | int | None]:
    """One night, one morning."""
    question, night = question_of(n_members, seed), GroupOptions().work
    evening, night_seconds = _timed(lambda: resolve(question, [], _means(night, seed)))
    stood, question = evening.groups, replace(question, upper_bound=evening.objective.upper_bound)
    rng = np.random.default_rng([seed, 1])
    locked = [stood[at] for at in sorted(rng.choice(len(stood), len(stood) // 10, replace=False).tolist())]
    held = {member for group in locked for member in group}
    loose = [member for group in stood for member in group if member not in held]
    resting = [loose[at] for at in rng.choice(len(loose), 5, replace=False).tolist()]
    apart = [group[:2] for group in stood if not held & {*group}][:5]
    asked = keep_apart(question, [(a, b) for a, b in apart])
    desk, desk_seconds = _timed(lambda: resolve(asked, stood, _means(DESK_WORK, seed), locked=locked, left_out=resting))
    again, again_seconds = _timed(lambda: resolve(asked, (), _means(night, seed), locked=locked, left_out=resting))
    return {
        "n_members": n_members,
        "seed": seed,
        "n_groups": len(stood),
        "night_seconds": night_seconds,
        "desk_seconds": desk_seconds,
        "again_seconds": again_seconds,
        "desk_of_again": round(desk.objective.value / again.objective.value, 5),
        "desk_gap": desk.objective.gap,
        "again_gap": again.objective.gap,
        "desk_stayed": len({*desk.groups} & {*stood}),
        "again_stayed": len({*again.groups} & {*stood}),
        "member_offers_seconds": _timed(lambda: best_changes(question, stood, loose[:1]))[1],
        "group_offers_seconds": _timed(lambda: best_changes(question, stood, stood[-1]))[1],
        "weigh_group_seconds": _timed(lambda: weigh_group(question, stood[0]))[1],
    }


def _means(work: WorkOptions, seed: int) -> Means:
    return Means(programs=HighsPrograms(), rng=np.random.default_rng(seed), work=work)


def _timed(call: Callable[[], T]) -> tuple[T, float]:
    """What it answers, and the processor's seconds, which others on the machine disturb least."""
    started = process_time()
    answer = call()
    return answer, round(process_time() - started, 4)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, nargs="+", default=[200, 500])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    wanted = parser.parse_args()
    measure(60, 1)  # compiles
    for n in wanted.members:
        for seed in wanted.seeds:
            print(json.dumps(measure(n, seed)))
