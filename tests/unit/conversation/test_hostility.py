"""Whether a message attacks whoever reads it."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.conversation.hostility import is_hostile


def _is_attack(text: str) -> bool:
    return bool(pl.DataFrame({"text": [text]}).select(is_hostile(pl.col("text"))).item())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("You clearly have no idea what you're talking about.", id="no-idea"),
        pytest.param("you\u2019re an idiot", id="curly-apostrophe"),
        pytest.param("What a pathetic answer, are you trolling?", id="aimed-after"),
        pytest.param("Liar. You said the opposite last year.", id="verdict-first"),
        pytest.param("As ever, you are just so incredibly arrogant.", id="with-adverbs"),
        pytest.param("You moron, the oven was on fire", id="name-called"),
        pytest.param("Good try, clown.", id="name-at-the-end"),
        pytest.param("Baker7: shut up, the grown-ups are talking", id="sent-away"),
        pytest.param("Stop spreading this nonsense about rye.", id="accused"),
        pytest.param("Are you stupid? The recipe says grams.", id="asked"),
        pytest.param("nobody cares how big your oven is", id="contempt"),
        pytest.param("What is wrong with you?", id="what-is-wrong"),
        pytest.param("You have got no clue about starters", id="no-clue"),
        pytest.param("Could you stop whining and knead?", id="belittled"),
        pytest.param("RTFM before you ask", id="manual"),
    ],
)
def test_an_insult_aimed_at_the_reader_is_an_attack(text: str) -> None:
    """A quarrel must not be taken for affinity."""
    assert _is_attack(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("This stupid lid does not fit my pot.", id="at-a-thing"),
        pytest.param("You're not stupid, the manual is just bad.", id="negated"),
        pytest.param("Stupid question: how hot is your oven?", id="about-oneself"),
        pytest.param("You should kill the process first.", id="technical"),
        pytest.param("You can drop the useless flag and the dumb default.", id="of-your-things"),
        pytest.param("Do you have a spare banneton lying around?", id="lying-around"),
        pytest.param("You think it rises, but you are lying to yourself there :)", id="to-yourself"),
        pytest.param("I have no idea what you are talking about, sorry!", id="did-not-understand"),
        pytest.param("I'll shut up now and read the recipe.", id="oneself-silenced"),
        pytest.param("If you are lazy and a bit stupid like me, use a machine.", id="supposed"),
        pytest.param('The compiler says "you are an idiot" in its own words.', id="quoted"),
        pytest.param("I will stop whining about yeast.", id="oneself"),
        pytest.param("That makes the error go away.", id="goes-away"),
        pytest.param("Wander, get lost, draw a map.", id="lost-on-foot"),
        pytest.param("The library becomes useless if you change it.", id="useless-thing"),
    ],
)
def test_a_grumble_is_no_attack(text: str) -> None:
    """People who swear at their ovens together are not quarrelling."""
    assert not _is_attack(text)


@given(text=st.text(max_size=200))
def test_any_text_is_one_or_the_other(text: str) -> None:
    """Whatever somebody types gets an answer."""
    assert _is_attack(text) in {True, False}
