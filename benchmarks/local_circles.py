"""Do the people of one place, who meet in real life, find each other in our groups?

Run it with `python -m benchmarks.local_circles [workspace]`; a workspace that stays keeps the vectors for the next
time. Data and readings: see `benchmarks/local_archive.py`. Shares carry their 95 % interval, by group, member or
newcomer drawn anew. That groups live near each other is our own rule; the titles are only where we know it from.
"""

import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.local_archive import (
    CHAT,
    NEAR_KM,
    Archive,
    Night,
    Pair,
    places_said,
    read_archive,
    run_at,
    shared_conversations,
)
from benchmarks.meetup_placed import cell
from matcher.geography.readings import readings_of
from matcher.metrics.bootstrap import draw_members
from matcher.metrics.ranking import Contest, Tally, tally_auc
from matcher.numeric.distance import great_circle_km
from matcher.storage.gazetteer import load_gazetteer
from matcher.units import Flags, Floats

CUTOFFS = tuple(datetime(*day, tzinfo=UTC) for day in ((2021, 7, 1), (2022, 7, 1), (2023, 7, 1), (2024, 1, 1)))
SEED = 1
N_DRAWS = 1_000
MIN_POSTERS = 4
TOP = 10
HORIZON = pl.duration(days=180)
ENDS = ("member_a", "member_b")


def main() -> None:
    """Print the tables."""
    if not CHAT.exists():
        sys.exit(f"no data at {CHAT}: set MATCHER_DATA")
    archive = read_archive(CHAT)
    with tempfile.TemporaryDirectory() as passing:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(passing)
        nights = [run_at(archive, cutoff, folder) for cutoff in CUTOFFS]
    print_table("What a night proposes", nights, lambda night: _proposed(archive, night))
    print_table("Members left out, by reason (of them with a home)", nights, _left_out)
    print_table("Groups", nights, lambda night: _groups(archive, night))
    print_table(f"Circles: places under which {MIN_POSTERS} or more had posted", nights, lambda n: _circles(archive, n))
    print_table("Who first says where they live later", nights, lambda night: _newcomers(archive, night))
    print_later(archive, nights)


def print_table(title: str, nights: Sequence[Night], rows_of: Callable[[Night], Mapping[str, str]]) -> None:
    """Print a column for each cutoff."""
    columns = [rows_of(night) for night in nights]
    names = list(dict.fromkeys(name for column in columns for name in column))
    print(f"\n{title}\n")
    print(f"| | {' | '.join(f'{night.cutoff:%Y-%m-%d}' for night in nights)} |\n| --- |{' --- |' * len(nights)}")
    for name in names:
        print(f"| {name} | {' | '.join(column.get(name, '') for column in columns)} |")


def _proposed(archive: Archive, night: Night) -> Mapping[str, str]:
    kinds = night.plan.introductions.frame.get_column("kind").to_list()
    n_met = night.plan.introductions.frame.get_column("town").count()
    n_members = len(night.plan.seats) + 2 * len(kinds) + len(night.plan.unplaced)
    ways = night.plan.seats.frame.get_column("travel_km").to_numpy()
    return {
        "members": str(n_members),
        "who may be proposed": str(len(night.open_to)),
        "who have told one place": str(len(places_said(archive, night.cutoff))),
        "of them with a home we understand": str(len(night.homes)),
        "of these, who may be proposed": str(len(night.open_to & set(night.homes.get_column("member")))),
        "groups": str(len(night.tables)),
        "members in groups": str(len(night.plan.seats)),
        "mean way, km": f"{ways.mean():.1f}" if len(ways) else "",
        "introductions: reunite": str(kinds.count("reunite")),
        "introductions: introduce": str(kinds.count("introduce")),
        "of all introductions, with a town in common": str(n_met),
    }


def _left_out(night: Night) -> Mapping[str, str]:
    at_home = pl.col("member").cast(pl.String).is_in(night.homes.get_column("member").implode()).sum()
    counts = night.plan.unplaced.frame.group_by("reason").agg(pl.len(), at_home=at_home).sort("len", descending=True)
    return {str(reason): f"{number} ({n_at_home})" for reason, number, n_at_home in counts.iter_rows()}


def _groups(archive: Archive, night: Night) -> Mapping[str, str]:
    circles, far = archive.circles(night.cutoff), _longest_km(night)
    talked = _pairs(night.ties.filter("is_two_way"))
    shared = talked | _pairs(shared_conversations(archive, night.cutoff))
    pairs = [_pairs_of(table) for table in night.tables]
    everyone = [len(one) for one in pairs]

    def of_pairs(known: set[Pair]) -> str:
        return share([len(one & known) for one in pairs], everyone)

    near = night.near_pairs()
    silent = [sum(night.activity(who) == 0 for who in table) for table in night.tables]
    return {
        "members all posted under one place": share(
            [any(circle.issuperset(table) for circle in circles.values()) for table in night.tables]
        ),
        f"or all live within {NEAR_KM:.0f} km": share([far(table) <= NEAR_KM for table in night.tables]),
        "pairs that have talked both ways": of_pairs(talked),
        "pairs that have talked or shared a conversation": of_pairs(shared),
        "groups in which some pair has talked both ways": share([bool(one & talked) for one in pairs]),
        "members who have talked both ways with somebody of the group": share(
            [
                sum(any(who in pair for pair in one & talked) for who in t)
                for t, one in zip(night.tables, pairs, strict=True)
            ],
            [len(table) for table in night.tables],
        ),
        "groups of whom no two have talked or shared a conversation": share([not one & shared for one in pairs]),
        "groups of whom two or more were silent for a half-year": share([one > 1 for one in silent]),
        "members silent for a half-year": share(silent, [len(table) for table in night.tables]),
        "beside: of all pairs as near who may be proposed, talked both ways": f"{len(near & talked) / len(near):.3f}",
        "beside: of all pairs as near, talked or shared": f"{len(near & shared) / len(near):.3f}",
    }


