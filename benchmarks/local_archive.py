"""One chat community whose members say where they are: cut off at an instant, imported, and a night run on it.

Data: `chat/zulip.parquet` under MATCHER_DATA (or ../shared/data). In the stream of places the topics' titles are
free-text places: who posts in one lives there, more or less, or plans to come by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import DATA
from matcher.geography.options import GeographyOptions
from matcher.geography.places import read_homes, settle_homes
from matcher.numeric.distance import great_circle_km
from matcher.storage.gazetteer import load_gazetteer
from matcher.storage.workspace import Workspace
from matcher.tables.community import community_as_of
from matcher.tables.proposals import Plan
from pipelines.importing import ImportOrder, import_export
from pipelines.nightly import NightOrder, run_night
from pipelines.wiring import read_settings

CHAT = DATA / "chat" / "zulip.parquet"
PLACES_STREAM = "Geographic-locality"
NO_PLACE = ("stream events",)
NEAR_KM = 100.0
Pair = tuple[str, str]
MOST_VOICES = 30
"""Who spoke in a conversation of at most so many people shared it."""
SETTINGS = """\
[sources.table]
is_public_when_unsaid = true
message_columns = {author="sender", channel="stream", thread="topic", message="msg_id", sent_at="ts", \
mentions="mentions,quotes"}
"""


@dataclass(frozen=True, eq=False, kw_only=True)
class Archive:
    """The chat, and who posted under which place.

    Attributes:
        messages: As they come, with `sent_at`; senders are text.
        posts: Columns `member`, `title`, `sent_at`: messages of the stream of places.
    """

    messages: pl.DataFrame
    posts: pl.DataFrame

    def before(self, cutoff: datetime) -> pl.DataFrame:
        """Messages that had been written by then."""
        return self.messages.filter(pl.col("sent_at") <= cutoff)

    def circles(self, cutoff: datetime) -> Mapping[str, frozenset[str]]:
        """Who had posted under each place, in the order of the titles."""
        posts = self.posts.filter(pl.col("sent_at") <= cutoff)
        grouped = posts.group_by("title").agg(pl.col("member").unique()).sort("title")
        return {title: frozenset(members) for title, members in grouped.iter_rows()}


@dataclass(frozen=True, eq=False, kw_only=True)
class Night:
    """One cutoff, and what was proposed.

    Attributes:
        plan: Of the night.
        tables: Members of each group, the best first.
        affinities: The scored pairs, members as text.
        ties: Columns `member_a`, `member_b`, `is_two_way`: who had written to whom.
        homes: Columns `member`, `lat`, `lon`, `uncertainty_km`, of whom a home is known.
        open_to: Members whom the night may propose to somebody.
        n_active_days: Days of the last half-year on which a member wrote, by member.
    """

    cutoff: datetime
    plan: Plan
    tables: Sequence[Sequence[str]]
    affinities: pl.DataFrame
    ties: pl.DataFrame
    homes: pl.DataFrame
    open_to: frozenset[str]
    n_active_days: Mapping[str, int]

    def points(self) -> Mapping[str, tuple[float, float]]:
        """Where each member lives of whom it is known well enough to tell who is near."""
        known = self.homes.filter(pl.col("uncertainty_km") <= NEAR_KM)
        return {who: (lat, lon) for who, lat, lon in known.select("member", "lat", "lon").iter_rows()}

    def near_pairs(self) -> set[Pair]:
        """All pairs who may be proposed and live near each other."""
        homes = {who: point for who, point in sorted(self.points().items()) if who in self.open_to}
        members, points = list(homes), np.array(list(homes.values()))
        first, second = np.triu_indices(len(members), k=1)
        near = np.flatnonzero(great_circle_km(*points[first].T, *points[second].T) <= NEAR_KM)
        return {(members[a], members[b]) for a, b in zip(first[near].tolist(), second[near].tolist(), strict=True)}

    def best(self, n_best: int) -> Mapping[str, Sequence[str]]:
        """Each member's best scored pairs, the best first."""
        sides = [
            self.affinities.select("mutual", member=one, other=two)
            for one, two in (("member_a", "member_b"), ("member_b", "member_a"))
        ]
        ranked = pl.concat(sides).sort("mutual", "other", descending=[True, False])
        kept = ranked.group_by("member", maintain_order=True).head(n_best)
        return dict(kept.group_by("member", maintain_order=True).agg("other").iter_rows())

    def activity(self, member: str) -> int:
        """How active a member was lately, in doublings of the days on which they wrote."""
        return self.n_active_days.get(member, 0).bit_length()


