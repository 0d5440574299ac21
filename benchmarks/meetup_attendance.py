"""Do members whom we would bring together go to the same small events later?

Run it with `python -m benchmarks.meetup_attendance [draws]`. Data and readings: see `benchmarks/meetup_history.py`.
Three tables, each figure with its 95 % interval by member, all cutoffs together unless said:

1. Pairs that had not met at a small event before the cutoff, ranked: ours in three readings beside simple baselines.
2. Pairs that `plan_meetups` seats at one table, beside pairs as far apart and as active that it does not
   (`benchmarks/meetup_placed.py`).
3. How willingness to come falls with distance (`benchmarks/meetup_distance.py`).
"""

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
from scipy.special import comb

from benchmarks import DATA
from benchmarks.meetup_distance import print_willingness
from benchmarks.meetup_history import READINGS, Meetup, Scene, community_at, read_meetup, scene_at
from benchmarks.meetup_placed import Seated, cell, print_placed
from matcher.affinity.score import score_pairs
from matcher.engines.highs_programs import HighsPrograms
from matcher.engines.sentence_transformers_encoder import SentenceTransformersEncoder
from matcher.metrics.bootstrap import draw_members
from matcher.metrics.ranking import Contest, Tally, tally_auc, tie_groups
from matcher.plan import Engines, plan_meetups, study_community
from matcher.settings import Settings
from matcher.storage.gazetteer import load_gazetteer
from matcher.storage.vector_cache import CachedEncoder
from matcher.tables.community import MemberIndex
from matcher.tables.pairs import Candidates
from matcher.units import Floats, MemberId, Rows

FOLDER = DATA / "meetup"
CUTOFFS = tuple(datetime(year, 5, 9, tzinfo=UTC) for year in (2012, 2013, 2014, 2015))
SEED = 1
N_DRAWS = 1_000
TOP = 5
OURS = "ours, exchanges"
Tallies = Mapping[tuple[str, str], Tally]


def main() -> None:
    """Print the three tables."""
    if not FOLDER.exists():
        sys.exit(f"no data at {FOLDER}: set MATCHER_DATA")
    n_draws = int(sys.argv[1]) if len(sys.argv) > 1 else N_DRAWS
    meetup, settings = read_meetup(FOLDER), Settings()
    scenes = {cutoff: scene_at(meetup, cutoff) for cutoff in CUTOFFS}
    everybody = MemberIndex(
        tuple(MemberId(one) for one in sorted({one for scene in scenes.values() for one in scene.ids}))
    )
    draws = draw_members(len(everybody), n_draws, np.random.default_rng(SEED))
    with tempfile.TemporaryDirectory() as cache:
        encoder = CachedEncoder(SentenceTransformersEncoder(settings.embedding), Path(cache))
        engines = Engines(encoder=encoder, programs=HighsPrograms(), gazetteer=load_gazetteer())
        found = [_rank(meetup, cutoff, scene, engines, everybody, draws) for cutoff, scene in scenes.items()]
        _print_ranking(found[-1], f"New pairs, cutoff {CUTOFFS[-1]:%Y-%m-%d}")
        _print_ranking(_pool(found), f"New pairs, {len(CUTOFFS)} cutoffs")
        print_placed(
            {reading: _seat_all(meetup, scenes, engines, everybody, reading) for reading in READINGS[1:]}, draws
        )
    print_willingness(meetup, scenes.values())


def rank_new_pairs(scene: Scene, scores: Mapping[str, Floats], numbers: Rows, draws: Floats) -> Tallies:
    """Judge every method on the pairs that had not met, by (method, metric); scores have shape (member, member)."""
    first, second = np.nonzero(np.triu(~scene.met_before, k=1))
    everyone = Contest(
        member_a=numbers[first],
        member_b=numbers[second],
        is_positive=scene.met_after[first, second],
        stratum=np.zeros(len(first), dtype=np.int64),
    )
    alike = replace(everyone, stratum=scene.activity_of_pairs(first, second))
    kept = alike.is_decided()
    tallies: dict[tuple[str, str], Tally] = {}
    for method, table in scores.items():
        values = table[first, second]
        tallies[method, "AUC"] = tally_auc(everyone, values, draws)
        tallies[method, "AUC, activity-matched"] = tally_auc(alike.only(kept), values[kept], draws)
        tallies[method, f"hit@{TOP}"], tallies[method, f"precision@{TOP}"] = _tally_top(everyone, values, draws)
    return tallies


