"""Why these people: reasons of a group, counted from its own ties, topics and travel."""

import polars as pl

from matcher.reasons.among import evidence_among, strangers_among, talk_among, topics_among
from matcher.reasons.knowledge import Knowledge
from matcher.reasons.known import Known
from matcher.reasons.words import listed, within_reach
from matcher.tables.proposals import Account, Seats

MOST_TOPICS = 6


def account_groups(seats: Seats, known: Known) -> tuple[Account, ...]:
    """Explain each group, in the order of the groups."""
    return tuple(_account(group, known) for group in seats.frame.partition_by("group", maintain_order=True))


def account_group(members: list[str], town: str, longest_km: float, known: Knowledge) -> Account:
    """Explain one group.

    Args:
        members: Ascending.
        town: Where they meet.
        longest_km: The longest of their ways.
        known: What may be said of them.
    """
    topics = known.shared_topics(members, at_least=len(members) // 2 + 1)[:MOST_TOPICS]
    reasons = [
        *talk_among(members, known),
        *topics_among(topics, len(members)),
        *strangers_among(members, known),
        within_reach("Everyone lives", town, longest_km),
    ]
    return Account(
        reasons=tuple(reasons),
        shared_topics=tuple(topic for topic, _ in topics),
        evidence=evidence_among(members, topics, known),
        starter=_starter(members, topics, town),
    )


def _account(group: pl.DataFrame, known: Known) -> Account:
    members = group.get_column("member").cast(pl.String).to_list()
    town = str(known.picture.travel.towns.frame.item(group.item(0, "town"), "name"))
    return account_group(members, town, group.get_column("travel_km").to_numpy().max(), known)


def _starter(members: list[str], topics: list[tuple[str, int]], town: str) -> str:
    everyone = [topic for topic, number in topics if number == len(members)]
    if everyone:
        about = listed(everyone, most=2)
        return f"The {len(members)} of you all care about {about}. How about continuing in {town}, at one table?"
    if topics:
        about = listed([topic for topic, _ in topics], most=2)
        return f"Several of you care about {about}, and all of you can get to {town}. How about one table?"
    return f"{len(members)} of us live within reach of {town}. How about one table?"
