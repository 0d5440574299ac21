"""Forming groups anew: what is held stays, what was rejected stays away, and what is taken is what was shown."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from matcher.arrangement.changes import weigh
from matcher.review import resolving
from matcher.review.anew import form_anew
from matcher.review.desk import Desk
from matcher.review.seeking import SEARCH, Search
from matcher.review.standing import party
from tests.review.at_desk import answer, decide, now_at, run_of, some
from tests.review.conftest import Browser, Clock
from tests.review.small_nights import browser_at, small_desk

SignedIn = Callable[[str], Browser]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Desk]:
    """Fourteen members of whom eleven sit: more could."""
    desk, database = small_desk(tmp_path)
    yield desk
    database.close()


def members_of(desk: Desk) -> dict[str, str]:
    """Members of the groups that stand, as one word each."""
    return {one.id: "".join(one.members) for one in now_at(desk).groups.values()}


def seek(browser: Browser, desk: Desk, *rest: str) -> httpx2.Response:
    """Form groups anew, with these members resting."""
    return browser.send(f"{run_of(desk)}/resolve", rest=list(rest))


def take(browser: Browser, desk: Desk, page: httpx2.Response, **other: str) -> httpx2.Response:
    """Take what the page shows."""
    found = re.findall(r'name="(fingerprint|rest)" value="([^"]*)"', page.text)
    fields: dict[str, str | list[str]] = {"fingerprint": [value for name, value in found if name == "fingerprint"]}
    fields["rest"] = [html.unescape(value) for name, value in found if name == "rest"]
    return browser.send(f"{run_of(desk)}/resolve/take", **{**fields, **other})


def test_looking_explains_what_is_held_and_what_does_not_come_back(small: Desk) -> None:
    """Before anything is computed."""
    browser = browser_at(small)
    decide(browser, small, "lock", "g-1")
    decide(browser, small, "reject", "g-2", why="too_far")

    page = browser.get(f"{run_of(small)}/resolve")

    assert page.status_code == 200
    assert "A, B, C and D" in page.text.partition("What does not come back")[0]
    assert "E, F and G" in page.text.partition("What does not come back")[2]
    assert "The other 1 may change" in page.text


def test_held_groups_stay_to_the_member(small: Desk) -> None:
    """Locked and approved ones; the others are as good as can be around them, and nobody sits twice."""
    browser = browser_at(small)
    decide(browser, small, "lock", "g-1")
    decide(browser, small, "approve", "g-2")

    page = seek(browser, small)
    taken = take(browser, small, page, words="More can meet.")

    after = members_of(small)
    assert (page.status_code, taken.status_code) == (200, 303)
    assert (after["g-1"], after["g-2"]) == ("abcd", "efg")
    assert sorted("".join(after.values())) == sorted(set("".join(after.values())))
    assert len("".join(after.values())) > 11
    event = small.decisions.events(small.nights.live_id())[-1]
    assert (event.kind, event.words) == ("resolve", "More can meet.")
    assert {"g-1", "g-2"}.isdisjoint(event.touched)


def test_the_page_shows_what_is_taken(small: Desk) -> None:
    """The diff names who comes, the objective is the sum of the groups afterwards, and nothing is better after that."""
    browser = browser_at(small)

    page = seek(browser, small)
    value = float(re.findall(r"All groups then</dt><dd>([\d.]+)", page.text)[0])
    take(browser, small, page)

    question = now_at(small).night.question
    weighed = weigh(question, [party(one.members) for one in now_at(small).groups.values()], [])
    assert value == pytest.approx(weighed.value_before, abs=0.0051)
    for name in re.findall(r'class="diff-came"><bdi>([^<]*)', page.text):
        assert {letter.lower() for letter in re.findall(r"\b[A-N]\b", name)} <= {*"".join(members_of(small).values())}
    assert "everything would stay as it is" in seek(browser, small).text


def test_a_rejected_group_does_not_come_back(small: Desk) -> None:
    """Neither the very same people nor more of them; they may sit with others."""
    browser = browser_at(small)
    for group in ("g-1", "g-2", "g-3"):
        decide(browser, small, "reject", group, why="weak_reason")

    take(browser, small, seek(browser, small))

    after = [{*members} for members in members_of(small).values()]
    assert after
    for rejected in ("abcd", "efg", "hijk"):
        assert not any({*rejected} <= group for group in after)
    assert now_at(small).draft.suggestions["g-1"].state == "rejected"


def test_whom_a_rejection_for_safety_parts_is_not_seated_together(small: Desk) -> None:
    """Nor is who does not want to meet somebody; and who left is not seated at all."""
    browser = browser_at(small)
    decide(browser, small, "reject", "g-1", why="safety")
    answer(small, "e", "not_with", other="f")
    answer(small, "n", "leave")

    take(browser, small, seek(browser, small))

    after = [{*members} for members in members_of(small).values()]
    assert all(len(group & {*"abcd"}) <= 1 for group in after)
    assert not any({*"ef"} <= group for group in after)
    assert not any("n" in group for group in after)


def test_who_rests_by_the_organizers_wish_sits_nowhere(small: Desk) -> None:
    """Held members cannot rest, and nobody else can who is not there."""
    browser = browser_at(small)
    decide(browser, small, "lock", "g-1")

    taken = take(browser, small, seek(browser, small, "e", "h"))
    refused, unknown = seek(browser, small, "a"), seek(browser, small, "<script>")

    assert taken.status_code == 303
    assert {"e", "h"}.isdisjoint("".join(members_of(small).values()))
    assert (refused.status_code, unknown.status_code) == (400, 400)
    assert "<script>" not in unknown.text


def test_who_is_in_an_approved_introduction_is_not_seated(small: Desk) -> None:
    """A night never does both; where an open one is in the way, the page says so."""
    browser = browser_at(small)

    noted = seek(browser, small)
    decide(browser, small, "approve", "i-1")
    take(browser, small, seek(browser, small))

    assert "i-1 introduces L and M" in noted.text
    assert {"l", "m"}.isdisjoint("".join(members_of(small).values()))


def test_what_somebody_changed_meanwhile_is_not_taken(small: Desk) -> None:
    """The page says who was first; what they did stays."""
    first, second = browser_at(small), browser_at(small, "admin")
    page = seek(first, small)
    assert 'name="fingerprint"' in page.text
    touched = {one for one in ("g-1", "g-2", "g-3") if f">{one}</a>: " in page.text}

    for group in touched:
        decide(second, small, "lock", group)
    refused = take(first, small, page, words="I had thought about it.")

    assert refused.status_code == 409
    assert "ada locked it" in refused.text
    assert "I had thought about it." in refused.text
    assert members_of(small) == {"g-1": "abcd", "g-2": "efg", "g-3": "hijk"}


def test_what_is_not_remembered_is_sought_again_and_compared(small: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a restart of the desk the same groups are found, and taken; others are not."""
    browser = browser_at(small)
    page = seek(browser, small)

    monkeypatch.setattr(resolving, "SEARCH", Search())
    forged = browser.send(f"{run_of(small)}/resolve/take", fingerprint="0" * 64)
    unsaid = browser.send(f"{run_of(small)}/resolve/take")
    monkeypatch.setattr(resolving, "SEARCH", Search())
    taken = take(browser, small, page)

    assert (forged.status_code, unsaid.status_code, taken.status_code) == (409, 400, 303)


