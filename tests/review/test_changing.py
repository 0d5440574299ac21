"""Changing members: the cost before, the rules, and that what is made is what was looked at."""

import html
import re
from collections.abc import Callable

import httpx2
import pytest

from matcher.arrangement.changes import RULES, best_changes, weigh
from matcher.review.changing import as_text
from matcher.review.desk import Desk
from matcher.review.figures import number, verdict, worth_of
from matcher.review.offering import offers
from matcher.review.previews import preview, weigh_lists
from matcher.review.standing import party
from matcher.review.wishes import CHANGES, Wish, carried_out
from matcher.storage.workspace import Workspace
from tests.review.at_desk import add_gathering, answer, decide, now_at, run_of, some
from tests.review.conftest import Browser

SignedIn = Callable[[str], Browser]


def legal(desk: Desk, kind: str = "swap") -> Wish:
    """The first change of a kind that breaks no rule."""
    now = now_at(desk)
    found = [one.wish for group in now.groups.values() for one in offers(now, group)]
    return next(wish for wish in found if wish.kind == kind)


def fields_of(page: httpx2.Response, address: str) -> dict[str, str | list[str]]:
    """The form on a page that is sent to this address, as a browser would send it."""
    form = next(one for one in page.text.split("<form")[1:] if f'action="{address}"' in one and "post" in one[:60])
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form.split("</form>")[0]):
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    return {name: values for name, values in found.items() if name != "secret"}


def make(browser: Browser, desk: Desk, wish: Wish, **other: str | list[str]) -> httpx2.Response:
    """Look at a change, then make it."""
    page = browser.get(wish.address(desk.nights.live_id()))
    assert page.status_code == 200, page.text
    address = f"{run_of(desk)}/change"
    return browser.send(address, **{**fields_of(page, address), **other})


@pytest.mark.parametrize("kind", ["swap", "add"])
def test_the_preview_shows_what_the_arrangement_weighs(desk: Desk, signed_in: SignedIn, kind: str) -> None:
    """The same numbers, in the same direction, beside what all groups are worth."""
    now, wish = now_at(desk), legal(desk, kind)
    lists = carried_out(now, wish)
    before = [party(now.groups[one].members) for one in lists]
    weighed = weigh(now.night.question, before, [party(one or ()) for one in lists.values()])

    page = signed_in("viewer").get(wish.address(desk.nights.live_id()))

    assert page.status_code == 200
    assert html.unescape(page.text).count(verdict(weighed.value_before, weighed.value_after, worth_of(now.night))) == 1
    for group in (*weighed.before, *weighed.after):
        assert f"<dd>{number(group.value)}</dd>" in page.text
    assert "Make this change" not in page.text, "a viewer only looks"


def test_all_that_the_night_formed_is_worth_what_the_plan_says(desk: Desk) -> None:
    """What changes are compared with is the sum over the groups."""
    now = now_at(desk)

    weighed = weigh(now.night.question, [party(one.members) for one in now.groups.values()], [])

    assert worth_of(now.night) == pytest.approx(weighed.value_before)


@pytest.mark.parametrize("kind", ["swap", "add"])
def test_a_change_is_made_as_it_was_looked_at_and_undone_whole(desk: Desk, signed_in: SignedIn, kind: str) -> None:
    """The members afterwards are those of the preview; after the undo all is as it was."""
    browser, wish = signed_in("organizer"), legal(desk, kind)
    before, lists = now_at(desk).draft.suggestions, carried_out(now_at(desk), wish)

    done = make(browser, desk, wish, words="They asked for it.")
    after = now_at(desk).draft.suggestions
    undone = browser.send(f"{run_of(desk)}/undo", event="1")

    assert (done.status_code, undone.status_code) == (303, 303)
    assert {one: after[one].members for one in lists} == lists
    assert desk.decisions.events(desk.nights.live_id())[0].words == "They asked for it."
    assert {one: seen.members for one, seen in now_at(desk).draft.suggestions.items()} == {
        one: seen.members for one, seen in before.items()
    }


def test_a_split_makes_a_group_and_a_merge_dissolves_one(desk: Desk, signed_in: SignedIn) -> None:
    """Where the sizes allow neither, the page says which rule is broken, and has no button."""
    browser, now = signed_in("organizer"), now_at(desk)
    first, second = list(now.groups.values())[:2]

    split = browser.get(Wish(kind="split", group=first.id, part=first.members[:2]).address(desk.nights.live_id()))
    merged = browser.get(Wish(kind="merge", group=first.id, to=second.id).address(desk.nights.live_id()))

    for page in (split, merged):
        assert page.status_code == 200
        assert RULES["size"] in page.text
        assert "Make this change" not in page.text
    assert "A new group" in split.text
    assert "It is dissolved." in merged.text


