"""The list of a night's suggestions: which, in which order, and how far the review has come."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from starlette.datastructures import QueryParams

from matcher.publish.safe_text import clip_text
from matcher.review.nights import Night
from matcher.review.proposals_now import proposal_now
from matcher.review.standing import Standing
from matcher.tables.decisions import Members
from matcher.tables.drafts import Draft, Suggestion
from matcher.tables.proposed import Proposed, ProposedGathering, ProposedGroup, ProposedIntroduction, Town
from matcher.units import MemberId

KINDS: Mapping[str, str] = {"group": "Groups", "gathering": "Gatherings", "introduction": "Introductions"}
"""Kinds of suggestions, in the order in which they are looked at."""

STATES: Mapping[str, str] = {
    "open": "not decided",
    "approved": "approved",
    "rejected": "rejected",
    "published": "published",
    "locked": "locked",
    "changed": "changed by organizers",
}

SORTS: Mapping[str, str] = {
    "best": "best first",
    "weakest": "weakest link first",
    "longest": "longest way first",
    "newest": "latest decision first",
}

PER_PAGE = 50
MOST_DIGITS = 6
_KIND_OF = {"g": "group", "n": "group", "t": "gathering", "i": "introduction"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What a row tells of a suggestion's members, whatever was decided.

    Attributes:
        kind: One of KINDS.
        title: Where they meet, or who.
        names: Their names, in the members' order.
        where: The town, or empty: they begin online.
        fit: Cohesion of a group, mutual affinity of two; None for a gathering.
        weakest: Fit of the member who fits least; None for a gathering.
        longest_km: The longest way; None where nobody goes anywhere.
        text: What a search looks in: names, town, topics.
    """

    kind: str
    title: str
    names: tuple[str, ...]
    where: str
    fit: float | None
    weakest: float | None
    longest_km: float | None
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One suggestion as it stands.

    Attributes:
        now: As it stands.
        facts: What is told of its members.
        is_changed: Whether its members are not those of the night.
        is_kept: Whether it is still locked since an earlier night.
    """

    now: Suggestion
    facts: Facts
    is_changed: bool
    is_kept: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """Which suggestions to show, and in which order; what is not said is empty.

    Attributes:
        kind: One of KINDS, or 'left-out'; empty: all suggestions.
        state: One of STATES; empty: all.
        sort: One of SORTS.
        q: Words that names, town or topics hold, all of them.
        page: From 1.
    """

    kind: str = ""
    state: str = ""
    sort: str = "best"
    q: str = ""
    page: int = 1

    def query(self, **other: str | int) -> str:
        """What follows the address, with its question mark, some of it said otherwise; empty where all is as usual."""
        asked = {one.name: other.get(one.name, getattr(self, one.name)) for one in fields(self)}
        usual = Chosen()
        said = {name: value for name, value in asked.items() if value != getattr(usual, name)}
        return f"?{urlencode(said)}" if said else ""


def chosen_by(query: QueryParams) -> Chosen:
    """Read what an address asks for; what makes no sense there counts as not said."""

    def one_of(name: str, known: Mapping[str, str], usual: str) -> str:
        return query.get(name, "") if query.get(name, "") in known else usual

    page = query.get("page", "")
    is_page = page.isascii() and page.isdigit() and len(page) <= MOST_DIGITS
    return Chosen(
        kind=one_of("kind", {**KINDS, "left-out": ""}, ""),
        state=one_of("state", STATES, ""),
        sort=one_of("sort", SORTS, "best"),
        q=query.get("q", "")[:200].strip(),
        page=max(int(page), 1) if is_page else 1,
    )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Listed:
    """All suggestions of a night at one moment, with what was asked of them."""

    draft: Draft
    rows: Sequence[Row]
    kinds: Counter[str]
    states: Counter[str]
    orders: dict[Chosen, Sequence[Row]] = field(default_factory=dict)


def rows_of(now: Standing) -> Sequence[Row]:
    """All suggestions as they stand, by kind, in the plan's order."""
    return _listed_now(now).rows


def count_kinds(now: Standing) -> Counter[str]:
    """How many suggestions are of each kind."""
    return _listed_now(now).kinds


def count_states(now: Standing) -> Counter[str]:
    """How many suggestions are in each state."""
    return _listed_now(now).states


