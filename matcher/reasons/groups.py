"""Why these people: reasons of a group, counted from its own ties, topics and travel."""

from math import comb

import polars as pl

from matcher.reasons.known import Known
from matcher.reasons.words import counted, listed, sentence, within_reach
from matcher.tables.proposals import Account, Seats

MOST_TOPICS = 6
MOST_EVIDENCE = 6


def account_groups(seats: Seats, known: Known) -> tuple[Account, ...]:
    """Explain each group, in the order of the groups."""
    return tuple(_account(group, known) for group in seats.frame.partition_by("group", maintain_order=True))


def _account(group: pl.DataFrame, known: Known) -> Account:
    members = group.get_column("member").cast(pl.String).to_list()
    topics = known.shared_topics(members, at_least=len(members) // 2 + 1)[:MOST_TOPICS]
    town = str(known.picture.travel.towns.frame.item(group.item(0, "town"), "name"))
    reasons = [
        *_talk(members, known),
        *_topics(topics, len(members)),
        *_strangers(members, known),
        within_reach("Everyone lives", town, group.get_column("travel_km").to_numpy().max()),
    ]
    return Account(
        reasons=tuple(reasons),
        shared_topics=tuple(topic for topic, _ in topics),
        evidence=_evidence(members, topics, known),
        starter=_starter(members, topics, town),
    )


def _talk(members: list[str], known: Known) -> list[str]:
    two_way = [tie for tie in known.ties_among(members) if tie["n_a_to_b"] and tie["n_b_to_a"]]
    if not two_way:
        return []
    n_messages = sum(tie["n_a_to_b"] + tie["n_b_to_a"] for tie in two_way)
    last = max(tie["last_at"] for tie in two_way)
    n_pairs = f"{counted(len(two_way), 'pair')} of {comb(len(members), 2)}"
    said = [f"{n_pairs} answer each other already: {counted(n_messages, 'message')}, last in {last:%B %Y}."]
    if len(two_way) < comb(len(members), 2):
        best = two_way[0]
        name_a, name_b = known.names((best["member_a"], best["member_b"]))
        said.append(f"{name_a} and {name_b} have the closest exchange.")
    return said


def _topics(topics: list[tuple[str, int]], n_members: int) -> list[str]:
    everyone = [topic for topic, number in topics if number == n_members]
    many = [topic for topic, number in topics if number < n_members]
    said = [f"Everyone cares about {listed(everyone)}."] if everyone else []
    if many:
        said.append(f"{topics[-1][1]} or more of them {'also ' if everyone else ''}care about {listed(many)}.")
    return said


def _strangers(members: list[str], known: Known) -> list[str]:
    """Name whoever has not yet talked with anyone here: the host should know."""
    tied = {member for tie in known.ties_among(members) for member in (tie["member_a"], tie["member_b"])}
    alone = [member for member in members if member not in tied]
    if not alone:
        return []
    if len(alone) == len(members):
        return ["They have not talked with each other yet: this would be a first meeting for all."]
    return [sentence(f"New to the others: {listed(known.names(alone), most=6)}")]


def _evidence(members: list[str], topics: list[tuple[str, int]], known: Known) -> tuple[str, ...]:
    """Messages of the warmest ties first; then what each of the others says on the shared topics."""
    of_ties = [message for tie in known.ties_among(members) for message in tie["evidence"]]
    told = [known.telling_message(member, [topic for topic, _ in topics]) for member in members]
    best_first = dict.fromkeys([*of_ties, *(message for message in told if message)])
    return known.in_order_of_time(list(best_first)[:MOST_EVIDENCE])


def _starter(members: list[str], topics: list[tuple[str, int]], town: str) -> str:
    everyone = [topic for topic, number in topics if number == len(members)]
    if everyone:
        about = listed(everyone, most=2)
        return f"The {len(members)} of you all care about {about}. How about continuing in {town}, at one table?"
    if topics:
        about = listed([topic for topic, _ in topics], most=2)
        return f"Several of you care about {about}, and all of you can get to {town}. How about one table?"
    return f"{len(members)} of us live within reach of {town}. How about one table?"