def _rank(
    meetup: Meetup, cutoff: datetime, scene: Scene, engines: Engines, everybody: MemberIndex, draws: Floats
) -> Tallies:
    ours = {f"ours, {reading}": _ours(meetup, cutoff, scene, engines, reading) for reading in READINGS}
    baselines = scene.baselines(np.random.default_rng([SEED, cutoff.toordinal()]))
    return rank_new_pairs(scene, {**ours, **baselines}, everybody.rows(pl.Series(scene.ids)), draws)


def _ours(meetup: Meetup, cutoff: datetime, scene: Scene, engines: Engines, reading: str) -> Floats:
    """Our mutual affinity of every two members, shape (member, member)."""
    settings = Settings()
    picture = study_community(community_at(meetup, cutoff, reading), engines, settings)
    ids = pl.Series(scene.ids, dtype=picture.index.enum)
    first, second = np.triu_indices(len(ids), k=1)
    pairs = pl.DataFrame({"member_a": ids.gather(first), "member_b": ids.gather(second)})
    found = {"found_by": pl.lit("benchmark"), "n_rules": pl.lit(1, dtype=pl.UInt8)}
    scored = score_pairs(Candidates(pairs.with_columns(**found)), picture, settings.affinity)
    table = np.zeros((len(ids), len(ids)))
    table[first, second] = table[second, first] = scored.frame.get_column("mutual").to_numpy()
    return table


def _tally_top(contest: Contest, scores: Floats, draws: Floats) -> tuple[Tally, Tally]:
    """Chance that one of the first TOP comes true, and how many of them do, over members of whose pairs one does."""
    owner, is_positive = np.concatenate([contest.member_a, contest.member_b]), np.tile(contest.is_positive, 2)
    has_positive = np.isin(owner, owner[is_positive])
    members, lists = np.unique(owner[has_positive], return_inverse=True)
    groups = tie_groups(lists, np.tile(scores, 2)[has_positive], is_positive[has_positive])
    seats = np.clip(TOP - groups.n_before, 0, groups.size)
    missed = np.ones(len(members))
    np.multiply.at(missed, groups.lists, comb(groups.size - groups.n_positive, seats) / comb(groups.size, seats))
    precision = np.bincount(groups.lists, groups.n_positive * groups.top_share(TOP), minlength=len(members)) / TOP
    drawn = draws[:, members]
    hit, precise = (Tally(total=drawn @ one, weight=drawn.sum(axis=1)) for one in (1 - missed, precision))
    return hit, precise


def _pool(found: list[Tallies]) -> Tallies:
    return {key: sum((one[key] for one in found[1:]), start=found[0][key]) for key in found[0]}


def _print_ranking(tallies: Tallies, title: str) -> None:
    metrics = list(dict.fromkeys(metric for _, metric in tallies))
    print(f"\n{title}; after the semicolon, ours (exchanges) minus this\n")
    print(f"| | {' | '.join(metrics)} |\n| --- |{' --- |' * len(metrics)}")
    for method in dict.fromkeys(method for method, _ in tallies):
        cells = []
        for metric in metrics:
            ours, theirs = tallies[OURS, metric].means(), tallies[method, metric].means()
            cells.append(cell(theirs) + ("" if method == OURS else f"; {cell(ours - theirs, sign='+')}"))
        print(f"| {method} | {' | '.join(cells)} |")


def _seat_all(
    meetup: Meetup, scenes: Mapping[datetime, Scene], engines: Engines, everybody: MemberIndex, reading: str
) -> list[Seated]:
    """Plan a night at every cutoff; members of fewer than MIN_EVENTS events are seated too, but not looked at."""
    nights = []
    for cutoff, scene in scenes.items():
        rng = np.random.default_rng([SEED, cutoff.toordinal()])
        plan = plan_meetups(community_at(meetup, cutoff, reading), engines, Settings(), rng=rng)
        seats = plan.seats.frame.group_by("group", maintain_order=True).agg(pl.col("member").cast(pl.String))
        row_of = {member: row for row, member in enumerate(scene.ids)}
        tables = [[row_of[one] for one in members if one in row_of] for members in seats.get_column("member").to_list()]
        nights.append(Seated(scene=scene, tables=tables, numbers=everybody.rows(pl.Series(scene.ids))))
    return nights


if __name__ == "__main__":
    main()
