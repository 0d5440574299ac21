"""Why these two: reasons of an introduction, from the very parts of its score."""

from collections.abc import Mapping
from typing import Any

from matcher.reasons.clocks import hours_in_common
from matcher.reasons.knowledge import Row
from matcher.reasons.known import Known
from matcher.reasons.words import counted, listed, sentence, within_reach
from matcher.tables.proposals import Account, Introductions

MOST_TOPICS = 5

MANY_PEOPLE, CLOSE_IN_MEANING = 2.0, 0.15
"""From these log-odds on, both directions together, a part is worth a sentence."""


def account_introductions(introductions: Introductions, known: Known) -> tuple[Account, ...]:
    """Explain each introduction, in the order of the rows."""
    return tuple(_account(row, known) for row in introductions.frame.iter_rows(named=True))


def _account(row: Mapping[str, Any], known: Known) -> Account:
    member_a, member_b = row["member_a"], row["member_b"]
    topics = [topic for topic, _ in known.shared_topics((member_a, member_b), at_least=2)][:MOST_TOPICS]
    sentences = _sentences(row, topics, known)
    said = known.affinity(member_a, member_b) or {}
    weights = {part: said.get(f"{part}_a_to_b", 0.0) + said.get(f"{part}_b_to_a", 0.0) for part in sentences}
    ranked = sorted(sentences, key=lambda part: -weights[part])
    return Account(
        reasons=tuple(sentences[part] for part in ranked),
        shared_topics=tuple(topics),
        evidence=_evidence(row, topics, known),
        starter=_starter(row, topics, known),
    )


def _sentences(row: Mapping[str, Any], topics: list[str], known: Known) -> dict[str, str]:
    """One sentence for each part of the score that speaks for the pair."""
    member_a, member_b = row["member_a"], row["member_b"]
    name_a, name_b = known.names((member_a, member_b))
    tie = known.tie(member_a, member_b)
    sentences: dict[str, str] = {}
    if tie:
        sentences["wrote"] = _talk(tie, name_a, name_b)
    if topics:
        sentences["interests"] = f"Both care about {listed(topics)}."
    elif _part(known, row, "interests") > CLOSE_IN_MEANING:
        sentences["interests"] = "What they write about is close in meaning, though under different topics."
    if found := _help(row, known):
        asker, helper, topic = found
        sentences["help"] = f"{helper} answers what {asker} asks about {topic}."
    if row["via"] is not None:
        sentences["people"] = sentence(f"Both talk with {known.names((row['via'],))[0]}")
    elif _part(known, row, "people") > MANY_PEOPLE:
        sentences["people"] = "People whom one talks with keep company with the other."
    if (number := known.n_conversations(member_a, member_b)) and not tie:
        sentences["company"] = (
            f"Both took part in {counted(number, 'conversation')}; that they answered each other is not on record."
        )
    if row["town"] is not None:
        sentences["reach"] = _travel(row, known)
    elif hours := _hours(row, known):
        sentences["clocks"] = hours
    return sentences


def _part(known: Known, row: Mapping[str, Any], part: str) -> float:
    said = known.affinity(row["member_a"], row["member_b"]) or {}
    return float(said.get(f"{part}_a_to_b", 0.0) + said.get(f"{part}_b_to_a", 0.0))


def _talk(tie: Row, name_a: str, name_b: str) -> str:
    """Say what was said; what no public message states, but was only inferred or private, seems so."""
    is_stated = bool(tie["evidence"])
    n_a, n_b = tie["n_a_to_b"], tie["n_b_to_a"]
    last = f"{tie['last_at']:%B %Y}"
    if n_a and n_b:
        have = "have" if is_stated else "seem to have"
        return (
            f"{name_a} and {name_b} {have} answered each other in {counted(tie['n_threads'], 'conversation')} "
            f"({n_a} and {n_b} messages), last in {last}."
        )
    writer, reader, number = (name_a, name_b, n_a) if n_a else (name_b, name_a, n_b)
    times = "once" if number == 1 else f"{number} times"
    has = "has" if is_stated else "seems to have"
    return f"{writer} {has} answered {reader} {times}, last in {last}; {reader} has not written back yet."


def _help(row: Mapping[str, Any], known: Known) -> tuple[str, str, str] | None:
    """Asker, helper and topic, in the first direction in which one answers what the other asks."""
    for asker, helper in ((row["member_a"], row["member_b"]), (row["member_b"], row["member_a"])):
        if topic := known.help_topic(asker, helper):
            asker_name, helper_name = known.names((asker, helper))
            return asker_name, helper_name, topic
    return None


def _travel(row: Mapping[str, Any], known: Known) -> str:
    town = known.picture.travel.towns.frame.item(row["town"], "name")
    return within_reach("Both live", town, max(row["travel_km_a"], row["travel_km_b"]))


def _hours(row: Mapping[str, Any], known: Known) -> str:
    """When two who begin online are both awake; empty where a clock is not known, or both are one."""
    members = row["member_a"], row["member_b"]
    (name_a, name_b), (zone_a, zone_b) = known.names(members), map(known.time_zone, members)
    if zone_a is None or zone_b is None:
        return ""
    return hours_in_common(name_a, zone_a, name_b, zone_b, seen_on=known.picture.community.as_of.date())


def _evidence(row: Mapping[str, Any], topics: list[str], known: Known) -> tuple[str, ...]:
    """The tie's own messages; for those who never talked, what each says on a shared topic."""
    tie = known.tie(row["member_a"], row["member_b"])
    if tie and tie["evidence"]:
        return tuple(tie["evidence"])
    told = (known.telling_message(member, topics) for member in (row["member_a"], row["member_b"]))
    return known.in_order_of_time(message for message in told if message)


def _starter(row: Mapping[str, Any], topics: list[str], known: Known) -> str:
    name_a, name_b = known.names((row["member_a"], row["member_b"]))
    where = "over a coffee" if row["town"] is not None else "in a short call"
    tie = known.tie(row["member_a"], row["member_b"])
    if row["kind"] == "reunite" and tie:
        topic = known.tie_topic(tie, topics)
        about = f" about {topic}" if topic else ""
        if tie["n_threads"] > 1:
            return f"{name_a} and {name_b}, you keep finding each other in threads{about}. Carry on {where}?"
        return f"{name_a} and {name_b}, you talked{about} in {tie['last_at']:%B %Y}. Carry on {where}?"
    if found := _help(row, known):
        asker, helper, topic = found
        return f"{asker}, you have asked about {topic}; {helper} has good answers. Meet {where}?"
    common = _common(row, topics, known)
    return f"{name_a}, meet {name_b}{f': {common}' if common else ''}. Say hello {where}?"


def _common(row: Mapping[str, Any], topics: list[str], known: Known) -> str:
    """What the two have in common, told to both; empty where nothing is known."""
    if topics:
        return f"you both care about {topics[0]}"
    if _part(known, row, "interests") > CLOSE_IN_MEANING:
        return "what you write is close in meaning"
    if row["via"] is not None:
        return f"you both talk with {known.names((row['via'],))[0]}"
    if known.n_conversations(row["member_a"], row["member_b"]):
        return "you move in the same conversations"
    return ""
