"""Small communities that can be read at a glance.

A world is written as a list of `Said`; members are whoever speaks or is named, unless given.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from matcher import Engines
from matcher.conversation.exchanges import find_exchanges
from matcher.conversation.options import ConversationOptions
from matcher.conversation.readings import read_messages
from matcher.conversation.standing import judge_standings
from matcher.conversation.ties import tie_members
from matcher.conversation.topics import member_topics
from matcher.embedding.encoder import WordHashEncoder
from matcher.engines.highs_programs import HighsPrograms
from matcher.storage.gazetteer import load_gazetteer
from matcher.tables.community import Blocks, Community, Members, Messages, community_as_of
from matcher.tables.conversation import Exchanges, MemberTopics, Readings, Standings, Ties
from matcher.units import Flags

AS_OF = datetime(2026, 3, 1, tzinfo=UTC)

LONG = (
    "Proof the dough overnight at eight degrees, shape it tightly, score it at an angle and bake it in a covered "
    "iron pot, then lift the lid for the last twenty minutes so that the crust browns evenly"
)
"""A message of real substance."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message of a world."""

    by: str
    text: str = LONG
    id: str = ""
    to: str | None = None
    naming: Sequence[str] = ()
    days_ago: float = 10.0
    thread: str = "t"
    topics: Sequence[str] = ("bread",)
    is_public: bool = True
    n_links: int = 0


@dataclass(frozen=True, kw_only=True)
class Person:
    """One member of a world."""

    id: str
    name: str = ""
    interests: Sequence[str] = ()
    place: str = ""
    at: tuple[float, float] | None = None
    reach_km: float | None = None
    about: str = ""
    is_opted_in: bool = True
    languages: Sequence[str] = ()
    availability: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Raw:
    """A world before anybody looks at it as of an instant."""

    members: Members
    messages: Messages
    blocks: Blocks


def raw_world(said: Iterable[Said], people: Iterable[Person] = (), blocked: Iterable[tuple[str, str]] = ()) -> Raw:
    """Write a world down as tables."""
    said = list(said)
    known = {person.id: person for person in people}
    for one in said:
        for member in (one.by, *one.naming):
            known.setdefault(member, Person(id=member))
    blocks = pl.DataFrame(list(blocked), schema=Blocks.schema(), orient="row")
    return Raw(members=_members(known.values()), messages=_messages(said), blocks=Blocks.sorted(blocks))


def world(said: Iterable[Said], people: Iterable[Person] = (), blocked: Iterable[tuple[str, str]] = ()) -> Community:
    """Show a world as of `AS_OF`."""
    raw = raw_world(said, people, blocked)
    return community_as_of(raw.members, raw.messages, raw.blocks, AS_OF)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What the conversation stage makes of a world."""

    readings: Readings
    exchanges: Exchanges
    ties: Ties
    topics: MemberTopics
    standings: Standings


def hear(community: Community, options: ConversationOptions | None = None) -> Heard:
    """Run the conversation stage on a world."""
    options = options or ConversationOptions()
    readings = read_messages(community, options)
    exchanges = find_exchanges(community, readings, options)
    return Heard(
        readings=readings,
        exchanges=exchanges,
        ties=tie_members(exchanges, options),
        topics=member_topics(community, readings, options),
        standings=judge_standings(community, exchanges, readings, options),
    )


ENGINES = Engines(encoder=WordHashEncoder(), programs=HighsPrograms(), gazetteer=load_gazetteer())
"""The references that need no model and no solver, and the real gazetteer."""


def everyone(community: Community) -> Flags:
    """All members of a world."""
    return np.ones(len(community.index), dtype=bool)


def talk(one: str, other: str, *, turns: int, thread: str = "", **rest: object) -> list[Said]:
    """Let two members answer each other in turn within one thread of their own; `one` begins."""
    thread = thread or f"{one}-{other}"
    speakers = [one if turn % 2 == 0 else other for turn in range(turns)]
    return [
        Said(
            by=speaker,
            id=f"{thread}.{turn:03d}",
            to=f"{thread}.{turn - 1:03d}" if turn else None,
            thread=thread,
            days_ago=30 - turn / 100,
            **rest,  # type: ignore[arg-type]
        )
        for turn, speaker in enumerate(speakers)
    ]


def _members(people: Iterable[Person]) -> Members:
    rows = [
        {
            "member": person.id,
            "name": person.name or person.id,
            "about": person.about,
            "interests": list(person.interests),
            "place_text": person.place,
            "lat": person.at[0] if person.at else None,
            "lon": person.at[1] if person.at else None,
            "reach_km": person.reach_km,
            "is_opted_in": person.is_opted_in,
            "languages": sorted(person.languages),
            "availability": sorted(person.availability),
        }
        for person in people
    ]
    return Members.sorted(pl.DataFrame(rows, schema=Members.schema()))


def _messages(said: Sequence[Said]) -> Messages:
    rows = [
        {
            "message": one.id or f"m{number:03d}",
            "author": one.by,
            "sent_at": AS_OF - timedelta(days=one.days_ago),
            "thread": one.thread,
            "channel": "kitchen",
            "is_public": one.is_public,
            "reply_to": one.to,
            "mentions": list(one.naming),
            "topics": list(one.topics),
            "text": one.text,
            "n_links": one.n_links,
            "url": "",
        }
        for number, one in enumerate(said)
    ]
    return Messages.sorted(pl.DataFrame(rows, schema=Messages.schema()))
