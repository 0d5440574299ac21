"""Distances on the globe for the many; where a number is shown, the stages ask for the ellipsoid."""

from typing import Final

import numpy as np

from matcher.units import Floats

EARTH_RADIUS_KM: Final = 6371.0088
"""Mean radius (2a + b) / 3 of WGS 84, as the IUGG defines it."""


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