def test_an_answer_that_came_meanwhile_counts(small: Desk) -> None:
    """Who left after the page was shown is not seated by it."""
    browser = browser_at(small)
    page = seek(browser, small)
    answer(small, "n", "leave")

    refused = take(browser, small, page)

    assert refused.status_code == 400
    assert "Somebody may not be asked any more." in refused.text


def test_a_second_search_at_the_same_time_is_told_to_wait(small: Desk) -> None:
    """One organizer's search does not stop the desk for the others."""
    browser = browser_at(small)

    with SEARCH.turn:
        busy = seek(browser, small)

    assert busy.status_code == 503
    assert "another organizer" in busy.text
    assert seek(browser, small).status_code == 200


def test_a_viewer_sees_what_is_held_and_computes_nothing(small: Desk) -> None:
    """Seeking takes seconds of the machine, taking changes the plan: both are for organizers."""
    viewer = browser_at(small, "viewer")

    answers = [seek(viewer, small), viewer.send(f"{run_of(small)}/resolve/take", fingerprint="0" * 64)]

    assert [one.status_code for one in answers] == [403, 403]
    assert viewer.get(f"{run_of(small)}/resolve").status_code == 200


def test_a_search_that_takes_too_long_is_cut_short_and_says_so(desk: Desk, signed_in: SignedIn, clock: Clock) -> None:
    """The best groups found by then are shown, and are legal."""
    browser, now = signed_in("organizer"), now_at(desk)

    def hurrying() -> bool:
        clock.now += timedelta(seconds=1)
        return False

    means = replace(desk.means(), stop=lambda: clock.now > now_stop or hurrying())
    now_stop = clock.now + timedelta(seconds=3)
    anew = form_anew(now, means, ())

    weighed = weigh(now.question(), [], [party(one) for one in anew.lists.values() if one])
    assert anew.objective.was_cut_short
    assert not weighed.broken
    assert browser.get(f"{run_of(desk)}/resolve").status_code == 200


def test_a_search_without_any_time_leaves_what_stands(desk: Desk) -> None:
    """However many circles of members there are: each keeps its groups, and it is said that nothing was sought."""
    anew = form_anew(now_at(desk), replace(desk.means(), stop=lambda: True), ())

    assert anew.objective.was_cut_short
    assert {one.kind for one in anew.difference.groups} <= {"stayed", "new"}
    assert anew.objective.value >= anew.value_before - 1e-9


def test_a_real_night_is_formed_anew_around_locks(desk: Desk, signed_in: SignedIn) -> None:
    """Reject some, lock one: the diff is told, and every group afterwards breaks no rule."""
    browser, groups = signed_in("organizer"), [some(desk, "g-", at) for at in range(7)]
    decide(browser, desk, "reject", *groups[1:], why="wrong_people")
    decide(browser, desk, "lock", groups[0])
    locked = now_at(desk).groups[groups[0]].members

    page = seek(browser, desk)
    taken = take(browser, desk, page)

    assert (page.status_code, taken.status_code) == (200, 303)
    assert now_at(desk).groups[groups[0]].members == locked
    for rejected in now_at(desk).barred:
        assert not any(rejected <= {*one.members} for one in now_at(desk).groups.values())
    everyone = [party(one.members) for one in now_at(desk).groups.values()]
    assert not weigh(now_at(desk).question(), [], everyone).broken
    assert "<script>alert" not in page.text
