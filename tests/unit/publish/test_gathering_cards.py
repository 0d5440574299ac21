"""Gatherings on cards: who from where, how far, and why this city."""

from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from matcher.publish.gathering_cards import MOST_ROWS, gathering_cards, why_here
from matcher.publish.night_words import travelling_in_words
from matcher.publish.people import coarse_cell, people_of, shown_place
from matcher.publish.proposed import proposed_gatherings
from matcher.publish.report import report_html
from matcher.publish.report_view import GatheringCard
from matcher.tables.dossier import Person
from matcher.tables.proposals import Account, Objective
from matcher.tables.proposed import HubChoice, ProposedGathering, Town
from matcher.units import Km, MemberId, Share
from tests.unit.publish.worlds import Night, a_night, a_travelled_night


def card() -> GatheringCard:
    night = a_travelled_night()
    (only,) = gathering_cards(proposed_gatherings(night.plan), people_of(night.community, night.places), {})
    return only


def weighed(name: str, n_within: int, mean_km: float, longest_km: float, value: float) -> HubChoice:
    town = Town(name=name, lat=0.0, lon=0.0)
    return HubChoice(town=town, n_within=n_within, mean_km=Km(mean_km), longest_km=Km(longest_km), value=value)


def section(night: Night) -> str:
    html = report_html(night.plan, night.community, night.places, night.facts)
    nodes = LexborHTMLParser(html).css("#gatherings")
    return " ".join(" ".join(node.text(separator=" ").split()) for node in nodes)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_who_comes_from_one_place_stands_in_one_row() -> None:
    """The nearest first; nobody is left out, also if nobody knows from where they come."""
    (rows,) = card().arrivals

    assert [(row.place, plain(row.travel), row.count) for row in rows] == [
        ("", "760 km", "2"),
        ("Portland, Oregon", "1,580 km", "2"),
        ("Seattle, Washington", "1,640 km", "2"),
        ("Lyon, France", "8,260 km", "1"),
    ]
    assert rows[0].names == ('-Kim & Søn, "the third" of that name', "Quiet Quinn")


def test_the_summary_counts_people_and_places() -> None:
    """One line says how far it is."""
    assert plain(card().summary) == "7 people from 3 places; mean way 2,320 km, longest 8,260 km."


def test_a_review_begins_with_who_gains_least() -> None:
    """What company is worth to each less what the way costs, not who travels farthest."""
    assert plain(card().closest_call) == "The way pays least for 李小龍 (1,640 km): look there first."


def test_the_city_is_weighed_against_the_runner_up() -> None:
    """What speaks for it, what for the other, and by how much it is worth more."""
    assert plain(card().why_here) == (
        "Denver, CO rather than Chicago, IL: worth the way to 2 more and a mean way shorter by 490 km. "
        "For Chicago, IL speaks: a longest way shorter by 1,170 km. All in all it would be worth 8.7 % less there."
    )


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        pytest.param([weighed("A", 8, 100, 200, 3)], "", id="no other city"),
        pytest.param(
            [weighed("A", 8, 100, 200, 3), weighed("B", 8, 100, 200, 3)],
            "A rather than B: worth more to those who come.",
            id="alike",
        ),
        pytest.param(
            [weighed("A", 8, 100, 200, -1), weighed("B", 7, 100, 200, -2)],
            "A rather than B: worth the way to 1 more.",
            id="a share of nothing is not told",
        ),
    ],
)
def test_why_here_says_no_more_than_the_numbers(choices: list[HubChoice], words: str) -> None:
    """No runner-up, no comparison; a tie is called one."""
    assert why_here(choices) == words


def test_forty_guests_stand_in_two_tables() -> None:
    """Thirty rows under one another are read by nobody."""
    members = tuple(MemberId(f"m{row:02d}") for row in range(40))
    people = {
        member: Person(name=member, place=f"Town {row % 30}", cell=coarse_cell(40 + row / 7, row))
        for row, member in enumerate(members)
    }
    many = ProposedGathering(
        id="t-1",
        members=members,
        hub=Town(name="Bonn, Germany", lat=50.7, lon=7.1),
        travel_km=tuple(Km(100.0 + row) for row in range(40)),
        companies=(2.0,) * 40,
        efforts=(1.0,) * 40,
        choices=(),
        account=Account(reasons=(), shared_topics=(), evidence=(), starter=""),
    )

    (only,) = gathering_cards([many], people, {})

    assert [len(part) for part in only.arrivals] == [15, 15]
    assert all(len(part) > MOST_ROWS for part in only.arrivals)
    assert sorted(name for part in only.arrivals for row in part for name in row.names) == list(members)


def test_the_page_tells_the_gathering_whole() -> None:
    """City, table, runners-up, reasons, quotes and a first line."""
    text = section(a_travelled_night())

    for words in (
        "Gathering 1 Denver, CO",
        "Seattle, Washington",
        "Chicago, IL 5 of 7",
        "11 of their 21 pairs answer each other already.",
        "=1+1 is what my oven says",
        "which loaf would you bring?",
    ):
        assert words in text


def test_a_night_without_gatherings_shows_none() -> None:
    """Neither a heading nor a link to it."""
    night = a_night()
    html = report_html(night.plan, night.community, night.places, night.facts)

    assert section(night) == ""
    assert "#gatherings" not in html


@pytest.mark.parametrize(
    ("objective", "n_gatherings", "words"),
    [
        pytest.param(None, 0, "", id="none looked for"),
        pytest.param((0.0, 0.0), 0, "No gathering tonight: in no city would enough people", id="none worth it"),
        pytest.param((9.2, 9.5), 1, "9.2 points of company less travel, within 3.2 % of the best possible", id="bound"),
        pytest.param((9.5, 9.5), 1, "the best possible (over all hubs).", id="proved best"),
        pytest.param((9.5, None), 1, "was not proved tonight", id="no bound"),
    ],
)
def test_gatherings_claim_no_more_than_was_proved(
    objective: tuple[float, float | None] | None, n_gatherings: int, words: str
) -> None:
    """As the groups do."""
    judged = objective and Objective(
        value=objective[0], upper_bound=objective[1], bound_scope="all hubs", stranger_chance=1 / 3000
    )

    said = travelling_in_words(judged, n_gatherings)

    assert words in said
    assert bool(words) == bool(said)


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.49, "perhaps Portland, OR"),
        (0.5, "probably Portland, OR"),
        (0.79, "probably Portland, OR"),
        (0.8, "Portland, OR"),
    ],
)
def test_a_place_that_may_be_another_is_called_probable(share: float, shown: str) -> None:
    """There is a Portland in Maine too."""
    assert shown_place("Portland, OR", Share(share)) == shown


def test_probable_places_reach_the_page() -> None:
    """On the card, not only in a table."""
    night = a_night()
    unsure = night.places.frame.with_columns(share=0.6 + 0 * night.places.frame["lat"])

    html = report_html(night.plan, night.community, replace(night.places, frame=unsure), night.facts)

    assert "probably Lyon, France" in html
