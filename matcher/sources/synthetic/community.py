"""A synthetic online community: tables, and the truths that were planted in them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from matcher.sources.clean_text import cleaned
from matcher.sources.synthetic.cast import Cast, Person, assemble_cast
from matcher.sources.synthetic.phrasing import Scribe
from matcher.sources.synthetic.stock import Stock, load_stock
from matcher.sources.synthetic.talk import write_threads
from matcher.sources.synthetic.thread import Thread
from matcher.tables.community import Blocks, Members, Messages

NOTICE = "This community is synthetic: its members, their words and their friendships are made up."
SITE = "https://commons.example"
_LINK = re.compile(r"https?://\S+")

Pair = tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Truths:
    """What was planted, by ids; everything ascending, so that one seed gives one answer.

    Attributes:
        circles: Friends of one place; all of them opted in.
        far_circles: Friends of one region, each with close friends in other cities, but hardly any in their own.
        homebodies: The one of each far circle who will not travel; the others will go far.
        long_distance_pairs: Friends of two cities.
        helper_pairs: Helper and asker, who never talked.
        shills: Who talks at people.
        hostile_pairs: Who quarrels.
        opted_out: Who belongs to a circle, but did not agree to be matched.
        without_place: Who gave no place, or a joke.
        secrets: Odd words that stand in private messages only, and must never be seen elsewhere.
        blocked_pairs: Who blocks whom.
    """

    circles: tuple[tuple[str, ...], ...]
    far_circles: tuple[tuple[str, ...], ...]
    homebodies: tuple[str, ...]
    long_distance_pairs: tuple[Pair, ...]
    helper_pairs: tuple[Pair, ...]
    shills: tuple[str, ...]
    hostile_pairs: tuple[Pair, ...]
    opted_out: tuple[str, ...]
    without_place: tuple[str, ...]
    secrets: tuple[str, ...]
    blocked_pairs: tuple[Pair, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class SyntheticCommunity:
    """A made-up community, as a source would have read it.

    Attributes:
        members: Everyone.
        messages: Everything they wrote in the eighteen months before `thread.AS_OF`.
        blocks: Who shut out whom.
        truths: What was planted.
        as_typed: Hostile words with their control characters, by their cleaned form; an export has them.
        notice: For every reader of a plan.
    """

    members: Members
    messages: Messages
    blocks: Blocks
    truths: Truths
    as_typed: dict[str, str] = field(default_factory=dict)
    notice: str = NOTICE


def make_community(rng: np.random.Generator, *, n_members: int = 240) -> SyntheticCommunity:
    """Make up a community; the same dice, the same community, to the byte.

    Args:
        rng: The only source of chance.
        n_members: How many people; parts are dealt out in proportion.

    Raises:
        InputError: Fewer members than the parts need.
    """
    stock = load_stock()
    scribe = Scribe(rng, (stock.phrases["lead_question"], stock.phrases["lead_statement"]))
    cast = assemble_cast(scribe, stock, n_members)
    members = _members(cast.people)
    typed = _messages(write_threads(scribe, stock, cast))
    raw = [*members.get_column("name"), *typed.get_column("text")]
    members = members.with_columns(cleaned(pl.col("name")), cleaned(pl.col("about")))
    messages = typed.with_columns(cleaned(pl.col("text")))
    clean = [*members.get_column("name"), *messages.get_column("text")]
    blocked = _blocked_pairs(cast)
    return SyntheticCommunity(
        members=Members.sorted(members),
        messages=Messages.sorted(messages),
        blocks=Blocks.sorted(pl.DataFrame(blocked, schema=Blocks.schema(), orient="row")),
        truths=_truths(cast, stock, blocked),
        as_typed={after: before for before, after in zip(raw, clean, strict=True) if before != after},
    )


def _members(people: Iterable[Person]) -> pl.DataFrame:
    rows = [
        {
            "member": person.member,
            "name": person.name,
            "about": person.about,
            "interests": list(person.declared),
            "place_text": person.place_text,
            "reach_km": person.reach_km,
            "is_opted_in": person.is_opted_in,
            "languages": list(person.languages),
            "availability": list(person.availability),
        }
        for person in people
    ]
    return pl.DataFrame(rows, schema=Members.schema())


def _messages(threads: Iterable[Thread]) -> pl.DataFrame:
    """Number threads by their beginning and messages by their time, then write everything down."""
    begun = sorted(((thread.start(), at, thread) for at, thread in enumerate(threads)), key=lambda entry: entry[:2])
    said = [
        (start + draft.after, at, draft, thread)
        for at, (start, _, thread) in enumerate(begun)
        for draft in thread.drafts
    ]
    said.sort(key=lambda entry: entry[:2])
    ids = {id(draft): f"p{number:05d}" for number, (_, _, draft, _) in enumerate(said, start=1)}
    rows = [
        {
            "message": ids[id(draft)],
            "author": draft.author.member,
            "sent_at": sent_at,
            "thread": f"{thread.channel}/t{at + 1:04d}",
            "channel": thread.channel,
            "is_public": thread.is_public,
            "reply_to": ids[id(draft.answers)] if draft.answers else None,
            "mentions": list(draft.mentions),
            "topics": list(thread.tags),
            "text": draft.text,
            "n_links": len(_LINK.findall(draft.text)),
            "url": f"{SITE}/{thread.channel}/t{at + 1:04d}#{ids[id(draft)]}" if thread.is_public else "",
        }
        for sent_at, at, draft, thread in said
    ]
    return pl.DataFrame(rows, schema=Messages.schema())


def _blocked_pairs(cast: Cast) -> list[Pair]:
    """Estranged friends, one half of a quarrel, and a shill who tagged once too often."""
    pairs = [*cast.estranged, cast.hostile[0], (cast.circles[-1].friends[0], cast.shills[0])]
    return sorted((first.member, second.member) for first, second in pairs)


def _truths(cast: Cast, stock: Stock, blocked: list[Pair]) -> Truths:
    jokes = ("", *stock.phrases["joke_places"])
    return Truths(
        circles=tuple(sorted(_ids(circle.friends) for circle in cast.circles)),
        far_circles=tuple(sorted(_ids(circle.friends) for circle in cast.far_circles)),
        homebodies=_ids(circle.homebody for circle in cast.far_circles),
        long_distance_pairs=_unordered(cast.distant),
        helper_pairs=tuple(sorted((helper.member, asker.member) for helper, asker in cast.helpers)),
        shills=_ids(cast.shills),
        hostile_pairs=_unordered(cast.hostile),
        opted_out=_ids(guest for circle in cast.circles for guest in circle.guests),
        without_place=_ids(person for person in cast.people if person.place_text in jokes),
        secrets=tuple(sorted(confidence.marker for confidence in stock.confidences)),
        blocked_pairs=tuple(blocked),
    )


def _ids(people: Iterable[Person]) -> tuple[str, ...]:
    return tuple(sorted(person.member for person in people))


def _unordered(pairs: Iterable[tuple[Person, Person]]) -> tuple[Pair, ...]:
    return tuple(sorted((min(a.member, b.member), max(a.member, b.member)) for a, b in pairs))
