"""Gatherings of made-up communities all over the world: what ours are worth beside simpler ways to choose a city.

Run `python -m benchmarks.gathering_worlds [--sizes 1000 10000 50000] [--seeds 1]`. **Synthetic**: homes are drawn from
the gazetteer's towns by population; circles of 10 to 60 friends are planted, most of them within a thousand
kilometres of one of them and the rest anywhere; half of a circle's pairs are ties, and everybody has random ones. All
comes from the seed. Each community has a process of its own.

Every way answers the same question by the same rules, and its value is counted alike: ours by all ties there are; the
others are told who the planted circles are, choose a city for each, ask whoever gains by coming there, and hold the
best `max_per_night`. `gap` is how far ours is below its proved bound; the others' is the distance to that bound.
"""

import argparse
import json
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import process_time

import numpy as np
import polars as pl
from scipy.special import expit, logit

from benchmarks.matching import peak_megabytes
from matcher.arrangement.circles import Circle
from matcher.arrangement.company import Company, GatheringOptions, keep_good_company
from matcher.arrangement.gatherings import plan_gatherings
from matcher.arrangement.guests import best_part
from matcher.arrangement.means import Means, never
from matcher.embedding.encoder import WordHashEncoder
from matcher.engines.highs_programs import HighsPrograms
from matcher.numeric.distance import great_circle_km
from matcher.plan import Engines, study_community
from matcher.settings import Settings
from matcher.storage.gazetteer import load_gazetteer
from matcher.tables.community import Blocks, MemberIndex, Members, Messages, community_as_of
from matcher.tables.pairs import PARTS, USES, Affinities
from matcher.tables.picture import Picture
from matcher.tables.proposals import Objective
from matcher.units import Floats, Rows

SIZES = (1_000, 10_000, 50_000)
AS_OF = datetime(2024, 5, 1, tzinfo=UTC)
NEAR_KM = 1_000.0
MEMBERS_PER_CIRCLE = 150
CIRCLE_SIZES = (10, 60)
N_RANDOM_TIES = 5
STRANGERS = Settings().affinity.stranger_chance
Choose = Callable[["World", Rows, np.random.Generator], Rows]
"""Rows of the cities to try for a circle."""


@dataclass(frozen=True, eq=False, kw_only=True)
class World:
    """A made-up community.

    Attributes:
        affinities: Of all pairs who are tied.
        picture: Where they live, and who would travel where.
        circles: Rows of each planted circle, ascending.
    """

    affinities: Affinities
    picture: Picture
    circles: Sequence[Rows]


