"""Reads the gazetteer that ships with the library; `python -m pipelines.gazetteer` builds it.

Its data is GeoNames (https://www.geonames.org), CC BY 4.0, shortened; see NOTICE.gazetteer.txt beside it.
"""

from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from matcher.errors import TableError
from matcher.tables.geography import Gazetteer

GAZETTEER_PATH: Final = Path(__file__).with_name("gazetteer.parquet")
SMALLEST_EXPECTED: Final = 50_000


@cache
def load_gazetteer() -> Gazetteer:
    """Towns, areas, regions and countries of the world, read once a process.

    Raises:
        TableError: The file is missing, cannot be read, or is not the whole world.
    """
    try:
        gazetteer = Gazetteer(pl.read_parquet(GAZETTEER_PATH))
    except (OSError, pl.exceptions.PolarsError) as failure:
        raise TableError(
            f"the gazetteer cannot be read; found {type(failure).__name__} at {GAZETTEER_PATH.name}; "
            "install matcher again"
        ) from failure
    kinds = set(gazetteer.frame.get_column("kind").unique())
    if len(gazetteer) < SMALLEST_EXPECTED or kinds != {"town", "area", "region", "country"}:
        raise TableError(
            f"the gazetteer is not whole; found {len(gazetteer)} places of {sorted(kinds)}; install matcher again"
        )
    return gazetteer
