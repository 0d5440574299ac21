"""How near the fairest point comes to brute force, and how near a real town comes to the fairest point.

Run it with `python -m benchmarks.meeting_points`. First 1,000 random groups, of each kind of trouble: `fair_point`
beside a grid that proves its own error. Then groups of homes in real towns: the town that `meet_halfway` picks among
those offered, beside the fairest point on the map, which we never propose.
"""

from collections.abc import Callable, Mapping
from functools import cache
from time import process_time

import numpy as np
import polars as pl
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from benchmarks.globe_grid import ENOUGH_KM, TOLERANCE, grid_best
from matcher.arrangement.meeting import meet_halfway
from matcher.geography.options import GeographyOptions
from matcher.geography.towns import as_towns, meeting_spots, sphere_of
from matcher.numeric.distance import chord_of_km, great_circle_km, unit_sphere
from matcher.numeric.fair_point import fair_point, mixed_km
from matcher.storage.gazetteer import load_gazetteer
from matcher.tables.community import MemberIndex, Venues
from matcher.tables.geography import Travel
from matcher.units import Floats, MemberId

SEED = 5
N_GROUPS = 1_000
N_REAL_GROUPS = 2_000
SHARES = (0.0, 0.5, 1.0)
MEMBERS = (2, 9)
"""Fewest members of a group, and one more than the most."""
METRO_KM = 15.0
KM_A_DEGREE = 111.2
Draw = Callable[[np.random.Generator, int], Floats]


def main() -> None:
    """Print both tables."""
    print(f"seed {SEED}\n")
    compare_with_grid(np.random.default_rng(SEED))
    print()
    compare_with_towns(np.random.default_rng(SEED))


def compare_with_grid(rng: np.random.Generator) -> None:
    """Print a row for each kind of group and weight of the longest way."""
    n_each = N_GROUPS // len(KINDS)
    print(
        f"{N_GROUPS} groups; the grid's best is proved to be within {TOLERANCE:.1%} of the optimum, or {ENOUGH_KM} km"
    )
    print(
        f"{'kind':<18}{'longest weighs':>15}{'worst excess':>14}{'mean':>10}{'worst km':>11}{'CPU ms':>8}{'grid':>10}"
    )
    for kind, draw in KINDS.items():
        groups = [draw(rng, int(rng.integers(*MEMBERS))) for _ in range(n_each)]
        for share in SHARES:
            rows = np.array([_beside_grid(homes, share) for homes in groups])
            excess = rows[:, 0] - rows[:, 1]
            relative = 100 * np.divide(excess, rows[:, 1], out=np.zeros(n_each), where=rows[:, 1] > 10 * ENOUGH_KM)
            print(
                f"{kind:<18}{share:>15}{relative.max():>13.4f}%{relative.mean():>9.4f}%{excess.max():>11.4f}"
                f"{1e3 * rows[:, 2].mean():>8.1f}{1e3 * rows[:, 3].mean():>10.1f}"
            )


def _beside_grid(homes: Floats, share: float) -> tuple[float, float, float, float]:
    """Our value and the grid's in km, our CPU seconds and the grid's."""
    begun = process_time()
    ours = fair_point(homes[:, 0], homes[:, 1], share).value_km
    ended = process_time()
    best, _ = grid_best(unit_sphere(homes[:, 0], homes[:, 1]), share)
    return ours, best, ended - begun, process_time() - ended


def compare_with_towns(rng: np.random.Generator) -> None:
    """Print a row for each weight of the longest way: what a real town costs, and what the weight does."""
    reach_km = GeographyOptions().default_reach_km
    groups = [_neighbours(rng, int(rng.integers(4, 7)), reach_km) for _ in range(N_REAL_GROUPS)]
    travel = _travel(np.concatenate(groups), reach_km)
    ends = np.cumsum([len(homes) for homes in groups])
    print(f"{N_REAL_GROUPS} groups of 4 to 6; homes are towns within {reach_km:.0f} km of one, reach {reach_km:.0f} km")
    print(
        "longest weighs   no town   more than at the fairest point, km (% of it)      longest way, km    median way, km"
    )
    print("                            median          95 %                          median    95 %     median    95 %")
    for share in SHARES:
        rows, n_without = [], 0
        for homes, end in zip(groups, ends.tolist(), strict=True):
            meeting = meet_halfway(travel, list(range(end - len(homes), end)), share)
            if meeting is None:
                n_without += 1
                continue
            value = float(mixed_km(meeting.travel_km[:, None], share)[0])
            ideal = fair_point(homes[:, 0], homes[:, 1], share).value_km
            rows.append((value - ideal, ideal, meeting.travel_km.max(), float(np.median(meeting.travel_km))))
        more, ideal_km, longest, middle = np.array(rows).T
        parts = 100 * more[ideal_km > 1] / ideal_km[ideal_km > 1]
        print(
            f"{share:>14}{n_without / len(groups):>9.1%}"
            f"{np.median(more):>9.1f} ({np.median(parts):.0f} %){np.quantile(more, 0.95):>9.1f}"
            f" ({np.quantile(parts, 0.95):.0f} %){np.median(longest):>19.1f}{np.quantile(longest, 0.95):>8.1f}"
            f"{np.median(middle):>11.1f}{np.quantile(middle, 0.95):>8.1f}"
        )