def test_a_broken_rule_is_refused_by_its_name_whatever_the_form_says(desk: Desk, signed_in: SignedIn) -> None:
    """A form made by hand gets no further than the button that is not there."""
    browser, now = signed_in("organizer"), now_at(desk)
    group = now.groups[some(desk, "g-")]
    wish = Wish(kind="split", group=group.id, part=group.members[:2])
    lists = carried_out(now, wish)

    refused = browser.send(
        f"{run_of(desk)}/change", kind="split", group=group.id, part=list(group.members[:2]),
        suggestion=group.id, version="0", lists=as_text(lists),
    )  # fmt: skip

    assert refused.status_code == 400
    assert RULES["size"] in refused.text
    assert not desk.decisions.events(desk.nights.live_id())


def test_other_lists_than_those_shown_are_never_taken(desk: Desk, signed_in: SignedIn) -> None:
    """The server computes them itself; a form that says others is refused."""
    browser, wish = signed_in("organizer"), legal(desk)

    refused = make(browser, desk, wish, lists='{"g-1": ["nobody"]}')
    more = make(browser, desk, wish, suggestion=[wish.group, some(desk, "i-")], version=["0", "0"])

    assert (refused.status_code, more.status_code) == (409, 409)
    assert not desk.decisions.events(desk.nights.live_id())


def test_whoever_changes_second_is_told_and_keeps_their_words(desk: Desk, signed_in: SignedIn) -> None:
    """Nothing of theirs is recorded; the page leads to the same change as it would be now."""
    first, second, wish = signed_in("organizer"), signed_in("admin"), legal(desk)
    page = second.get(wish.address(desk.nights.live_id()))
    address = f"{run_of(desk)}/change"

    decide(first, desk, "note", wish.group, words="Wait.")
    refused = second.send(address, **{**fields_of(page, address), "words": "I had thought about it."})

    assert refused.status_code == 409
    assert "otto wrote a note" in refused.text
    assert "I had thought about it." in refused.text
    assert html.escape(wish.address(desk.nights.live_id())) in refused.text
    assert len(desk.decisions.events(desk.nights.live_id())) == 1


def test_locked_groups_cannot_be_touched(desk: Desk, signed_in: SignedIn) -> None:
    """From either side of a swap; nor are such changes offered."""
    browser, wish = signed_in("organizer"), legal(desk)
    other = now_at(desk).seat_of.get(wish.other)

    decide(browser, desk, "lock", wish.group)
    page = browser.get(wish.address(desk.nights.live_id()))

    assert f"{wish.group} is locked. Unlock it first." in page.text
    assert "Make this change" not in page.text
    offered = [one.wish for group in now_at(desk).groups.values() for one in offers(now_at(desk), group)]
    assert wish.group not in {one.group for one in offered} | {one.to for one in offered}
    assert other != wish.group


def test_who_is_kept_apart_since_cannot_be_brought_together(desk: Desk, signed_in: SignedIn) -> None:
    """By an answer, and by a rejection; of a rejection the page says which, of an answer nothing."""
    browser, wish = signed_in("organizer"), legal(desk)
    group = carried_out(now_at(desk), wish)[wish.group] or ()
    companion = next(one for one in group if one != wish.other)

    answer(desk, companion, "not_with", other=wish.other)
    page = browser.get(wish.address(desk.nights.live_id()))

    names = now_at(desk).names(sorted([companion, wish.other]))
    assert f"These two are kept apart. It concerns {names}." in html.unescape(page.text)
    assert "Make this change" not in page.text
    assert make_refused(browser, desk, wish) == 400


def make_refused(browser: Browser, desk: Desk, wish: Wish) -> int:
    """Status of a form as it would have been before somebody answered."""
    lists = carried_out(now_at(desk), wish)
    draft = now_at(desk).draft
    return browser.send(
        f"{run_of(desk)}/change",
        **dict(wish.fields()),
        suggestion=[*lists],
        version=[str(draft.version_of(one)) for one in lists],
        lists=as_text(lists),
    ).status_code


def test_a_rejection_for_safety_keeps_all_of_them_apart_and_says_so(desk: Desk, signed_in: SignedIn) -> None:
    """Until it is undone; the group itself may be changed, and is open again."""
    browser, now = signed_in("organizer"), now_at(desk)
    unsafe, other = list(now.groups.values())[:2]

    decide(browser, desk, "reject", unsafe.id, why="safety")
    first = Wish(kind="swap", group=other.id, member=other.members[0], other=unsafe.members[0])
    lists = carried_out(now_at(desk), first)
    swapped = preview(now_at(desk), {other.id: (*(lists[other.id] or ())[:2], *unsafe.members[:2])})

    said = [why for why in swapped.refusals if why.startswith("These two are kept apart.")]
    assert any(f"(by the rejection of {unsafe.id})" in why for why in said)


def test_the_best_changes_are_offered_and_each_can_be_made(desk: Desk, signed_in: SignedIn) -> None:
    """What is offered breaks no rule, costs what is said, and leads to its preview."""
    browser, now = signed_in("organizer"), now_at(desk)
    group = next(one for one in now.groups.values() if offers(now, one))
    best = best_changes(now.night.question, [party(one.members) for one in now.groups.values()], party(group.members))

    page = browser.get(f"{run_of(desk)}/change?kind=swap&group={group.id}")
    offered = offers(now, group)

    assert page.status_code == 200
    for one, known in zip(offered, best, strict=True):
        assert html.escape(one.wish.address(desk.nights.live_id())) in page.text
        weighed = weigh_lists(now, carried_out(now, one.wish))
        assert not weighed.broken
        assert weighed.difference == pytest.approx(known.difference)
        assert "Make this change" in browser.get(one.wish.address(desk.nights.live_id())).text


