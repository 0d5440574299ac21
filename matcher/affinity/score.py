"""How well each candidate pair would get on: two sums of named parts, combined last."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from scipy.special import expit

from matcher.affinity.evidence import DirectedEvidence, gather
from matcher.affinity.mutual import mutual_share
from matcher.affinity.options import AffinityOptions
from matcher.numeric.distance import great_circle_km
from matcher.tables.geography import Places
from matcher.tables.pairs import PARTS, Affinities, Candidates
from matcher.tables.picture import Picture
from matcher.units import Floats

VAGUE_KM = 100.0
"""A home less certain than this says nothing about distance."""


def score_pairs(candidates: Candidates, picture: Picture, options: AffinityOptions) -> Affinities:
    """Score every candidate pair, each way.

    A direction's score is the logistic function of the sum of its parts; see `parts_of`.
    """
    pairs = candidates.frame.select("member_a", "member_b")
    toward_b, toward_a = gather(picture, pairs, km=_home_km(pairs, picture.places))
    parts = {"a_to_b": parts_of(toward_b, options), "b_to_a": parts_of(toward_a, options)}
    shares = {direction: expit(sum_of(named)) for direction, named in parts.items()}
    return Affinities.sorted(
        pairs.with_columns(
            *(pl.Series(direction, share) for direction, share in shares.items()),
            pl.Series("mutual", mutual_share(shares["a_to_b"], shares["b_to_a"])),
            *(
                pl.Series(f"{part}_{direction}", values)
                for direction, named in parts.items()
                for part, values in named.items()
            ),
        )
    )


def sum_of(parts: Mapping[str, Floats]) -> Floats:
    """Add parts in the declared order, so that the sum is the same bytes wherever it is taken."""
    total = np.zeros_like(parts["base"])
    for part in PARTS:
        total = total + parts[part]
    return total


def parts_of(seen: DirectedEvidence, options: AffinityOptions) -> Mapping[str, Floats]:
    """Turn evidence into named log-odds, one array a part, shape (pair,).

    Amounts enter by log1p: the tenth exchange says less than the first. Distance halves the bonus
    of nearness with every `near_halves_km`; an unknown home neither adds nor takes away.
    """
    nearness = options.near * np.exp2(-np.nan_to_num(seen.km) / options.near_halves_km)
    return {
        "base": np.full(len(seen.wrote), options.base),
        "interests": options.interests * seen.likeness,
        "help": options.help * seen.help_share,
        "wrote": options.wrote * np.log1p(seen.wrote),
        "was_answered": options.was_answered * np.log1p(seen.received),
        "depth": options.depth * np.log1p(seen.n_turns),
        "people": options.people * np.log1p(seen.people),
        "reach": np.where(np.isnan(seen.km), 0.0, np.where(seen.has_common_town, nearness, options.far)),
        "hostility": options.hostility * seen.hostile_share,
        "standing": options.standing * (1 - seen.standing_share),
    }


def _home_km(pairs: pl.DataFrame, places: Places) -> Floats:
    """Distance between the homes of each pair; NaN where either is unknown or vague."""
    homes = places.frame.filter(pl.col("uncertainty_km") <= VAGUE_KM).select("member", "lat", "lon")
    placed = pairs.join(homes, left_on="member_a", right_on="member", how="left", maintain_order="left").join(
        homes, left_on="member_b", right_on="member", how="left", maintain_order="left", suffix="_b"
    )
    lat_a, lon_a, lat_b, lon_b = (
        placed.get_column(name).cast(pl.Float64).fill_null(float("nan")).to_numpy()
        for name in ("lat", "lon", "lat_b", "lon_b")
    )
    return great_circle_km(lat_a, lon_a, lat_b, lon_b)
