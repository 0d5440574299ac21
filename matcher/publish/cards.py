"""Groups and introductions as the cards of the report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from matcher.publish.group_map import draw_group
from matcher.publish.map_view import GroupMap
from matcher.publish.quotes import quoted
from matcher.publish.report_view import GroupCard, Guest, IntroductionCard, Side, Told
from matcher.publish.safe_text import clip_text
from matcher.publish.town_field import TownField
from matcher.publish.wording import day, level, waited, way
from matcher.reasons.words import listed
from matcher.tables.dossier import Person, Quote
from matcher.tables.proposals import Account
from matcher.tables.proposed import ProposedGroup, ProposedIntroduction
from matcher.units import MemberId

KINDS: Mapping[str, str] = {
    "reunite": "They know each other online",
    "introduce": "They should know each other",
}

NEAR_KM = 15
"""A way to a meeting shorter than this is no journey, and needs no map."""

People = Mapping[MemberId, Person]
Quotes = Mapping[str, Quote]


def group_cards(
    groups: Sequence[ProposedGroup], people: People, quotes: Quotes, field: TownField, stranger_chance: float
) -> tuple[GroupCard, ...]:
    """Make a card of every group, numbered from 1."""
    return tuple(
        group_card(number, group, people, quotes, field, stranger_chance)
        for number, group in enumerate(groups, start=1)
    )


def introduction_cards(
    introductions: Iterable[ProposedIntroduction],
    people: People,
    quotes: Quotes,
    field: TownField,
    stranger_chance: float,
) -> tuple[IntroductionCard, ...]:
    """Make a card of every introduction, the most mutual first, ties by id."""
    best_first = sorted(introductions, key=lambda pair: (-pair.mutual, pair.members))
    return tuple(introduction_card(pair, people, quotes, field, stranger_chance) for pair in best_first)


def group_card(
    number: int, group: ProposedGroup, people: People, quotes: Quotes, field: TownField, stranger_chance: float
) -> GroupCard:
    """Make the card of one group."""
    persons = [people[member] for member in group.members]
    seats = zip(persons, group.travel_km, group.fit_shares, group.waited, strict=True)
    return GroupCard(
        id=group.id,
        number=number,
        town=clip_text(group.town.name, limit=80),
        names=listed([person.name for person in persons], most=len(persons)),
        guests=tuple(
            Guest(
                number=seat,
                name=person.name,
                place=person.place,
                travel=way(km),
                fit=level(fit, stranger_chance),
                waited=waited(n_rounds),
            )
            for seat, (person, km, fit, n_rounds) in enumerate(seats, start=1)
        ),
        fit_sentence=_fit_sentence(group, persons, stranger_chance),
        again=tuple(f"{people[a].name} and {people[b].name}, last on {day(met_at)}" for a, b, met_at in group.repeats),
        told=told_of(group.account, quotes),
        map=draw_group(group.town, persons, field),
    )


def _fit_sentence(group: ProposedGroup, persons: Sequence[Person], stranger_chance: float) -> str:
    whole, weakest = (level(share, stranger_chance) for share in (group.cohesion, group.weakest_link))
    name = persons[group.fit_shares.index(group.weakest_link)].name
    together = f"Cohesion {whole.number}, {whole.word}."
    if weakest.number == whole.number:
        return f"{together} Everyone fits equally well."
    return f"{together} The weakest link is {name} with {weakest.number}, {weakest.word}."


def introduction_card(
    pair: ProposedIntroduction, people: People, quotes: Quotes, field: TownField, stranger_chance: float
) -> IntroductionCard:
    """Make the card of one introduction."""
    ways = [way(km) for km in pair.travel_km] or ["", ""]
    one, other = (
        Side(
            number=number,
            name=people[member].name,
            place=people[member].place,
            travel=travel,
            gain=level(gain, stranger_chance),
            waited=waited(n_rounds),
        )
        for number, member, travel, gain, n_rounds in zip(
            (1, 2), pair.members, ways, (pair.a_to_b, pair.b_to_a), pair.waited, strict=True
        )
    )
    return IntroductionCard(
        id=pair.id,
        sides=(one, other),
        kind=KINDS[pair.kind],
        town="" if pair.town is None else clip_text(pair.town.name, limit=80),
        via="" if pair.via is None else people[pair.via].name,
        again="" if pair.met_at is None else day(pair.met_at),
        told=told_of(pair.account, quotes),
        map=_pair_map(pair, people, field),
    )


def _pair_map(pair: ProposedIntroduction, people: People, field: TownField) -> GroupMap | None:
    """Draw where a pair meets, unless both live there: then a map shows nothing that the words do not."""
    if pair.town is None or max(pair.travel_km) < NEAR_KM:
        return None
    drawn = draw_group(pair.town, [people[member] for member in pair.members], field)
    return replace(drawn, hull="")  # two people are no region


def told_of(account: Account, quotes: Quotes) -> Told:
    """Put what an organizer is told about one proposal into words that may be shown."""
    return Told(
        reasons=tuple(clip_text(reason, limit=400) for reason in account.reasons),
        topics=tuple(clip_text(topic, limit=60) for topic in account.shared_topics),
        quotes=quoted(account.evidence, quotes),
        starter=clip_text(account.starter, limit=400),
    )
