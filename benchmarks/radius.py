"""How long it takes to find everybody within a distance, among a million places.

Run it with `python -m benchmarks.radius [places] [queries]`. Our search, a k-d tree on the unit sphere, beside
scikit-learn's ball tree with its haversine distance: both are asked for the same counts, in alternating order, and must
agree. Places are synthetic: towns of the gazetteer drawn by population, each home some kilometres off. CPU seconds,
medians; machines and loads differ, ratios less.
"""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from time import process_time
from typing import Any

import numpy as np
import polars as pl
from scipy.spatial import cKDTree
from sklearn.neighbors import BallTree

from matcher.numeric.distance import EARTH_RADIUS_KM, chord_of_km, unit_sphere
from matcher.storage.gazetteer import load_gazetteer
from matcher.units import Floats, Rows

N_PLACES, N_QUERIES = 1_000_000, 10_000
RADII_KM = (10.0, 40.0, 100.0)
SCATTER_KM = 6.0
KM_PER_DEGREE = 111.2
SEED = 1
REPEATS = 3


def main() -> None:
    """Print one line a radius."""
    n_places = int(sys.argv[1]) if len(sys.argv) > 1 else N_PLACES
    n_queries = int(sys.argv[2]) if len(sys.argv) > 2 else N_QUERIES
    rng = np.random.default_rng(SEED)
    lat, lon = synthetic_places(n_places, rng)
    asked = rng.choice(n_places, n_queries, replace=False)
    builds: Mapping[str, Callable[[], Any]] = {
        "cKDTree": lambda: cKDTree(unit_sphere(lat, lon)),
        "BallTree": lambda: BallTree(np.radians(np.column_stack([lat, lon])), metric="haversine"),
    }
    trees, build_s = _timed(builds)
    print(f"{n_places:,} synthetic places, {n_queries:,} queries, seed {SEED}, median CPU seconds of {REPEATS}")
    print(f"build: {_told(build_s)}")
    for radius_km in RADII_KM:
        counts, query_s = _timed(
            {
                "cKDTree": partial(_by_kd, trees["cKDTree"], lat[asked], lon[asked], radius_km),
                "BallTree": partial(_by_ball, trees["BallTree"], lat[asked], lon[asked], radius_km),
            }
        )
        if not np.array_equal(counts["cKDTree"], counts["BallTree"]):
            sys.exit(f"{radius_km} km: the two disagree")
        print(f"{radius_km:.0f} km: {_told(query_s)}; {counts['cKDTree'].mean():,.0f} found a query, the same")


def synthetic_places(n_places: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Homes around towns, drawn by population: degrees north and east, shape (place,) each."""
    towns = load_gazetteer().frame.filter(pl.col("kind") == "town")
    weight = towns.get_column("population").to_numpy().astype(np.float64)
    town = rng.choice(towns.height, n_places, p=weight / weight.sum())
    north, east = rng.normal(scale=SCATTER_KM / KM_PER_DEGREE, size=(2, n_places))
    lat = np.clip(towns.get_column("lat").to_numpy()[town] + north, -90, 90)
    lon = towns.get_column("lon").to_numpy()[town] + east / np.maximum(np.cos(np.radians(lat)), 0.01)
    return lat, (lon + 180) % 360 - 180


def _by_kd(tree: cKDTree, lat: Floats, lon: Floats, radius_km: float) -> Rows:
    found = tree.query_ball_point(unit_sphere(lat, lon), float(chord_of_km(np.array(radius_km))), return_length=True)
    return np.asarray(found, dtype=np.int64)


def _by_ball(tree: Any, lat: Floats, lon: Floats, radius_km: float) -> Rows:  # noqa: ANN401 -- the library has no types
    points = np.radians(np.column_stack([lat, lon]))
    return np.asarray(tree.query_radius(points, radius_km / EARTH_RADIUS_KM, count_only=True), dtype=np.int64)


def _timed(rivals: Mapping[str, Callable[[], Any]]) -> tuple[dict[str, Any], dict[str, float]]:
    """What each makes, and its median CPU seconds; who goes first alternates."""
    made: dict[str, Any] = {}
    seconds: dict[str, list[float]] = {name: [] for name in rivals}
    for repeat in range(REPEATS):
        for name in sorted(rivals, reverse=bool(repeat % 2)):
            start = process_time()
            made[name] = rivals[name]()
            seconds[name].append(process_time() - start)
    return made, {name: float(np.median(times)) for name, times in seconds.items()}


def _told(seconds: Mapping[str, float]) -> str:
    ratio = seconds["BallTree"] / seconds["cKDTree"]
    return f"cKDTree {seconds['cKDTree']:.2f}, BallTree {seconds['BallTree']:.2f}, {ratio:.1f} times ours"


if __name__ == "__main__":
    main()
