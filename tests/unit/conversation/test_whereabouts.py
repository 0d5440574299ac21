"""Where members say that they are: their own words, in public, of themselves, for good."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.conversation.whereabouts import hear_places
from tests.worlds import Said, world

SAID = {
    "It is raining here in Lyon, as ever": "Lyon",
    "I live in Portland, OR. It is nice.": "Portland, OR",
    "we\u2019re based in St. Louis": "St. Louis",
    "Based in Frankfurt am Main, I bake rye.": "Frankfurt am Main",
    "I'm from the Netherlands and bake rye": "Netherlands",
    "well, I live just outside Boston": "Boston",
    "I'm currently living in San Francisco; come by": "San Francisco",
    "Greetings from New York City!": "New York City",
    "Ich wohne in Graz und backe": "Graz",
    "hier in Berlin gibt es Schrippen": "Berlin",
    "J'habite à Saint-Étienne": "Saint-Étienne",
    "vivo en Rio de Janeiro": "Rio de Janeiro",
    "As I said, I live in Rome": "Rome",
    "> where are you?\nI live in Rome": "Rome",
    "These days I live in Rome. You?": "Rome",
    "I live in Rome, do you?": "Rome",
}
NOT_SAID = [
    "I'm in love", "I'm in", "here in the oven", "I live in fear", "She lives in Paris", "She's based in Paris",
    "if I live in Paris, where do I buy flour?", "I wish I live in Paris", "I am in Paris next week",
    "I'm in Paris for a conference", 'He wrote "I live in Paris" and left', "\u201cI live in Paris\u201d, he said",
    "I am not here in Paris", "My oven is in Paris", "I moved away from Paris", "i live in paris",
    "He asked whether I live in Rome", "> I live in Rome", "so:\n > I live in Rome\nI do not", "Do I live in Rome?",
    "Would you believe I live in Rome?", "My friend said: I live in Rome", "She told me that I live in Rome",
    "Next week I'm in Lyon", "Tomorrow, I'm in Lyon", "This weekend we're in Lyon", "Should I live in Rome, then what",
]  # fmt: skip


def _heard(*said: Said) -> list[tuple[str, str, int]]:
    community = world(said)
    everyone = community.members.frame.get_column("member")
    return list(hear_places(community, everyone).frame.with_columns(pl.col("member").cast(pl.String)).iter_rows())


@pytest.mark.parametrize(("text", "place"), SAID.items(), ids=SAID)
def test_a_place_of_ones_own_is_heard(text: str, place: str) -> None:
    """The ways in which people say it in passing."""
    assert _heard(Said(by="ana", text=text)) == [("ana", place, 1)]


@pytest.mark.parametrize("text", NOT_SAID)
def test_what_is_said_of_others_or_supposed_is_not(text: str) -> None:
    """Nor what others are quoted with, nor where somebody only stays for a while."""
    assert _heard(Said(by="ana", text=text)) == []


def test_private_words_are_not_listened_to() -> None:
    """Where somebody lives is told to whom they write it."""
    assert _heard(Said(by="ana", text="I live in Lyon", is_public=False)) == []


def test_messages_are_counted_once_each() -> None:
    """Two messages, one of which says it twice."""
    twice = "I live in Lyon. Yes, I live in Lyon."
    said = [Said(by="ben", text=twice), Said(by="ben", text="here in Lyon"), Said(by="ana", text="here in Graz")]

    assert _heard(*said) == [("ana", "Graz", 1), ("ben", "Lyon", 2)]


@given(text=st.text(alphabet="I live'here in,.LyonÀ \u202e\"(", max_size=80))
def test_any_text_can_be_heard(text: str) -> None:
    """Whatever is written, a place is a few capitalized words of it."""
    heard = _heard(Said(by="ana", text=f"{text} I live in {text}"))

    assert all(phrase[0].isupper() and len(phrase.split()) <= 12 for _, phrase, _ in heard)
