"""How many places we understand, written in three ways, beside the first match in the gazetteer.

Run it with `python -m benchmarks.places`. Data: `geocoding/cities.csv` under MATCHER_DATA (or ../shared/data),
Meetup cities worldwide with coordinates. Right is within 25 km by the likeliest reading; ours may also answer
"unknown". Then the same over location strings that were labelled by hand.
"""

import csv
import sys
from itertools import pairwise

from geopy.distance import geodesic

from benchmarks import DATA
from benchmarks.place_labels import compare_labels
from matcher.geography.readings import readings_of
from matcher.geography.spelling import fold
from matcher.storage.gazetteer import load_gazetteer

CITIES = DATA / "geocoding" / "cities.csv"
WITH_STATES = ("us", "ca", "au")
NEAR_KM = 25.0
BINS = (0.0, 0.3, 0.5, 0.7, 0.9, 1.0)
Point = tuple[float, float]
Row = dict[str, str]


def main() -> None:
    """Print a row for each way of writing, then the labelled texts."""
    if not CITIES.exists():
        sys.exit(f"no data at {CITIES}: set MATCHER_DATA")
    rows = list(csv.DictReader(CITIES.open(encoding="utf-8")))
    first = _first_matches()
    naive = _share_right([first.get(fold(row["city"])) for row in rows], rows)
    print(
        f"{'written as':<22}{'right':>8}{'halves':>16}{'wrong':>8}{'unknown':>9}   first match in the gazetteer, right"
    )
    for name, texts in written(rows).items():
        readings = readings_of(texts, load_gazetteer())
        ours = [(readings[text][0].lat, readings[text][0].lon) if text in readings else None for text in texts]
        right, unknown = _share_right(ours, rows), sum(point is None for point in ours) / len(rows)
        halves = " / ".join(f"{_share_right(ours[half::2], rows[half::2]):.1%}" for half in (0, 1))
        print(f"{name:<22}{right:>8.1%}{halves:>16}{1 - right - unknown:>8.1%}{unknown:>9.1%}   {naive:.1%}")
    shares = [readings[text][0].share if text in readings else 0.0 for text in texts]
    _print_calibration(shares, [_is_right(point, row) for point, row in zip(ours, rows, strict=True)])
    compare_labels()


def written(rows: list[Row]) -> dict[str, list[str]]:
    """Each city in three ways: with everything, as people mostly write it, and bare."""
    gazetteer = load_gazetteer().frame
    countries = {row["country"].lower(): row["name"] for row in gazetteer.filter(kind="country").iter_rows(named=True)}
    regions = gazetteer.filter(kind="region").select("country", "region", "name").iter_rows()
    states = {(country.lower(), region): name for country, region, name in regions}

    def in_full(row: Row) -> str:
        state = states.get((row["country"], row["state"]), row["state"])
        return ", ".join(filter(None, (row["city"], state, countries.get(row["country"], row["country"]))))

    def in_short(row: Row) -> str:
        has_state = row["state"] and row["country"] in WITH_STATES
        return f"{row['city']}, {row['state'] if has_state else row['country'].upper()}"

    return {
        "City, State, Country": [in_full(row) for row in rows],
        "City, ST or City, CC": [in_short(row) for row in rows],
        "City": [row["city"] for row in rows],
    }


def _share_right(points: list[Point | None], rows: list[Row]) -> float:
    return sum(_is_right(point, row) for point, row in zip(points, rows, strict=True)) / len(rows)


def _is_right(point: Point | None, row: Row) -> bool:
    return point is not None and bool(geodesic(point, (float(row["lat"]), float(row["lon"]))).km <= NEAR_KM)


def _print_calibration(shares: list[float], is_right: list[bool]) -> None:
    """Of the bare cities: the mean share of the likeliest reading, and how often it was right."""
    print("share of the likeliest reading of a bare city: mean, right, of how many")
    for low, high in pairwise(BINS):
        inside = [row for row, share in enumerate(shares) if low < share <= high]
        if inside:
            mean, right = (sum(values[row] for row in inside) / len(inside) for values in (shares, is_right))
            print(f"  {low:.1f} to {high:.1f}: {mean:6.1%} {right:6.1%} {len(inside):4}")


def _first_matches() -> dict[str, Point]:
    """The largest town of each spelling, whatever stands after the comma."""
    towns = load_gazetteer().frame.filter(kind="town").sort("population", descending=True).explode("spellings")
    first: dict[str, Point] = {}
    for spelling, lat, lon in towns.select("spellings", "lat", "lon").iter_rows():
        first.setdefault(spelling, (lat, lon))
    return first


if __name__ == "__main__":
    main()
