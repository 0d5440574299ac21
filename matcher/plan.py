"""THE WHOLE NIGHT, a short list of lines.

Read this first. Each line is a stage; what flows between them is a table of `matcher/tables/`.
"""

from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np

from matcher.affinity.evidence import NightEvidence
from matcher.affinity.score import score_pairs
from matcher.arrangement.groups import form_groups
from matcher.arrangement.introductions import Circumstances, PairMatcher, introduce
from matcher.arrangement.leftover import LeftoverOptions, Night, explain_unplaced
from matcher.arrangement.objective import judge
from matcher.candidates.propose import open_to_proposals, propose_candidates
from matcher.conversation.exchanges import find_exchanges
from matcher.conversation.readings import read_messages
from matcher.conversation.standing import judge_standings
from matcher.conversation.ties import tie_members
from matcher.conversation.topics import member_topics
from matcher.embedding.encoder import Encoder
from matcher.embedding.interests import embed_members
from matcher.geography.places import locate_members
from matcher.geography.travel import travel_to_towns
from matcher.reasons.groups import account_groups
from matcher.reasons.known import Known
from matcher.reasons.pairs import account_introductions
from matcher.rules.vetoes import veto_pairs
from matcher.settings import Settings
from matcher.tables.community import Community
from matcher.tables.geography import Gazetteer
from matcher.tables.proposals import Plan

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Engines:
    """What stands behind the ports, chosen by the job."""

    encoder: Encoder
    pair_matcher: PairMatcher
    gazetteer: Gazetteer


class Keep(Protocol):
    """Is told each table as it is made, and returns it: a job writes it, a notebook shows it."""

    def __call__(self, table: T, /) -> T:
        """Keep one table."""
        ...


def keep_nothing(table: T, /) -> T:
    """Pass a table on without keeping it."""
    return table


def plan_meetups(
    community: Community, engines: Engines, settings: Settings, *, rng: np.random.Generator, kept: Keep = keep_nothing
) -> Plan:
    """Plan one night: who should meet whom, where and why, and why not for everyone else.

    Args:
        community: As of one instant.
        engines: Encoder, pair matcher and gazetteer.
        settings: One section a stage.
        rng: The night's dice, for the search for groups.
        kept: Is told each table as it is made.

    Returns:
        The plan, not yet audited.
    """
    index = community.index
    readings = kept(read_messages(community, settings.conversation))
    exchanges = kept(find_exchanges(community, readings))
    ties = kept(tie_members(exchanges, settings.conversation))
    topics = kept(member_topics(community, readings, settings.conversation))
    standings = kept(judge_standings(community, exchanges, readings, settings.conversation))

    is_open = open_to_proposals(standings, settings.candidates)
    interests = kept(embed_members(community, readings, engines.encoder, settings.embedding, among=is_open))

    places = kept(locate_members(community, engines.gazetteer, settings.geography))
    travel = kept(travel_to_towns(places, engines.gazetteer, index, settings.geography))

    vetoes = kept(veto_pairs(community, ties, settings.rules))
    candidates = kept(
        propose_candidates(
            index=index,
            ties=ties,
            topics=topics,
            interests=interests,
            travel=travel,
            vetoes=vetoes,
            is_open=is_open,
            options=settings.candidates,
        )
    )
    evidence = NightEvidence(
        index=index, interests=interests, ties=ties, topics=topics, standings=standings, places=places, travel=travel
    )
    affinities = kept(score_pairs(candidates, evidence, settings.affinity))

    seats = kept(form_groups(affinities, travel, vetoes, settings.groups, rng))
    circumstances = Circumstances(seats=seats, travel=travel, ties=ties, vetoes=vetoes)
    introductions = kept(introduce(affinities, circumstances, engines.pair_matcher, settings.introductions))
    night = Night(
        community=community, standings=standings, affinities=affinities, vetoes=vetoes, places=places, travel=travel
    )
    left_when = LeftoverOptions(
        min_mutual=settings.introductions.min_mutual,
        min_heard=settings.candidates.min_heard,
        min_standing=settings.candidates.min_standing,
    )
    unplaced = kept(explain_unplaced(night, seats, introductions, left_when))

    known = Known(
        community=community, ties=ties, exchanges=exchanges, topics=topics, affinities=affinities, travel=travel
    )
    return kept(
        Plan(
            as_of=community.as_of,
            seats=seats,
            introductions=introductions,
            unplaced=unplaced,
            group_accounts=account_groups(seats, known),
            introduction_accounts=account_introductions(introductions, known),
            towns=travel.towns,
            objective=judge(seats, affinities, travel, vetoes, settings.groups),
        )
    )
