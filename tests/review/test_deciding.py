"""Approving, rejecting, locking, noting: what is recorded, what is refused, and who is told that somebody was first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from matcher.review.desk import Desk
from matcher.storage.workspace import Workspace
from matcher.tables.decisions import REJECT_REASONS
from tests.review.at_desk import add_gathering, answer, decide, now_at, run_of, some
from tests.review.conftest import Browser, Clock

SignedIn = Callable[[str], Browser]


def test_an_approved_suggestion_says_so_on_the_next_page(desk: Desk, signed_in: SignedIn) -> None:
    """After the decision the browser is sent to where it wanted to go."""
    browser, group = signed_in("organizer"), some(desk, "g-")

    done = decide(browser, desk, "approve", group, next=f"{run_of(desk)}?page=2")

    assert (done.status_code, done.headers["location"]) == (303, f"{run_of(desk)}?page=2")
    assert now_at(desk).draft.suggestions[group].state == "approved"
    assert now_at(desk).draft.suggestions[group].by == "otto"
    assert f"Approved: {group}." in browser.get("/account").text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"])
def test_nobody_is_sent_to_another_host(desk: Desk, signed_in: SignedIn, elsewhere: str) -> None:
    """Whatever the form says; the decision counts all the same."""
    done = decide(signed_in("organizer"), desk, "approve", some(desk, "g-"), next=elsewhere)

    assert done.status_code == 303
    assert done.headers["location"] == "/"


@pytest.mark.parametrize("why", REJECT_REASONS)
def test_a_rejection_keeps_its_reason_and_words(desk: Desk, signed_in: SignedIn, why: str) -> None:
    """Of any kind of suggestion."""
    browser, group = signed_in("organizer"), some(desk, "i-")

    done = decide(browser, desk, "reject", group, why=why, words="As we <b>said</b>.")

    assert done.status_code == 303
    rejected = now_at(desk).draft.suggestions[group]
    assert (rejected.state, rejected.why, rejected.words) == ("rejected", why, "As we <b>said</b>.")


def test_locks_and_notes_leave_the_state_as_it_is(desk: Desk, signed_in: SignedIn) -> None:
    """A lock, its end and a note; each is one event."""
    browser, group = signed_in("organizer"), some(desk, "g-")

    answers = [decide(browser, desk, "lock", group), decide(browser, desk, "note", group, words="Ask Mia.")]
    locked = now_at(desk).draft.suggestions[group]
    answers.append(decide(browser, desk, "unlock", group))

    assert [one.status_code for one in answers] == [303, 303, 303]
    assert (locked.is_locked, locked.note, locked.state) == (True, "Ask Mia.", "open")
    assert not now_at(desk).draft.suggestions[group].is_locked


def test_several_are_decided_at_once_or_not_at_all(desk: Desk, signed_in: SignedIn) -> None:
    """One event for all; one stale version and nothing of it is recorded."""
    browser, groups = signed_in("organizer"), [some(desk, "g-", at) for at in range(3)]

    decide(browser, desk, "approve", *groups[:2])
    refused = decide(browser, desk, "approve", *groups, versions=[1, 0, 0])

    assert len(desk.decisions.events(desk.nights.live_id())) == 1
    assert refused.status_code == 409
    assert [now_at(desk).draft.suggestions[one].state for one in groups] == ["approved", "approved", "open"]


def test_those_that_were_chosen_in_a_list_are_decided_or_the_one_beside_the_button(
    desk: Desk, signed_in: SignedIn
) -> None:
    """A list sends each with its version in one field; a button of one of them stands for that one alone."""
    browser, groups = signed_in("organizer"), [some(desk, "g-", at) for at in range(4)]
    chosen = [f"{one} 0" for one in groups[:2]]

    both = browser.send(f"{run_of(desk)}/decide", kind="approve", chosen=chosen)
    alone = browser.send(f"{run_of(desk)}/decide", kind="approve", chosen=[f"{groups[2]} 0"], only=f"{groups[3]} 0")
    none = browser.send(f"{run_of(desk)}/decide", kind="approve")

    assert (both.status_code, alone.status_code, none.status_code) == (303, 303, 400)
    states = [now_at(desk).draft.suggestions[one].state for one in groups]
    assert states == ["approved", "approved", "open", "approved"]


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"kind": "publish"}, id="not-by-this-page"),
        pytest.param({"kind": "undo"}, id="needs-an-event"),
        pytest.param({"kind": "reject", "why": "because"}, id="no-such-reason"),
        pytest.param({"kind": "reject", "why": "other"}, id="other-without-words"),
        pytest.param({"version": "-1"}, id="no-version"),
        pytest.param({"version": "9" * 30}, id="too-long-a-version"),
        pytest.param({"version": "7"}, id="a-version-of-the-future"),
        pytest.param({"version": ["0", "0"]}, id="unpaired"),
        pytest.param({"suggestion": []}, id="about-nothing"),
        pytest.param({"suggestion": [], "version": [], "chosen": "no version"}, id="chosen-without-a-version"),
        pytest.param({"words": "x" * 1001}, id="too-many-words"),
    ],
)
def test_a_form_that_cannot_be_meant_is_refused(desk: Desk, signed_in: SignedIn, fields: dict[str, str]) -> None:
    """With a page that says why, and no trace."""
    form = {"kind": "approve", "suggestion": some(desk, "g-"), "version": "0", **fields}

    refused = signed_in("organizer").send(f"{run_of(desk)}/decide", **form)

    assert refused.status_code == 400
    assert not desk.decisions.events(desk.nights.live_id())


@pytest.mark.parametrize("suggestion", ["g-ffffffffffff", "<script>alert(1)</script>", "\x00", "+1"])
def test_a_suggestion_of_another_night_is_not_there(desk: Desk, signed_in: SignedIn, suggestion: str) -> None:
    """Nothing is recorded about what is not there; what was sent is shown as text at most."""
    refused = decide(signed_in("organizer"), desk, "approve", suggestion)

    assert refused.status_code == 404
    assert "<script>alert" not in refused.text
    assert not desk.decisions.events(desk.nights.live_id())


def test_a_viewer_decides_nothing(desk: Desk, signed_in: SignedIn) -> None:
    """Nor does a form without its secret."""
    viewer, organizer, group = signed_in("viewer"), signed_in("organizer"), some(desk, "g-")

    by_viewer = decide(viewer, desk, "approve", group)
    forged = organizer.client.post(
        f"{run_of(desk)}/decide", data={"kind": "approve", "suggestion": group, "version": "0"}
    )

    assert (by_viewer.status_code, forged.status_code) == (403, 403)
    assert not desk.decisions.events(desk.nights.live_id())


@pytest.mark.parametrize("kind", ["g-", "i-", "t-"])
def test_who_left_or_pauses_is_not_approved_any_more(
    workspace: Workspace, desk: Desk, signed_in: SignedIn, clock: Clock, kind: str
) -> None:
    """The refusal names them; when the pause is over it can be approved."""
    add_gathering(workspace)
    browser, suggestion = signed_in("organizer"), some(desk, kind)
    member = now_at(desk).draft.suggestions[suggestion].members[-1]
    name = now_at(desk).name(member)

    answer(desk, member, "pause", until=desk.clock() + timedelta(days=30))
    refused = decide(browser, desk, "approve", suggestion)
    clock.now += timedelta(days=31)
    accepted = decide(signed_in("organizer"), desk, "approve", suggestion)
    answer(desk, member, "leave")
    left = decide(signed_in("organizer"), desk, "approve", suggestion)

    assert refused.status_code == 400
    assert f"may not be asked any more. It concerns {name}" in refused.text
    assert accepted.status_code == 303
    assert left.status_code == 400


@pytest.mark.parametrize("kind", ["g-", "i-", "t-"])
def test_who_does_not_want_to_meet_somebody_is_kept_apart_and_not_betrayed(
    workspace: Workspace, desk: Desk, signed_in: SignedIn, kind: str
) -> None:
    """The page reads the same whichever of the two it was, and says nothing of an answer."""
    add_gathering(workspace)
    browser, suggestion = signed_in("organizer"), some(desk, kind)
    one, other = now_at(desk).draft.suggestions[suggestion].members[-2:]

    answer(desk, one, "not_with", other=other)
    refused = decide(browser, desk, "approve", suggestion)
    answer(desk, one, "with_again", other=other)
    answer(desk, other, "not_with", other=one)
    refused_too = decide(browser, desk, "approve", suggestion)

    assert refused.status_code == 400
    assert "These two are kept apart." in refused.text
    assert refused_too.text == refused.text
    assert "answer" not in refused.text
    assert now_at(desk).draft.suggestions[suggestion].state == "open"


def test_whoever_comes_second_is_told_who_was_first_and_keeps_their_words(desk: Desk, signed_in: SignedIn) -> None:
    """The page shows the suggestion as it is now, and offers to decide all the same."""
    first, second, group = signed_in("organizer"), signed_in("admin"), some(desk, "g-")

    decide(first, desk, "approve", group)
    conflict = decide(second, desk, "reject", group, versions=[0], why="too_far", words="Typed with <care> & love")

    assert conflict.status_code == 409
    assert "otto approved it at 2026-03-02" in conflict.text
    assert "approved" in conflict.text
    assert "Typed with &lt;care&gt; &amp; love" in conflict.text
    assert f'href="{run_of(desk)}/suggestions/{group}"' in conflict.text
    assert now_at(desk).draft.suggestions[group].state == "approved"

    again = second.send(
        f"{run_of(desk)}/decide", suggestion=group, version="1", kind="reject", why="too_far", words="Typed"
    )

    assert again.status_code == 303
    assert now_at(desk).draft.suggestions[group].state == "rejected"


def test_of_fifty_who_approve_at_once_one_wins_and_the_others_are_told(desk: Desk, signed_in: SignedIn) -> None:
    """All saw the same version; the app, its threads and the database settle it."""
    browsers = [signed_in(role) for role in ("organizer", "admin")]
    group, address = some(desk, "g-"), f"{run_of(desk)}/decide"
    secrets = [browser.secret for browser in browsers]
    form = {"kind": "approve", "suggestion": group, "version": "0"}

    def approve(number: int) -> int:
        client, secret = browsers[number % 2].client, secrets[number % 2]
        return client.post(address, data={"secret": secret, **form}).status_code

    with ThreadPoolExecutor(max_workers=50) as threads:
        answers = sorted(threads.map(approve, range(50)))

    assert answers == [303] + [409] * 49
    assert len(desk.decisions.events(desk.nights.live_id())) == 1
