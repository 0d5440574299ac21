"""Exchanges of a pair, summed up in each direction."""

from hypothesis import given
from hypothesis import strategies as st

from matcher.tables.conversation import Ties
from tests.worlds import LONG, Said, hear, talk, world


def _ties(said: list[Said]) -> Ties:
    return hear(world(said)).ties


def test_each_direction_is_counted_apart() -> None:
    """A lopsided tie must not look even: ben answers ana three times, she answers once."""
    said = [
        Said(by="ana", id="q"),
        *(Said(by="ben", id=f"b{n}", to="q", thread=f"t{n}") for n in range(3)),
        Said(by="ana", id="a0", to="b0", text="great idea"),
    ]

    tie = _ties(said).frame.row(0, named=True)

    assert (tie["member_a"], tie["member_b"]) == ("ana", "ben")
    assert (tie["n_a_to_b"], tie["n_b_to_a"]) == (1, 3)
    assert tie["warmth_b_to_a"] > 3 * tie["warmth_a_to_b"]


def test_turns_count_changes_of_speaker_within_a_thread() -> None:
    """Six messages in turn, the first addressed to nobody: five exchanges, four changes."""
    tie = _ties(talk("ana", "ben", turns=6)).frame.row(0, named=True)

    assert tie["n_threads"] == 1


def test_private_and_hostile_messages_are_never_evidence() -> None:
    """What is quoted must be public, and nobody is invited by an insult."""
    said = [
        Said(by="ana", id="q"),
        Said(by="ben", id="public", to="q", text="short but public"),
        Said(by="ben", id="private", to="q", text=LONG, is_public=False),
        Said(by="ben", id="insult", to="q", text=f"you idiot. {LONG}"),
    ]

    assert _ties(said).frame["evidence"].to_list() == [["public"]]


def test_hostile_messages_give_no_warmth() -> None:
    """A quarrel is not affinity, however long."""
    said = [Said(by="ana", id="q"), *(Said(by="ben", to="q", text=f"you idiot {n}. {LONG}") for n in range(9))]

    tie = _ties(said).frame.row(0, named=True)

    assert tie["warmth_b_to_a"] == 0
    assert tie["hostile_share"] == 1


@given(order=st.permutations(range(12)))
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    """The same community gives the same bytes however the export was sorted."""
    said = [*talk("ana", "ben", turns=7), *talk("cat", "ana", turns=5)]

    shuffled = _ties([said[position] for position in order])

    assert shuffled.frame.equals(_ties(said).frame)