def _neighbours(rng: np.random.Generator, n_homes: int, radius_km: float) -> Floats:
    """Homes in the towns around one town, which is likelier a large one; two may share a town."""
    towns = _towns()
    people = towns.get_column("population").to_numpy().astype(np.float64)
    middle = int(rng.choice(towns.height, p=people / people.sum()))
    tree = _town_tree()
    near = list(tree.query_ball_point(tree.data[middle], float(chord_of_km(np.array(radius_km))), return_sorted=True))
    return _points(towns[rng.choice(near, n_homes)])


def _travel(homes: Floats, reach_km: float) -> Travel:
    """Ways from homes to the towns offered by default; each home is a member's."""
    gazetteer = load_gazetteer()
    offered = meeting_spots(gazetteer, Venues.none(), GeographyOptions()).filter("is_offered")
    tree = cKDTree(sphere_of(offered))
    chords = chord_of_km(np.full(len(homes), reach_km))
    near: list[list[int]] = list(tree.query_ball_point(unit_sphere(homes[:, 0], homes[:, 1]), chords))
    rows = np.repeat(np.arange(len(homes)), [len(some) for some in near])
    columns = np.concatenate([np.array(some, np.int64) for some in near])
    there = _points(offered)[columns]
    km = np.maximum(0.1, great_circle_km(homes[rows, 0], homes[rows, 1], there[:, 0], there[:, 1]))
    index = MemberIndex(tuple(MemberId(f"m{row:06d}") for row in range(len(homes))))
    ways = csr_array((km, (rows, columns)), shape=(len(homes), offered.height))
    ways.sort_indices()
    return Travel(towns=as_towns(offered, gazetteer), km=ways, index=index)


@cache
def _towns() -> pl.DataFrame:
    return load_gazetteer().frame.filter((pl.col("kind") == "town") & (pl.col("population") >= 5_000))


@cache
def _town_tree() -> cKDTree:
    return cKDTree(sphere_of(_towns()))


@cache
def _countries() -> tuple[pl.DataFrame, ...]:
    """Towns of each country that has a few."""
    parts = _towns().partition_by("country", maintain_order=True)
    return tuple(part for part in parts if part.height >= 30)


def _points(frame: pl.DataFrame) -> Floats:
    return np.asarray(frame.select("lat", "lon").to_numpy(), dtype=np.float64)


def _around(rng: np.random.Generator, lat: float, lon: float, n_homes: int) -> Floats:
    """Homes some METRO_KM around a point that is no pole."""
    degrees = rng.normal(0, METRO_KM / KM_A_DEGREE, (n_homes, 2))
    return np.asarray(np.array([lat, lon]) + degrees / [1, np.cos(np.radians(lat))], dtype=np.float64)


def _metro(rng: np.random.Generator, n_homes: int) -> Floats:
    lat, lon = _points(_towns()[int(rng.integers(_towns().height))])[0]
    return _around(rng, lat, lon, n_homes)


def _country(rng: np.random.Generator, n_homes: int) -> Floats:
    towns = _countries()[rng.integers(len(_countries()))]
    return _points(towns[rng.integers(0, towns.height, n_homes)])


def _worldwide(rng: np.random.Generator, n_homes: int) -> Floats:
    return _points(_towns()[rng.integers(0, _towns().height, n_homes)])


def _date_line(rng: np.random.Generator, n_homes: int) -> Floats:
    lons = 180 + rng.normal(0, 5, n_homes)
    return np.column_stack([rng.uniform(-70, 70) + rng.normal(0, 3, n_homes), (lons + 180) % 360 - 180])


def _pole(rng: np.random.Generator, n_homes: int) -> Floats:
    side = rng.choice([-1.0, 1.0])
    return np.column_stack([side * (90 - np.abs(rng.normal(0, 8, n_homes))), rng.uniform(-180, 180, n_homes)])


def _antipodes(rng: np.random.Generator, n_homes: int) -> Floats:
    """Some around one point, the others at their exact antipodes or somewhat off."""
    lat, lon = rng.uniform(-70, 70), rng.uniform(-180, 0)
    homes = np.array([lat, lon]) + rng.normal(0, rng.choice([0.0, 5.0]), (n_homes, 2))
    far = np.arange(n_homes) % 2 == 1
    homes[far] = homes[far] * [-1, 1] + [0, 180]
    return homes


def _identical(rng: np.random.Generator, n_homes: int) -> Floats:
    return np.repeat(_worldwide(rng, 1), n_homes, axis=0)


def _outlier(rng: np.random.Generator, n_homes: int) -> Floats:
    return np.concatenate([_metro(rng, n_homes - 1), _worldwide(rng, 1)])


KINDS: Mapping[str, Draw] = {
    "one metro": _metro,
    "one country": _country,
    "worldwide": _worldwide,
    "date line": _date_line,
    "poles": _pole,
    "antipodes": _antipodes,
    "identical homes": _identical,
    "one outlier": _outlier,
}


if __name__ == "__main__":
    main()
