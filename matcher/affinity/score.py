"""How well each candidate pair would get on: two sums of named parts, combined last."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from scipy.special import expit

from matcher.affinity.evidence import DirectedEvidence, gather
from matcher.affinity.mutual import mutual_share
from matcher.affinity.options import AffinityOptions
from matcher.tables.pairs import PARTS, Affinities, Candidates
from matcher.tables.picture import Picture
from matcher.units import Flags, Floats


def score_pairs(candidates: Candidates, picture: Picture, options: AffinityOptions) -> Affinities:
    """Score every candidate pair, each way, by the weights of its use.

    A direction's score is the logistic function of the sum of its parts; see `parts_of`.
    """
    pairs = candidates.frame.select("member_a", "member_b")
    evidence = gather(picture, pairs)
    nearness = evidence.apart.nearness(options.near_halves_km)
    parts = {
        "a_to_b": parts_of(evidence.a_to_b, evidence.is_reunion, nearness, options),
        "b_to_a": parts_of(evidence.b_to_a, evidence.is_reunion, nearness, options),
    }
    shares = {direction: expit(sum_of(named)) for direction, named in parts.items()}
    return Affinities.sorted(
        pairs.with_columns(
            evidence.uses(),
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


def parts_of(
    seen: DirectedEvidence, is_reunion: Flags, nearness: Floats, options: AffinityOptions
) -> Mapping[str, Floats]:
    """Turn evidence into named log-odds, one array a part, shape (pair,).

    Each signal counts by the weight that its pair's use gives it. Nearness, which has no direction, is a mean over
    all that the two homes may be; an unknown home adds nothing. Zeros are added where a product could be -0.0, which
    reads like a fault.
    """

    def weight(name: str) -> Floats:
        reunite, introduce = (float(getattr(weights, name)) for weights in (options.reunite, options.introduce))
        return np.where(is_reunion, reunite, introduce)

    return {
        "base": weight("base"),
        **{name: weight(name) * signal for name, signal in seen.signals.items()},
        "reach": options.near * nearness,
        "hostility": 0.0 + options.hostility * seen.hostile_share,
        "standing": 0.0 + options.standing * (1 - seen.standing_share),
    }
