"""What the first page of a night promises: everything that was proposed, found, sorted and counted."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import httpx2
import pytest

from matcher.review.desk import Desk
from matcher.review.overview import PER_PAGE, Chosen, chosen_by, folded, rows_of, select
from matcher.review.standing import Standing
from tests.review.at_desk import decide, now_at, run_of, some
from tests.review.conftest import HOSTILE_NAMES, Browser, Clock
from tests.review.looking import said

SignedIn = Callable[[str], Browser]


def shown(page: httpx2.Response) -> list[str]:
    """Suggestions on a page, in its order."""
    return re.findall(r'/suggestions/([a-z]-[0-9a-f-]+)[^"]*" data-key="o"', page.text)


def test_every_suggestion_is_listed_by_kind(desk: Desk, signed_in: SignedIn) -> None:
    """Groups, gatherings, introductions, in that order, and nothing twice."""
    browser = signed_in("viewer")

    page = browser.get(run_of(desk))

    night = desk.nights.night(desk.nights.live_id())
    assert page.status_code == 200
    assert sorted(shown(page)) == sorted(night.suggestions)
    assert [one[0] for one in shown(page)] == sorted((one[0] for one in night.suggestions), key="gti".index)


@pytest.mark.parametrize(("kind", "letter"), [("group", "g"), ("introduction", "i")])
def test_a_kind_by_itself_is_only_that_kind(desk: Desk, signed_in: SignedIn, kind: str, letter: str) -> None:
    """The counts stand beside the kinds."""
    page = signed_in("viewer").get(f"{run_of(desk)}?kind={kind}")

    of_kind = [one for one in desk.nights.night(desk.nights.live_id()).suggestions if one.startswith(letter)]
    assert sorted(shown(page)) == sorted(of_kind)
    assert f"{len(of_kind)} suggestion" in said(page)


def test_the_best_come_first_and_other_orders_are_kept(desk: Desk) -> None:
    """Best, weakest link, longest way, latest decision."""
    now = now_at(desk)

    orders = {sort: select(now, Chosen(kind="group", sort=sort)) for sort in ("best", "weakest", "longest")}

    best = [row.facts.fit for row in orders["best"]]
    weakest = [row.facts.weakest for row in orders["weakest"]]
    longest = [row.facts.longest_km or 0.0 for row in orders["longest"]]
    assert best == sorted(best, key=lambda fit: -(fit or 0.0))
    assert weakest == sorted(weakest, key=lambda fit: fit or 0.0)
    assert longest == sorted(longest, reverse=True)


def test_what_was_decided_last_comes_first_on_request(desk: Desk, clock: Clock, signed_in: SignedIn) -> None:
    """So that an organizer finds again what was just done."""
    browser = signed_in("organizer")
    for one in (some(desk, "g-", 1), some(desk, "i-"), some(desk, "g-", 0)):
        decide(browser, desk, "note", one, words="look again")
        clock.now += timedelta(minutes=1)

    page = browser.get(f"{run_of(desk)}?sort=newest")

    assert shown(page)[:3] == [some(desk, "g-", 0), some(desk, "i-"), some(desk, "g-", 1)]


def test_states_filter_and_progress_is_counted(desk: Desk, signed_in: SignedIn) -> None:
    """Approved and rejected count as decided; a lock does not."""
    browser = signed_in("organizer")
    approved, rejected, locked = (some(desk, "g-", at) for at in range(3))
    decide(browser, desk, "approve", approved)
    decide(browser, desk, "reject", rejected, why="not_now")
    decide(browser, desk, "lock", locked)

    everything = browser.get(run_of(desk))
    states = {one: shown(browser.get(f"{run_of(desk)}?state={one}")) for one in ("approved", "rejected", "locked")}

    n_all = len(desk.nights.night(desk.nights.live_id()).suggestions)
    assert states == {"approved": [approved], "rejected": [rejected], "locked": [locked]}
    assert f"2 of {n_all} decided" in said(everything)
    assert len(shown(browser.get(f"{run_of(desk)}?state=open"))) == min(n_all - 2, PER_PAGE)


def test_a_member_is_found_by_name_town_and_topic(desk: Desk, signed_in: SignedIn) -> None:
    """Without regard to case and accents; all words must be found."""
    browser, now = signed_in("viewer"), now_at(desk)
    row = select(now, Chosen(kind="group"))[0]
    name, town = row.facts.names[0], row.facts.where.split(",")[0]

    by_both = browser.get(f"{run_of(desk)}?q={name.split()[0].upper()}+{town.lower()}")
    by_name = browser.get(f"{run_of(desk)}?q={name.split()[0].upper()}")
    by_nothing = browser.get(f"{run_of(desk)}?q=nobody+is+called+so")

    assert row.now.id in shown(by_both)
    assert row.now.id in shown(by_name)
    assert f"/members?member={row.now.members[0]}" in by_name.text
    assert shown(by_nothing) == []
    assert "No suggestion is like that" in said(by_nothing)


def test_letters_are_found_without_their_accents() -> None:
    """Whoever types on another keyboard finds José and Łódź's Straße alike."""
    assert folded("José in der STRASSE") == folded("jose in der straße") == "jose in der strasse"


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "page=99999999999999999999", "kind=x&sort=y&state=z"])
def test_a_senseless_address_is_the_plain_list(desk: Desk, signed_in: SignedIn, query: str) -> None:
    """Addresses are typed and shortened by people and programs."""
    page = signed_in("viewer").get(f"{run_of(desk)}?{query}")

    assert page.status_code == 200
    assert shown(page)


