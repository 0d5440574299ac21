"""How good the groups are: greedy, ours and the bound on random communities with structure.

Run `python -m benchmarks.groups [members …]`; it prints one JSON line an instance.
"""

import json
import sys
from time import process_time

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from matcher.arrangement.construct import grow_groups
from matcher.arrangement.groups import GroupOptions, form_groups
from matcher.arrangement.objective import judge
from matcher.arrangement.seating import ask
from matcher.tables.community import MemberIndex
from matcher.tables.geography import Towns, Travel
from matcher.tables.pairs import USES, Affinities, Vetoes
from matcher.units import Floats, MemberId

N_TOPICS = 12
N_NEIGHBOURS = 30
REACH_KM = 120.0
EVEN_CHANCE = 0.5
"""Of two for whom nothing speaks: here pairs have no parts, only a sum."""


def community(n_members: int, rng: np.random.Generator) -> tuple[Affinities, Travel, Vetoes]:
    """Members with a few topics each, most of them near one of a few cities, and a few vetoes."""
    index = MemberIndex(tuple(MemberId(f"m{row:05d}") for row in range(n_members)))
    cities = rng.uniform(0, 2_000, (max(3, n_members // 80), 2))
    homes = cities[(rng.pareto(1.2, n_members) * 2).astype(np.int64) % len(cities)] + rng.normal(0, 40, (n_members, 2))
    topics = rng.dirichlet(np.full(N_TOPICS, 0.3), n_members)
    topics /= np.linalg.norm(topics, axis=1, keepdims=True)
    travel = _travel(homes, np.vstack([cities, homes[rng.permutation(n_members)[: n_members // 4]]]), index)
    mutual = _mutual(topics, homes, rng)
    nearest = np.argsort(-mutual, axis=1, kind="stable")[:, :N_NEIGHBOURS]
    rows = np.repeat(np.arange(n_members), N_NEIGHBOURS)
    pairs = np.unique(np.sort(np.column_stack([rows, nearest.ravel()]), axis=1), axis=0)
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    frame = pl.DataFrame({"member_a": index.column(pairs[:, 0]), "member_b": index.column(pairs[:, 1])})
    shares = pl.Series(mutual[pairs[:, 0], pairs[:, 1]])
    scored = frame.with_columns(
        pl.lit("introduce", pl.Enum(USES)).alias("use"), a_to_b=shares, b_to_a=shares, mutual=shares
    )
    parts = [name for name in Affinities.columns if name not in scored.columns]
    affinities = Affinities.sorted(scored.with_columns(pl.lit(0.0).alias(name) for name in parts))
    vetoed = frame[np.flatnonzero(rng.random(len(pairs)) < 0.01).tolist()]
    return affinities, travel, Vetoes.sorted(vetoed.with_columns(rule=pl.lit("block")))


def _mutual(topics: Floats, homes: Floats, rng: np.random.Generator) -> Floats:
    """Common topics, nearness and a share of pure chance, in [0, 1]; a third of the members is lukewarm."""
    distance_km = np.linalg.norm(homes[:, None] - homes[None, :], axis=2)
    chance = rng.normal(0, 1, distance_km.shape)
    charm = rng.normal(0, 0.7, len(homes))
    total = 5 * topics @ topics.T - 4 + 1.5 * np.exp(-distance_km / 100) + (chance + chance.T) / 2
    mutual: Floats = 1 / (1 + np.exp(-(total + charm[:, None] + charm[None, :])))
    np.fill_diagonal(mutual, 0)
    return mutual


def _travel(homes: Floats, towns: Floats, index: MemberIndex) -> Travel:
    km = np.maximum(np.linalg.norm(homes[:, None] - towns[None, :], axis=2), 0.1)
    numbers = range(len(towns))
    frame = pl.DataFrame(
        {
            "town": pl.Series(numbers, dtype=pl.UInt32),
            "name": [f"town {number}" for number in numbers],
            "lat": [0.0] * len(towns),
            "lon": [0.0] * len(towns),
            "population": pl.Series([1] * len(towns), dtype=pl.UInt32),
        }
    )
    return Travel(towns=Towns(frame), km=csr_array(np.where(km <= REACH_KM, km, 0)), index=index)


def measure(n_members: int, seed: int) -> dict[str, float]:
    """One instance: value of greedy and of ours, the bound, and our CPU seconds."""
    affinities, travel, vetoes = community(n_members, np.random.default_rng(seed))
    options = GroupOptions(min_fit_lift=1 / 4, tie_lift=1 / 3)
    question = ask(affinities, travel, vetoes, options, stranger_chance=EVEN_CHANCE)
    greedy = sum(question.worth(group) for group in grow_groups(question, question.seatable, {}))
    start = process_time()
    seats = form_groups(affinities, travel, vetoes, options, np.random.default_rng(seed), stranger_chance=EVEN_CHANCE)
    seconds = process_time() - start
    found = judge(seats, affinities, travel, vetoes, options, stranger_chance=EVEN_CHANCE)
    return {
        "n_members": n_members,
        "seed": seed,
        "n_pairs": len(affinities),
        "n_seated": len(seats),
        "greedy": round(greedy, 3),
        "ours": round(found.value, 3),
        "upper_bound": round(found.upper_bound or 0.0, 3),
        "gap": round(found.gap or 0.0, 4),
        "gain_over_greedy": round(found.value / greedy - 1, 4),
        "cpu_seconds": round(seconds, 1),
    }


def main() -> None:
    """Print one line an instance."""
    sizes = [int(size) for size in sys.argv[1:]] or [200, 500, 1_000, 2_000]
    for n_members in sizes:
        for seed in (1, 2):
            print(json.dumps(measure(n_members, seed)), flush=True)


if __name__ == "__main__":
    main()
