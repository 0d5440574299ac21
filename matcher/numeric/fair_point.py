"""The fairest point on the globe for a few homes: between the least total way and the least longest way.

Nobody is sent there: people meet in towns and venues, which give no home away. It says how good a town could be.
"""

from itertools import combinations
from typing import NamedTuple

import numpy as np
from scipy.optimize import NonlinearConstraint, minimize

from matcher.numeric.distance import EARTH_RADIUS_KM, unit_sphere
from matcher.units import Floats

N_STARTS = 3
"""Searches begin at so many of the best points to begin with; one was enough in 720 random groups."""
N_ROUNDS = 4
"""Searches around the point found, each on a fresh map; the second mostly finds nothing better."""
NOTHING_RAD = 1e-12
"""A way of less than a hundredth of a millimetre; homes so near to each other are one."""
EQUAL_KM = 1e-7
"""Ways that differ by less are equal: of equally fair points, the one with the shortest longest way is taken."""


class FairPoint(NamedTuple):
    """A point on the globe.

    Attributes:
        lat: Degrees north.
        lon: Degrees east, in [-180, 180].
        value_km: What it makes of the ways there, as `mixed_km`.
    """

    lat: float
    lon: float
    value_km: float


def mixed_km(km: Floats, worst_share: float) -> Floats:
    """What a meeting in each of these places asks of people: a mix of their mean way and of the longest.

    The mean alone would let one member pay for everybody; the longest alone would let everybody travel to spare one.

    Args:
        km: Each member's way to each place, shape (member, place).
        worst_share: Weight of the longest way, in [0, 1]; the mean way has the rest.

    Returns:
        (1 - worst_share) * mean + worst_share * longest, shape (place,).

    Example:
        >>> mixed_km(np.array([[0.0], [10.0], [20.0]]), 0.5)
        array([15.])
    """
    return np.asarray((1.0 - worst_share) * km.mean(axis=0) + worst_share * km.max(axis=0), dtype=np.float64)


def fair_point(lats: Floats, lons: Floats, worst_share: float) -> FairPoint:
    """The point with the smallest `mixed_km`: with 0 the geometric median, with 1 the centre of the smallest cap.

    The longest way is made smooth by a bound on all ways, and the rest is left to SLSQP, on a map of the half globe
    around the best of: the homes, their common direction, middles of pairs, and points as far from three homes.
    Where only the longest way counts, one of these is the optimum already: no other point cannot be bettered. Homes
    all over the globe make several valleys, hence several starts. An optimum at a home, where the objective has a
    corner, needs no search: each home is tried as it is.

    Args:
        lats: Homes, degrees north, shape (member,); at least one.
        lons: Homes, degrees east, shape (member,).
        worst_share: Weight of the longest way, in [0, 1].

    Source:
        E. Weiszfeld, Sur le point pour lequel la somme des distances de n points donnés est minimum, Tohoku
        Mathematical Journal 43, 1937: the optimum may be a home, where there is no gradient. Z. Drezner and
        G. O. Wesolowsky, Facility location on a sphere, Journal of the Operational Research Society 29, 1978, on why
        the globe is harder than the plane. The method here is neither's: SLSQP of SciPy.

    Cost: some ten milliseconds for up to ten members; starts grow with the cube of their number, for at most some 40.
    """
    homes = _in_order(unit_sphere(np.asarray(lats, np.float64), np.asarray(lons, np.float64)))
    starts = _starts(homes)
    order = np.argsort(mixed_km(_km(homes, starts), worst_share), kind="stable")
    best = starts[order[:N_STARTS]]
    found = np.concatenate([starts, [_descend(homes, start, worst_share) for start in best]])
    km = _km(homes, found)
    values = mixed_km(km, worst_share)
    fair = np.flatnonzero(values <= values.min() + EQUAL_KM)
    chosen = int(fair[km[:, fair].max(axis=0).argmin()])
    lat, lon = _degrees(found[chosen])
    return FairPoint(lat, lon, float(values[chosen]))


def _in_order(homes: Floats) -> Floats:
    """Homes in an order that does not depend on whose they are."""
    return homes[np.lexsort(homes.round(12).T)]


