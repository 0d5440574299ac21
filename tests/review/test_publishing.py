"""What organizers see and do when they send what is approved, and what they can never do by it."""

from collections.abc import Callable

import pytest

from matcher.publish.publisher import Publisher
from matcher.publish.sending import SEND_LIMIT
from matcher.review.desk import Desk
from matcher.storage.decisions.outbox import Parcel
from matcher.storage.workspace import Workspace
from matcher.tables.answered import Answer
from matcher.tables.deciding import undoing
from matcher.tables.decisions import Decision
from tests.review.conftest import HOSTILE_NAMES, Browser, Clock

SignedIn = Callable[[str], Browser]


def publisher_of(desk: Desk) -> Publisher:
    """The desk's."""
    assert desk.publisher is not None
    return desk.publisher


def approve(desk: Desk, *suggestions: str) -> None:
    """As an organizer did before."""
    run_id = desk.nights.live_id()
    for one in suggestions:
        decision = Decision(run_id=run_id, kind="approve", by="otto", at=desk.clock(), touched={one: 0}, lists={})
        desk.decisions.append(decision, desk.nights.night(run_id).suggestions)


@pytest.fixture(name="run_id")
def _run_id(desk: Desk) -> str:
    return desk.nights.live_id()


@pytest.fixture(name="group")
def _group(desk: Desk, run_id: str) -> str:
    """A group that is approved."""
    group = desk.nights.night(run_id).dossier.groups[0].id
    approve(desk, group)
    return group


def test_the_page_shows_what_would_go_out(desk: Desk, run_id: str, group: str, signed_in: SignedIn) -> None:
    """Who, where, who has no address, and one invitation to read; looking sends nothing."""
    page = signed_in("organizer").get(f"/runs/{run_id}/publish")

    assert page.status_code == 200
    assert f'value="{group}=1"' in page.text
    assert "no address" in page.text
    assert "How about" in page.text
    assert "Publish 1<" in page.text
    assert not desk.outbox.entries()


def test_publishing_sends_each_thing_once(
    desk: Desk, workspace: Workspace, run_id: str, group: str, signed_in: SignedIn
) -> None:
    """However often the button is pressed."""
    browser = signed_in("organizer")
    form: dict[str, str | list[str]] = {
        "seen": f"{group}=1",
        "to": ["csv", "ics"],
        "when": "2026-12-05T18:00",
        "zone": "Europe/Vienna",
    }

    first = browser.send(f"/runs/{run_id}/publish", **form)
    publisher_of(desk).courier.wait()
    browser.send(f"/runs/{run_id}/publish", **form)
    publisher_of(desk).courier.wait()

    assert (first.status_code, first.headers["location"]) == (303, "/outbox")
    assert [(one.channel, one.state, one.attempt) for one in desk.outbox.entries()] == [
        ("csv", "sent", 1),
        ("ics", "sent", 1),
    ]
    assert group in (workspace.published_folder / run_id / "approved.csv").read_text()
    assert desk.decisions.draft(run_id, desk.nights.night(run_id).suggestions).suggestions[group].is_published
    outbox = browser.get("/outbox")
    assert outbox.status_code == 200
    assert "csv" in outbox.text


@pytest.mark.parametrize("kind", ["reject", "undo"])
def test_what_was_turned_down_meanwhile_is_told(
    desk: Desk, run_id: str, group: str, signed_in: SignedIn, kind: str
) -> None:
    """Nothing would go out any more; whoever wanted it to learns by whom it was stopped."""
    browser, night = signed_in("organizer"), desk.nights.night(run_id)
    first = undoing(
        desk.decisions.draft(run_id, night.suggestions), desk.decisions.events(run_id)[0], by="ada", at=desk.clock()
    )
    if kind == "reject":
        first = Decision(
            run_id=run_id, kind=kind, by="ada", at=desk.clock(), touched={group: 1}, lists={}, why="not_now"
        )
    desk.decisions.append(first, night.suggestions)

    answered = browser.send(f"/runs/{run_id}/publish", seen=f"{group}=1", to="csv")

    assert answered.status_code == 409
    assert group in answered.text
    assert "ada" in answered.text
    assert desk.outbox.entries() == []


def test_what_was_decided_meanwhile_is_not_published(desk: Desk, run_id: str, group: str, signed_in: SignedIn) -> None:
    """The page says who was first; the others go out all the same."""
    other = desk.nights.night(run_id).dossier.groups[1].id
    approve(desk, other)
    browser = signed_in("organizer")
    note = Decision(
        run_id=run_id, kind="note", by="ada", at=desk.clock(), touched={group: 1}, lists={}, words="wait for Ben"
    )
    desk.decisions.append(note, desk.nights.night(run_id).suggestions)

    answered = browser.send(f"/runs/{run_id}/publish", seen=f"{group}=1 {other}=1", to="csv")
    publisher_of(desk).courier.wait()

    assert answered.status_code == 409
    assert "ada wrote a note" in answered.text
    assert {one.suggestion for one in desk.outbox.entries()} == {other}


def test_nothing_is_published_that_nobody_looked_at(desk: Desk, run_id: str, group: str, signed_in: SignedIn) -> None:
    """What another organizer approves while the page is open is not on it."""
    page = signed_in("organizer").send(f"/runs/{run_id}/publish", seen="", to="csv")
    publisher_of(desk).courier.wait()

    assert page.status_code == 303
    assert not desk.outbox.entries()
    assert not desk.decisions.draft(run_id, desk.nights.night(run_id).suggestions).suggestions[group].is_published


