"""THE WHOLE NIGHT, a short list of lines.

Read this first. Each line is a stage; what flows between them is a table of `matcher/tables/`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

import numpy as np

from matcher.affinity.score import score_pairs
from matcher.arrangement.gatherings import plan_gatherings
from matcher.arrangement.groups import form_groups
from matcher.arrangement.held import hold_places
from matcher.arrangement.introductions import introduce
from matcher.arrangement.leftover import LeftoverOptions, all_placed, explain_unplaced
from matcher.arrangement.means import Means, never
from matcher.arrangement.program import Programs
from matcher.arrangement.rotation import recall, repeats_in
from matcher.arrangement.seating import ask
from matcher.candidates.propose import open_to_proposals, propose_candidates
from matcher.conversation.company import keep_company
from matcher.conversation.exchanges import find_exchanges
from matcher.conversation.presence import note_presences
from matcher.conversation.readings import read_messages
from matcher.conversation.standing import judge_standings
from matcher.conversation.ties import tie_members
from matcher.conversation.topics import member_topics
from matcher.conversation.whereabouts import hear_places
from matcher.embedding.encoder import Encoder
from matcher.embedding.interests import embed_members
from matcher.geography.asking import ask_geocoder
from matcher.geography.clocks import tell_clocks
from matcher.geography.geocoder import Geocoder, NoGeocoder
from matcher.geography.hubs import travel_to_hubs
from matcher.geography.places import read_homes, settle_homes
from matcher.geography.support import support_readings
from matcher.geography.towns import with_room
from matcher.geography.travel import travel_to_towns
from matcher.reasons.gatherings import account_gatherings
from matcher.reasons.groups import account_groups
from matcher.reasons.known import Known
from matcher.reasons.pairs import account_introductions
from matcher.rules.shared import availability_bits
from matcher.rules.vetoes import veto_pairs
from matcher.settings import Settings
from matcher.tables.community import Community
from matcher.tables.decided import Decided
from matcher.tables.geography import Gazetteer
from matcher.tables.picture import Picture
from matcher.tables.proposals import Plan

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Engines:
    """What stands behind the ports, chosen by the job; without a geocoder the gazetteer alone knows places."""

    encoder: Encoder
    programs: Programs
    gazetteer: Gazetteer
    geocoder: Geocoder = field(default_factory=NoGeocoder)


class Keep(Protocol):
    """Is told each table as it is made, and returns it: a job writes it, a notebook shows it."""

    def __call__(self, table: T, /) -> T:
        """Keep one table."""
        ...


def keep_nothing(table: T, /) -> T:
    """Pass a table on without keeping it."""
    return table


def study_community(
    community: Community, engines: Engines, settings: Settings, *, kept: Keep = keep_nothing
) -> Picture:
    """Read a community: how its members talk, what they care about, where they are.

    Args:
        community: As of one instant.
        engines: Encoder and gazetteer.
        settings: One section a stage.
        kept: Is told each table as it is made.
    """
    readings = kept(read_messages(community, settings.conversation))
    exchanges = kept(find_exchanges(community, readings, settings.conversation))
    ties = kept(tie_members(exchanges, settings.conversation))
    presences = kept(note_presences(community, readings, settings.conversation))
    company = kept(keep_company(presences, ties, community.index))
    topics = kept(member_topics(community, readings, settings.conversation))
    standings = kept(judge_standings(community, exchanges, readings, settings.conversation))
    vetoes = kept(veto_pairs(community, ties, settings.rules))

    is_open = open_to_proposals(standings, community, settings.candidates)
    is_weighed = is_open | community.is_held
    interests = kept(embed_members(community, readings, engines.encoder, settings.embedding, among=is_weighed))

    spots, venues, where = engines.gazetteer, community.venues, settings.geography
    homes = ask_geocoder(read_homes(community, spots, where), community, engines.geocoder)
    heard = hear_places(community, among=homes.torn.get_column("member"))
    homes = kept(support_readings(homes, heard, spots))
    places = kept(settle_homes(homes, community, where))
    clocks = kept(tell_clocks(homes, community, spots))
    halls = with_room(venues, settings.groups.max_size)
    travel = kept(travel_to_towns(homes, places, spots, halls, community.index, where))
    journeys = kept(travel_to_hubs(homes, places, spots, venues, community.index, where))
    picture = Picture(
        community=community,
        exchanges=exchanges,
        ties=ties,
        presences=presences,
        company=company,
        topics=topics,
        standings=standings,
        interests=interests,
        places=places,
        readings=homes,
        travel=travel,
        journeys=journeys,
        clocks=clocks,
        vetoes=vetoes,
        times=availability_bits(community.members),
        is_open=is_open,
    )
    return kept(replace(picture, held=hold_places(picture, settings.groups, settings.introductions)))


def plan_meetups(
    community: Community, engines: Engines, settings: Settings, *, rng: np.random.Generator,
    kept: Keep = keep_nothing, stop: Callable[[], bool] = never,
) -> Plan:  # fmt: skip
    """Plan one night: who should meet whom, where and why, and why not for everyone else.

    Args:
        community: As of one instant.
        engines: Encoder, gazetteer and solver of programs.
        settings: One section a stage.
        rng: The night's dice, for the search for groups.
        kept: Is told each table as it is made.
        stop: Whether the search for groups leaves off, with the best so far.

    Returns:
        The plan, not yet audited.
    """
    picture = study_community(community, engines, settings, kept=kept)
    candidates = kept(propose_candidates(picture, settings.candidates))
    affinities = kept(score_pairs(candidates, picture, settings.affinity))

    farthest_km = float(picture.travel.km.data.max(initial=0.0))
    strangers = settings.affinity.stranger_chance
    rotation = kept(
        recall(
            community, affinities, settings.rotation, max_size=settings.groups.max_size,
            largest_travel_cost=settings.groups.km_cost(strangers) * farthest_km,
        )
    )  # fmt: skip

    means = Means(programs=engines.programs, rng=rng, stop=stop)
    question = kept(ask(affinities, picture, rotation, settings.groups, stranger_chance=strangers))
    seats, objective = form_groups(question, picture, rotation, settings.groups, means, stranger_chance=strangers)
    kept(seats)
    fair = settings.groups.worst_way_share
    introductions, matching = introduce(
        affinities, seats, picture, rotation, settings.introductions, worst_way_share=fair
    )
    kept(introductions)
    attendances, hub_choices, travelling = plan_gatherings(
        affinities, picture, settings.gatherings, means, stranger_chance=strangers
    )
    kept(attendances)
    placed = all_placed(seats, introductions, attendances)
    unplaced = kept(explain_unplaced(affinities, placed, picture, _left_when(settings), rotation.met))

    known = Known(picture=picture, affinities=affinities)
    return kept(
        Plan(
            as_of=community.as_of,
            seats=seats,
            introductions=introductions,
            unplaced=unplaced,
            group_accounts=account_groups(seats, known),
            introduction_accounts=account_introductions(introductions, known),
            towns=picture.travel.towns,
            objective=objective,
            matching=matching,
            waits=rotation.waits,
            repeats=repeats_in(seats, introductions, rotation),
            are_repeats_forced=_rotates_by_law(settings, community.decided) and not objective.was_cut_short,
            attendances=attendances,
            hub_choices=hub_choices,
            gathering_accounts=account_gatherings(attendances, known),
            hubs=picture.journeys.hubs,
            gathering_objective=travelling if settings.gatherings.max_per_night else None,
        )
    )


def _rotates_by_law(settings: Settings, decided: Decided) -> bool:
    """Whether two may meet again only so that nobody is passed over twice; else that is a wish, theirs or another's."""
    weights = settings.rotation.overdue_weight, settings.rotation.repeat_weight
    is_wished = bool(decided.again or decided.held)
    return weights == (1.0, 1.0) and settings.introductions.prefer == "total" and not is_wished


def _left_when(settings: Settings) -> LeftoverOptions:
    """Say who was left out, and why, by the very numbers that decided it."""
    return LeftoverOptions(
        introductions=settings.introductions,
        min_heard=settings.candidates.min_heard,
        min_standing=settings.candidates.min_standing,
    )
