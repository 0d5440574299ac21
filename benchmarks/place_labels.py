"""Location strings of two communities, labelled by hand before anybody saw an answer, beside the first match.

`benchmarks/labels/places.csv` says of each text what it is: a place (with a point), an area, several places, one
that cannot be known, or a joke. Called by `python -m benchmarks.places`.
"""

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from geopy.distance import geodesic

from matcher.geography.readings import Reading, readings_of
from matcher.geography.wording import take_apart
from matcher.storage.gazetteer import load_gazetteer

LABELS = Path(__file__).with_name("labels")
SAMPLES = {"places.csv": "errors in these were read and rules made", "places_fresh.csv": "never looked at before"}
NEAR_KM = 50.0
BINS = (0.0, 0.5, 0.8, 0.95, 1.0)
Row = dict[str, str]
Answers = Mapping[str, tuple[Reading, ...]]


def compare_labels() -> None:
    """Print the tables of each labelled sample."""
    for name, how in SAMPLES.items():
        print(f"\n{name}: {how}")
        _compare(LABELS / name)


def _compare(labels: Path) -> None:
    """Print ours and the first match over the labelled texts."""
    if not labels.exists():
        print(f"no labels at {labels.name}")
        return
    rows = list(csv.DictReader(labels.open(encoding="utf-8")))
    kinds = {kind: sum(row["kind"] == kind for row in rows) for kind in sorted({row["kind"] for row in rows})}
    print(f"\n{len(rows)} labelled texts: {kinds}; 95 % intervals (Wilson)")
    ours = readings_of((row["text"] for row in rows), load_gazetteer())
    first = first_matches(row["text"] for row in rows)
    distinct = list({row["text"]: row for row in rows}.values())
    print(f"{'each distinct text once':<38}{'ours':>28}{'first match':>28}")
    for name, judge in (
        ("country right, of places and areas", _country),
        ("within 50 km, of places", _near),
        ("really unknown, of those answered so", _unknown_precision),
        ("answered unknown, of the really so", _unknown_recall),
        ("jokes given coordinates", _jokes),
    ):
        print(f"{name:<38}{_interval(judge(distinct, ours)):>28}{_interval(judge(distinct, first)):>28}")
    for site in sorted({row["site"] for row in rows}):
        there = [row for row in rows if row["site"] == site]
        for name, judge in ((f"{site}, country", _country), (f"{site}, within 50 km", _near)):
            print(f"{name:<38}{_interval(judge(there, ours)):>28}{_interval(judge(there, first)):>28}")
    _print_calibration(distinct, ours)


def first_matches(texts: Iterable[str]) -> Answers:
    """The largest place that the first part of a text spells, whatever stands after the comma."""
    parts = {text: take_apart(text).parts for text in texts}
    known = load_gazetteer().frame.sort("population", "place", descending=[True, False]).explode("spellings")
    largest: dict[str, Reading] = {}
    for place in known.select("spellings", "kind", "name", "country", "lat", "lon").iter_rows(named=True):
        if place["kind"] != "area" and place["spellings"] not in largest:
            largest[place["spellings"]] = Reading(
                label=place["name"], country=place["country"], time_zone="", lat=place["lat"], lon=place["lon"],
                uncertainty_km=0.0, share=1.0,
            )  # fmt: skip
    return {text: (largest[part[0]],) for text, part in parts.items() if part and part[0] in largest}


def _country(rows: Sequence[Row], answers: Answers) -> list[bool]:
    told = [row for row in rows if row["kind"] in {"place", "area"} and row["country"]]
    return [_is_in(row, answers.get(row["text"], ())) for row in told]


def _near(rows: Sequence[Row], answers: Answers) -> list[bool]:
    return [_is_near(row, answers.get(row["text"], ())) for row in rows if row["kind"] == "place"]


def _unknown_precision(rows: Sequence[Row], answers: Answers) -> list[bool]:
    return [row["kind"] in {"unknown", "joke"} for row in rows if not answers.get(row["text"])]


def _unknown_recall(rows: Sequence[Row], answers: Answers) -> list[bool]:
    return [not answers.get(row["text"]) for row in rows if row["kind"] in {"unknown", "joke"}]


def _jokes(rows: Sequence[Row], answers: Answers) -> list[bool]:
    return [bool(answers.get(row["text"])) for row in rows if row["kind"] == "joke"]


def _is_in(row: Row, readings: Sequence[Reading]) -> bool:
    return bool(readings) and readings[0].country.lower() == row["country"].lower()


def _is_near(row: Row, readings: Sequence[Reading]) -> bool:
    point = (float(row["lat"]), float(row["lon"]))
    return bool(readings) and bool(geodesic(point, (readings[0].lat, readings[0].lon)).km <= NEAR_KM)


def _print_calibration(rows: Sequence[Row], ours: Answers) -> None:
    """How often the likeliest reading is right (a place within 50 km, an area in its country), by its share."""
    answered = [(row, ours[row["text"]]) for row in rows if row["kind"] != "several" and row["text"] in ours]
    print("share of the likeliest reading     mean  right      of")
    for low, high in pairwise(BINS):
        inside = [(row, it) for row, it in answered if low <= it[0].share < high or it[0].share == high == 1.0]
        if inside:
            mean = sum(it[0].share for _, it in inside) / len(inside)
            right = sum(_is_near(row, it) if row["kind"] == "place" else _is_in(row, it) for row, it in inside)
            print(f"  from {low:4.0%} to {high:4.0%}:            {mean:9.1%}{right / len(inside):7.1%}{len(inside):8}")


def _interval(outcomes: Sequence[bool]) -> str:
    """Share, its Wilson interval (E. B. Wilson, JASA 22, 1927), and of how many."""
    n = len(outcomes)
    if not n:
        return "none"
    share, z = sum(outcomes) / n, 1.96
    middle, half = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = (min(max((middle + side * half) / (1 + z * z / n), 0.0), 1.0) for side in (-1, 1))
    return f"{share:.1%} [{low:.1%}, {high:.1%}] {n}"
