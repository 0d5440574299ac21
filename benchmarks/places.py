"""How many places we understand, written in three ways, beside the first match in the gazetteer.

Run it with `python -m benchmarks.places`. Data: `geocoding/cities.csv` under MATCHER_DATA (or ../shared/data),
Meetup cities worldwide with coordinates. Right is within 25 km; ours may also answer "unknown".
"""

import csv
import sys

from geopy.distance import geodesic

from benchmarks import DATA
from matcher.geography.places import homes_written
from matcher.geography.spelling import fold
from matcher.storage.gazetteer import load_gazetteer

CITIES = DATA / "geocoding" / "cities.csv"
WITH_STATES = ("us", "ca", "au")
NEAR_KM = 25.0
Point = tuple[float, float]
Row = dict[str, str]


def main() -> None:
    """Print a row for each way of writing."""
    if not CITIES.exists():
        sys.exit(f"no data at {CITIES}: set MATCHER_DATA")
    rows = list(csv.DictReader(CITIES.open(encoding="utf-8")))
    first = _first_matches()
    print(f"{'written as':<22}{'right':>8}{'wrong':>8}{'unknown':>9}   first match in the gazetteer, right")
    for name, texts in written(rows).items():
        homes = homes_written(sorted(set(texts)), load_gazetteer())
        ours = [(homes[text].spot.lat, homes[text].spot.lon) if text in homes else None for text in texts]
        right, unknown = _share_right(ours, rows), sum(point is None for point in ours) / len(rows)
        naive = _share_right([first.get(fold(row["city"])) for row in rows], rows)
        print(f"{name:<22}{right:>8.1%}{1 - right - unknown:>8.1%}{unknown:>9.1%}   {naive:.1%}")


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
    n_right = 0
    for point, row in zip(points, rows, strict=True):
        truth = (float(row["lat"]), float(row["lon"]))
        n_right += point is not None and bool(geodesic(point, truth).km <= NEAR_KM)
    return n_right / len(rows)


def _first_matches() -> dict[str, Point]:
    """The largest town of each spelling, whatever stands after the comma."""
    towns = load_gazetteer().frame.filter(kind="town").sort("population", descending=True).explode("spellings")
    first: dict[str, Point] = {}
    for spelling, lat, lon in towns.select("spellings", "lat", "lon").iter_rows():
        first.setdefault(spelling, (lat, lon))
    return first


if __name__ == "__main__":
    main()