def read_archive(path: Path) -> Archive:
    """Read the chat whole."""
    messages = pl.read_parquet(path).with_columns(
        pl.col("sender").cast(pl.String), sent_at=pl.from_epoch("ts").dt.replace_time_zone("UTC")
    )
    posts = messages.filter(pl.col("stream") == PLACES_STREAM, ~pl.col("topic").is_in(NO_PLACE))
    return Archive(messages=messages, posts=posts.select("sent_at", member="sender", title="topic"))


def run_at(archive: Archive, cutoff: datetime, folder: Path) -> Night:
    """Export what had been said by then, import it as an operator would, and run the night.

    Args:
        archive: The chat.
        cutoff: The instant of the night.
        folder: The workspace, made where it is missing; its vectors and settings are kept.
    """
    workspace = Workspace(folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    if not workspace.settings_file.exists():
        workspace.settings_file.write_text(SETTINGS, encoding="utf-8")
    paths = _export(archive, cutoff, folder / "export")
    settings = read_settings(workspace)
    import_export(workspace, ImportOrder(source="table", paths=paths), settings.sources, now=cutoff)
    done = run_night(workspace, settings.night, NightOrder(as_of=cutoff), now=cutoff)
    return _read_night(archive, cutoff, workspace, done.plan, done.folder or folder, settings.night.geography)


def places_said(archive: Archive, cutoff: datetime) -> pl.DataFrame:
    """Columns `member`, `place_text`: the title of more than half of a member's posts.

    Whoever posts here and there, to welcome others or on the way, has no place rather than a wrong one.
    """
    posts = archive.posts.filter(pl.col("sent_at") <= cutoff)
    counted = posts.group_by("member", "title").agg(n_posts=pl.len())
    is_home = 2 * pl.col("n_posts") > pl.col("n_posts").sum().over("member")
    return counted.filter(is_home).select("member", place_text="title").sort("member")


def shared_conversations(archive: Archive, cutoff: datetime) -> pl.DataFrame:
    """Columns `member_a`, `member_b`: pairs who spoke in one conversation of few, places aside."""
    said = archive.before(cutoff).filter(pl.col("stream") != PLACES_STREAM)
    voices = said.select("stream", "topic", member="sender").unique()
    few = voices.filter(pl.len().over("stream", "topic") <= MOST_VOICES)
    pairs = few.join(few, on=["stream", "topic"]).filter(pl.col("member") < pl.col("member_right"))
    return pairs.select(member_a="member", member_b="member_right").unique()


def _export(archive: Archive, cutoff: datetime, folder: Path) -> tuple[Path, Path]:
    """Write the two files that an operator would have."""
    folder.mkdir(exist_ok=True)
    messages = archive.before(cutoff)
    members = messages.select(member="sender").unique().sort("member")
    members = members.join(places_said(archive, cutoff), on="member", how="left", maintain_order="left")
    columns = ("msg_id", "ts", "stream", "topic", "sender", "mentions", "quotes", "text")
    messages.select(columns).write_parquet(folder / "messages.parquet")
    members.write_parquet(folder / "members.parquet")
    return folder / "members.parquet", folder / "messages.parquet"


def _read_night(
    archive: Archive, cutoff: datetime, workspace: Workspace, plan: Plan, run: Path, geography: GeographyOptions
) -> Night:
    stored = workspace.load_community()
    community = community_as_of(stored.members, stored.messages, stored.blocks, cutoff)
    places = settle_homes(read_homes(community, load_gazetteer(), geography), community, geography).frame
    seats = plan.seats.frame.group_by("group", maintain_order=True).agg(pl.col("member").cast(pl.String))
    pair = pl.col("member_a", "member_b").cast(pl.String)
    ties = pl.read_parquet(run / "tables" / "ties.parquet")
    is_two_way = (pl.col("n_a_to_b") > 0) & (pl.col("n_b_to_a") > 0)
    affinities = pl.read_parquet(run / "tables" / "affinities.parquet").with_columns(pair)
    recent = archive.before(cutoff).filter(pl.col("sent_at") > cutoff - pl.duration(days=180))
    days = recent.group_by("sender").agg(pl.col("sent_at").dt.date().n_unique())
    return Night(
        cutoff=cutoff,
        plan=plan,
        tables=seats.get_column("member").to_list(),
        affinities=affinities,
        ties=ties.select(pair, is_two_way=is_two_way),
        homes=places.select(pl.col("member").cast(pl.String), "lat", "lon", "uncertainty_km"),
        open_to=frozenset(affinities.get_column("member_a")) | frozenset(affinities.get_column("member_b")),
        n_active_days=dict(days.iter_rows()),
    )
