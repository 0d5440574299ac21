"""Why these people should travel, counted from their own ties, topics and homes."""

from dataclasses import replace

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from matcher.reasons.gatherings import account_gatherings
from matcher.reasons.known import Known
from matcher.tables.community import Community
from matcher.tables.geography import Journeys, Towns
from matcher.tables.proposals import Account, Attendances
from tests.unit.reasons.test_pairs import known_of
from tests.worlds import Person, Said, talk, world

HUBS = ("Vienna, Austria", "Prague, Czechia")
HOMES = {"ana": "Berlin, Germany", "ben": "Vienna, Austria", "cat": "Vienna, Austria", "dan": "Munich, Germany"}
PEOPLE = [Person(id=member, name=member.title(), place=place) for member, place in HOMES.items()]


def known_with_hubs(community: Community) -> Known:
    """What is known of a world, and two cities to go to."""
    known = known_of(community)
    rows = [(row, name, 48.0, 15.0, 1_000_000, "", None) for row, name in enumerate(HUBS)]
    nowhere = csr_array(np.zeros((len(community.index), len(HUBS))))
    journeys = Journeys(
        hubs=Towns(pl.DataFrame(rows, schema=Towns.schema(), orient="row")),
        km=nowhere,
        effort=nowhere,
        index=community.index,
    )
    return replace(known, picture=replace(known.picture, journeys=journeys))


def accounts(community: Community, *gatherings: tuple[int, str]) -> tuple[Account, ...]:
    """Accounts of gatherings, each a hub and members."""
    rows = [
        (number, member, hub, 250.0, 3.0, 1.0)
        for number, (hub, members) in enumerate(gatherings)
        for member in members.split()
    ]
    schema = {
        name: community.index.enum if name == "member" else one.dtype for name, one in Attendances.columns.items()
    }
    attendances = Attendances.sorted(pl.DataFrame(rows, schema=schema, orient="row"))
    return account_gatherings(attendances, known_with_hubs(community))


def test_a_circle_is_counted() -> None:
    """Pairs, messages, date, the closest two, topics, and from how many places of how many countries they come."""
    said = [
        *talk("ana", "ben", turns=6),
        *talk("cat", "ben", turns=4),
        *talk("cat", "dan", turns=2),
        Said(by="eve", id="aside", topics=["jazz"]),
    ]

    [account] = accounts(world(said, PEOPLE), (0, "ana ben cat dan"))

    assert account.reasons == (
        "2 pairs of 6 answer each other already: 8 messages, last in January 2026.",
        "Ana and Ben have the closest exchange.",
        "Everyone cares about bread.",
        "They live in 3 places in 2 countries; everyone would meet people they are close to and cannot meet at home.",
    )
    assert account.shared_topics == ("bread",)
    assert account.starter == (
        "4 of us keep meeting online over bread and live too far apart. How about a weekend in Vienna, Austria?"
    )
    assert {message.partition(".")[0] for message in account.evidence} <= {"ana-ben", "cat-ben", "cat-dan"}
    assert 0 < len(account.evidence) <= 6


def test_each_gathering_has_its_own_account() -> None:
    """In their order, each with its own city, its own people and its own words."""
    said = [*talk("ana", "ben", turns=6), *talk("cat", "dan", turns=5, topics=("jazz",))]

    first, second = accounts(world(said, PEOPLE), (1, "cat dan"), (0, "ana ben"))

    assert first.starter.endswith("in Prague, Czechia?")
    assert second.starter.endswith("in Vienna, Austria?")
    assert {message.partition(".")[0] for message in first.evidence} == {"cat-dan"}
    assert {message.partition(".")[0] for message in second.evidence} == {"ana-ben"}


def test_a_topic_is_of_the_circle_if_enough_of_it_care() -> None:
    """Three of four are enough, two are not; and with none the first line speaks of none."""
    said = [
        *talk("ana", "ben", turns=4, topics=("rye", "jazz")),
        *talk("ben", "cat", turns=4, topics=("rye",)),
        *talk("cat", "dan", turns=4, topics=("chess",)),
    ]
    apart = [*talk("ana", "ben", turns=4, topics=("rye",)), *talk("cat", "dan", turns=4, topics=("chess",))]

    [some] = accounts(world(said, PEOPLE), (0, "ana ben cat dan"))
    [none] = accounts(world(apart, PEOPLE), (0, "ana ben cat dan"))

    assert some.shared_topics == ("rye",)
    assert "3 or more of them care about rye." in some.reasons
    assert none.shared_topics == ()
    assert none.starter.startswith("4 of us keep meeting online and live too far apart.")


def test_people_of_one_country_are_not_said_to_come_from_several() -> None:
    """And who comes from the same town is counted as one place."""
    said = [*talk("ana", "dan", turns=6), *talk("ben", "cat", turns=4)]

    [german, austrian] = accounts(world(said, PEOPLE), (0, "ana dan"), (0, "ben cat"))

    assert german.reasons[-1].startswith("They live in 2 places; everyone")
    assert austrian.reasons[-1].startswith("They live in 1 place; everyone")


def test_nobody_is_quoted_in_private_or_to_an_enemy() -> None:
    """What was written in private, or within a quarrel, is no invitation."""
    said = [
        *talk("ana", "ben", turns=6),
        *talk("ana", "cat", turns=4, is_public=False),
        *talk("dan", "cat", turns=6, text="You are an idiot, and your crust is a disgrace to all ovens"),
    ]

    [account] = accounts(world(said, PEOPLE), (0, "ana ben cat"))

    assert {message.partition(".")[0] for message in account.evidence} == {"ana-ben"}


def test_no_gathering_has_no_account() -> None:
    """Most nights."""
    assert accounts(world(talk("ana", "ben", turns=2), PEOPLE)) == ()
