"""A million written homes, 50,000 of them distinct: seconds of one core and peak memory.

Run it with `python -m benchmarks.place_load`. Synthetic: names of gazetteer towns, drawn by population, in the ways
in which people write them, with a tenth of noise; how often each is written falls as 1 / rank.
"""

import resource
import time
from datetime import UTC, datetime

import numpy as np
import polars as pl

from matcher.geography.options import GeographyOptions
from matcher.geography.places import read_homes, settle_homes
from matcher.geography.readings import readings_of
from matcher.storage.gazetteer import load_gazetteer
from matcher.tables.community import Blocks, Community, Members, Messages, community_as_of

N_TEXTS = 1_000_000
N_DISTINCT = 50_000
SEED = 20_261_122
NOISE = ("in your head", "the internet", "somewhere", "it's complicated", "@home", "localhost", "worldwide", "my desk")
FORMS = (
    "{name}",
    "{name}, {country}",
    "{name}, {code}",
    "{name}, {region}",
    "{lower}",
    "Greater {name}",
    "{name} / {other}",
)


def main() -> None:
    """Print one line a step."""
    rng = np.random.default_rng(SEED)
    begun = time.process_time()
    load_gazetteer.__wrapped__()
    print(f"seed {SEED}; gazetteer loaded in {time.process_time() - begun:.2f} s; {_peak_mb():.0f} MB so far")
    distinct = written_homes(rng)
    ranks = np.arange(1, N_DISTINCT + 1)
    drawn = rng.choice(N_DISTINCT, size=N_TEXTS, p=(1 / ranks) / (1 / ranks).sum())
    drawn[:N_DISTINCT] = np.arange(N_DISTINCT)
    texts = pl.Series("place_text", distinct)[drawn]
    community = _community_of(texts)
    print(f"{N_TEXTS:,} members, {texts.n_unique():,} distinct texts: {_peak_mb():.0f} MB before reading")
    begun = time.process_time()
    readings = readings_of(distinct, load_gazetteer())
    seconds = time.process_time() - begun
    print(f"readings_of: {seconds:.1f} CPU s, {N_DISTINCT / seconds:,.0f} distinct a second, {len(readings):,} read")
    begun = time.process_time()
    homes = read_homes(community, load_gazetteer(), GeographyOptions())
    places = settle_homes(homes, community, GeographyOptions())
    print(
        f"read_homes and settle_homes: {time.process_time() - begun:.1f} s, {len(homes):,} readings of {len(places):,}"
    )
    print(f"peak {_peak_mb():.0f} MB")


def written_homes(rng: np.random.Generator) -> list[str]:
    """N_DISTINCT distinct texts, the commonest towns first."""
    frame = load_gazetteer().frame
    towns = frame.filter(kind="town").sort("population", "place", descending=[True, False])
    countries = dict(frame.filter(kind="country").select("country", "name").iter_rows())
    regions = {
        (c, r): name for c, r, name in frame.filter(kind="region").select("country", "region", "name").iter_rows()
    }
    rows = towns.select("name", "country", "region").rows()
    texts: dict[str, None] = {}
    while len(texts) < N_DISTINCT:
        if rng.random() < 0.1:
            texts.setdefault(f"{NOISE[rng.integers(len(NOISE))]} {rng.integers(10_000)}")
            continue
        row = int(len(rows) * rng.random() ** 3)
        name, country, region = rows[row]
        form = FORMS[rng.integers(len(FORMS))]
        texts.setdefault(
            form.format(
                name=name, lower=name.lower(), code=country, country=countries.get(country, country),
                region=regions.get((country, region), country), other=rows[rng.integers(1_000)][0],
            )
        )  # fmt: skip
    return list(texts)


def _community_of(texts: pl.Series) -> Community:
    """Members who wrote a home and nothing else."""
    unknown = pl.lit(None, dtype=pl.Float64())
    members = pl.DataFrame({"member": [f"m{row:07d}" for row in range(len(texts))], "place_text": texts}).with_columns(
        name=pl.col("member"), about=pl.lit(""), interests=pl.lit([], dtype=pl.List(pl.String())),
        lat=unknown, lon=unknown, reach_km=unknown, is_opted_in=pl.lit(value=True),
    )  # fmt: skip
    return community_as_of(
        Members.sorted(members),
        Messages(pl.DataFrame(schema=Messages.schema())),
        Blocks(pl.DataFrame(schema=Blocks.schema())),
        datetime(2026, 1, 1, tzinfo=UTC),
    )


def _peak_mb() -> float:
    """Most memory so far, as Linux counts it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