def _circles(archive: Archive, night: Night) -> Mapping[str, str]:
    circles = [them for them in archive.circles(night.cutoff).values() if len(them) >= MIN_POSTERS]
    seated = {who for table in night.tables for who in table}
    at_one_table = [max((len(them & set(table)) for table in night.tables), default=0) for them in circles]
    able = [len(them & night.open_to) for them in circles]
    rows = {
        "circles": str(len(circles)),
        "posters, mean": f"{np.mean([len(them) for them in circles]):.1f}",
        "of them who may be proposed, mean": f"{np.mean(able):.1f}",
        "circles with 4 or more who may be proposed": str(sum(one >= MIN_POSTERS for one in able)),
        "posters who sit at some table": share([len(them & seated) for them in circles], [len(t) for t in circles]),
    }
    for least in (2, 3, 4):
        rows[f"circles of which {least} or more sit at one table"] = str(sum(one >= least for one in at_one_table))
    return rows


def print_later(archive: Archive, nights: Sequence[Night]) -> None:
    """Print how affinity ranks pairs who live near each other, by what came of them within HORIZON, over all cutoffs.

    Days of activity, multiplied, rank them too; within strata of pairs about as active they could not.
    """
    numbers = {who: row for row, who in enumerate(sorted({who for night in nights for who in night.open_to}))}
    draws = draw_members(len(numbers), N_DRAWS, np.random.default_rng(SEED))
    print("\nPairs who live near each other, a half-year later, all cutoffs\n")
    print("| came true | pairs | of them | of these at one table | AUC, ours | AUC, activity | AUC, activity-matched |")
    print(f"|{' --- |' * 7}")
    for number, what in enumerate(("talked both ways", "talked both ways, who had not", "posted under one place")):
        n_pairs = n_true = n_seated = 0
        tallies: list[tuple[Tally, Tally, Tally]] = []
        for night in nights:
            contest, ours, activity, is_seated = _near_contest(archive, night, numbers, number)
            n_pairs, n_true = n_pairs + len(ours), n_true + int(contest.is_positive.sum())
            n_seated += int((contest.is_positive & is_seated).sum())
            everyone, kept = replace(contest, stratum=np.zeros(len(ours), dtype=np.int64)), contest.is_decided()
            matched = tally_auc(contest.only(kept), ours[kept], draws)
            tallies.append((tally_auc(everyone, ours, draws), tally_auc(everyone, activity, draws), matched))
        cells = [cell(sum(some[1:], start=some[0]).means()) for some in zip(*tallies, strict=True)]
        print(f"| {what} | {n_pairs} | {n_true} | {n_seated} | {' | '.join(cells)} |")


def _near_contest(
    archive: Archive, night: Night, numbers: Mapping[str, int], number: int
) -> tuple[Contest, Floats, Floats, Flags]:
    """All near pairs of a night, in strata of activity; what each scores by us and by activity; who sits together."""
    talked, together = _came_true(archive, night.cutoff)
    known = _pairs(night.ties.filter("is_two_way")) if number == 1 else set()
    pairs = sorted(night.near_pairs() - known)
    scores = {(min(a, b), max(a, b)): mutual for a, b, mutual in night.affinities.select(*ENDS, "mutual").iter_rows()}
    seated = {pair for table in night.tables for pair in _pairs_of(table)}
    levels = np.array([sorted((night.activity(a), night.activity(b))) for a, b in pairs])
    days = [[1 + night.n_active_days.get(who, 0) for who in pair] for pair in pairs]
    contest = Contest(
        member_a=np.array([numbers[a] for a, _ in pairs]),
        member_b=np.array([numbers[b] for _, b in pairs]),
        is_positive=np.array([pair in (together if number == 2 else talked) for pair in pairs]),
        stratum=np.unique(levels, axis=0, return_inverse=True)[1].ravel(),
    )
    ours = np.array([scores.get(pair, 0.0) for pair in pairs])
    return contest, ours, np.prod(days, axis=1).astype(np.float64), np.array([pair in seated for pair in pairs])


