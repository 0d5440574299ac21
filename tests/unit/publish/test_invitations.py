"""What members are told: enough to come, and nothing that is not theirs to know."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.publish.invitations import BY_HAND, Invitation, invitation_of
from matcher.publish.letters import Letter, Writer
from matcher.publish.links import LinkSigner
from matcher.publish.options import PublishOptions
from matcher.tables.drafts import Suggestion
from tests.unit.publish.evening import ADDRESSES, HOME, NAMES, NOW, OPTIONS, edition, suggestion

SIGNER = LinkSigner(b"k" * 32)
WRITER = Writer(options=OPTIONS, links=SIGNER)


def invited(one: Suggestion) -> Invitation:
    """Without a time."""
    night = edition()
    return invitation_of(night, one, night.town_of(one), None)


def written(one: Suggestion, member: str = "a", options: PublishOptions = OPTIONS) -> Letter:
    """To one member."""
    return Writer(options=options, links=SIGNER).write(invited(one), member, calendar="", now=NOW)


def test_a_letter_says_who_where_why_and_how_to_answer() -> None:
    """In words, and as a page."""
    letter = written(suggestion())

    assert letter.subject == "Meet Ben and Cem in Graz, Austria?"
    for words in ("Hello Ana", "Ben and Cem", "Graz, Austria", "tea and go", "How about one table?", "public place"):
        assert words in letter.plain
        assert words in letter.html
    assert "no time is set" in letter.plain
    assert letter.unsubscribe in letter.plain


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(suggestion(), id="group"),
        pytest.param(suggestion("i-1", ("a", "d")), id="introduction"),
        pytest.param(suggestion("t-1", ("a", "b", "c", "d")), id="gathering"),
        pytest.param(suggestion("g-1", ("a", "b", "d")), id="changed"),
        pytest.param(suggestion("n-7", ("b", "c", "d")), id="made-at-the-desk"),
    ],
)
def test_nothing_is_told_that_is_for_organizers(one: Suggestion) -> None:
    """No score, no home, no way, no address, nobody who does not come, nor whom one talks with elsewhere."""
    for member in one.members:
        letter = written(one, member)
        told = letter.plain + letter.html + letter.subject
        others = {NAMES[other] for other in one.members if other != member}

        assert not [name for name in NAMES.values() if name in told and name not in {*others, NAMES[member]}]
        assert all(name in told for name in others)
        for hidden in (HOME, "Eve", "0.43", " km", *ADDRESSES.values()):
            assert hidden not in told


def test_each_member_gets_a_link_of_their_own() -> None:
    """It says who answers what, and until when."""
    letters = [written(suggestion(), member) for member in "abc"]
    links = [SIGNER.read(one.unsubscribe.rpartition("/")[2], now=NOW) for one in letters]

    assert [(link.member, link.suggestion, link.version) for link in links] == [(one, "g-1", 2) for one in "abc"]
    assert {link.until for link in links} == {NOW + timedelta(days=60)}


def test_without_pages_for_answers_one_replies() -> None:
    """No link is promised, and none is there."""
    letter = written(suggestion(), options=replace(OPTIONS, answer_address=""))

    assert "reply to this mail" in letter.plain
    assert "reply to this mail" in letter.html
    assert "http" not in letter.plain
    assert letter.unsubscribe == ""


def test_a_changed_group_has_its_own_town_and_no_borrowed_reasons() -> None:
    """What the night said was of other people."""
    changed = invited(suggestion("g-1", ("a", "b", "d")))

    assert changed.town is not None
    assert (changed.town.name, changed.reasons, changed.topics) == ("Town 0", (BY_HAND,), ())
    assert "tea" not in changed.starter


def test_what_was_published_keeps_its_version() -> None:
    """A note afterwards makes no other invitation of it."""
    assert invited(replace(suggestion(version=5), published_version=2)).version == 2


def test_a_time_is_told_with_its_zone() -> None:
    """And that the calendar file is there."""
    night, when = edition(), NOW.astimezone(ZoneInfo("Europe/Vienna")) + timedelta(days=3)
    one = invitation_of(night, suggestion(), night.town_of(suggestion()), when)
    letter = WRITER.write(one, "a", calendar="", now=NOW)

    assert "Thursday, 5 March 2026, 09:00 (time in Vienna, UTC+1)" in letter.plain
    assert "The calendar file is attached." in letter.html


@given(st.text(max_size=80))
def test_no_name_reaches_the_page_as_code(name: str) -> None:
    """Whatever a member calls themselves."""
    hostile = name + "<script>&\"'{{ 7 * 191 }}"
    night = edition({**NAMES, "b": hostile})
    letter = WRITER.write(invitation_of(night, suggestion(), None, None), "a", calendar="", now=NOW)

    assert "<script" not in letter.html
    assert "1337" not in letter.html + letter.plain
    assert len(letter.subject.splitlines()) == 1
