"""Who answers or addresses whom."""

from dataclasses import replace

import polars as pl
import pytest

from matcher.conversation.options import ConversationOptions
from tests.worlds import LONG, Said, hear, world

OPTIONS = ConversationOptions(half_life_days=100)


def _ways(*said: Said) -> list[tuple[str, str]]:
    exchanges = hear(world(said), OPTIONS).exchanges.frame
    return sorted(zip(exchanges["author"].to_list(), exchanges["to"].to_list(), strict=True))


def test_a_reply_goes_from_the_answerer_to_the_answered() -> None:
    """The direction is the product: who turns to whom."""
    ways = _ways(Said(by="ana", id="q"), Said(by="ben", id="a", to="q"))

    assert ways == [("ben", "ana")]


def test_a_mention_addresses_whoever_is_named() -> None:
    """Chat has no reply links; names carry the address."""
    ways = _ways(Said(by="ana", naming=["ben", "cat"]))

    assert ways == [("ana", "ben"), ("ana", "cat")]


def test_a_reply_that_also_names_its_receiver_counts_once() -> None:
    """Two marks of the same address are one exchange."""
    ways = _ways(Said(by="ana", id="q"), Said(by="ben", id="a", to="q", naming=["ana"]))

    assert ways == [("ben", "ana")]


def test_answering_oneself_exchanges_nothing() -> None:
    """A monologue is no conversation."""
    ways = _ways(Said(by="ana", id="q"), Said(by="ana", id="a", to="q", naming=["ana"]))

    assert ways == []


def test_thanks_says_less_than_an_explanation() -> None:
    """A small token is not a conversation, and no word list says so: everybody writes it."""
    chatter = [Said(by=f"x{n}", id=f"x{n}", text="thanks, that worked", thread=f"x{n}") for n in range(20)]

    exchanges = hear(
        world(
            [
                *chatter,
                Said(by="ana", id="q"),
                Said(by="ben", id="short", to="q", text="thanks, that worked"),
                Said(by="ben", id="long", to="q", text=LONG),
                Said(by="ben", id="none", to="q", text="+!"),
            ]
        ),
        OPTIONS,
    ).exchanges.frame
    substance = dict(zip(exchanges["message"], exchanges["substance"], strict=True))

    assert substance["none"] == 0
    assert substance["short"] < 0.1
    assert substance["long"] > 0.7


def test_an_exchange_counts_half_after_its_half_life() -> None:
    """What was said long ago still counts, but less."""
    exchanges = hear(world([Said(by="ana", naming=["ben"], days_ago=100)]), OPTIONS).exchanges

    assert exchanges.frame["recency"].to_list() == pytest.approx([0.5])


def test_nothing_after_the_instant_changes_anything() -> None:
    """A plan of the first of March knows nothing of the second."""
    past = [Said(by="ana", id="q"), Said(by="ben", id="a", to="q")]
    future = [Said(by="cat", id="late", to="q", naming=["ben"], days_ago=-1, text="you idiot")]

    without = hear(world(past), OPTIONS).exchanges.frame
    with_future = hear(world([*past, *future]), OPTIONS).exchanges.frame

    assert with_future.with_columns(pl.col("author", "to").cast(pl.String)).equals(
        without.with_columns(pl.col("author", "to").cast(pl.String))
    )


CHAT = [
    Said(by="ana", id="q", text="ben: does the starter smell of acetone?", days_ago=9.002),
    Said(by="ben", id="a", text="yes, the starter does smell of acetone", days_ago=9.001),
]
"""No link, no marked mention: two lines of a chat."""


def test_whom_a_chat_without_links_or_mentions_answers_is_inferred() -> None:
    """Else such a community would have no ties at all; who wants no guesses gets none."""
    stated = hear(world(CHAT), replace(OPTIONS, infer_replies=False)).exchanges.frame

    assert stated.is_empty()
    assert _ways(*CHAT) == [("ben", "ana")]


def test_what_is_only_inferred_is_never_quoted() -> None:
    """It counts for the tie; shown as evidence it would claim what nobody stated."""
    heard = hear(world(CHAT), OPTIONS)

    assert heard.exchanges.frame["is_public"].to_list() == [False]
    assert heard.ties.frame["n_b_to_a"].to_list() == [1]
    assert heard.ties.frame["evidence"].to_list() == [[]]


def test_nothing_is_inferred_where_people_link_what_they_answer() -> None:
    """There no link means no answer, also in another thread of the channel."""
    ways = _ways(*CHAT, Said(by="cat", id="p", thread="u"), Said(by="dan", id="z", to="p", thread="u"))

    assert ways == [("dan", "cat")]


def test_nothing_is_inferred_where_people_mark_whom_they_mean() -> None:
    """What they leave unmarked is not meant for anybody in particular."""
    ways = _ways(*CHAT, Said(by="cat", id="z", naming=["dan"], thread="u"))

    assert ways == [("cat", "dan")]


def test_one_mark_in_hundreds_does_not_silence_a_channel() -> None:
    """An importer may find a stray mark; the rest of the chat still answers."""
    chatter = [Said(by=f"x{n}", id=f"x{n}", text="good morning", thread=f"x{n}") for n in range(200)]

    ways = _ways(*CHAT, *chatter, Said(by="cat", id="z", naming=["dan"], thread="u"))

    assert ways == [("ben", "ana"), ("cat", "dan")]


def test_private_messages_are_not_read_to_infer() -> None:
    """Unless the operator lets private messages count."""
    private = [replace(said, is_public=False) for said in CHAT]

    assert hear(world(private), OPTIONS).exchanges.frame.is_empty()
    assert hear(world(private), replace(OPTIONS, read_private=True)).exchanges.frame.height == 1