def _starts(homes: Floats) -> Floats:
    """The common direction, homes, middles of pairs, and points as far from three homes, unit length, (start, 3)."""
    a, b = np.triu_indices(len(homes), 1)
    one, two, three = np.array(list(combinations(range(len(homes)), 3)), np.int64).reshape(-1, 3).T
    across = np.cross(homes[two] - homes[one], homes[three] - homes[one])
    aside = _axes(homes[0])  # antipodes have no middle: any point a quarter of the globe away is one
    points = np.concatenate([[homes.sum(axis=0)], homes, homes[a] + homes[b], across, -across, aside])
    lengths = np.linalg.norm(points, axis=1)
    has_direction = lengths > NOTHING_RAD
    return np.asarray(points[has_direction] / lengths[has_direction, None])


def _km(homes: Floats, points: Floats) -> Floats:
    """Great circles, shape (home, point), as near ones and antipodes are both exact with."""
    across = np.linalg.norm(np.cross(homes[:, None], points[None]), axis=2)
    return np.asarray(EARTH_RADIUS_KM * np.arctan2(across, homes @ points.T))


def _descend(homes: Floats, start: Floats, worst_share: float) -> Floats:
    """The lowest point found downhill from here, unit length."""
    here, value = start, mixed_km(_km(homes, start[None]), worst_share)[0]
    for _ in range(N_ROUNDS):
        there = _search(homes, here, worst_share)
        lower = mixed_km(_km(homes, there[None]), worst_share)[0]
        if not lower < value - EQUAL_KM:
            return there if lower < value else here
        here, value = there, lower
    return here


def _search(homes: Floats, centre: Floats, worst_share: float) -> Floats:
    """One search on the map around a centre; unknown are two coordinates and a bound on all ways."""
    unit = float(_km(homes, centre[None]).max()) / EARTH_RADIUS_KM
    if unit < NOTHING_RAD:
        return centre
    around = _Map(homes, centre, unit * _axes(centre), unit)
    weight = (1.0 - worst_share) / len(homes)

    def asked(at: Floats) -> tuple[float, Floats]:
        value = weight * float(around.ways(at).sum()) + worst_share * float(at[2])
        return value, np.append(weight * around.slopes(at).sum(axis=0), worst_share)

    bound = NonlinearConstraint(
        lambda at: at[2] - around.ways(at),
        0.0,
        np.inf,
        jac=lambda at: np.column_stack([-around.slopes(at), np.ones(len(homes))]),
    )
    bounds = [bound] if worst_share > 0.0 else []
    solved = minimize(
        asked, np.array([0.0, 0.0, 1.0]), jac=True, constraints=bounds, method="SLSQP", options={"ftol": 1e-12}
    )
    return around.point(solved.x) if np.isfinite(solved.x).all() else centre


class _Map(NamedTuple):
    """Half of the globe, by straight lines from the middle of the Earth; coordinates are the first two of a vector.

    Attributes:
        homes: Unit length, shape (home, 3).
        centre: Unit length; its coordinates are 0.
        axes: One step of each coordinate, shape (2, 3).
        unit: In which ways are told, in radians: the longest from the centre.
    """

    homes: Floats
    centre: Floats
    axes: Floats
    unit: float

    def point(self, at: Floats) -> Floats:
        far = self.centre + at[:2] @ self.axes
        return np.asarray(far / np.linalg.norm(far))

    def ways(self, at: Floats) -> Floats:
        return np.asarray(_km(self.homes, self.point(at)[None])[:, 0] / (EARTH_RADIUS_KM * self.unit))

    def slopes(self, at: Floats) -> Floats:
        """Of each way along both axes, shape (home, 2); taken as 0 at a home itself and at its antipode."""
        here, length = self.point(at), np.linalg.norm(self.centre + at[:2] @ self.axes)
        toward = self.homes - (self.homes @ here)[:, None] * here
        lengths = np.linalg.norm(toward, axis=1, keepdims=True)
        directions = np.divide(toward, lengths, out=np.zeros_like(toward), where=lengths > NOTHING_RAD)
        return np.asarray(-directions @ self.axes.T / (length * self.unit))


def _axes(centre: Floats) -> Floats:
    """Two directions across a centre and across each other, shape (2, 3)."""
    least = np.eye(3)[np.abs(centre).argmin()]
    one = np.cross(centre, least)
    one /= np.linalg.norm(one)
    return np.stack([one, np.cross(centre, one)])


def _degrees(point: Floats) -> tuple[float, float]:
    lat = np.degrees(np.arctan2(point[2], np.hypot(point[0], point[1])))
    return float(lat), float(np.degrees(np.arctan2(point[1], point[0])))
