"""Who gets a group nearby, a gathering, an introduction, or a reason; with gatherings and without.

Run `python -m benchmarks.gatherings WORKSPACE … [--chat WORKSPACE]`. Each WORKSPACE holds an imported community, and
vectors if it ran before; its nights are the newest message and the last days of its six busiest half-years. With --chat
the archive of `benchmarks/local_archive.py` is judged at its cutoffs too, with the vectors of that workspace, and asked
whether those who are asked to one gathering talk with each other in the half-year after. Cities and counts are
printed, nobody's name or words. Every night stands for itself: none remembers another.
"""

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl

from benchmarks.gatherings_after import print_after
from benchmarks.local_archive import CHAT, read_archive, run_at
from benchmarks.local_circles import CUTOFFS
from matcher.arrangement.company import keep_good_company
from matcher.arrangement.gatherings import GatheringOptions, plan_gatherings
from matcher.arrangement.means import Means
from matcher.engines.highs_programs import HighsPrograms
from matcher.geography.hubs import travel_to_hubs
from matcher.geography.options import GeographyOptions
from matcher.geography.places import settle_homes
from matcher.plan import plan_meetups
from matcher.rules.audit import AuditOptions, audit_gatherings
from matcher.settings import Settings
from matcher.storage.gazetteer import load_gazetteer
from matcher.storage.workspace import StoredCommunity, Workspace
from matcher.tables.community import community_as_of
from matcher.tables.pairs import Affinities
from matcher.tables.picture import Picture
from matcher.tables.proposals import NOT_OPEN, Attendances, Objective, Plan
from pipelines.kept import KeptTables
from pipelines.wiring import engines_for, read_settings

