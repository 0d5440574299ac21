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
    ).with_columns(overdue_bonus=0.0, travel_cost=0.0, repeat_cost=0.0)
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
        "Ana and Ben have the closest exchange.",
        "Everyone cares about bread.",
        "New to the others: Dan.",
        "Everyone lives within about 20 km of Potsdam, Germany.",
    )
    assert {message.partition(".")[0] for message in account.evidence} == {"ana-ben", "cat-ben"}
    assert [message.partition(".")[2] for message in account.evidence] == sorted(
        message.partition(".")[2] for message in account.evidence
    )  # the turns of both threads, in order of time


def test_strangers_are_told_that_they_are() -> None:
    """A first meeting for all is called one."""
    said = [Said(by=name, id=name, to="q", topics=["bread"]) for name in ("ana", "ben", "cat", "dan")]
    said.append(Said(by="eve", id="q"))

    account = _account(world(said, PEOPLE))

    assert "They have not talked with each other yet: this would be a first meeting for all." in account.reasons
    assert account.evidence == ("ana", "ben", "cat", "dan")


def test_nobody_is_quoted_to_an_enemy_or_about_a_third() -> None:
    """What somebody wrote to a person they quarrel with, or naming people, is no invitation."""
    said = [
        Said(by="eve", id="q"),
        *(Said(by=name, id=name, to="q", topics=["bread"]) for name in ("ana", "ben", "cat", "dan")),
        Said(by="dan", id="insult", to="q", text="you are an idiot", days_ago=20),
        Said(by="cat", id="gossip", to="q", naming=["eve"], days_ago=1),
    ]

    account = _account(world(said, PEOPLE))

    assert account.evidence == ("ana", "ben", "cat")
