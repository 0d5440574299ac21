"""What a pair's score would be without one of its parts: exact, for a direction is a sum."""

import numpy as np
import polars as pl
from scipy.special import expit

from matcher.affinity.mutual import mutual_share
from matcher.affinity.score import sum_of
from matcher.tables.pairs import PARTS, Affinities
from matcher.units import Floats


def parts_at_work(affinities: Affinities) -> tuple[str, ...]:
    """Name the parts, without the base, that say something about at least one pair."""
    speaks = affinities.frame.select(
        (pl.col(f"{part}_a_to_b", f"{part}_b_to_a").abs().max() > 0).name.keep() for part in PARTS if part != "base"
    )
    return tuple(
        part
        for part in PARTS
        if part != "base" and any(speaks.item(0, f"{part}_{way}") for way in ("a_to_b", "b_to_a"))
    )


def mutual_without(affinities: Affinities, part: str) -> Floats:
    """Mutual affinity with one part set to zero in both directions, shape (pair,)."""
    shares = []
    for direction in ("a_to_b", "b_to_a"):
        parts = {name: affinities.frame.get_column(f"{name}_{direction}").to_numpy() for name in PARTS}
        shares.append(expit(sum_of({**parts, part: np.zeros(len(affinities))})))
    return mutual_share(*shares)
