"""Whom a chat message answers, where nothing says so."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from benchmarks.threads import f1_draws, held_out, last_of_named, previous, read_chats
from matcher.conversation.talk import NOBODY, hear_talk
from matcher.conversation.threads import infer_replies
from matcher.tables.community import Messages

CHATS = Path(os.environ.get("MATCHER_DATA", "../shared/data")) / "chat" / "irc_dev"
NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)
DAY = 24 * 60.0

ASKED = ("message", "author", "sent_at", "thread", "channel", "mentions", "text")

Line = tuple[float, str, str]
"""Minutes after noon, who, and the text."""

TWO_TALKS: Sequence[Line] = (
    (0, "ana", "does anyone know why my sourdough starter smells of acetone?"),
    (1, "cat", "which gravel tyres do you ride on muddy forest tracks?"),
    (2, "ben", "a sourdough starter that smells of acetone is hungry"),
    (3, "dan", "on muddy tracks I ride wide gravel tyres with low pressure"),
    (4, "ana", "ben: how much flour for the starter then?"),
    (5, "cat", "dan: low pressure as in two bar?"),
    (6, "ben", "ana: as much as there is starter"),
    (7, "dan", "cat: a bit less, one and a half"),
)


def _scene(lines: Sequence[Line], *, channel: Sequence[str] | str = "kitchen") -> pl.DataFrame:
    channels = [channel] * len(lines) if isinstance(channel, str) else channel
    return pl.DataFrame(
        {
            "message": [f"m{number}" for number in range(len(lines))],
            "author": [author for _, author, _ in lines],
            "sent_at": [NOON + timedelta(minutes=minute) for minute, _, _ in lines],
            "thread": [""] * len(lines),
            "channel": channels,
            "mentions": [[] for _ in lines],
            "text": [text for _, _, text in lines],
        },
        schema={name: Messages.schema()[name] for name in ASKED},
    )


def _infer(said: pl.DataFrame) -> pl.DataFrame:
    return infer_replies(said, said.select(member="author", name="author").unique())


def _answered(lines: Sequence[Line], *, channel: Sequence[str] | str = "kitchen") -> list[str | None]:
    """What each line answers, in their order."""
    return _infer(_scene(lines, channel=channel)).get_column("reply_to").to_list()


def test_two_conversations_at_once_are_told_apart() -> None:
    """Who follows whom in a busy channel says little; words and names say who answers whom."""
    answered = _answered(TWO_TALKS)

    assert answered == [None, None, "m0", "m1", "m2", "m3", "m4", "m5"]


def test_a_name_at_the_start_addresses_its_bearer() -> None:
    """This is how people in a chat say whom they mean, though others spoke since."""
    answered = _answered(
        [
            (0, "Ana", "my oven is broken"),
            (1, "ben", "good morning all"),
            (2, "cat", "lovely weather"),
            (3, "dan", "ana, since when?"),
        ]
    )

    assert answered[3] == "m0"


def test_a_mention_that_the_source_marked_addresses_too() -> None:
    """A source that knows ids needs no names in the text."""
    said = _scene([(0, "ana", "my oven is broken"), (1, "ben", "good morning all"), (2, "dan", "since when")])
    marked = said.with_columns(mentions=pl.when(pl.col("message") == "m2").then(pl.lit(["ana"])).otherwise("mentions"))

    found = _infer(marked)

    assert found.get_column("to").to_list()[2] == "ana"


def test_a_word_that_happens_to_be_a_name_addresses_nobody() -> None:
    """Somebody calls themselves "bread"; a channel of bakers is not talking to them all day."""
    talk = [(float(n), ("amy", "ben", "cat")[n % 3], f"how is the bread number {n}") for n in range(1, 20)]
    said = _scene([(0, "bread", "hello"), *talk, (20, "dan", "ben, go on")])

    named = hear_talk(said, said.select(member="author", name="author").unique()).named

    assert np.flatnonzero((named != NOBODY).any(axis=1)).tolist() == [20]


def test_a_message_may_go_on_with_the_own_one() -> None:
    """People press enter in the middle of a thought."""
    answered = _answered(
        [
            (0, "ana", "ben: take the big iron pot"),
            (0, "cat", "where is the market today?"),
            (0, "ana", "ben: and heat the iron pot before"),
        ]
    )

    assert answered[2] == "m0"


def test_an_answer_to_somebody_who_named_me_is_found() -> None:
    """Who is spoken to by name answers, seldom by name."""
    answered = _answered([(0, "ana", "ben: is it ready?"), (1, "cat", "nice picture"), (2, "ben", "yes, quite")])

    assert answered[2] == "m0"


def test_after_two_days_of_silence_a_conversation_starts() -> None:
    """Nobody says hello to what was said the day before yesterday."""
    answered = _answered([*TWO_TALKS, (7 + 2 * DAY, "eve", "hello, who bakes rye here?")])

    assert answered[-1] is None


def test_in_a_slow_channel_five_hours_are_no_silence() -> None:
    """Where every answer takes an hour, five later is an answer; where it takes a minute, something new."""
    slow_talk = [(60 * minute, who, text) for minute, who, text in TWO_TALKS]

    assert _answered([*TWO_TALKS, (7 + 300, "ana", "so be it")])[-1] is None
    assert _answered([*slow_talk, (420 + 300, "ana", "so be it")])[-1] is not None


def test_conversations_do_not_cross_channels() -> None:
    """Two channels at the same minute are two rooms."""
    answered = _answered(
        [(0, "ana", "is the oven hot?"), (1, "cat", "is the bike ready?"), (2, "ben", "ana: the oven is hot")],
        channel=["kitchen", "garage", "garage"],
    )

    assert answered[2] != "m0"


def test_an_empty_chat_has_no_answers() -> None:
    """A community of one night may have said nothing."""
    assert _infer(_scene([])).is_empty()


def test_only_what_is_likely_is_told_if_asked() -> None:
    """A night takes no guesses."""
    said = _scene(TWO_TALKS)
    names = said.select(member="author", name="author").unique()

    likely = infer_replies(said, names, min_confidence=0.8)

    assert_frame_equal(likely, infer_replies(said, names).filter(pl.col("confidence") >= 0.8))
    assert 0 < likely.height < said.height


def test_to_whom_is_surer_than_to_what() -> None:
    """Two questions of Ana: it is unsure which one Ben answers, and sure that he answers Ana."""
    found = _infer(_scene([(0, "ana", "is it hot?"), (0, "ana", "is it big?"), (1, "ben", "ana: I think so")])).row(
        2, named=True
    )

    assert found["to"] == "ana"
    assert found["to_confidence"] > found["confidence"]


lines = st.lists(
    st.tuples(
        st.integers(0, 500).map(float),
        st.sampled_from(["ana", "ben", "cat"]),
        st.sampled_from(
            ["ana: yes", "ben, no?", "is the oven hot?", "the oven is hot", "", "ana ben cat", ":,", "???"]
        ),
    ),
    max_size=12,
)


@given(lines=lines)
def test_nothing_answers_itself_or_the_future(lines: list[Line]) -> None:
    """An answer is later than what it answers, in the order of time and id."""
    said = _scene(lines)

    found = _infer(said)

    when = {message: (at, message) for message, at in said.select("message", "sent_at").iter_rows()}
    links = found.drop_nulls("reply_to").select("message", "reply_to").iter_rows()
    assert found.height == said.height
    assert all(when[earlier] < when[message] for message, earlier in links)


@given(lines=lines, seed=st.integers(0, 100))
def test_the_order_of_rows_changes_nothing(lines: list[Line], seed: int) -> None:
    """Same chat, same answers, to the byte."""
    said = _scene(lines)
    order = np.random.default_rng(seed).permutation(said.height)

    shuffled = said[order.tolist()] if said.height else said

    assert_frame_equal(_infer(shuffled), _infer(said))


@given(lines=lines)
def test_what_is_said_tomorrow_in_another_room_changes_no_answer(lines: list[Line]) -> None:
    """Names and words of elsewhere weigh, but a parent stays within the room."""
    channels = ["kitchen" if number % 2 else "garage" for number in range(len(lines))]
    room = dict(zip([f"m{number}" for number in range(len(lines))], channels, strict=True))

    found = _infer(_scene(lines, channel=channels)).drop_nulls("reply_to")

    assert all(room[one] == room[other] for one, other in found.select("message", "reply_to").iter_rows())


@pytest.mark.skipif(not CHATS.exists(), reason="needs chat/irc_dev under MATCHER_DATA")
@pytest.mark.parametrize("with_starts", [True, False], ids=["all-links", "links-to-others"])
def test_human_links_are_found_better_than_by_either_simple_rule(*, with_starts: bool) -> None:
    """On chats it was not fitted on: above the message before, and above the last one of whom it names."""
    chats = read_chats(CHATS)
    simple = [
        [previous(chat) for chat in chats],
        *([last_of_named(chat, otherwise_previous=otherwise) for chat in chats] for otherwise in (False, True)),
    ]

    ours, *theirs = (f1_draws(chats, found, with_starts=with_starts) for found in (held_out(chats), *simple))

    for their in theirs:
        assert np.quantile(ours[1:] - their[1:], 0.025) > 0.1
