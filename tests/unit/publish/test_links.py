"""What a member's link promises: only ours are good, letter for letter, and only for a time."""

import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import InputError, LinkError
from matcher.publish.links import AnswerLink, LinkSigner, link_id
from matcher.tables.decisions import may_be_kept

NOW = datetime(2024, 5, 1, 9, tzinfo=UTC)
SIGNER = LinkSigner(b"k" * 32)
LINK = AnswerLink(
    run_id="2026-02-24-c0371a16", suggestion="g-0123456789ab", version=3, member="u12", until=NOW + timedelta(days=60)
)
TOKEN = SIGNER.token(LINK)

ids = st.text(min_size=1, max_size=60).filter(may_be_kept)
instants = st.datetimes(min_value=datetime(2024, 5, 2), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(run_id=ids, suggestion=ids, version=st.integers(0, 10**6), member=ids, until=instants)
def test_a_link_comes_back_as_it_was_made(
    run_id: str, suggestion: str, version: int, member: str, until: datetime
) -> None:
    """Whatever letters an id has; the token fits into an address as it is."""
    link = AnswerLink(run_id=run_id, suggestion=suggestion, version=version, member=member, until=until)

    token = SIGNER.token(link)

    assert SIGNER.read(token, now=NOW) == link
    assert SIGNER.token(link) == token
    assert set(token) <= set(string.ascii_letters + string.digits + "-_.")


def test_a_token_is_short() -> None:
    """With a usual address before it, it fits into one line of a mail (998 bytes) many times over."""
    assert len(TOKEN) <= 150


def test_every_change_of_one_bit_is_refused() -> None:
    """Also the changes that mean the same in base64."""
    for place in range(len(TOKEN)):
        for bit in range(8):
            changed = TOKEN[:place] + chr(ord(TOKEN[place]) ^ (1 << bit)) + TOKEN[place + 1 :]
            with pytest.raises(LinkError) as refused:
                SIGNER.read(changed, now=NOW)
            assert not refused.value.is_expired


@given(st.integers(0, len(TOKEN)), st.text(min_size=1, max_size=3))
def test_nothing_can_be_put_in(place: int, more: str) -> None:
    """Letters that base64 passes over are refused too."""
    with pytest.raises(LinkError):
        SIGNER.read(TOKEN[:place] + more + TOKEN[place:], now=NOW)


@given(st.text(max_size=300))
def test_what_somebody_made_up_is_refused(token: str) -> None:
    """With our error, whatever it is."""
    with pytest.raises(LinkError):
        SIGNER.read(token, now=NOW)


def test_another_secret_signs_nothing_for_us() -> None:
    """A desk reads its own links alone."""
    with pytest.raises(LinkError):
        LinkSigner(b"l" * 32).read(TOKEN, now=NOW)


def test_a_link_ends_after_its_last_second() -> None:
    """By the instant that is passed in; and it is said that it was good once."""
    assert SIGNER.read(TOKEN, now=LINK.until) == LINK

    with pytest.raises(LinkError) as refused:
        SIGNER.read(TOKEN, now=LINK.until + timedelta(seconds=1))

    assert refused.value.is_expired


def test_a_forged_link_is_never_said_to_be_over() -> None:
    """Nobody learns what an old link might have said."""
    ended = SIGNER.token(replace(LINK, until=NOW - timedelta(days=1)))

    with pytest.raises(LinkError) as refused:
        SIGNER.read(ended[:-2] + "AA", now=NOW)

    assert not refused.value.is_expired


def test_a_weak_secret_is_refused() -> None:
    """Nobody signs with an empty file."""
    with pytest.raises(InputError):
        LinkSigner(b"short")


@pytest.mark.parametrize("parts", [{"member": ""}, {"run_id": "a\x00"}, {"until": datetime(2024, 5, 1)}])  # noqa: DTZ001
def test_a_link_to_nobody_is_refused(parts: dict[str, str]) -> None:
    """Before it is sent, not when it comes back."""
    with pytest.raises(InputError):
        replace(LINK, **parts)  # type: ignore[arg-type]  # whatever a test wants


def test_the_name_of_a_link_does_not_give_it_away() -> None:
    """Who reads the database cannot answer in a member's place."""
    name = link_id(TOKEN)

    assert name != link_id(TOKEN + "x")
    assert len(name) == 32
    assert name not in TOKEN
