"""What can be said of several members together: how they talk, what they share, who is new, and the proof."""

from math import comb

from matcher.reasons.knowledge import Knowledge
from matcher.reasons.words import counted, listed, sentence

MOST_EVIDENCE = 6


def talk_among(members: list[str], known: Knowledge) -> list[str]:
    """Say how many pairs answer each other, how much, and since when."""
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


def topics_among(topics: list[tuple[str, int]], n_members: int) -> list[str]:
    """Say which topics all, or most of them, care about."""
    everyone = [topic for topic, number in topics if number == n_members]
    many = [topic for topic, number in topics if number < n_members]
    said = [f"Everyone cares about {listed(everyone)}."] if everyone else []
    if many:
        said.append(f"{topics[-1][1]} or more of them {'also ' if everyone else ''}care about {listed(many)}.")
    return said


def strangers_among(members: list[str], known: Knowledge) -> list[str]:
    """Name whoever has not yet talked with anyone here: the host should know."""
    tied = {member for tie in known.ties_among(members) for member in (tie["member_a"], tie["member_b"])}
    alone = [member for member in members if member not in tied]
    if not alone:
        return []
    if len(alone) == len(members):
        return ["They have not talked with each other yet: this would be a first meeting for all."]
    return [sentence(f"New to the others: {listed(known.names(alone), most=6)}")]


def evidence_among(members: list[str], topics: list[tuple[str, int]], known: Knowledge) -> tuple[str, ...]:
    """Messages of the warmest ties first; then what each of the others says on the shared topics."""
    of_ties = [message for tie in known.ties_among(members) for message in tie["evidence"]]
    told = [known.telling_message(member, [topic for topic, _ in topics]) for member in members]
    best_first = dict.fromkeys([*of_ties, *(message for message in told if message)])
    return known.in_order_of_time(list(best_first)[:MOST_EVIDENCE])