def main() -> None:
    """Print a table, and a JSON line a community."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    asked = parser.parse_args()
    rows = []
    for size in asked.sizes:
        for seed in asked.seeds:
            with multiprocessing.get_context("spawn").Pool(1) as one:
                rows.append(one.apply(measure, (size, seed)))
                print(json.dumps(rows[-1]), flush=True)
    print(f"\n| {' | '.join(rows[0])} |\n|{' --- |' * len(rows[0])}")
    for row in rows:
        print(f"| {' | '.join(str(one) for one in row.values())} |")


def measure(n_members: int, seed: int) -> dict[str, float | str]:
    """One community: ours, and the others; to be called in a fresh process."""
    options, rng = GatheringOptions(), np.random.default_rng(seed)
    plan(make_world(200, np.random.default_rng(0)), options, is_greedy=False)  # compile, import
    started = process_time()
    world = make_world(n_members, rng)
    made, before_mb = process_time() - started, peak_megabytes()
    started = process_time()
    ours = plan(world, options, is_greedy=False)
    seconds, peak_mb = process_time() - started, peak_megabytes()
    greedy = plan(world, options, is_greedy=True)
    bound = ours.upper_bound or 0.0
    others = {name: of_circles(world, choose, options, rng) for name, choose in CHOICES.items()}
    return {
        "members": n_members,
        "seed": seed,
        "ties": len(world.affinities),
        "hubs": len(world.picture.journeys.hubs),
        "circles planted": len(world.circles),
        "value": round(ours.value, 1),
        "bound": round(bound, 1),
        "gap": f"{ours.gap or 0.0:.2%}",
        "one by one": f"{1 - greedy.value / bound:.2%}",
        **{name: f"{abs(1 - value / bound):.1%}" for name, value in others.items()},
        "processor seconds": round(seconds, 2),
        "MB before, peak": f"{before_mb:.0f}, {peak_mb:.0f}",
        "seconds to make it": round(made, 1),
    }


def plan(world: World, options: GatheringOptions, *, is_greedy: bool) -> Objective:
    """Ours, or only its first step: it leaves off before any program."""
    stop = (lambda: True) if is_greedy else never
    means = Means(programs=HighsPrograms(), rng=np.random.default_rng(0), stop=stop)
    return plan_gatherings(world.affinities, world.picture, options, means, stranger_chance=STRANGERS)[2]


def of_circles(world: World, choose: Choose, options: GatheringOptions, rng: np.random.Generator) -> float:
    """What the best gatherings of planted circles are worth, each in a city of its own, if cities are chosen so."""
    company = keep_good_company(world.affinities, world.picture, options, stranger_chance=STRANGERS)
    found = [
        (value, number, hub)
        for number, rows in enumerate(world.circles)
        for hub, value in _held(world, company, rows, choose(world, rows, rng), options)
    ]
    held: dict[int, tuple[int, float]] = {}
    for value, number, hub in sorted(found, reverse=True):
        if len(held) < options.max_per_night and number not in held and hub not in {one for one, _ in held.values()}:
            held[number] = hub, value
    return sum(value for _, value in held.values())


def _held(
    world: World, company: Company, rows: Rows, hubs: Rows, options: GatheringOptions
) -> Iterator[tuple[int, float]]:
    """What a gathering of a circle would be worth in each of some cities."""
    among, efforts = company.among(rows), world.picture.journeys.effort[rows][:, hubs].toarray()
    for hub, effort in zip(hubs.tolist(), efforts.T, strict=True):
        circle = Circle(
            hub=hub,
            members=rows,
            effort=np.where(effort > 0, effort, np.inf),
            company=among,
            margin=np.zeros(len(rows)),
            most=options.max_size,
            opening_cost=options.opening_cost,
        )
        yield hub, best_part(circle, effort > 0, options)[1]


def _nearest_to_middle(world: World, rows: Rows, _rng: np.random.Generator) -> Rows:
    lat, lon = (np.radians(one[rows]) for one in _homes(world.picture))
    x, y, z = (one.mean() for one in (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))
    middle = np.degrees(np.arctan2(z, np.hypot(x, y))), np.degrees(np.arctan2(y, x))
    hubs = world.picture.journeys.hubs.frame
    there = hubs.get_column("lat").to_numpy(), hubs.get_column("lon").to_numpy()
    from_lat, from_lon = (np.full(hubs.height, one) for one in middle)
    return great_circle_km(from_lat, from_lon, *there).argsort(kind="stable")[:1]


def _largest_in_reach(world: World, rows: Rows, _rng: np.random.Generator) -> Rows:
    """Whichever of the cities within reach of half of them has most people."""
    hubs = _reached(world, rows, len(rows) / 2)
    population = world.picture.journeys.hubs.frame.get_column("population").to_numpy()
    return hubs[np.argsort(-population[hubs].astype(np.int64), kind="stable")[:1]]


def _any(world: World, rows: Rows, rng: np.random.Generator) -> Rows:
    hubs = _reached(world, rows, GatheringOptions().min_size)
    return rng.permutation(hubs)[:1]


def _all(world: World, rows: Rows, _rng: np.random.Generator) -> Rows:
    return _reached(world, rows, GatheringOptions().min_size)


def _reached(world: World, rows: Rows, by: float) -> Rows:
    return np.flatnonzero(np.diff(world.picture.journeys.km[rows].tocsc().indptr) >= by)


def _homes(picture: Picture) -> tuple[Floats, Floats]:
    frame = picture.places.frame
    return frame.get_column("lat").to_numpy(), frame.get_column("lon").to_numpy()


CHOICES: Mapping[str, Choose] = {
    "city nearest the middle": _nearest_to_middle,
    "largest city in reach": _largest_in_reach,
    "random city": _any,
    "planted circles, best city": _all,
}


def make_world(n_members: int, rng: np.random.Generator) -> World:
    """Members by population, circles, ties."""
    picture = _picture(n_members, rng)
    circles = _circles(picture, rng)
    ends = [_ties_within(rows, rng) for rows in circles]
    strengths = [rng.normal(4.0, 1.0, len(pairs)) for pairs in ends]
    ends.append(rng.integers(0, n_members, (n_members * N_RANDOM_TIES // 2, 2)))
    strengths.append(rng.normal(2.0, 0.7, len(ends[-1])))
    return World(
        affinities=_affinities(picture.index, np.concatenate(ends), np.concatenate(strengths)),
        picture=picture,
        circles=circles,
    )


def _picture(n_members: int, rng: np.random.Generator) -> Picture:
    gazetteer = load_gazetteer()
    towns = gazetteer.frame.filter(pl.col("kind") == "town")
    people = towns.get_column("population").to_numpy().astype(np.float64)
    homes = towns[rng.choice(towns.height, n_members, p=people / people.sum())].select("lat", "lon")
    ids = [f"m{number:06d}" for number in range(n_members)]
    said = {"name": pl.lit(""), "about": pl.lit(""), "place_text": pl.lit(""), "is_opted_in": pl.lit(value=True)}
    nothing = {"interests": pl.lit([], dtype=pl.List(pl.String)), "reach_km": pl.lit(None, dtype=pl.Float64)}
    members = Members.sorted(homes.with_columns(member=pl.Series(ids), **said, **nothing))
    silence = Messages.sorted(pl.DataFrame(schema=Messages.schema()))
    community = community_as_of(members, silence, Blocks.sorted(pl.DataFrame(schema=Blocks.schema())), AS_OF)
    engines = Engines(encoder=WordHashEncoder(), programs=HighsPrograms(), gazetteer=gazetteer)
    return replace(study_community(community, engines, Settings()), is_open=np.ones(n_members, np.bool_))


def _circles(picture: Picture, rng: np.random.Generator) -> list[Rows]:
    """Each around one member: three quarters live within NEAR_KM of them, the others anywhere."""
    lat, lon = _homes(picture)
    circles = []
    for _ in range(len(lat) // MEMBERS_PER_CIRCLE):
        size, first = rng.integers(*CIRCLE_SIZES, endpoint=True), rng.integers(len(lat))
        near = great_circle_km(np.full(len(lat), lat[first]), np.full(len(lat), lon[first]), lat, lon) <= NEAR_KM
        here = np.flatnonzero(near)
        n_here = min(len(here), round(0.75 * size))
        drawn = [rng.choice(here, n_here, replace=False), rng.integers(0, len(lat), size - n_here)]
        circles.append(np.unique(np.concatenate(drawn)))
    return circles


def _ties_within(rows: Rows, rng: np.random.Generator) -> Rows:
    a, b = np.triu_indices(len(rows), k=1)
    tied = rng.random(len(a)) < 0.5
    return np.column_stack([rows[a[tied]], rows[b[tied]]])


def _affinities(index: MemberIndex, ends: Rows, strengths: Floats) -> Affinities:
    """Each pair once, as strong as it first came up; nearness is no part of it."""
    ends = np.sort(ends, axis=1)
    pairs, first = np.unique(ends[ends[:, 0] != ends[:, 1]], axis=0, return_index=True)
    mutual = expit(logit(STRANGERS) + strengths[ends[:, 0] != ends[:, 1]][first])
    ids = pl.Series(index.ids, dtype=index.enum)
    frame = pl.DataFrame({"member_a": ids[pairs[:, 0]], "member_b": ids[pairs[:, 1]], "mutual": mutual})
    parts = [f"{part}_{way}" for way in ("a_to_b", "b_to_a") for part in PARTS]
    return Affinities.sorted(
        frame.with_columns(
            *(pl.lit(0.0).alias(part) for part in parts),
            use=pl.lit("introduce", dtype=pl.Enum(USES)), a_to_b="mutual", b_to_a="mutual",
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
