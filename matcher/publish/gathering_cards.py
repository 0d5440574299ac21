"""Gatherings as the cards of the report: who travels from where, how far, and why to this city."""

from collections.abc import Mapping, Sequence

from matcher.publish.cards import told_of
from matcher.publish.gathering_map import draw_gathering
from matcher.publish.report_view import Arrival, GatheringCard, HubRow
from matcher.publish.safe_text import clip_text
from matcher.publish.wording import counted, percent, way
from matcher.reasons.words import listed
from matcher.tables.dossier import Person, Quote
from matcher.tables.proposed import HubChoice, ProposedGathering
from matcher.units import Km, MemberId

MOST_ROWS = 10
"""Places from which people come that one table lists; more are read better in two, side by side."""


def gathering_cards(
    gatherings: Sequence[ProposedGathering], people: Mapping[MemberId, Person], quotes: Mapping[str, Quote]
) -> tuple[GatheringCard, ...]:
    """Make a card of every gathering, numbered from 1."""
    return tuple(
        gathering_card(number, gathering, people, quotes) for number, gathering in enumerate(gatherings, start=1)
    )


def gathering_card(
    number: int, gathering: ProposedGathering, people: Mapping[MemberId, Person], quotes: Mapping[str, Quote]
) -> GatheringCard:
    """Make the card of one gathering."""
    persons = [people[member] for member in gathering.members]
    return GatheringCard(
        id=gathering.id,
        number=number,
        city=clip_text(gathering.hub.name, limit=80),
        summary=_summary(persons, gathering.travel_km),
        arrivals=_in_two(_arrivals(persons, gathering.travel_km)),
        closest_call=_closest_call(gathering, persons),
        choices=tuple(_row(choice, len(persons)) for choice in gathering.choices),
        why_here=why_here(gathering.choices),
        told=told_of(gathering.account, quotes),
        map=draw_gathering(gathering.hub, persons, max(gathering.travel_km)),
    )


def _summary(persons: Sequence[Person], travel_km: Sequence[Km]) -> str:
    places = len({person.place for person in persons if person.place})
    who = f"{counted(len(persons), 'person')} from {counted(places, 'place')}"
    return f"{who}; mean way {way(sum(travel_km) / len(travel_km))}, longest {way(max(travel_km))}."


def _arrivals(persons: Sequence[Person], travel_km: Sequence[Km]) -> tuple[Arrival, ...]:
    """Gather who comes from one place, with their mean way; the nearest place first, ties by its name."""
    together: dict[str, list[tuple[str, Km]]] = {}
    for person, km in zip(persons, travel_km, strict=True):
        together.setdefault(person.place, []).append((person.name, km))
    mean_km = {place: sum(km for _, km in some) / len(some) for place, some in together.items()}
    return tuple(
        Arrival(
            place=place,
            travel=way(mean_km[place]),
            count=str(len(together[place])),
            names=tuple(name for name, _ in together[place]),
        )
        for place in sorted(together, key=lambda place: (mean_km[place], place))
    )


def _in_two(arrivals: tuple[Arrival, ...]) -> tuple[tuple[Arrival, ...], ...]:
    """Split a long list into a nearer and a farther half."""
    if len(arrivals) <= MOST_ROWS:
        return (arrivals,)
    half = (len(arrivals) + 1) // 2
    return (arrivals[:half], arrivals[half:])


def _closest_call(gathering: ProposedGathering, persons: Sequence[Person]) -> str:
    """Name who gains least by coming: there a review begins."""
    margins = [company - effort for company, effort in zip(gathering.companies, gathering.efforts, strict=True)]
    least = margins.index(min(margins))
    return f"The way pays least for {persons[least].name} ({way(gathering.travel_km[least])}): look there first."


def _row(choice: HubChoice, n_asked: int) -> HubRow:
    return HubRow(
        city=clip_text(choice.town.name, limit=80),
        within=f"{choice.n_within} of {n_asked}",
        mean=way(choice.mean_km),
        longest=way(choice.longest_km),
    )


def why_here(choices: Sequence[HubChoice]) -> str:
    """Say what speaks for the city and what for the runner-up; empty where there is none."""
    if len(choices) < 2:
        return ""
    here, there = choices[0], choices[1]
    better, worse = _advantages(here, there), _advantages(there, here)
    city, runner_up = (clip_text(choice.town.name, limit=80) for choice in (here, there))
    said = f"{city} rather than {runner_up}: {listed(better) or 'worth more to those who come'}."
    if worse:
        said += f" For {runner_up} speaks: {listed(worse)}."
    if here.value > 0 and there.value < here.value:
        said += f" All in all it would be worth {percent(1 - there.value / here.value)} less there."
    return said


def _advantages(one: HubChoice, other: HubChoice) -> list[str]:
    """Say in what one city is better than another, as far as the rounded numbers show it."""
    said = []
    if one.n_within > other.n_within:
        said.append(f"worth the way to {one.n_within - other.n_within} more")
    if way(one.mean_km) != way(other.mean_km) and one.mean_km < other.mean_km:
        said.append(f"a mean way shorter by {way(other.mean_km - one.mean_km)}")
    if way(one.longest_km) != way(other.longest_km) and one.longest_km < other.longest_km:
        said.append(f"a longest way shorter by {way(other.longest_km - one.longest_km)}")
    return said
