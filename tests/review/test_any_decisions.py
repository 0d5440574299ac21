"""Whatever organizers send: nobody sits twice, no rule is broken, and what is undone is as it was."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.arrangement.changes import weigh, weigh_group
from matcher.errors import InputError
from matcher.review.changing import as_text
from matcher.review.desk import Desk
from matcher.review.previews import preview
from matcher.review.standing import Standing, party
from matcher.review.wishes import CHANGES, Lists, Wish, carried_out
from matcher.tables.decisions import KINDS, REJECT_REASONS
from matcher.tables.drafts import Draft
from tests.review.at_desk import answer, decide, now_at, run_of
from tests.review.conftest import Browser
from tests.review.small_nights import browser_at, small_desk
from tests.review.test_resolving import take
from tests.unit.arrangement.desks import LETTERS

DISLIKES = {("a", "e"): 0.0, ("b", "f"): 0.1, ("c", "h"): 0.0, ("d", "m"): 0.2, ("i", "l"): 0.0}
N_MEMBERS = 14

Step = tuple[int, int, int, int]
steps = st.lists(st.tuples(*(st.integers(0, 59) for _ in range(4))), min_size=1, max_size=12)
CHANGE_KINDS, SIMPLE_KINDS = list(CHANGES), ["approve", "reject", "lock", "unlock", "note"]


@contextmanager
def a_desk() -> Iterator[tuple[Desk, Browser]]:
    """A new desk, and an organizer at it."""
    with tempfile.TemporaryDirectory() as folder:
        desk, database = small_desk(Path(folder), DISLIKES)
        yield desk, browser_at(desk)
        if desk.publisher:
            desk.publisher.courier.wait()
        database.close()


def wish_for(now: Standing, step: Step) -> Wish:
    """Some change; it may well be impossible."""
    what, one, two, three = step
    groups = [one for one in now.draft.suggestions.values() if one.id[0] in "gn"]
    group, to = groups[one % len(groups)], groups[two % len(groups)]
    able = LETTERS[:N_MEMBERS]
    kind = CHANGE_KINDS[what % len(CHANGE_KINDS)]
    member = able[three % N_MEMBERS] if kind == "add" else group.members[three % len(group.members)]
    part = group.members[: max(1, two % len(group.members))] if kind == "split" else ()
    return Wish(kind=kind, group=group.id, member=member, other=able[two % N_MEMBERS], to=to.id, part=part)


def lists_of(now: Standing, wish: Wish) -> Lists:
    """What the wish leads to; nothing where it is impossible."""
    try:
        return carried_out(now, wish)
    except InputError:
        return {}


def send_change(browser: Browser, desk: Desk, wish: Wish, lists: Lists) -> httpx2.Response:
    """The form that the preview of these lists would send."""
    draft = now_at(desk).draft
    ids = [one for one in lists if not one.startswith("+")]
    versions = [str(draft.version_of(one)) for one in ids]
    fields: dict[str, str | list[str]] = {
        "kind": wish.kind, "group": wish.group, "member": wish.member, "with": wish.other, "to": wish.to,
        "part": list(wish.part), "suggestion": ids, "version": versions, "lists": as_text(lists),
    }  # fmt: skip
    return browser.send(f"{run_of(desk)}/change", **fields)


def send(browser: Browser, desk: Desk, step: Step) -> httpx2.Response:
    """One thing that an organizer may send; a member answers now and then."""
    what, one, two, three = step
    now = now_at(desk)
    match what % 12:
        case 0 | 1 | 2 | 3 | 4:
            wish = wish_for(now, step)
            return send_change(browser, desk, wish, lists_of(now, wish))
        case 5 | 6 | 7:
            suggestion = list(now.draft.suggestions)[one % len(now.draft.suggestions)]
            why = list(REJECT_REASONS)[two % len(REJECT_REASONS)]
            return decide(browser, desk, SIMPLE_KINDS[three % 5], suggestion, why=why, words="as we said")
        case 8:
            return browser.send(f"{run_of(desk)}/undo", event=str(1 + one % 12))
        case 9:
            seen = " ".join(f"{one.id}={one.version}" for one in now.draft.suggestions.values())
            return browser.send(f"{run_of(desk)}/publish", to="csv", seen=seen)
        case 10:
            return take(browser, desk, browser.send(f"{run_of(desk)}/resolve"))
        case _:
            other = LETTERS[(one + 1 + two % (N_MEMBERS - 1)) % N_MEMBERS]
            answer(desk, LETTERS[one % N_MEMBERS], "not_with" if three % 2 else "leave", other=other)
            return browser.send(f"{run_of(desk)}/resolve")


def check_kept(before: Draft, after: Draft) -> None:
    """What is locked or published stays to the member, unless it was unlocked; what was published stays published."""
    for one in before.suggestions.values():
        then = after.suggestions.get(one.id)
        if one.is_published or (one.is_locked and not (then and not then.is_locked)):
            assert then is not None
            assert then.members == one.members
            assert then.published_version == one.published_version or one.published_version is None


@settings(max_examples=25)
@given(taken=steps)
def test_whatever_is_sent_nobody_sits_twice_and_no_rule_is_broken(taken: list[Step]) -> None:
    """After each form; what was approved may go to its members at the moment at which it was."""
    with a_desk() as (desk, browser):
        for step in taken:
            before = now_at(desk).draft
            n_before = len(desk.decisions.events(desk.nights.live_id()))

            sent = send(browser, desk, step)

            now, events = now_at(desk), desk.decisions.events(desk.nights.live_id())
            assert sent.status_code in (200, 303, 400, 404, 409)
            assert len(events) <= n_before + (sent.status_code in (303, 409))
            assert sent.status_code != 303 or len(events) == n_before + 1 or "/outbox" in sent.headers["location"]
            check_kept(before, now.draft)
            seats = Counter(member for group in now.groups.values() for member in group.members)
            assert max(seats.values(), default=0) <= 1
            if len(events) > n_before and events[-1].kind in ("change", "resolve"):
                for one in events[-1].lists:
                    if one in now.groups:
                        assert not weigh_group(now.question(), party(now.groups[one].members)).broken
            if len(events) > n_before and events[-1].kind == "approve":
                for one in events[-1].touched:
                    members = now.draft.suggestions[one].members
                    assert not any(now.rests(member) for member in members)
                    assert not any({*pair} <= {*members} for pair in now.elsewhere.never_together)


@settings(max_examples=25)
@given(first=steps, step=st.tuples(*(st.integers(0, 59) for _ in range(4))))
def test_a_preview_says_what_the_arrangement_weighs_and_has_a_button_just_where_it_can_be_made(
    first: list[Step], step: Step
) -> None:
    """For any change after any others: the numbers, the rules, and that the form behind the button is taken."""
    with a_desk() as (desk, browser):
        for one in first[:4]:
            if one[0] % 12 < 9:  # none that seeks groups: that takes long
                send(browser, desk, one)
        now = now_at(desk)
        wish = wish_for(now, step)
        lists = lists_of(now, wish)
        if not lists:
            return
        before = {one.id: one.members for one in now.draft.suggestions.values()}

        seen = preview(now, lists)
        page = browser.get(wish.address(desk.nights.live_id()))
        made = send_change(browser, desk, wish, lists)

        standing = [party(now.groups[one].members) for one in lists if one in now.groups]
        weighed = weigh(now.question(but=lists), standing, [party(one) for one in lists.values() if one])
        assert page.status_code == 200
        assert ("Make this change" in page.text) == (not seen.refusals)
        assert (made.status_code == 303) == (not seen.refusals)
        assert not weighed.broken or seen.refusals
        if made.status_code == 303:
            number = str(desk.decisions.events(desk.nights.live_id())[-1].number)
            undone = browser.send(f"{run_of(desk)}/undo", event=number)
            assert undone.status_code == 303
            assert {one.id: one.members for one in now_at(desk).draft.suggestions.values()} == before


def test_every_kind_of_decision_is_told_in_words() -> None:
    """The log has words for all of them."""
    assert all(KINDS.values())
