"""What may be counted of two people's conversations."""

from dataclasses import replace

import polars as pl
import pytest

from matcher import Settings
from matcher.conversation.options import ConversationOptions
from matcher.plan import study_community
from matcher.reasons.known import Known
from matcher.tables.conversation import MOST_VOICES
from matcher.tables.pairs import Affinities
from tests.worlds import ENGINES, Said, world


def _n_conversations(said: list[Said], *, read_private: bool = False) -> int:
    settings = replace(Settings(), conversation=ConversationOptions(read_private=read_private))
    community = world(said)
    scores = {
        name: community.index.enum if isinstance(one.dtype, type) else one.dtype
        for name, one in Affinities.columns.items()
    }
    picture = study_community(community, ENGINES, settings)
    return Known(picture=picture, affinities=Affinities(pl.DataFrame(schema=scores))).n_conversations("ana", "ben")


def _both(thread: str, *, is_public: bool = True) -> list[Said]:
    return [Said(by=name, thread=thread, is_public=is_public) for name in ("ana", "ben")]


@pytest.mark.parametrize("read_private", [False, True])
def test_private_conversations_are_never_counted_aloud(read_private: bool) -> None:
    """Also where they may count for the score: the number would tell who meets whom in private."""
    mixed = [Said(by="ana", thread="mixed"), Said(by="ben", thread="mixed", is_public=False)]
    said = [*_both("open"), *_both("secret", is_public=False), *_both("hidden", is_public=False), *mixed]

    assert _n_conversations(said, read_private=read_private) == 1


def test_a_hall_is_no_conversation() -> None:
    """Of a crowd of 201 nobody can say whom they met; of 200 one still does."""
    crowd = [f"m{number:03d}" for number in range(MOST_VOICES - 2)]
    table = [*_both("table"), *(Said(by=name, thread="table") for name in crowd)]
    hall = [*_both("hall"), *(Said(by=name, thread="hall") for name in [*crowd, "one-too-many"])]

    assert _n_conversations([*table, *hall]) == 1


def test_a_flat_chat_is_no_conversation() -> None:
    """Where the thread is merely the channel, all that is known is that both write there."""
    said = [*_both("kitchen"), *_both("rye")]

    assert {one.thread for one in said} == {"kitchen", "rye"}  # every message of a world is in the channel 'kitchen'
    assert _n_conversations(said) == 1
