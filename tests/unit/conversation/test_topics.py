"""Which public topics a member talks about, asks about and answers on."""

import pytest

from matcher.conversation.options import ConversationOptions
from tests.worlds import Person, Said, hear, world

OPTIONS = ConversationOptions(n_topics=3)
Rows = dict[tuple[str, str], tuple[float, float, float]]


def _topics(said: list[Said], people: list[Person] | None = None) -> Rows:
    frame = hear(world(said, people or []), OPTIONS).topics.frame
    return {(row[0], row[1]): row[2:] for row in frame.iter_rows()}


def test_asking_and_answering_are_told_apart() -> None:
    """A helper and an asker complement each other only if we know who is which."""
    topics = _topics(
        [
            Said(by="ana", id="q", text="Why does my crust burn?", topics=["Crust"]),
            Said(by="ben", id="a", to="q", text="Too hot an oven", topics=["crust"]),
        ]
    )

    assert topics["ana", "crust"] == pytest.approx((1, 1, 0))
    assert topics["ben", "crust"] == pytest.approx((1, 0, 1))


def test_private_messages_leave_no_topic() -> None:
    """Reasons speak of topics: they must be public ones."""
    topics = _topics([Said(by="ana", topics=["divorce"], is_public=False), Said(by="ana", topics=["bread"])])

    assert set(topics) == {("ana", "bread")}


def test_declared_interests_count() -> None:
    """What members say of themselves publicly is a topic of theirs."""
    topics = _topics([], [Person(id="ana", interests=["Rye", "rye ", ""])])

    assert set(topics) == {("ana", "rye")}


def test_only_the_most_talked_about_topics_are_kept() -> None:
    """Cost is bounded by members, not by the loudest."""
    said = [Said(by="ana", topics=[f"t{n}"] * 1) for n in range(5) for _ in range(5 - n)]

    assert {topic for _, topic in _topics(said)} == {"t0", "t1", "t2"}
