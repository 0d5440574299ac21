"""Who answers or addresses whom."""

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


@pytest.mark.parametrize(
    ("text", "is_attack"),
    [
        pytest.param("You clearly have no idea what you're talking about.", True, id="no-idea"),
        pytest.param("you\u2019re an idiot", True, id="curly-apostrophe"),
        pytest.param("What a pathetic answer, are you trolling?", True, id="aimed-after"),
        pytest.param("This stupid lid does not fit my pot.", False, id="at-a-thing"),
        pytest.param("You're not stupid, the manual is just bad.", False, id="negated"),
        pytest.param("Liar. You said the opposite last year.", True, id="verdict-first"),
        pytest.param("Stupid question: how hot is your oven?", False, id="about-oneself"),
        pytest.param("You should kill the process first.", False, id="technical"),
    ],
)
def test_hostility_is_an_insult_aimed_at_the_reader(text: str, *, is_attack: bool) -> None:
    """A quarrel must not be taken for affinity, and a grumble not for a quarrel."""
    exchanges = hear(world([Said(by="ana", naming=["ben"], text=text)]), OPTIONS).exchanges

    assert exchanges.frame["is_hostile"].to_list() == [is_attack]


def test_nothing_after_the_instant_changes_anything() -> None:
    """A plan of the first of March knows nothing of the second."""
    past = [Said(by="ana", id="q"), Said(by="ben", id="a", to="q")]
    future = [Said(by="cat", id="late", to="q", naming=["ben"], days_ago=-1, text="you idiot")]

    without = hear(world(past), OPTIONS).exchanges.frame
    with_future = hear(world([*past, *future]), OPTIONS).exchanges.frame

    assert with_future.with_columns(pl.col("author", "to").cast(pl.String)).equals(
        without.with_columns(pl.col("author", "to").cast(pl.String))
    )
