"""How willingness to come to an event falls with the way there.

Nobody's home is in the dump: it is taken to be the middle of the venues a member said yes to before the event. So what
is measured is the way from where people usually go, and who always goes to one place seems to live there. To see how
much of the curve is only habit, it is fitted once more on venues the member had never said yes to. And once on the way
between the homes of pairs that had not met, for that is what `near_halves_km` is about.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from scipy.optimize import minimize
from scipy.special import expit

from benchmarks.meetup_history import MIN_EVENTS, Meetup, Scene
from matcher.metrics.bootstrap import draw_members, interval
from matcher.numeric.distance import great_circle_km
from matcher.units import Floats

ACTIVE_DAYS = 365
BANDS_KM = (0, 1, 2, 5, 10, 20, 50, 100, 200, 400)
STEP_KM = 0.5
SIDES = ("member", "other")
N_DRAWS = 200
SEED = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """A way in which willingness may fall.

    Attributes:
        share: Chance of a yes at a distance in km, from the parameters.
        start: Parameters to begin with: log-odds next door, then natural logs of what must be positive.
        half_km: Where the curve (for the last: its log-odds bonus) is half of what it is next door.
    """

    share: Callable[[Floats, Floats], Floats]
    start: tuple[float, ...]
    half_km: Callable[[Floats], float]


CURVES: Mapping[str, Curve] = {
    "exponential": Curve(
        share=lambda km, at: expit(at[0]) * np.exp2(-km / np.exp(at[1])),
        start=(-2.0, 3.0),
        half_km=lambda at: float(np.exp(at[1])),
    ),
    "power law": Curve(
        share=lambda km, at: expit(at[0]) * (1 + km) ** -np.exp(at[1]),
        start=(-2.0, -1.0),
        half_km=lambda at: float(np.exp2(np.exp(-at[1])) - 1),
    ),
    "ours: bonus in log-odds halves": Curve(
        share=lambda km, at: expit(at[0] + np.exp(at[2]) * (np.exp2(-km / np.exp(at[1])) - 1)),
        start=(-2.0, 3.0, 1.0),
        half_km=lambda at: float(np.exp(at[1])),
    ),
}


def invitations(meetup: Meetup) -> pl.DataFrame:
    """List who could have come to what, and how far it was: `member`, `km`, `is_new` (venue to them), `came`.

    A member could have come to an event of a group they had joined, if their last yes was at most a year before and
    at least MIN_EVENTS earlier ones tell where they go.
    """
    going = meetup.going.drop_nulls(["lat", "lon"])
    events = going.select("event", "group", "at", "lat", "lon").unique("event", keep="first", maintain_order=True)
    asked = (
        meetup.joined.join(events, on="group")
        .filter(pl.col("joined_at") < pl.col("at"))
        .select("member", "event", "at", "lat", "lon")
        .unique(["member", "event"])
        .sort("at", "event", "member")
        .join_asof(
            _usual_places(going),
            on="at",
            by="member",
            allow_exact_matches=False,
            coalesce=False,
            check_sortedness=False,
        )
        .filter(pl.col("n_before") >= MIN_EVENTS, pl.col("at") - pl.col("at_right") <= pl.duration(days=ACTIVE_DAYS))
    )
    came = going.select("member", "event", came=pl.lit(value=True))
    asked = asked.join(came, on=["member", "event"], how="left", maintain_order="left")
    ends = (asked.get_column(name).to_numpy() for name in ("lat", "lon", "home_lat", "home_lon"))
    is_known = pl.col("seen").list.contains(pl.concat_str("lat", "lon", separator=" "))
    return asked.select("member", "came", is_new=~is_known, km=pl.Series(great_circle_km(*ends))).with_columns(
        pl.col("came").fill_null(value=False)
    )


def _usual_places(going: pl.DataFrame) -> pl.DataFrame:
    """After each yes of a member: the middle of the venues so far, how many yeses, and which venues."""
    rows = []
    for (member,), mine in going.sort("at", "event").group_by("member", maintain_order=True):
        lat, lon = mine.get_column("lat").to_numpy(), mine.get_column("lon").to_numpy()
        spots = [f"{one} {other}" for one, other in zip(lat.tolist(), lon.tolist(), strict=True)]
        for n, at in enumerate(mine.get_column("at"), start=1):
            rows.append((member, at, n, float(np.median(lat[:n])), float(np.median(lon[:n])), sorted(set(spots[:n]))))
    names = ["member", "at", "n_before", "home_lat", "home_lon", "seen"]
    found = pl.DataFrame(rows, schema=names, orient="row").with_columns(pl.col("at").cast(going.schema["at"]))
    return found.unique(["member", "at"], keep="last", maintain_order=True).sort("at", "member")


def fit(curve: Curve, km: Floats, n_came: Floats, n_asked: Floats) -> tuple[Floats, float]:
    """Most likely parameters, and their log-likelihood.

    Args:
        curve: What is fitted.
        km: Distances, shape (bin,).
        n_came: Yeses at each, shape (bin,).
        n_asked: Invitations at each, shape (bin,).
    """

    def surprise(at: Floats) -> float:
        share = np.clip(curve.share(km, at), 1e-9, 1 - 1e-9)
        return -float((n_came * np.log(share) + (n_asked - n_came) * np.log1p(-share)).sum())

    best = minimize(surprise, np.array(curve.start), method="Nelder-Mead", options={"maxiter": 2_000, "fatol": 1e-6})
    return best.x, -float(best.fun)


def print_willingness(meetup: Meetup, scenes: Iterable[Scene]) -> None:
    """Print the shares by distance, and the curves: of all venues, of those new to the member, and of two homes."""
    asked, pairs = invitations(meetup), strangers(scenes)
    shown = {"all venues": asked, "venues new to the member": asked.filter("is_new"), "two homes": pairs}
    print(
        "\nWho said yes, by the way from where they usually go; which pairs met for the first time, by the way between"
    )
    print(f"\n| km | {' | '.join(f'{name} | yes' for name in shown)} |\n|{' --- |' * (1 + 2 * len(shown))}")
    for low, high in pairwise((*BANDS_KM, float("inf"))):
        cells = [_count(some.filter(pl.col("km") >= low, pl.col("km") < high)) for some in shown.values()]
        print(f"| {low}{f'-{high}' if high < float('inf') else ' and more'} | {' | '.join(cells)} |")
    print("\n| | curve | half at km | log-likelihood | AIC |\n| --- | --- | --- | --- | --- |")
    for name, some in shown.items():
        _print_curves(name, some)


def strangers(scenes: Iterable[Scene]) -> pl.DataFrame:
    """List pairs that had not met at a cutoff: `member`, `other`, `km` between homes, `came` (met later)."""
    frames = []
    for scene in scenes:
        first, second = np.nonzero(np.triu(~scene.met_before & np.isfinite(scene.km), k=1))
        ids = pl.Series(scene.ids)
        ends = {"member": ids.gather(first), "other": ids.gather(second)}
        frames.append(pl.DataFrame({**ends, "km": scene.km[first, second], "came": scene.met_after[first, second]}))
    return pl.concat(frames)


def _print_curves(name: str, asked: pl.DataFrame) -> None:
    """Fit on bins of STEP_KM; the interval of the half is by member, or by both members of a pair."""
    ids = pl.concat([asked.get_column(side) for side in SIDES if side in asked.columns]).unique().sort()
    ends = [ids.search_sorted(asked.get_column(side)).to_numpy() for side in SIDES if side in asked.columns]
    bins, place = np.unique(np.round(asked.get_column("km").to_numpy() / STEP_KM), return_inverse=True)
    came = asked.get_column("came").to_numpy()
    draws = draw_members(len(ids), N_DRAWS, np.random.default_rng(SEED))
    counts = []
    for drawn in draws:
        weight = np.prod([drawn[end] for end in ends], axis=0)
        counts.append([np.bincount(place, kind).astype(np.float64) for kind in (weight * came, weight)])
    for curve_name, curve in CURVES.items():
        at, likelihood = fit(curve, bins * STEP_KM, *counts[0])
        half = interval(np.array([curve.half_km(fit(curve, bins * STEP_KM, *count)[0]) for count in counts]))
        cells = f"{half.value:.1f} ({half.low:.1f} to {half.high:.1f}) | {likelihood:,.1f}"
        print(f"| {name} | {curve_name} | {cells} | {2 * len(at) - 2 * likelihood:,.1f} |")


def _count(asked: pl.DataFrame) -> str:
    return f"{asked.height:,} | {asked.get_column('came').sum() / max(asked.height, 1):.1%}"
