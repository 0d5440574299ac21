"""The public Meetup groups of one region, and what could have been known of them at a cutoff.

Data: `meetup/` under MATCHER_DATA (or ../shared/data). Nobody wrote to anybody here, so what there is is turned into
the engine's input tables, in three readings, each adding to the one before:

* `profile`: topics as declared interests; home is the middle of the venues they said yes to. Topics bear no date, so
  they may be younger than the cutoff.
* `words`: each yes to an event of up to 30 is a message to nobody in particular: what the member said yes to, in the
  organizer's words, on the day of the event.
* `exchanges`: an event is one conversation, in which such a message names everybody else who said yes. Who sat at one
  small event exchanged something, both ways; Adamic-Adar on co-attendance looks at just this.

Nothing of an event at or after the cutoff enters. What members did then is in `Scene.met_after`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from matcher.metrics.history import N_DECILES, deciles
from matcher.numeric.distance import great_circle_km
from matcher.sources.html_text import words_of_html
from matcher.tables.community import Blocks, Community, Members, Messages, community_as_of
from matcher.units import Flags, Floats, Rows

SMALL = 30
MIN_EVENTS = 3
LATELY_DAYS = 365
READINGS = ("profile", "words", "exchanges")


@dataclass(frozen=True, eq=False, kw_only=True)
class Meetup:
    """The region's groups.

    Attributes:
        going: A row a yes: `member`, `event`, `at` (of the event), `n_going`, `group`, `text`, and the venue's `lat`
            and `lon`, null where unknown.
        joined: A row a membership: `member`, `group`, `joined_at`.
        topics: A row a declared topic: `member`, `topic` (its number), `name` (null where the dump does not tell).
        group_topics: Names of a group's topics: `group`, `topics`.
    """

    going: pl.DataFrame
    joined: pl.DataFrame
    topics: pl.DataFrame
    group_topics: pl.DataFrame


def read_meetup(folder: Path) -> Meetup:
    """Read the dump."""
    ids = {"id": pl.String, "event_id": pl.String, "member_id": pl.String, "group_id": pl.String, "venue_id": pl.String}
    ids |= {"groupId": pl.String}

    def table(name: str) -> pl.DataFrame:
        frame = pl.read_csv(folder / f"{name}.csv", infer_schema_length=None, encoding="utf8-lossy")
        return frame.with_columns(pl.col(one).cast(kind) for one, kind in ids.items() if one in frame.columns)

    members, named = table("members"), table("groups_topics")
    venues = table("venues").filter(pl.col("lat") != 0).select("lat", "lon", venue_id="id")
    venues = venues.unique("venue_id", keep="first", maintain_order=True)  # some come twice, a few metres apart
    events = table("events").unique("id", keep="first", maintain_order=True)
    events = events.join(venues, on="venue_id", how="left", maintain_order="left")
    text = [f"{name}. {words_of_html(about or '').text}" for name, about in events.select("name", "description").rows()]
    when = pl.from_epoch("time", "ms").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    events = events.select("lat", "lon", event="id", group="group_id", at=when).with_columns(text=pl.Series(text))
    yes = table("rsvps").filter(response="yes").select(member="member_id", event="event_id").unique()
    joined_at = pl.from_epoch("joined", "ms").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    topics = members.select(member="id", topic=pl.col("topics").str.split(";")).drop_nulls().explode("topic").unique()
    names = named.select(topic="id", name="name").unique("topic", keep="first", maintain_order=True)
    return Meetup(
        going=yes.join(events, on="event").with_columns(n_going=pl.len().over("event")).sort("at", "event", "member"),
        joined=members.select(member="id", group="groupId", joined_at=joined_at),
        topics=topics.join(names, on="topic", how="left").sort("member", "topic"),
        group_topics=named.group_by(group="groupId").agg(topics=pl.col("name").sort()),
    )


def community_at(meetup: Meetup, cutoff: datetime, reading: str) -> Community:
    """Show who had joined a group by then as a community; `reading` is one of READINGS."""
    going = meetup.going.filter(pl.col("at") < cutoff)
    members = meetup.joined.filter(pl.col("joined_at") < cutoff).select("member")
    members = pl.concat([members, going.select("member")]).unique()
    interests = meetup.topics.drop_nulls("name").group_by("member").agg(interests=pl.col("name").sort())
    people = (
        members.join(interests, on="member", how="left")
        .join(homes_of(going), on="member", how="left")
        .with_columns(
            pl.col("interests").fill_null([]),
            *(pl.lit("").alias(name) for name in ("about", "place_text")),
            name="member",
            reach_km=pl.lit(None, dtype=pl.Float64),
            is_opted_in=pl.lit(value=True),
        )
    )
    messages = _messages(meetup, going.filter(pl.col("n_going") <= SMALL), reading)
    blocks = Blocks(pl.DataFrame(schema=Blocks.schema()))
    return community_as_of(Members.sorted(people), messages, blocks, cutoff)


def homes_of(going: pl.DataFrame) -> pl.DataFrame:
    """The middle (median) of the venues each member said yes to: `member`, `lat`, `lon`."""
    return going.drop_nulls(["lat", "lon"]).group_by("member").agg(pl.col("lat", "lon").median())


def _messages(meetup: Meetup, going: pl.DataFrame, reading: str) -> Messages:
    if reading == "profile":
        going = going.clear()
    others = going.group_by("event").agg(mentions=pl.col("member").sort())
    nobody = pl.lit([], dtype=pl.List(pl.String))
    alone = pl.concat_list("member")
    return Messages.sorted(
        going.join(others, on="event")
        .join(meetup.group_topics, on="group", how="left")
        .select(
            "text",
            message=pl.concat_str("event", "member", separator=":"),
            author="member",
            sent_at="at",
            thread=pl.col("event") if reading == "exchanges" else pl.concat_str("event", "member", separator=":"),
            channel="group",
            is_public=pl.lit(value=True),
            reply_to=pl.concat_str(pl.lit("invitation:"), "event"),  # a yes answers an invitation, which is not here
            mentions=pl.col("mentions").list.set_difference(alone).list.sort() if reading == "exchanges" else nobody,
            topics=pl.col("topics").fill_null([]),
            n_links=pl.lit(0, dtype=pl.UInt16),
            url=pl.lit(""),
        )
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class Scene:
    """What was known at a cutoff, and what came of it, of everyone with at least three small events before it.

    Attributes:
        ids: The members, ascending.
        events: Whether they said yes to a small event before the cutoff, shape (member, event).
        silent_days: Since the last of these, shape (member,).
        activity: Tenth by the number of these in the last year, 0 to 9, shape (member,).
        km: Between homes, NaN where unknown, shape (member, member).
        met_before: Whether both said yes to a small event before, shape (member, member).
        met_after: The same at or after the cutoff.
        n_groups: Meetup groups both had joined, shape (member, member).
        topics: Unit rows of declared topics, shape (member, topic).
    """

    ids: tuple[str, ...]
    events: csr_array
    silent_days: Floats
    activity: Rows
    km: Floats
    met_before: Flags
    met_after: Flags
    n_groups: Rows
    topics: csr_array

    def activity_of_pairs(self, first: Rows, second: Rows) -> Rows:
        """The unordered pair of tenths of activity as one number, shape (pair,)."""
        ends = self.activity[first], self.activity[second]
        return np.asarray(np.minimum(*ends) * N_DECILES + np.maximum(*ends), dtype=np.int64)

    def baselines(self, rng: np.random.Generator) -> Mapping[str, Floats]:
        """What anybody would try first, shape (member, member) each."""
        together = self.met_before & ~np.eye(len(self.ids), dtype=bool)
        degree = together.sum(axis=1)
        rarity = np.where(degree > 1, 1 / np.log(np.maximum(degree, 2)), 0.0)
        adamic_adar = (together * rarity) @ together.astype(float)
        activity = np.log1p(np.asarray(self.events.sum(axis=1)))
        recency = -np.log1p(self.silent_days)
        both = {"activity": activity[:, None] + activity, "recency": recency[:, None] + recency}
        chance = rng.random(adamic_adar.shape)
        return {
            "random": chance + chance.T,
            "topics cosine": (self.topics @ self.topics.T).toarray(),
            "shared groups": self.n_groups.astype(float),
            "recency": both["recency"],
            "Adamic-Adar": adamic_adar,
            "Adamic-Adar + activity + recency": sum(_standard(one) for one in (adamic_adar, *both.values())),
        }


def scene_at(meetup: Meetup, cutoff: datetime) -> Scene:
    """Look at a cutoff from both sides."""
    is_past, small = pl.col("at") < cutoff, meetup.going.filter(pl.col("n_going") <= SMALL)
    past = small.filter(is_past)
    ids = past.group_by("member").len().filter(pl.col("len") >= MIN_EVENTS).get_column("member").sort()
    events, later = (_incidence(one, "event", ids) for one in (past, small.filter(~is_past)))
    groups = _incidence(meetup.joined.filter(pl.col("joined_at") < cutoff), "group", ids)
    topics = _incidence(meetup.topics, "topic", ids)
    lengths = np.sqrt(topics.sum(axis=1))
    last = past.group_by("member").agg(pl.col("at").max())
    lately = _incidence(past.filter(pl.col("at") > cutoff - timedelta(days=LATELY_DAYS)), "event", ids)
    people = pl.DataFrame({"member": ids}).join(last, on="member", how="left", maintain_order="left")
    people = people.join(homes_of(meetup.going.filter(is_past)), on="member", how="left", maintain_order="left")
    lat, lon = (people.get_column(name).fill_null(float("nan")).to_numpy() for name in ("lat", "lon"))
    return Scene(
        ids=tuple(ids),
        events=events,
        silent_days=people.select((cutoff - pl.col("at")).dt.total_seconds() / 86_400).to_series().to_numpy(),
        activity=deciles(np.asarray(lately.sum(axis=1))),
        km=great_circle_km(lat[:, None], lon[:, None], lat, lon),
        met_before=(events @ events.T).toarray() > 0,
        met_after=(later @ later.T).toarray() > 0,
        n_groups=(groups @ groups.T).toarray().astype(np.int64),
        topics=csr_array(topics.multiply(1 / np.maximum(lengths, 1)[:, None])),
    )


def _incidence(rows: pl.DataFrame, name: str, ids: pl.Series) -> csr_array:
    """Ones where a member has an event, a group or a topic, shape (member, one of them)."""
    mine = rows.filter(pl.col("member").is_in(ids.implode())).select("member", name).unique().sort("member", name)
    ends = (ids.search_sorted(mine.get_column("member")).to_numpy(), mine.get_column(name).rank("dense").to_numpy() - 1)
    shape = (len(ids), max(mine.get_column(name).n_unique(), 1))
    return csr_array((np.ones(mine.height), tuple(end.astype(np.int64) for end in ends)), shape=shape)


def _standard(scores: Floats) -> Floats:
    """Scores in standard deviations over all pairs."""
    pairs = scores[np.triu_indices(len(scores), k=1)]
    return np.asarray((scores - pairs.mean()) / max(float(pairs.std()), 1e-12), dtype=np.float64)