N_HALF_YEARS = 6
SEED = 1
USUAL, FAR, WHAT = Settings(), GeographyOptions(), GatheringOptions()
VARIANTS: Mapping[str, tuple[GeographyOptions, GatheringOptions]] = {
    "as shipped": (FAR, WHAT),
    "`willing_exponent` 1.0": (replace(FAR, willing_exponent=1.0), WHAT),
    "`default_far_km` 400": (replace(FAR, default_far_km=400.0), WHAT),
    "`default_far_km` 1,500": (replace(FAR, default_far_km=1_500.0), WHAT),
    "both, 1.0 and 1,500": (replace(FAR, default_far_km=1_500.0, willing_exponent=1.0), WHAT),
    "both, 1.0 and 3,000": (replace(FAR, default_far_km=3_000.0, willing_exponent=1.0), WHAT),
    "`min_size` 5": (FAR, replace(WHAT, min_size=5)),
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Evening:
    """One night, planned with gatherings and without.

    Attributes:
        picture: Of the community.
        affinities: Of its pairs.
        asked: The plan with gatherings.
        unasked: The plan without.
        n_violations: Of the rules, by the gatherings.
        seconds: Of the whole night with gatherings, and of these alone.
    """

    picture: Picture
    affinities: Affinities
    asked: Plan
    unasked: Plan
    n_violations: int
    seconds: tuple[float, float]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspaces", type=Path, nargs="*")
    parser.add_argument("--chat", type=Path)
    asked = parser.parse_args()
    seen: dict[str, list[Evening]] = {}
    for folder in asked.workspaces:
        workspace = Workspace(folder=folder)
        stored = workspace.load_community()
        seen[folder.name] = [evening_of(workspace, stored, as_of) for as_of in busy_dates(stored)]
        print_nights(folder.name, seen[folder.name])
    if asked.chat:
        seen["chat"] = _chat(asked.chat)
    print_variants(seen)


def _chat(warm: Path) -> list[Evening]:
    archive, evenings, nights = read_archive(CHAT), [], []
    for cutoff in CUTOFFS:
        with tempfile.TemporaryDirectory() as passing:
            workspace = Workspace(folder=Path(passing))
            (workspace.folder / "cache").symlink_to((warm / "cache").resolve())
            nights.append(run_at(archive, cutoff, workspace.folder))
            evenings.append(evening_of(workspace, workspace.load_community(), cutoff))
    print_nights("chat", evenings)
    print_after(archive, nights, [evening.picture for evening in evenings])
    return evenings


def busy_dates(stored: StoredCommunity) -> Sequence[datetime]:
    """The last instants of the busiest half-years that are over, and of the newest message, in order."""
    sent = stored.messages.frame.select("sent_at", half=(pl.col("sent_at").dt.month() > 6).cast(pl.Int32))
    counted = sent.group_by(pl.col("sent_at").dt.year().alias("year"), "half").agg(pl.len())
    ends = {
        datetime(year + half, 7 - 6 * half, 1, tzinfo=UTC) - timedelta(seconds=1): number
        for year, half, number in counted.iter_rows()
    }
    newest = sent.get_column("sent_at").to_list()
    over = sorted((end for end in ends if end < max(newest)), key=lambda end: (-ends[end], end))
    return [*sorted(over[:N_HALF_YEARS]), max(newest)]


def evening_of(workspace: Workspace, stored: StoredCommunity, as_of: datetime) -> Evening:
    """Plan one night twice: with gatherings, and without."""
    community = community_as_of(stored.members, stored.messages, stored.blocks, as_of)
    settings, kept = read_settings(workspace).night, KeptTables()
    engines, _ = engines_for(settings, workspace)
    started = perf_counter()
    asked = plan_meetups(community, engines, settings, rng=np.random.default_rng(SEED), kept=kept)
    seconds = perf_counter() - started
    none = replace(settings, gatherings=replace(settings.gatherings, max_per_night=0))
    unasked = plan_meetups(community, engines, none, rng=np.random.default_rng(SEED))
    picture = kept.get(Picture)
    return Evening(
        picture=picture,
        affinities=kept.get(Affinities),
        asked=asked,
        unasked=unasked,
        n_violations=len(
            audit_gatherings(asked, stored.members, stored.blocks, picture.places, AuditOptions()).violations
        ),
        seconds=(seconds, kept.seconds[Attendances.__name__]),
    )


def print_nights(name: str, evenings: Sequence[Evening]) -> None:
    """Print a column a night, and what else is different without gatherings."""
    columns = [_counts(evening) for evening in evenings]
    print(f"\n{name}\n\n| | {' | '.join(f'{one.asked.as_of:%Y-%m-%d}' for one in evenings)} |")
    print(f"| --- |{' --- |' * len(evenings)}")
    for row in dict.fromkeys(row for column in columns for row in column):
        print(f"| {row} | {' | '.join(column.get(row, '') for column in columns)} |")
    for evening in evenings:
        for line in _gatherings(evening):
            print(f"{name} {evening.asked.as_of:%Y-%m-%d}: {line}", flush=True)


def _counts(evening: Evening) -> Mapping[str, str]:
    asked, unasked, picture = evening.asked, evening.unasked, evening.picture
    homes = picture.index.rows(picture.places.frame.get_column("member"))
    left, left_without = _left_out(asked), _left_out(unasked)
    changed = [f"{why} {n} → {left.get(why, 0)}" for why, n in left_without.items() if left.get(why, 0) != n]
    guests = asked.attendances.frame.get_column("member").cast(pl.String).to_list()
    alone = set(unasked.unplaced.frame.get_column("member").cast(pl.String).to_list())
    objective = asked.gathering_objective
    is_same = asked.seats.frame.equals(unasked.seats.frame)
    is_same &= asked.introductions.frame.equals(unasked.introductions.frame)
    return {
        "members; open to proposals": f"{len(picture.index)}; {int(picture.is_open.sum())}",
        "open, with a home": str(int(picture.is_open[homes].sum())),
        "who could travel to some hub; of them with three real ties among themselves": _tied(evening),
        "groups (members)": f"{_n_groups(asked)} ({len(asked.seats)})",
        "introductions (of them with a common town)": _introductions(asked),
        "gatherings (asked)": f"{len(asked.gathering_accounts)} ({len(guests)})",
        "asked who get nothing else": str(len(alone.intersection(guests))),
        "open, but left out": str(sum(n for why, n in left.items() if why not in NOT_OPEN)),
        "not open": str(sum(n for why, n in left.items() if why in NOT_OPEN)),
        "reasons, without → with": "; ".join(changed) or "the same",
        "groups and introductions without": "the same" if is_same else "other",
        "value, bound, gap": _worth(objective),
        "seconds of a night; of gatherings": "; ".join(f"{one:.2f}" for one in evening.seconds),
        "rules broken": str(evening.n_violations),
    }


def _tied(evening: Evening) -> str:
    """Those who could travel, and those of them who have company enough, wherever it lives."""
    picture = evening.picture
    strangers = USUAL.affinity.stranger_chance
    company = keep_good_company(evening.affinities, picture, WHAT, stranger_chance=strangers)
    could_come = company.may_come & (np.diff(picture.journeys.km.indptr) > 0)
    tied = company.inside(could_come, WHAT.n_company).n_ties >= WHAT.min_ties
    return f"{int(could_come.sum())}; {int(tied.sum())}"


def _left_out(plan: Plan) -> Mapping[str, int]:
    counted = plan.unplaced.frame.group_by("reason").agg(pl.len()).sort("len", descending=True)
    return {str(reason): number for reason, number in counted.iter_rows()}


def _n_groups(plan: Plan) -> int:
    return plan.seats.frame.get_column("group").n_unique()


def _introductions(plan: Plan) -> str:
    return f"{len(plan.introductions)} ({plan.introductions.frame.get_column('town').count()})"


def _worth(objective: Objective | None) -> str:
    if objective is None:
        return ""
    return f"{objective.value:.1f}, {objective.upper_bound or 0:.1f}, {objective.gap or 0:.1%}"


def _gatherings(evening: Evening) -> Sequence[str]:
    """A line a gathering: the city, and counts."""
    plan, places = evening.asked, evening.picture.places.frame
    names = plan.hubs.frame.get_column("name").to_list()
    lines = []
    for guests in plan.attendances.frame.partition_by("gathering", maintain_order=True):
        homes, km = (
            places.join(guests.select("member"), on="member", how="semi"),
            guests.get_column("travel_km").to_numpy(),
        )
        n_places, n_countries = homes.get_column("label").n_unique(), homes.get_column("country").n_unique()
        runner_up = plan.hub_choices.frame.filter(
            pl.col("gathering") == guests.item(0, "gathering"), pl.col("rank") == 1
        )
        other = names[runner_up.item(0, "hub")] if runner_up.height else "none"
        lines.append(
            f"{names[guests.item(0, 'hub')]} (before {other}): {guests.height} from {n_places} places in {n_countries} "
            f"countries, way {np.mean(km):.0f} km on average, {np.max(km):.0f} at most"
        )
    return lines


def print_variants(seen: Mapping[str, Sequence[Evening]]) -> None:
    """Print how many gatherings, and how many are asked, over all nights, as the settings change."""
    print(f"\n| over all nights: gatherings (asked) | {' | '.join(seen)} |\n| --- |{' --- |' * len(seen)}")
    for name, (geography, options) in VARIANTS.items():
        cells = []
        for evenings in seen.values():
            found = [_asked_if(evening, geography, options).frame for evening in evenings]
            n_held = sum(one.get_column("gathering").n_unique() for one in found)
            cells.append(f"{n_held} ({sum(one.height for one in found)})")
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def _asked_if(evening: Evening, geography: GeographyOptions, options: GatheringOptions) -> Attendances:
    picture = evening.picture
    community, readings = picture.community, picture.readings
    places = settle_homes(readings, community, geography)
    ways = travel_to_hubs(readings, places, load_gazetteer(), community.venues, picture.index, geography)
    means = Means(programs=HighsPrograms(), rng=np.random.default_rng(SEED))
    strangers = USUAL.affinity.stranger_chance
    changed = replace(picture, places=places, journeys=ways)
    return plan_gatherings(evening.affinities, changed, options, means, stranger_chance=strangers)[0]


if __name__ == "__main__":
    main()
