"""Publishing: what is approved goes out once, whole or not yet, and what changed meanwhile does not."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from matcher.errors import ConflictError, InputError
from matcher.publish.channels import Channel
from matcher.publish.meeting_times import Times
from matcher.publish.parcels import CHANNELS, load_of
from matcher.publish.prospects import look
from matcher.publish.publisher import HELD, Publisher
from matcher.publish.publishing import UNHEARD, PublishOrder, publish
from matcher.tables.answered import Answer
from tests.unit.publish.evening import NOW, Hands, Recorder, decide, edition, publisher

ALL = tuple(CHANNELS)
WALL = datetime(2026, 12, 5, 18)  # noqa: DTZ001 -- on a clock
TIMES = Times(for_all=WALL)


def order(*channels: str, times: Times = TIMES, **said: dict[str, int]) -> PublishOrder:
    """By the command line."""
    return PublishOrder(channels=channels or ALL, by="Ana", times=times, **said)


def answered(at: Publisher, member: str, kind: str, **said: str | datetime) -> None:
    """By a member's link."""
    answer = Answer(
        link=f"{member}{kind}",
        run_id="2026-03-01-abc",
        suggestion="g-1",
        member=member,
        kind=kind,
        at=NOW,
        **said,  # type: ignore[arg-type]
    )
    at.answers.record(answer)


def parcels(at: Publisher) -> Counter[tuple[str, str]]:
    """How many there are by suggestion and channel."""
    return Counter((one.suggestion, one.channel) for one in at.outbox.entries())


@pytest.fixture(name="at")
def _at(tmp_path: Path) -> Iterator[Publisher]:
    """With the group approved."""
    with publisher(tmp_path) as made:
        decide(made, "approve", "g-1")
        yield made


def test_only_what_is_approved_goes_out(at: Publisher) -> None:
    """One file, one calendar, a mail file and a mail a member, one message."""
    done = publish(at, edition(), order())

    assert (done.announced, done.conflicts, done.n_enqueued) == (("g-1",), (), 9)
    assert parcels(at) == {("g-1", one): 3 if one in ("eml", "smtp") else 1 for one in ALL}
    assert {one.version for one in at.outbox.entries()} == {1}


def test_publishing_again_adds_nothing(at: Publisher) -> None:
    """Also after all was sent, also after a note, and with another time: what went out went out."""
    publish(at, edition(), order())
    at.drive()
    decide(at, "note", "g-1")

    again = publish(at, edition(), order(times=replace(TIMES, for_all=datetime(2026, 12, 6, 18))))  # noqa: DTZ001

    assert (again.announced, again.n_enqueued) == ((), 0)
    assert at.drive().n_sent == 0


def test_what_was_published_before_is_completed(at: Publisher) -> None:
    """A process killed after the decision and before the outbox; another way out wanted later; a new address."""
    hands = Hands(addresses={"a": "a@example.org"})
    at = replace(at, contacts=lambda: hands.addresses)
    decide(at, "publish", "g-1")

    first = publish(at, edition(), order("smtp"))
    second = publish(at, edition(), order("smtp", "csv"))
    hands.addresses["b"] = "b@example.org"
    third = publish(at, edition(), order("smtp", "csv"))

    assert [one.n_enqueued for one in (first, second, third)] == [1, 1, 1]
    assert parcels(at) == {("g-1", "smtp"): 2, ("g-1", "csv"): 1}


def test_who_has_no_address_is_shown(at: Publisher) -> None:
    """By id, to organizers."""
    (one,) = look(replace(at, contacts=lambda: {"a": "a@example.org"}), edition(), TIMES)

    assert one.unaddressed == ("b", "c")


def test_without_a_time_there_is_no_calendar(at: Publisher) -> None:
    """It is said which; a later time makes it that is for it by name, but none that is for all that goes out then."""
    first = publish(at, edition(), order("csv", "ics", times=Times()))
    second = publish(at, edition(), order("ics"))
    third = publish(at, edition(), order("ics", times=Times(by_suggestion={"g-1": WALL})))

    assert [one.untimed for one in first.prospects] == ["no time is set"]
    assert [one.n_enqueued for one in (first, second, third)] == [1, 0, 1]


@pytest.mark.parametrize("channel", ["ics", "smtp"])
def test_what_nobody_would_learn_of_is_not_published(at: Publisher, channel: str) -> None:
    """Without a time there is no calendar, without addresses no mail; they would wait for what is never sent."""
    done = publish(replace(at, contacts=dict), edition(), order(channel, times=Times()))

    assert (done.announced, done.n_enqueued) == ((), 0)
    assert done.conflicts == (f"g-1: {UNHEARD}",)
    assert [one.kind for one in at.decisions.events(edition().run_id)] == ["approve"]


def test_whoever_is_told_later_is_told_the_same_time(at: Publisher) -> None:
    """Their address comes after a week, when the organizers set another time for what goes out then."""
    hands = Hands(addresses={"a": "a@example.org"})
    at = replace(at, contacts=lambda: hands.addresses)
    publish(at, edition(), order("smtp"))
    hands.addresses["b"] = "b@example.org"

    publish(at, edition(), order("smtp", times=Times(for_all=WALL + timedelta(days=7))))

    letters = [load_of(one).letter for one in at.outbox.entries()]
    assert len(letters) == 2
    assert all(one and "5 December 2026, 18:00" in one.plain for one in letters)


def test_nobody_is_told_of_what_is_over(tmp_path: Path) -> None:
    """Somebody whose address comes too late."""
    hands = Hands(addresses={"a": "a@example.org"})
    with publisher(tmp_path, hands=hands) as at:
        decide(at, "approve", "g-1")
        publish(at, edition(), order("smtp"))
        hands.now, hands.addresses["b"] = datetime(2026, 12, 6, tzinfo=UTC), "b@example.org"

        again = publish(at, edition(), order("smtp", times=Times()))

        assert again.n_enqueued == 0


