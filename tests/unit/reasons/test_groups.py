"""Why these people, counted from their own ties."""

import polars as pl

from matcher.reasons.groups import account_groups
from matcher.tables.community import Community
from matcher.tables.proposals import Account, Seats
from tests.unit.reasons.test_pairs import known_of
from tests.worlds import Person, Said, talk, world

PEOPLE = [Person(id=name.lower(), name=name) for name in ("Ana", "Ben", "Cat", "Dan")]


def _account(community: Community) -> Account:
    seats = pl.DataFrame(
        {
            "group": pl.Series([0] * 4, dtype=pl.UInt32),
            "member": pl.Series(["ana", "ben", "cat", "dan"], dtype=community.index.enum),
            "town": pl.Series([0] * 4, dtype=pl.UInt32),
            "travel_km": [3.0, 8.0, 2.0, 21.0],
            "fit_share": [0.5] * 4,
        }
    )
    (account,) = account_groups(Seats(seats), known_of(community))
    return account


def test_a_group_of_friends_is_counted() -> None:
    """Pairs, messages, date, topics, travel, and who is new to the others."""
    said = [
        *talk("ana", "ben", turns=6),
        *talk("cat", "ben", turns=4),
        Said(by="dan", id="d", topics=["bread"]),
    ]

    account = _account(world(said, PEOPLE))

    assert account.reasons == (
        "2 pairs of 6 answer each other already: 8 messages, last in January 2026.",
        "Ana and Ben talk with each other most.",
        "Everyone talks about bread.",
        "New to the others: Dan.",
        "Everyone lives within about 20 km of Potsdam, Germany.",
    )
    assert account.evidence[0].startswith("ana-ben")
    assert len(account.evidence) <= 6


def test_strangers_are_told_that_they_are() -> None:
    """A first meeting for all is called one."""
    said = [Said(by=name, id=name, naming=["eve"], topics=["bread"]) for name in ("ana", "ben", "cat", "dan")]

    account = _account(world(said, PEOPLE))

    assert "They have not talked with each other yet: this would be a first meeting for all." in account.reasons
    assert account.evidence == ("ana", "ben", "cat", "dan")
