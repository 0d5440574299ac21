"""How sure a figure is: members drawn anew, again and again, with all their pairs."""

from dataclasses import dataclass

import numpy as np

from matcher.units import Floats

CONFIDENCE = 0.95


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """A figure and the middle 95 % of its bootstrap draws; NaN where there was nothing to judge."""

    value: float
    low: float
    high: float


def draw_members(n_members: int, n_resamples: int, rng: np.random.Generator) -> Floats:
    """Draw members with replacement: a member's pairs come and go together, for they are not independent.

    Returns:
        How often each member is drawn, shape (1 + n_resamples, member). The first draw is the community
        as it is, everyone once; methods judged on the same draws can be subtracted draw by draw.
    """
    drawn = rng.multinomial(n_members, np.full(n_members, 1 / max(n_members, 1)), size=n_resamples)
    return np.concatenate([np.ones((1, n_members)), drawn])


def interval(draws: Floats) -> Interval:
    """Sum up a figure, shape (draw,), whose first entry is the figure itself."""
    known = draws[1:][np.isfinite(draws[1:])]
    if not len(known):
        return Interval(value=float(draws[0]), low=float("nan"), high=float("nan"))
    low, high = np.quantile(known, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Interval(value=float(draws[0]), low=float(low), high=float(high))