def test_a_choice_is_an_address_and_an_address_a_choice() -> None:
    """What is as usual is not written; what a form sends, a link says."""
    chosen = Chosen(kind="group", state="open", sort="weakest", q="josé & co", page=3)

    query = chosen.query()

    assert chosen_by(httpx2.QueryParams(query[1:])) == chosen  # type: ignore[arg-type]  # it reads like Starlette's
    assert Chosen().query() == ""
    assert chosen.query(page=1, q="", state="", kind="", sort="best") == ""


def test_long_lists_have_pages(desk: Desk, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each suggestion is on one of them; a page after the last is the last."""
    monkeypatch.setattr("matcher.review.list_page.PER_PAGE", 7)
    browser = signed_in("viewer")
    n_all = len(desk.nights.night(desk.nights.live_id()).suggestions)
    n_pages = -(-n_all // 7)

    pages = [shown(browser.get(f"{run_of(desk)}?page={at}")) for at in range(1, n_pages + 1)]

    assert [len(page) for page in pages[:-1]] == [7] * (n_pages - 1)
    assert len({one for page in pages for one in page}) == n_all
    assert shown(browser.get(f"{run_of(desk)}?page=999")) == pages[-1]


def test_several_that_are_chosen_are_approved_together(desk: Desk, signed_in: SignedIn) -> None:
    """Each as it was seen; the button in a row approves that row alone, whatever else is chosen."""
    browser = signed_in("organizer")
    one, other, third = (some(desk, "g-", at) for at in range(3))

    browser.send(f"{run_of(desk)}/decide", kind="approve", chosen=[f"{one} 0", f"{other} 0"], next=run_of(desk))
    browser.send(f"{run_of(desk)}/decide", kind="approve", chosen=[f"{some(desk, 'g-', 3)} 0"], only=f"{third} 0")

    approved = {row.now.id for row in rows_of(now_at(desk)) if row.now.is_approved}
    assert approved == {one, other, third}


def test_only_who_may_decide_sees_the_means(desk: Desk, signed_in: SignedIn) -> None:
    """A viewer looks."""
    viewer, organizer = (signed_in(role).get(run_of(desk)).text for role in ("viewer", "organizer"))

    assert 'name="chosen"' in organizer
    assert 'name="chosen"' not in viewer
    assert "/decide" not in viewer


def test_everyone_left_out_is_listed_with_the_reason(desk: Desk, signed_in: SignedIn) -> None:
    """Each links to their own page."""
    night = desk.nights.night(desk.nights.live_id())

    page = signed_in("viewer").get(f"{run_of(desk)}?kind=left-out")

    names = [night.dossier.people[one.member].name for one in night.dossier.left_out]
    assert len(names) <= PER_PAGE
    for name in names:
        assert " ".join(name.split()) in said(page)
    assert "so there is nothing to go by" in said(page) or "so there is too little to go by" in said(page)


def test_whom_a_rejection_frees_is_left_out_until_they_sit_again(desk: Desk, signed_in: SignedIn) -> None:
    """Nobody is lost from sight."""
    browser, group = signed_in("organizer"), some(desk, "g-")
    now = now_at(desk)
    alone = [one for one in now.draft.suggestions[group].members if _n_places(now, one) == 1]

    decide(browser, desk, "reject", group, why="not_now")
    freed = browser.get(f"{run_of(desk)}?kind=left-out")
    decide(browser, desk, "approve", group)
    again = browser.get(f"{run_of(desk)}?kind=left-out")

    assert alone
    for member in alone:
        assert f"member={member}" in freed.text
        assert f"member={member}" not in again.text
    assert "was rejected or changed since" in said(freed)


def _n_places(now: Standing, member: str) -> int:
    return sum(member in one.members for one in now.draft.suggestions.values())


def test_names_that_are_attacks_are_only_names(desk: Desk, signed_in: SignedIn) -> None:
    """In the list, in what a search says, in the list of who is left out."""
    browser = signed_in("organizer")
    for address in (
        run_of(desk),
        f"{run_of(desk)}?kind=left-out",
        f"{run_of(desk)}?q=script",
        f"{run_of(desk)}?q=%3Cimg",
    ):
        text = browser.get(address).text

        assert "<script>alert" not in text
        assert "<img" not in text
        assert "onfocus='alert" not in text
        assert str(7 * 191) not in text
        assert HOSTILE_NAMES[3] in html.unescape(text) or "{{" not in text


def test_a_run_that_is_not_there_is_no_page(desk: Desk, signed_in: SignedIn) -> None:
    """Nor is one with a name that leads elsewhere."""
    browser = signed_in("viewer")

    assert browser.get("/runs/2020-01-01-00000000").status_code == 404
    assert browser.get("/runs/..%2f..%2fetc").status_code == 404
    assert desk.nights.ids()
