"""Ways in which the odds of coming may fall with distance, and how they are fitted.

Each curve is a factor w(km) on the odds, 1 next door: a share is expit(level + ln w(km)). So -ln w is a cost in
log-odds, which is what the engine adds and subtracts. A floor is a part of the odds that distance does not touch.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import expit, log_expit

from matcher.units import Floats

STEP_KM = 0.5
FARTHEST_KM = 20_000.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """A way in which the odds may fall.

    Attributes:
        log_odds: ln w at distances in km, from parameters that stand for natural logs of what must be positive.
        starts: Parameters to begin with, each set in turn; the level of the odds next door comes before them.
        names: What the parameters are, for the table.
    """

    log_odds: Callable[[Floats, Floats], Floats]
    starts: tuple[tuple[float, ...], ...]
    names: tuple[str, ...]


def _exponential(km: Floats, at: Floats) -> Floats:
    return np.asarray(-km / np.exp(at[0]))


def _shifted_power(km: Floats, at: Floats) -> Floats:
    return np.asarray(-np.exp(at[1]) * np.log1p(km / np.exp(at[0])))


def _log_logistic(km: Floats, at: Floats) -> Floats:
    return np.asarray(-np.logaddexp(0, np.exp(at[1]) * (np.log(np.maximum(km, STEP_KM / 4)) - at[0])))


def _floored(inner: Callable[[Floats, Floats], Floats]) -> Callable[[Floats, Floats], Floats]:
    """Let distance touch only a part of the odds: w becomes f + (1 - f) w, with f by its log-odds, the last one."""

    def log_odds(km: Floats, at: Floats) -> Floats:
        return np.asarray(np.logaddexp(log_expit(at[-1]), log_expit(-at[-1]) + inner(km, at)))

    return log_odds


def _bonus(km: Floats, at: Floats) -> Floats:
    return np.asarray(np.exp(at[1]) * (np.exp2(-km / np.exp(at[0])) - 1))


def _power_of(exponent: float) -> Callable[[Floats, Floats], Floats]:
    return lambda km, at: np.asarray(-exponent * np.log1p(km / np.exp(at[0])))


_SCALES = tuple((scale,) for scale in (1.0, 3.0, 5.0))
_SHAPES = tuple((*scale, shape) for scale in _SCALES for shape in (-1.0, 0.0, 1.0))
_FLOORED = tuple((*shape, -2.5) for shape in _SHAPES)
_TWO = ("scale km", "exponent")
CURVES: Mapping[str, Curve] = {
    "no matter how far": Curve(log_odds=lambda km, _: np.zeros_like(km), starts=((),), names=()),
    "exponential": Curve(log_odds=_exponential, starts=_SCALES, names=("scale km",)),
    "exponential, floor": Curve(
        log_odds=_floored(_exponential), starts=tuple((*scale, -2.5) for scale in _SCALES), names=("scale km", "floor")
    ),
    "shifted power": Curve(log_odds=_shifted_power, starts=_SHAPES, names=_TWO),
    "shifted power, exponent 1": Curve(log_odds=_power_of(1.0), starts=_SCALES, names=("scale km",)),
    "shifted power, exponent 1.5": Curve(log_odds=_power_of(1.5), starts=_SCALES, names=("scale km",)),
    "shifted power, exponent 2": Curve(log_odds=_power_of(2.0), starts=_SCALES, names=("scale km",)),
    "shifted power, floor": Curve(log_odds=_floored(_shifted_power), starts=_FLOORED, names=(*_TWO, "floor")),
    "log-logistic": Curve(log_odds=_log_logistic, starts=_SHAPES, names=_TWO),
    "log-logistic, floor": Curve(log_odds=_floored(_log_logistic), starts=_FLOORED, names=(*_TWO, "floor")),
    "bonus halves (affinity)": Curve(log_odds=_bonus, starts=_SHAPES, names=("halves km", "bonus")),
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Counts:
    """Who came, by distance in steps of STEP_KM; shape (bin,) each."""

    km: Floats
    n_came: Floats
    n_asked: Floats


def count(km: Floats, came: Floats, weight: Floats | None = None) -> Counts:
    """Count the asked and the come, each as often as its weight says."""
    bins, place = np.unique(np.round(km / STEP_KM), return_inverse=True)
    weight = np.ones(len(km)) if weight is None else weight
    n_came, n_asked = (np.bincount(place, one).astype(np.float64) for one in (weight * came, weight))
    return Counts(km=bins * STEP_KM, n_came=n_came, n_asked=n_asked)


def likelihood(curve: Curve, at: Floats, seen: Counts) -> float:
    """Log-likelihood of what was seen; `at` is the level and the parameters."""
    odds = at[0] + curve.log_odds(seen.km, at[1:])
    return float((seen.n_came * log_expit(odds) + (seen.n_asked - seen.n_came) * log_expit(-odds)).sum())


def fit(curve: Curve, seen: Counts, start: Floats | None = None) -> Floats:
    """Most likely level and parameters; from all the curve's starts, or from this one."""
    overall = np.log(seen.n_came.sum() / (seen.n_asked - seen.n_came).sum())
    starts: list[Floats] = [np.array([overall, *one]) for one in curve.starts] if start is None else [start]

    def surprise(at: Floats) -> float:
        # Parameters are logs: beyond these bounds a curve is flat or a cliff, and the numbers overflow.
        return -likelihood(curve, at, seen) if np.abs(at).max() < 9 else np.inf

    found = [
        minimize(surprise, first, method="Nelder-Mead", options={"maxiter": 4_000, "fatol": 1e-4}) for first in starts
    ]
    return np.asarray(min(found, key=lambda one: float(one.fun)).x, dtype=np.float64)


def held_out(curve: Curve, earlier: Counts, later: Counts) -> float:
    """Log-likelihood of what came later, by the shape of what was seen earlier; only the level is taken from later."""
    shape = fit(curve, earlier)[1:]
    offset = curve.log_odds(later.km, shape)

    def miss(level: float) -> float:
        return float((later.n_came - later.n_asked * expit(level + offset)).sum())

    level = brentq(miss, -30, 30)
    return likelihood(curve, np.array([level, *shape]), later)


def half_km(curve: Curve, at: Floats) -> float:
    """Where the odds are half of what they are next door; infinite where they never are."""

    def above(km: float) -> float:
        return float(curve.log_odds(np.array([km]), at[1:])[0] + np.log(2))

    if above(0.0) <= 0 or above(FARTHEST_KM) >= 0:
        return 0.0 if above(0.0) <= 0 else float("inf")
    return float(brentq(above, 0, FARTHEST_KM))


def told(curve: Curve, at: Floats) -> str:
    """The parameters in words."""
    shown = [
        f"{name} {(expit(value) if name == 'floor' else np.exp(value)):.3g}"
        for name, value in zip(curve.names, at[1:], strict=True)
    ]
    return ", ".join(shown) or "none"