def test_a_time_that_cannot_be_publishes_nothing(at: Publisher) -> None:
    """It is found out before anything is decided."""
    with pytest.raises(InputError, match="over"):
        publish(at, edition(), order(times=Times(for_all=datetime(2001, 1, 1, 9))))  # noqa: DTZ001

    assert not at.outbox.entries()
    assert [one.kind for one in at.decisions.events(edition().run_id)] == ["approve"]


def test_a_channel_that_is_not_there_publishes_nothing(at: Publisher) -> None:
    """It says what is lacking."""
    at = replace(at, channels={}, lacking={"smtp": "needs publish.smtp_host in matcher.toml"})

    for channel, why in (("smtp", "smtp_host"), ("pigeon", "needs one of csv")):
        with pytest.raises(InputError, match=why):
            publish(at, edition(), order(channel))
    assert [one.kind for one in at.decisions.events(edition().run_id)] == ["approve"]


def test_somebody_who_decided_first_holds_up_only_that(at: Publisher) -> None:
    """The message says who; the others go out."""
    decide(at, "approve", "i-1")

    done = publish(at, edition(), order("csv", seen={"g-1": 0, "i-1": 1}))

    assert done.announced == ("i-1",)
    assert "Ana approved it" in done.conflicts[0]
    assert parcels(at) == {("i-1", "csv"): 1}


@pytest.mark.parametrize(
    ("member", "kind", "said"),
    [
        ("a", "leave", {}),
        ("b", "pause", {"until": NOW + timedelta(days=1)}),
        ("c", "not_with", {"other": "a"}),
    ],
)
def test_nobody_is_written_to_about_whoever_wants_none(
    at: Publisher, member: str, kind: str, said: dict[str, str | datetime]
) -> None:
    """Neither after the approval nor after the decision to publish; the sentence is one for all reasons."""
    answered(at, member, kind, **said)
    before = publish(at, edition(), order())
    decide(at, "publish", "g-1")
    after = publish(at, edition(), order())

    assert (before.announced, before.n_enqueued, after.n_enqueued) == ((), 0, 0)
    assert [one.held for one in after.prospects] == [HELD]


def test_what_waits_is_held_back_too(tmp_path: Path) -> None:
    """Somebody leaves while a mail waits for its second attempt."""
    mail = Recorder()
    channels: dict[str, Channel] = {"smtp": mail}
    with publisher(tmp_path, channels) as at:
        decide(at, "approve", "g-1")
        publish(at, edition(), order("smtp"))
        answered(at, "a", "leave")

        done = at.drive()

        assert done.n_failed == 3
        assert not mail.entries
        assert {one.why for one in at.outbox.entries()} == {f"held back: {HELD}"}


def test_who_was_forgotten_is_not_written_to(at: Publisher) -> None:
    """Nor are the others about them."""
    forgetful = replace(at, forgotten=lambda members: set(members) & {"b"})

    assert [one.held for one in look(forgetful, edition(), TIMES)] == [HELD]


def test_a_pause_that_is_over_holds_nothing_back(at: Publisher) -> None:
    """By the clock on the wall."""
    answered(at, "b", "pause", until=NOW - timedelta(days=1))

    assert publish(at, edition(), order("csv")).n_enqueued == 1


def test_a_changed_group_is_told_to_whom_it_is_now(at: Publisher) -> None:
    """With the version that was approved last."""
    decide(at, "change", "g-1", lists={"g-1": ("a", "b", "d")})
    open_again = publish(at, edition(), order("smtp"))
    decide(at, "approve", "g-1")
    publish(at, edition(), order("smtp"))

    assert open_again.announced == ()
    assert [(one.recipient, one.version) for one in at.outbox.entries()] == [("a", 3), ("b", 3), ("d", 3)]
    letter = load_of(at.outbox.entries()[0]).letter
    assert letter is not None
    assert "Ben and Dea" in letter.plain


def test_what_is_published_stays_as_it_is(at: Publisher) -> None:
    """A change after it is refused; so what went out is what stands."""
    publish(at, edition(), order("csv"))

    with pytest.raises((InputError, ConflictError)):
        decide(at, "change", "g-1", lists={"g-1": ("a", "b", "d")})


def test_two_who_publish_at_once_publish_once(tmp_path: Path) -> None:
    """Each by a connection of their own."""
    with publisher(tmp_path) as one, publisher(tmp_path) as other:
        decide(one, "approve", "g-1", "i-1", "t-1")

        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(lambda at: (publish(at, edition(), order()), at.drive()), (one, other)))

        announced = [name for published, _ in done for name in published.announced]
        assert sorted(announced) == ["g-1", "i-1", "t-1"]
        assert sum(published.n_enqueued for published, _ in done) == len(one.outbox.entries())
        given = Counter(
            (entry.suggestion, entry.channel, entry.recipient)
            for at in (one, other)
            for channel in at.channels.values()
            if isinstance(channel, Recorder)
            for entry in channel.entries
        )
        assert set(given.values()) == {1}
        assert len(given) == len(one.outbox.entries())


def test_looking_changes_nothing(at: Publisher) -> None:
    """Not the log, not the outbox."""
    look(at, edition(), TIMES)

    assert not at.outbox.entries()
    assert len(at.decisions.events(edition().run_id)) == 1


def test_no_address_is_kept_in_the_outbox(at: Publisher) -> None:
    """It is looked up when the mail is made: who changes theirs gets it there."""
    publish(at, edition(), order())

    assert not [
        one for one in at.outbox.entries() if "@example.org" in one.payload.replace("organizers@example.org", "")
    ]
