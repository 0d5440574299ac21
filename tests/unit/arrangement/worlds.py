"""Small tables for the arrangement's tests, written as plain dicts."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from matcher import Settings
from matcher.arrangement.rotation import Rotation, RotationOptions, recall
from matcher.plan import study_community
from matcher.tables.community import TIME, Blocks, Community, MemberIndex, Members, Messages, PastMeetings
from matcher.tables.conversation import Standings, Ties
from matcher.tables.geography import Places, Towns, Travel
from matcher.tables.history import PastPairs
from matcher.tables.pairs import USES, Affinities, Vetoes
from matcher.tables.picture import Picture
from matcher.tables.proposals import Seats
from matcher.units import MemberId
from tests.worlds import ENGINES

AS_OF = datetime(2024, 5, 1, tzinfo=UTC)

Pair = tuple[str, str]


def index_of(members: Iterable[str]) -> MemberIndex:
    """Tonight's members, in any order."""
    return MemberIndex(tuple(MemberId(member) for member in sorted(members)))


def affinities_of(
    index: MemberIndex, shares: Mapping[Pair, float | tuple[float, float]], *, reunited: Iterable[Pair] = ()
) -> Affinities:
    """Pairs with one mutual share, or with a share each way in the order written; those `reunited` have written."""
    known = {tuple(sorted(pair)) for pair in reunited}
    rows = []
    for (one, other), share in shares.items():
        there, back = share if isinstance(share, tuple) else (share, share)
        a, b, a_to_b, b_to_a = (one, other, there, back) if one < other else (other, one, back, there)
        mutual = 2 * a_to_b * b_to_a / (a_to_b + b_to_a) if a_to_b + b_to_a else 0.0
        rows.append((a, b, "reunite" if (a, b) in known else "introduce", a_to_b, b_to_a, mutual))
    parts = [name for name in Affinities.columns if "_to_" in name and name not in {"a_to_b", "b_to_a"}]
    ends = {"member_a": index.enum, "member_b": index.enum, "use": pl.Enum(USES)}
    schema = ends | dict.fromkeys(["a_to_b", "b_to_a", "mutual"], pl.Float64)
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return Affinities.sorted(frame.with_columns(pl.lit(0.0).alias(part) for part in parts))


def travel_of(index: MemberIndex, km: Mapping[str, Mapping[str, float]]) -> Travel:
    """Ways in km to the towns that each member reaches; towns in the order of the alphabet."""
    names = sorted({town for ways in km.values() for town in ways})
    dense = np.zeros((len(index), len(names)))
    for row, member in enumerate(index.ids):
        for town, way_km in km.get(member, {}).items():
            dense[row, names.index(town)] = way_km
    rows = [(town, name, 0.0, 0.0, 1_000, "", None) for town, name in enumerate(names)]
    towns = Towns(pl.DataFrame(rows, schema=Towns.schema(), orient="row"))
    return Travel(towns=towns, km=csr_array(dense), index=index)


def one_town(index: MemberIndex) -> Travel:
    """Everyone lives in the same town."""
    return travel_of(index, {member: {"Home": 1.0} for member in index.ids})


def vetoes_of(index: MemberIndex, pairs: Iterable[Pair] = ()) -> Vetoes:
    """Pairs that must not meet."""
    rows = sorted({(*sorted(pair), "block") for pair in pairs})
    return Vetoes.sorted(
        pl.DataFrame(rows, schema={"member_a": index.enum, "member_b": index.enum, "rule": pl.String}, orient="row")
    )


def ties_of(
    index: MemberIndex, counts: Mapping[Pair, tuple[int, int]], hostile: Mapping[Pair, float] | None = None
) -> Ties:
    """Messages each way; a message is worth one unit of warmth. Pairs are written smaller id first."""
    shares = hostile or {}
    rows: list[tuple[object, ...]] = [
        (a, b, there, back, float(there), float(back), 1, shares.get((a, b), 0.0), AS_OF, [])
        for (a, b), (there, back) in counts.items()
    ]
    enum = {"member_a": index.enum, "member_b": index.enum}
    schema = {name: enum.get(name, column.dtype) for name, column in Ties.columns.items()}
    return Ties.sorted(pl.DataFrame(rows, schema=schema, orient="row"))


def picture_of(
    travel: Travel,
    ties: Ties,
    vetoes: Vetoes,
    *,
    community: Community | None = None,
    standings: Standings | None = None,
    places: Places | None = None,
) -> Picture:
    """A picture with what the arrangement looks at, and nothing else in it."""
    blank = _blank_picture(travel.index.ids)
    return replace(
        blank,
        community=community or blank.community,
        travel=travel,
        ties=ties,
        vetoes=vetoes,
        standings=standings or blank.standings,
        places=places or blank.places,
    )


def rotation_of(picture: Picture, affinities: Affinities) -> Rotation:
    """What the community's past rounds ask; nothing where there were none."""
    return recall(picture.community, affinities, RotationOptions(), max_size=6)