@pytest.mark.parametrize(
    "form",
    [
        pytest.param({"to": "pigeon"}, id="unknown-way"),
        pytest.param({"to": "smtp"}, id="way-not-set-up"),
        pytest.param({}, id="no-way"),
        pytest.param({"to": "csv", "when": "soon"}, id="no-time"),
        pytest.param({"to": "csv", "when": "2001-01-01T10:00", "zone": "UTC"}, id="over"),
        pytest.param({"to": "csv", "when": "2026-12-05T10:00", "zone": "../../etc/passwd"}, id="no-zone"),
        pytest.param({"to": "csv", "seen": "g-1=x"}, id="no-version"),
    ],
)
def test_a_form_that_cannot_be_changes_nothing(
    desk: Desk, run_id: str, group: str, form: dict[str, str], signed_in: SignedIn
) -> None:
    """It is said on the page what is wrong."""
    # The zone counts only for whoever meets online.
    online = next(one.id for one in desk.nights.night(run_id).dossier.introductions if one.town is None)
    approve(desk, online)

    page = signed_in("organizer").send(f"/runs/{run_id}/publish", **{"seen": f"{group}=1 {online}=1", **form})

    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert not desk.outbox.entries()
    draft = desk.decisions.draft(run_id, desk.nights.night(run_id).suggestions)
    assert not any(one.is_published for one in draft.suggestions.values())


def test_whoever_left_is_not_written_to(desk: Desk, run_id: str, group: str, signed_in: SignedIn) -> None:
    """The suggestion is held back and shown; who it was and why is not told."""
    member = desk.nights.night(run_id).suggestions[group][0]
    left = Answer(link="x", run_id=run_id, suggestion=group, member=member, kind="leave", at=desk.clock())
    desk.answers.record(left)
    browser = signed_in("organizer")

    page = browser.get(f"/runs/{run_id}/publish")
    browser.send(f"/runs/{run_id}/publish", seen=f"{group}=1", to="csv")
    publisher_of(desk).courier.wait()

    assert "Held back" in page.text
    assert "Goes out" in page.text
    assert "Nothing is approved and still to be published" in page.text
    assert not desk.outbox.entries()


def test_a_viewer_looks_and_sends_nothing(desk: Desk, run_id: str, group: str, signed_in: SignedIn) -> None:
    """Neither by the button, which is not there, nor without it."""
    viewer = signed_in("viewer")

    pages = [viewer.get(f"/runs/{run_id}/publish"), viewer.get("/outbox")]
    refused = [
        viewer.send(f"/runs/{run_id}/publish", seen=f"{group}=1", to="csv"),
        viewer.send("/outbox/send"),
        viewer.send("/outbox/1/resolve", what="arrived", attempt="1"),
    ]

    assert [page.status_code for page in pages] == [200, 200]
    assert '<button class="button button-primary">' not in pages[0].text
    assert [page.status_code for page in refused] == [403, 403, 403]
    assert not desk.outbox.entries()


def test_hostile_names_stay_words(desk: Desk, run_id: str, signed_in: SignedIn) -> None:
    """On the page, in the preview, and in the outbox."""
    night = desk.nights.night(run_id)
    hostile = {one for one, person in night.dossier.people.items() if person.name in HOSTILE_NAMES}
    chosen = [one for one, members in night.suggestions.items() if hostile & set(members)]
    approve(desk, *chosen)
    browser = signed_in("organizer")

    pages = [browser.get(f"/runs/{run_id}/publish?preview={one}").text for one in chosen]

    assert chosen
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "1337" not in page
        assert "http://evil.example" not in page.partition('id="preview"')[2]


@pytest.fixture(name="doubtful")
def _doubtful(desk: Desk, clock: Clock, run_id: str, group: str) -> int:
    """A mail that a crash left begun, long ago."""
    member = desk.nights.night(run_id).suggestions[group][0]
    parcel = Parcel(run_id=run_id, suggestion=group, version=1, channel="smtp", recipient=member, payload="{}")
    desk.outbox.enqueue(parcel, now=clock.now)
    entry = desk.outbox.take_next(now=clock.now)
    assert entry is not None
    clock.now += 2 * SEND_LIMIT
    return entry.number


@pytest.mark.parametrize(("what", "state"), [("arrived", "sent"), ("again", "waiting")])
def test_an_organizer_says_what_became_of_a_doubt(
    desk: Desk, doubtful: int, what: str, state: str, signed_in: SignedIn
) -> None:
    """It is shown until then; and said twice, the second is told that it is too late."""
    browser = signed_in("organizer")

    page = browser.get("/outbox")
    said, late = (browser.send(f"/outbox/{doubtful}/resolve", what=what, attempt="1") for _ in range(2))
    publisher_of(desk).courier.wait()

    assert "In doubt" in page.text
    assert (said.status_code, late.status_code) == (303, 409)
    assert [(one.state, one.resolved_by) for one in desk.outbox.entries()] == [(state, "otto")]


def test_what_is_still_being_sent_is_not_in_doubt(desk: Desk, clock: Clock, doubtful: int, signed_in: SignedIn) -> None:
    """Else it could be sent twice: by whom is at it, and by who thinks that nobody is."""
    clock.now -= 2 * SEND_LIMIT
    browser = signed_in("organizer")

    page = browser.get("/outbox")
    refused = browser.send(f"/outbox/{doubtful}/resolve", what="again", attempt="1")

    assert "In doubt" not in page.text
    assert refused.status_code == 409
    assert [one.state for one in desk.outbox.entries()] == ["sending"]


@pytest.mark.parametrize("number", ["0", "999", "x", "1%00"])
def test_an_entry_that_is_not_there_is_a_plain_refusal(number: str, signed_in: SignedIn) -> None:
    """No other number, and nothing that is none, reaches anything."""
    refused = signed_in("organizer").send(f"/outbox/{number}/resolve", what="again", attempt="1")

    assert refused.status_code in (400, 404)
