"""How willingness to come to an event falls with the way there.

Run it alone with `python -m benchmarks.meetup_distance [picture.png]`. Nobody's home is in the dump: it is taken to be
the middle of the venues a member said yes to before the event. So what is measured is the way from where people usually
go, and who always goes to one place seems to live there. To see how much of the curve is only habit, it is fitted once
more on venues the member had never said yes to. And once on the way between the homes of pairs that had not met, for
that is what `near_halves_km` is about.

It is one region of small cities, 120 to 400 km apart: between 20 and 100 km there is hardly anybody, beyond 700 km
next to nobody, and nothing here says how the curve goes on.
"""

import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import DATA
from benchmarks.distance_curves import CURVES, Counts, count, fit, half_km, held_out, likelihood, told
from benchmarks.meetup_history import MIN_EVENTS, Meetup, Scene, read_meetup, scene_at
from matcher.metrics.bootstrap import draw_members, interval
from matcher.numeric.distance import great_circle_km
from matcher.units import Floats

ACTIVE_DAYS = 365
BANDS_KM = (0, 1, 2, 5, 10, 20, 50, 100, 200, 400)
CUTOFFS = tuple(datetime(year, 5, 9, tzinfo=UTC) for year in (2012, 2013, 2014, 2015))
EARLIER = 0.7
"""Share of what was asked, by time, that a curve is fitted on before it is judged on the rest."""
SIDES = ("member", "other")
N_DRAWS = 100
SEED = 1


def main() -> None:
    """Print the tables; draw the picture if a path is given."""
    folder = DATA / "meetup"
    if not folder.exists():
        sys.exit(f"no data at {folder}: set MATCHER_DATA")
    meetup = read_meetup(folder)
    asked = print_willingness(meetup, [scene_at(meetup, cutoff) for cutoff in CUTOFFS])
    if len(sys.argv) > 1:
        from benchmarks.willingness_picture import draw_willingness  # noqa: PLC0415 -- matplotlib is slow to load

        draw_willingness(asked, Path(sys.argv[1]))


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
    return asked.select("member", "at", "came", is_new=~is_known, km=pl.Series(great_circle_km(*ends))).with_columns(
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


def print_willingness(meetup: Meetup, scenes: Iterable[Scene]) -> Mapping[str, pl.DataFrame]:
    """Print the shares by distance, and the curves: of all venues, of those new to the member, and of two homes."""
    asked = invitations(meetup)
    shown = {
        "all venues": asked,
        "venues new to the member": asked.filter("is_new"),
        "two homes": strangers(scenes),
    }
    print(
        "\nWho said yes, by the way from where they usually go; which pairs met for the first time, by the way between"
    )
    print(f"\n| km | {' | '.join(f'{name} | yes' for name in shown)} |\n|{' --- |' * (1 + 2 * len(shown))}")
    for low, high in pairwise((*BANDS_KM, float("inf"))):
        cells = [_count(some.filter(pl.col("km") >= low, pl.col("km") < high)) for some in shown.values()]
        print(f"| {low}{f'-{high}' if high < float('inf') else ' and more'} | {' | '.join(cells)} |")
    print(f"\nThe odds of a yes as level x w(km); later: the last {1 - EARLIER:.0%} by time, nats above 'no matter'")
    print("\n| | w(km) | parameters | half at km | AIC | later |\n| --- | --- | --- | --- | --- | --- |")
    for name, some in shown.items():
        _print_curves(name, some)
    return shown


def strangers(scenes: Iterable[Scene]) -> pl.DataFrame:
    """List pairs that had not met at a cutoff: `member`, `other`, `km` apart, `came` (met later), `at` (its number)."""
    frames = []
    for number, scene in enumerate(scenes):
        first, second = np.nonzero(np.triu(~scene.met_before & np.isfinite(scene.km), k=1))
        ids = pl.Series(scene.ids)
        ends = {"member": ids.gather(first), "other": ids.gather(second)}
        frames.append(
            pl.DataFrame({**ends, "km": scene.km[first, second], "came": scene.met_after[first, second], "at": number})
        )
    return pl.concat(frames)


def _print_curves(name: str, asked: pl.DataFrame) -> None:
    """Fit on bins of STEP_KM; the interval of the half is by member, or by both members of a pair."""
    ids = pl.concat([asked.get_column(side) for side in SIDES if side in asked.columns]).unique().sort()
    ends = [ids.search_sorted(asked.get_column(side)).to_numpy() for side in SIDES if side in asked.columns]
    draws = draw_members(len(ids), N_DRAWS, np.random.default_rng(SEED))
    drawn = [_counted(asked, np.prod([draw[end] for end in ends], axis=0)) for draw in draws]
    split = asked.get_column("at").sort()[int(EARLIER * asked.height)]
    earlier, later = (_counted(asked.filter(side)) for side in (pl.col("at") < split, pl.col("at") >= split))
    indifferent = held_out(CURVES["no matter how far"], earlier, later)
    for curve_name, curve in CURVES.items():
        at = fit(curve, drawn[0])
        aic = 2 * len(at) - 2 * likelihood(curve, at, drawn[0])
        half = "" if not curve.names else _told(np.array([half_km(curve, fit(curve, one, at)) for one in drawn]))
        gain = held_out(curve, earlier, later) - indifferent
        print(f"| {name} | {curve_name} | {told(curve, at)} | {half} | {aic:,.1f} | {gain:+.1f} |")


def _counted(asked: pl.DataFrame, weight: Floats | None = None) -> Counts:
    came = asked.get_column("came").to_numpy().astype(np.float64)
    return count(asked.get_column("km").to_numpy(), came, weight)


def _told(halves: Floats) -> str:
    half = interval(halves)
    return f"{half.value:.1f} ({half.low:.1f} to {half.high:.1f})"


def _count(asked: pl.DataFrame) -> str:
    return f"{asked.height:,} | {asked.get_column('came').sum() / max(asked.height, 1):.1%}"


if __name__ == "__main__":
    main()