@cache
def _blank_picture(ids: tuple[MemberId, ...]) -> Picture:
    """Of members who have said nothing yet."""
    community = community_of(members_of(ids), messages_by({}), blocks_of())
    return study_community(community, ENGINES, Settings())


def seats_of(index: MemberIndex, groups: Iterable[Iterable[str]] = ()) -> Seats:
    """Groups that meet in the first town."""
    rows: list[tuple[object, ...]] = [
        (number, member, 0, 1.0, 0.5, 0.0, 0.0, 0.0) for number, group in enumerate(groups) for member in group
    ]
    schema = {name: index.enum if name == "member" else column.dtype for name, column in Seats.columns.items()}
    return Seats.sorted(pl.DataFrame(rows, schema=schema, orient="row"))


def past_pairs_of(index: MemberIndex, met: Mapping[Pair, datetime]) -> PastPairs:
    """Pairs who met, and when."""
    schema = dict.fromkeys(("member_a", "member_b"), index.enum) | {"last_at": TIME}
    return PastPairs.sorted(pl.DataFrame([(*pair, at) for pair, at in met.items()], schema=schema, orient="row"))


def meetings_of(rounds: Mapping[datetime, Iterable[Iterable[str]]], passed_over: str = "") -> PastMeetings:
    """The groups of each round; some members were passed over in all of them but those in which they sat."""
    rows = [
        (at, member, f"group {number}")
        for at, groups in rounds.items()
        for number, group in enumerate(groups)
        for member in group
    ]
    sat = {(at, member) for at, member, _ in rows}
    rows += [(at, member, "") for at in rounds for member in passed_over if (at, member) not in sat]
    return PastMeetings.sorted(pl.DataFrame(rows, schema=PastMeetings.schema(), orient="row"))


def groups_in(seats: Seats) -> list[list[str]]:
    """Members of each group, ascending, in the order of the groups."""
    grouped = seats.frame.group_by("group", maintain_order=True).agg(pl.col("member").cast(pl.String))
    groups: list[list[str]] = grouped.get_column("member").to_list()
    return groups


def standings_of(index: MemberIndex, low: Iterable[str] = ()) -> Standings:
    """Everyone talks with people, but for some loudspeakers."""
    loud = set(low)
    rows: list[tuple[object, ...]] = [
        (member, 1, 0.0, 0.0, 0.0, 0.5, 0.1 if member in loud else 0.9, "loud" if member in loud else "")
        for member in index.ids
    ]
    schema = {name: index.enum if name == "member" else column.dtype for name, column in Standings.columns.items()}
    return Standings.sorted(pl.DataFrame(rows, schema=schema, orient="row"))


def places_of(index: MemberIndex, members: Iterable[str]) -> Places:
    """These members live at the origin; of the others nothing is known."""
    rows = [(member, "Somewhere", "", "", 0.0, 0.0, 1.0, 1.0, 40.0, 40.0) for member in members]
    schema = {name: index.enum if name == "member" else column.dtype for name, column in Places.columns.items()}
    return Places.sorted(pl.DataFrame(rows, schema=schema, orient="row"))


def members_of(ids: Iterable[str], *, left: Iterable[str] = ()) -> Members:
    """Members who say nothing about themselves; those who `left` did not opt in."""
    gone = set(left)
    rows: list[tuple[object, ...]] = [
        (member, member, "", [], "", None, None, None, member not in gone, [], []) for member in ids
    ]
    return Members.sorted(pl.DataFrame(rows, schema=Members.schema(), orient="row"))


def members_who(column: str, stated: Mapping[str, Iterable[str]]) -> Members:
    """Members who state these languages, or these times."""
    lists = pl.Series(column, [list(said) for said in stated.values()], dtype=pl.List(pl.String))
    return Members(members_of(stated).frame.with_columns(lists))


def messages_by(authors: Mapping[str, str], *, private: Iterable[str] = (), late: Iterable[str] = ()) -> Messages:
    """Messages by id and author, sent at the turn of the year, or after `AS_OF` where they are late."""
    hidden, after = set(private), set(late)
    rows: list[dict[str, object]] = [
        {
            "message": message,
            "author": author,
            "sent_at": datetime(2024, 6, 1, tzinfo=UTC) if message in after else datetime(2024, 1, 1, tzinfo=UTC),
            "thread": "thread",
            "channel": "channel",
            "is_public": message not in hidden,
            "reply_to": None,
            "mentions": [],
            "topics": [],
            "text": "",
            "n_links": 0,
            "url": "",
        }
        for message, author in authors.items()
    ]
    return Messages.sorted(pl.DataFrame(rows, schema=Messages.schema(), orient="row"))


def blocks_of(pairs: Iterable[Pair] = ()) -> Blocks:
    """Who blocks whom."""
    return Blocks.sorted(pl.DataFrame(list(pairs), schema=Blocks.schema(), orient="row"))


def community_of(members: Members, messages: Messages, blocks: Blocks) -> Community:
    """A community of exactly these members, all opted in."""
    index = index_of(members.frame.get_column("member").to_list())
    return Community(members=members, messages=messages, blocks=blocks, index=index, as_of=AS_OF)