def select(now: Standing, chosen: Chosen) -> Sequence[Row]:
    """The suggestions asked for, on all pages, in the order asked for; those that are equal stay in the plan's."""
    listed, asked = _listed_now(now), replace(chosen, page=1)
    found = listed.orders.get(asked)
    if found is None:
        words = folded(chosen.q).split()
        rows = [row for row in listed.rows if _is_asked_for(row, chosen, words)]
        found = sorted(rows, key=_ORDERS[chosen.sort])
        if not words:  # there are only so many other lists, and every card asks for one
            listed.orders[asked] = found
    return found


def _listed_now(now: Standing) -> _Listed:
    listed = _listed.get(now.night)
    if listed is None or listed.draft is not now.draft:
        rows = _rows(now)
        kinds = Counter(row.facts.kind for row in rows)
        states = Counter(state for row in rows for state in states_of(row))
        listed = _listed[now.night] = _Listed(draft=now.draft, rows=rows, kinds=kinds, states=states)
    return listed


def _rows(now: Standing) -> Sequence[Row]:
    night = now.night
    rows = [
        Row(
            now=one,
            facts=_facts(night, one),
            is_changed=night.suggestions.get(one.id) != one.members,
            is_kept=one.is_locked and one.id in night.kept,
        )
        for one in now.draft.suggestions.values()
    ]
    places = {kind: place for place, kind in enumerate(KINDS)}
    return sorted(rows, key=lambda row: places[row.facts.kind])


def states_of(row: Row) -> set[str]:
    """All of STATES that a suggestion is in."""
    said = {row.now.state}
    if row.now.is_locked:
        said.add("locked")
    if row.is_changed:
        said.add("changed")
    return said


def folded(text: str) -> str:
    """Text as a search compares it: without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one))


def _is_asked_for(row: Row, chosen: Chosen, words: Sequence[str]) -> bool:
    return (
        chosen.kind in ("", row.facts.kind)
        and (not chosen.state or chosen.state in states_of(row))
        and all(word in row.facts.text for word in words)
    )


def _best(row: Row) -> tuple[bool, float]:
    # Gatherings are worth something else: they keep the plan's order, between groups and introductions.
    return row.facts.kind == "introduction", -row.facts.fit if row.facts.kind != "gathering" and row.facts.fit else 0.0


def _weakest(row: Row) -> float:
    return 2.0 if row.facts.weakest is None else row.facts.weakest


def _longest(row: Row) -> float:
    return -(row.facts.longest_km or 0.0)


def _newest(row: Row) -> float:
    return -row.now.at.timestamp() if row.now.at else 0.0


_ORDERS: Mapping[str, Callable[[Row], Any]] = {
    "best": _best,
    "weakest": _weakest,
    "longest": _longest,
    "newest": _newest,
}


def _facts(night: Night, suggestion: Suggestion) -> Facts:
    known = _known.setdefault(night, {})
    key = suggestion.id, suggestion.members
    if key not in known:
        known[key] = _told(night, proposal_now(night, suggestion))
    return known[key]


def _told(night: Night, proposal: Proposed) -> Facts:
    names = tuple(night.dossier.people[MemberId(member)].name for member in proposal.members)
    town: Town | None = proposal.hub if isinstance(proposal, ProposedGathering) else proposal.town
    where = "" if town is None else clip_text(town.name, limit=80)
    topics = [clip_text(topic, limit=60) for topic in proposal.account.shared_topics]
    fit, weakest = _fits(proposal)
    is_pair = isinstance(proposal, ProposedIntroduction)
    return Facts(
        kind=_KIND_OF[proposal.id[:1]],
        title=" and ".join(names) if is_pair else where,
        names=names,
        where=where,
        fit=fit,
        weakest=weakest,
        longest_km=max(proposal.travel_km, default=None),
        text=folded("\n".join((proposal.id, where, *names, *topics))),
    )


def _fits(proposal: Proposed) -> tuple[float | None, float | None]:
    match proposal:
        case ProposedGroup():
            return proposal.cohesion, proposal.weakest_link
        case ProposedIntroduction():
            return proposal.mutual, min(proposal.a_to_b, proposal.b_to_a)
        case _:
            return None, None


_known: WeakKeyDictionary[Night, dict[tuple[str, Members], Facts]] = WeakKeyDictionary()
_listed: WeakKeyDictionary[Night, _Listed] = WeakKeyDictionary()
"""Drafts are the same value until something is decided, and so are their rows."""
