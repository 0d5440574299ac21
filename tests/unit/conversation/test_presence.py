"""Who took part where: friendly words only, private ones only by leave, and never as public ones."""

import polars as pl
import pytest

from matcher.conversation.options import ConversationOptions
from matcher.conversation.presence import note_presences
from matcher.tables.community import Community
from matcher.tables.conversation import Presences
from tests.worlds import Said, hear, world

LISTENING = ConversationOptions(read_private=True)


def _presences(community: Community, options: ConversationOptions | None = None) -> Presences:
    options = options or ConversationOptions()
    return note_presences(community, hear(community, options).readings, options)


def _who(presences: Presences) -> dict[tuple[str, str], bool]:
    return {(member, thread): public for member, thread, public in _rows(presences)}


def _rows(presences: Presences) -> list[tuple[str, str, bool]]:
    return list(presences.frame.select(pl.col("member").cast(pl.String), "thread", "is_public").iter_rows())


SAID = [
    Said(by="ana", thread="open"),
    Said(by="ana", thread="mixed"),
    Said(by="ana", thread="mixed", is_public=False),
    Said(by="ben", thread="mixed", is_public=False),
    Said(by="ben", thread="secret", is_public=False),
]


def test_private_words_are_no_presence_unless_they_may_be_read() -> None:
    """Nobody's private conversations are looked into by default."""
    assert _who(_presences(world(SAID))) == {("ana", "open"): True, ("ana", "mixed"): True}


def test_private_words_that_may_be_read_do_not_become_public() -> None:
    """They count for the score, and are marked so that no sentence counts them."""
    assert _who(_presences(world(SAID), LISTENING)) == {
        ("ana", "open"): True,
        ("ana", "mixed"): True,
        ("ben", "mixed"): False,
        ("ben", "secret"): False,
    }


def test_attacks_are_no_company() -> None:
    """Who only attacked was not there, and an attack adds nothing to friendly words."""
    attack = "you are an idiot"
    friendly = [Said(by="ana"), Said(by="ben")]
    hostile = [Said(by="ana", text=attack, id="x1"), Said(by="cat", text=attack, id="x2")]

    with_attacks = _presences(world([*friendly, *hostile]))

    assert with_attacks.frame.get_column("member").cast(pl.String).to_list() == ["ana", "ben"]
    ana, ben = with_attacks.frame.get_column("presence_share")
    assert ana == pytest.approx(ben)


def test_a_public_attack_does_not_make_private_words_public() -> None:
    """What is public is the same whether private messages are read or not."""
    said = [Said(by="ana", text="you are an idiot"), Said(by="ana", is_public=False)]

    assert _who(_presences(world(said))) == {}
    assert _who(_presences(world(said), LISTENING)) == {("ana", "t"): False}
