"""The community as it stood at one instant, with its past and without who did not agree."""

from datetime import timedelta

import polars as pl

from matcher.tables.community import Members, PastMeetings, community_as_of
from tests.worlds import AS_OF, Person, Said, raw_world


def meetings(*rows: tuple[float, str, str]) -> PastMeetings:
    """Days ago, member, meeting."""
    dated = [(AS_OF - timedelta(days=days), member, meeting) for days, member, meeting in rows]
    return PastMeetings.sorted(pl.DataFrame(dated, schema=PastMeetings.schema(), orient="row"))


def test_only_earlier_rounds_of_those_who_agreed_are_seen() -> None:
    """Tonight's own round is not past, and whoever left takes their past with them."""
    raw = raw_world([Said(by="ana")], [Person(id="ben", is_opted_in=False)])
    held = meetings((9, "ana", "group 0"), (9, "ben", "group 0"), (0, "ana", ""), (-1, "ana", ""))

    community = community_as_of(raw.members, raw.messages, raw.blocks, AS_OF, meetings=held)

    assert community.meetings.frame.rows() == [(AS_OF - timedelta(days=9), "ana", "group 0")]


def test_without_rounds_there_is_no_past() -> None:
    """The first night of a community."""
    raw = raw_world([Said(by="ana")])

    assert len(community_as_of(raw.members, raw.messages, raw.blocks, AS_OF).meetings) == 0


def test_members_of_an_older_table_have_stated_nothing() -> None:
    """Unknown is an empty list, never a null."""
    raw = raw_world([Said(by="ana"), Said(by="ben")])

    members = Members.sorted(raw.members.frame.drop("languages", "availability").reverse())

    assert members.frame.equals(raw.members.frame)
