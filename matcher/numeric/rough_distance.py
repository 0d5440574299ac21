"""Distances from homes that are only roughly known: chances and means over where the home may be.

A true home lies around its point as a round bell does (an isotropic Gaussian), with `uncertainty_km` the root mean
square of its distance from the point. Its distance to a fixed place is then Rice-distributed. Of two rough homes the
squares of the uncertainties add up. The plane stands for the globe: where an uncertainty is thousands of km, that is
a rough model of a rough home.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from scipy.special import chndtr, i0e, ndtr

from matcher.units import Floats

SURE_KM: Final = 1e-3
"""A home known to a metre is a point."""
STRAIGHT: Final = 300.0
"""From this many deviations away the circle looks straight, and the normal distribution serves."""
_WIDTH: Final = 6.0
"""Deviations either way within which the home is looked for: beyond lies one in 60 million."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_BLOCK: Final = 4_096


def within_share(km: Floats, uncertainty_km: Floats, radius_km: Floats) -> Floats:
    """Chance that a rough home lies within a distance of a place.

    Right to 1e-6. Of a home known to a metre it is 1 up to the radius itself, and 0 beyond.

    Args:
        km: From the home's point to the place, 0 or more, shape (pair,); all three may be broadcast together.
        uncertainty_km: Root mean square of the home's distance from its point, 0 or more.
        radius_km: How far is near enough.

    Returns:
        Shares in [0, 1], shape (pair,).

    Source:
        S. O. Rice, Mathematical Analysis of Random Noise, Bell System Technical Journal 24, 1945.

    Example:
        >>> round(float(within_share(np.array(0.0), np.array(10.0), np.array(10.0))), 4)  # 1 - 1/e
        0.6321
    """
    km, uncertainty_km, radius_km = np.broadcast_arrays(*(np.asarray(one, dtype=np.float64) for one in
                                                          (km, uncertainty_km, radius_km)))  # fmt: skip
    sigma = np.maximum(uncertainty_km, SURE_KM) / np.sqrt(2)
    away, radius = km / sigma, radius_km / sigma
    is_straight = away > STRAIGHT
    share = np.asarray(ndtr(radius - away - 0.5 / np.maximum(away, 1)), dtype=np.float64)
    share[~is_straight] = chndtr(radius[~is_straight] ** 2, 2, away[~is_straight] ** 2)
    return np.where(uncertainty_km < SURE_KM, (km <= radius_km).astype(np.float64), np.clip(share, 0, 1))


def expected(curve: Callable[[Floats], Floats], km: Floats, uncertainty_km: Floats) -> Floats:
    """Mean of a curve of distance over where the home may be.

    By Gauss-Legendre quadrature of 24 nodes over the Rice density: of a curve between 0 and 1 with a scale of 50 km
    right to 1e-6, of the logarithm of 1 + km / 10 to 3e-5, for any uncertainty up to 3,000 km.

    Args:
        curve: Smooth, of distances in km of any shape.
        km: From the home's point to the place, 0 or more, shape (pair,).
        uncertainty_km: Root mean square of the home's distance from its point, 0 or more, shape (pair,).

    Returns:
        Shape (pair,).

    Cost: Some microseconds a pair; memory O(pair).
    """
    sigma = uncertainty_km / np.sqrt(2)
    mean = np.empty(len(km), dtype=np.float64)
    is_rough = uncertainty_km >= SURE_KM
    mean[~is_rough] = curve(km[~is_rough])
    rows = np.flatnonzero(is_rough)
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        mean[block] = _mean(curve, km[block, None], sigma[block, None])
    return mean


def _mean(curve: Callable[[Floats], Floats], km: Floats, sigma: Floats) -> Floats:
    """The same of rough homes, shape (pair, 1) each; dividing by the mass makes up for the tails left out."""
    low, high = np.maximum(0, km - _WIDTH * sigma), km + _WIDTH * sigma
    far = (low + high) / 2 + (high - low) / 2 * _NODES
    density = _WEIGHTS * far * np.exp(-0.5 * ((far - km) / sigma) ** 2) * i0e(far * km / sigma**2)
    total = (density * curve(far)).sum(axis=1)
    return np.asarray(total / density.sum(axis=1), dtype=np.float64)