def test_who_left_is_neither_offered_nor_let_in(desk: Desk, signed_in: SignedIn) -> None:
    """They may still be taken out of a group."""
    browser, wish = signed_in("organizer"), legal(desk, "add")

    answer(desk, wish.member, "leave")
    page = browser.get(wish.address(desk.nights.live_id()))
    choices = browser.get(f"{run_of(desk)}/change?kind=add&group={wish.group}")

    assert "Somebody may not be asked any more." in page.text
    assert f'value="{wish.member}"' not in choices.text
    assert wish.member not in {one.wish.member for one in offers(now_at(desk), now_at(desk).groups[wish.group])}


@pytest.mark.parametrize("kind", CHANGES)
def test_what_is_missing_is_asked_for_without_a_script(desk: Desk, signed_in: SignedIn, kind: str) -> None:
    """One question after the other, each a form that asks the next."""
    browser, group = signed_in("viewer"), some(desk, "g-")
    address = f"{run_of(desk)}/change?kind={kind}&group={group}"

    for _ in range(3):
        page = browser.get(address)
        assert page.status_code == 200
        choices = re.findall(r'type="(?:radio|checkbox)" name="(\w+)" value="([^"]*)"', page.text)
        if not choices:
            break
        field, value = choices[0]
        address += f"&{field}={html.unescape(value)}"

    assert "Before" in page.text
    assert "After" in page.text


def test_a_list_to_choose_from_can_be_searched(desk: Desk, signed_in: SignedIn) -> None:
    """By a part of the name; names that are attacks stay text."""
    browser, now = signed_in("viewer"), now_at(desk)
    group = some(desk, "g-")
    others = [one for one in now.night.question.members if one not in now.groups[group].members]
    name = now.name(others[-1])

    page = browser.get(f"{run_of(desk)}/change?kind=swap&group={group}&member={now.groups[group].members[0]}&q={name}")
    nobody = browser.get(f"{run_of(desk)}/change?kind=merge&group={group}&q=zzzzzz")

    assert page.text.count('type="radio"') == sum(name in now.name(one) for one in others)
    assert "There is nobody to choose of that name." in nobody.text


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("kind=marry&group={g}", 400),
        ("group={g}", 400),
        ("kind=swap&group=g-nowhere", 404),
        ("kind=swap&group={i}", 400),
        ("kind=swap&group={t}", 400),
        ("kind=swap&group={g}&member=nobody&with=nobody", 400),
        ("kind=move&group={g}&member={m}&to={g}", 400),
        ("kind=merge&group={g}&to={i}", 400),
        ("kind=add&group={g}&member=%3Cscript%3E", 404),
        ("kind=add&group={g}&member={m}", 400),
        ("kind=split&group={g}&part=nobody", 400),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_page(
    workspace: Workspace, desk: Desk, signed_in: SignedIn, asked: str, status: int
) -> None:
    """Whatever stands in the address; never with a fault of ours."""
    gathering = add_gathering(workspace)
    group = some(desk, "g-")
    known = {"g": group, "i": some(desk, "i-"), "t": gathering, "m": now_at(desk).groups[group].members[0]}

    page = signed_in("organizer").get(f"{run_of(desk)}/change?{asked.format(**known)}")

    assert page.status_code == status
    assert "<script>" not in page.text


def test_somebody_may_be_taken_out_of_a_gathering_while_enough_are_left(
    workspace: Workspace, desk: Desk, signed_in: SignedIn
) -> None:
    """The cost is what they gain by it, and the page says that nothing else is weighed."""
    gathering, browser = add_gathering(workspace, n_members=9), signed_in("organizer")
    first, second = now_at(desk).draft.suggestions[gathering].members[:2]
    wish = Wish(kind="remove", group=gathering, member=first)

    page = browser.get(wish.address(desk.nights.live_id()))
    done = make(browser, desk, wish)
    too_few = browser.get(Wish(kind="remove", group=gathering, member=second).address(desk.nights.live_id()))

    assert "was worth 1.90, 14 % of what all gain by it" in page.text
    assert "not weighed anew" in page.text
    assert done.status_code == 303
    assert len(now_at(desk).draft.suggestions[gathering].members) == 8
    assert "A gathering has at least 8 members; there would be 7." in too_few.text
    assert "Make this change" not in too_few.text


def test_a_changed_group_that_was_approved_is_open_again(desk: Desk, signed_in: SignedIn) -> None:
    """The preview says so first."""
    browser, wish = signed_in("organizer"), legal(desk)

    decide(browser, desk, "approve", wish.group)
    page = browser.get(wish.address(desk.nights.live_id()))
    make(browser, desk, wish)

    assert f"{wish.group} is approved; with other members it is open again." in page.text
    assert now_at(desk).draft.suggestions[wish.group].state == "open"