def _came_true(archive: Archive, cutoff: datetime) -> tuple[set[Pair], set[Pair]]:
    """Pairs who named or quoted each other within HORIZON, and pairs who posted under one place."""
    is_in_time = (pl.col("sent_at") > cutoff) & (pl.col("sent_at") <= cutoff + HORIZON)
    named = _named(archive.messages.filter(is_in_time))
    posted = archive.posts.filter(is_in_time).group_by("title").agg("member")
    together = {pair for _, them in posted.iter_rows() for pair in _pairs_of(set(them))}
    return {pair for pair in named if pair[::-1] in named and pair[0] < pair[1]}, together


def _newcomers(archive: Archive, night: Night) -> Mapping[str, str]:
    """Of those who post under a place for the first time, how often are its people among their TOP?"""
    first = archive.posts.sort("sent_at").group_by("member", maintain_order=True).first()
    after = first.filter(pl.col("sent_at") > night.cutoff)
    here = set(archive.before(night.cutoff).get_column("sender"))
    people = _people_of(archive, night, after.get_column("title").to_list())
    known = [(who, people[title]) for who, title in after.select("member", "title").iter_rows() if who in here]
    asked = [(who, local & night.open_to) for who, local in known if who in night.open_to and local & night.open_to]
    tops = night.best(TOP)
    strata: dict[int, set[str]] = {}
    for who in night.open_to:
        strata.setdefault(night.activity(who), set()).add(who)
    pairs = [(tops.get(who, []), local - {who}) for who, local in asked]
    ours = [sum(other in local for other in top) for top, local in pairs]
    chances = [[_share_in(strata[night.activity(other)], local) for other in top] for top, local in pairs]
    introduced = _pairs(night.plan.introductions.frame.with_columns(pl.col(ENDS).cast(pl.String)))
    partner = {a: b for pair in introduced for a, b in (pair, pair[::-1])}
    n_tops = [len(top) for top, _ in pairs]
    return {
        "first post under a place after the cutoff": str(len(after)),
        "of them members before it": str(len(known)),
        "of them who may be proposed, and somebody of the place too": str(len(asked)),
        f"of their {TOP} best pairs, with people of the place": share(ours, n_tops),
        "the same, others as active in their stead": share([sum(one) for one in chances], n_tops),
        f"with somebody of the place among the {TOP}": share([one > 0 for one in ours]),
        "the same, others as active": share([1 - float(np.prod(1 - np.array(one))) for one in chances]),
        "introduced to somebody": str(sum(who in partner for who, _ in asked)),
        "of them to somebody of the place": str(sum(partner.get(who) in local for who, local in asked)),
    }


def share(counts: Sequence[float], of: Sequence[float] | None = None) -> str:
    """A share over units that are drawn anew, with its interval; of the units themselves where `of` is not given."""
    if not len(counts):
        return ""
    weights = np.ones(len(counts)) if of is None else np.array(of, dtype=np.float64)
    draws = draw_members(len(counts), N_DRAWS, np.random.default_rng(SEED))
    return cell(_ratio(draws @ np.array(counts, dtype=np.float64), draws @ weights))


def _ratio(total: Floats, weight: Floats) -> Floats:
    ratio: Floats = np.divide(total, weight, out=np.full(len(total), np.nan), where=weight > 0)
    return ratio


def _pairs_of(members: Iterable[str]) -> set[Pair]:
    return set(combinations(sorted(members), 2))


def _pairs(frame: pl.DataFrame) -> set[Pair]:
    """Pairs of a table, in the order of text."""
    return {(min(a, b), max(a, b)) for a, b in frame.select(ENDS).iter_rows()}


def _named(said: pl.DataFrame) -> set[Pair]:
    """Who named or quoted whom."""
    named = said.select(
        "sender", to=pl.concat_str("mentions", "quotes", separator=" ", ignore_nulls=True).str.split(" ")
    )
    return {(who, to) for who, to in named.explode("to").drop_nulls().unique().iter_rows() if to and who != to}


def _longest_km(night: Night) -> Callable[[Sequence[str]], float]:
    homes = night.points()

    def longest(table: Sequence[str]) -> float:
        points = np.array([homes[who] for who in table])
        lat, lon = points[:, 0], points[:, 1]
        return float(great_circle_km(*(np.broadcast_arrays(lat[:, None], lon[:, None], lat[None], lon[None]))).max())

    return longest


def _people_of(archive: Archive, night: Night, titles: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """Who had posted under each title, or lives within NEAR_KM of the place that it means."""
    circles, homes = archive.circles(night.cutoff), night.points()
    members, points = list(homes), np.array(list(homes.values()))
    meant = {title: found[0] for title, found in readings_of(titles, load_gazetteer()).items()}
    people: dict[str, frozenset[str]] = {}
    for title in titles:
        local = set(circles.get(title, ()))
        if title in meant and meant[title].uncertainty_km <= NEAR_KM:
            lat, lon = np.full(len(points), meant[title].lat), np.full(len(points), meant[title].lon)
            km = great_circle_km(lat, lon, points[:, 0], points[:, 1])
            local |= {members[row] for row in np.flatnonzero(km <= NEAR_KM).tolist()}
        people[title] = frozenset(local)
    return people


def _share_in(members: set[str], local: frozenset[str]) -> float:
    return len(members & local) / len(members)


if __name__ == "__main__":
    main()
