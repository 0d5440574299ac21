"""Distances on the globe for the many: on the sphere, and where a number is shown on the ellipsoid."""

import math
from typing import Final

import numpy as np

from matcher.units import Floats

EARTH_RADIUS_KM: Final = 6371.0088
"""Mean radius (2a + b) / 3 of WGS 84, as the IUGG defines it."""
KM_PER_DEGREE: Final = 111.2
"""Of latitude; what a degree of longitude is at the equator."""
EQUATOR_KM: Final = 6378.137
FLATTENING: Final = 1 / 298.257223563
"""Of WGS 84."""


def great_circle_km(lat_a: Floats, lon_a: Floats, lat_b: Floats, lon_b: Floats) -> Floats:
    """Distance on a sphere, by the haversine formula, which stays exact for near points.

    Differs from the ellipsoid's distance by at most 0.6 %.

    Args:
        lat_a: Degrees north, in [-90, 90], shape (pair,); all four may be broadcast together.
        lon_a: Degrees east; whole turns do not matter.
        lat_b: As lat_a.
        lon_b: As lon_a.

    Returns:
        Kilometres in [0, 20015.2], shape (pair,).

    Source:
        R. W. Sinnott, Virtues of the Haversine, Sky and Telescope 68 (2), 1984.

    Example:
        >>> round(float(great_circle_km(np.array(52.52), np.array(13.405), np.array(48.137), np.array(11.575))))
        504
    """
    phi_a, phi_b = np.radians(lat_a), np.radians(lat_b)
    half_lat, half_lon = (phi_b - phi_a) / 2, np.radians(np.subtract(lon_b, lon_a)) / 2
    chord = np.sin(half_lat) ** 2 + np.cos(phi_a) * np.cos(phi_b) * np.sin(half_lon) ** 2
    # Rounding may carry antipodes just beyond 1, where arcsin is not a number.
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(chord, 1))), dtype=np.float64)


def ellipsoid_km(lat_a: Floats, lon_a: Floats, lat_b: Floats, lon_b: Floats) -> Floats:
    """Distance on the WGS 84 ellipsoid, within 20 m of the geodesic for ways of up to some thousand km.

    A geodesic of geopy takes 0.2 ms, this a thousandth of that, and is exact enough for the one decimal that is shown;
    the audit measures each way that is shown with geopy.

    Args:
        lat_a: Degrees north, in [-90, 90], shape (pair,); all four may be broadcast together.
        lon_a: Degrees east; whole turns do not matter.
        lat_b: As lat_a.
        lon_b: As lon_a.

    Returns:
        Kilometres, shape (pair,); near antipodes some km off.

    Source:
        W. D. Lambert, The distance between two widely separated points on the surface of the earth, Journal of the
        Washington Academy of Sciences 32 (5), 1942.

    Example:
        >>> round(float(ellipsoid_km(np.array(52.52), np.array(13.405), np.array(48.137), np.array(11.575))), 1)
        504.3
    """
    beta_a, beta_b = (np.arctan((1 - FLATTENING) * np.tan(np.radians(lat))) for lat in (lat_a, lat_b))
    sigma = great_circle_km(np.degrees(beta_a), lon_a, np.degrees(beta_b), lon_b) / EARTH_RADIUS_KM
    middle, half = (beta_a + beta_b) / 2, (beta_b - beta_a) / 2
    near_half, far_half = np.maximum(np.sin(sigma / 2), 1e-12) ** 2, np.maximum(np.cos(sigma / 2), 1e-6) ** 2
    x = (sigma - np.sin(sigma)) * (np.sin(middle) * np.cos(half)) ** 2 / far_half
    y = (sigma + np.sin(sigma)) * (np.cos(middle) * np.sin(half)) ** 2 / near_half
    return np.asarray(EQUATOR_KM * (sigma - FLATTENING / 2 * (x + y)), dtype=np.float64)


def plane_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Distance of two points as on a plane, right to 1 % up to some hundred km, and quick for a single pair."""
    north = lat_a - lat_b
    east = ((lon_a - lon_b + 180) % 360 - 180) * math.cos(math.radians((lat_a + lat_b) / 2))
    return math.hypot(north, east) * KM_PER_DEGREE


def unit_sphere(lat: Floats, lon: Floats) -> Floats:
    """Points on the unit sphere, so that a k-d tree knows neither poles nor a date line.

    Args:
        lat: Degrees north, shape (point,).
        lon: Degrees east, shape (point,).

    Returns:
        Shape (point, 3).
    """
    phi, theta = np.radians(lat), np.radians(lon)
    return np.column_stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)])


def chord_of_km(km: Floats) -> Floats:
    """Straight line through the unit sphere under an arc of this length, in [0, 2].

    Args:
        km: Arc on the globe; more than half way round counts as half way.

    Returns:
        Chords, in the shape of km.
    """
    return np.asarray(2 * np.sin(np.minimum(np.asarray(km) / EARTH_RADIUS_KM, np.pi) / 2), dtype=np.float64)
