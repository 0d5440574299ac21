"""Why these people should travel: reasons of a gathering, counted from its own ties, topics and homes.

Why they should travel to this city and no other is said where the cities are shown, in `publish/`.
"""

import polars as pl

from matcher.reasons.among import evidence_among, talk_among, topics_among
from matcher.reasons.knowledge import Knowledge
from matcher.reasons.known import Known
from matcher.reasons.words import counted, listed
from matcher.tables.proposals import Account, Attendances

MOST_TOPICS = 6
LEAST_SHARE = 0.4
"""A topic is of the circle if so many of it care about it."""


def account_gatherings(attendances: Attendances, known: Known) -> tuple[Account, ...]:
    """Explain each gathering, in the order of the gatherings."""
    return tuple(_account(guests, known) for guests in attendances.frame.partition_by("gathering", maintain_order=True))


def account_gathering(members: list[str], hub: str, homes: tuple[int, int], known: Knowledge) -> Account:
    """Explain one gathering.

    Args:
        members: Ascending.
        hub: Where they meet.
        homes: In how many places they live, and in how many countries; 0 where that is not known.
        known: What may be said of them.
    """
    at_least = max(3, round(LEAST_SHARE * len(members)))
    topics = known.shared_topics(members, at_least=at_least)[:MOST_TOPICS]
    reasons = [
        *talk_among(members, known),
        *topics_among(topics, len(members)),
        _from_where(*homes),
    ]
    return Account(
        reasons=tuple(reasons),
        shared_topics=tuple(topic for topic, _ in topics),
        evidence=evidence_among(members, topics, known),
        starter=_starter(members, topics, hub),
    )


def _account(guests: pl.DataFrame, known: Known) -> Account:
    members = guests.get_column("member").cast(pl.String).to_list()
    hub = str(known.picture.journeys.hubs.frame.item(guests.item(0, "hub"), "name"))
    homes = known.picture.places.frame.join(guests.select("member"), on="member", how="semi")
    n_places, n_countries = (
        homes.get_column("label").n_unique(),
        homes.filter(pl.col("country") != "").get_column("country").n_unique(),
    )
    return account_gathering(members, hub, (n_places, n_countries), known)


def _from_where(n_places: int, n_countries: int) -> str:
    lands = f" in {n_countries} countries" if n_countries > 1 else ""
    return (
        f"They live in {counted(n_places, 'place')}{lands}; everyone would meet people they are close to and cannot "
        "meet at home."
    )


def _starter(members: list[str], topics: list[tuple[str, int]], hub: str) -> str:
    about = f" over {listed([topic for topic, _ in topics], most=2)}" if topics else ""
    return f"{len(members)} of us keep meeting online{about} and live too far apart. How about a weekend in {hub}?"
