"""Accounts: admins manage them, everybody their own password."""

from collections.abc import Callable

import pytest

from matcher.review.desk import Desk
from tests.review.conftest import PASSWORD, Browser, a_client, sign_in

NEW = "another horse battery"


def roles(desk: Desk) -> dict[str, str]:
    """Who may what, of those who can sign in."""
    return {one.name: one.role for one in desk.accounts.accounts() if not one.is_disabled}


def test_an_admin_adds_an_account(desk: Desk, signed_in: Callable[[str], Browser]) -> None:
    """The next page says so, and the new one can sign in."""
    ada = signed_in("admin")

    done = ada.send("/accounts/add", name="Nora", role="organizer", password=NEW, again=NEW)
    page, later = ada.get("/accounts"), ada.get("/accounts")

    assert done.headers["location"] == "/accounts"
    assert "Added: Nora" in page.text
    assert "Added: Nora" not in later.text
    assert sign_in(a_client(desk), "nora", NEW).status_code == 303


def test_what_was_told_is_not_taken_from_a_made_up_cookie(signed_in: Callable[[str], Browser]) -> None:
    """Else another page could put words into the desk's mouth."""
    ada = signed_in("admin")

    ada.client.cookies.set("matcher-told", "0" * 64 + ".Call+this+number")

    assert "Call this number" not in ada.get("/accounts").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param({"name": "OTTO", "password": NEW, "again": NEW}, "there is an account of this name", id="taken"),
        pytest.param({"name": "Nora", "password": "short", "again": "short"}, "needs 12 to 1000", id="short"),
        pytest.param({"name": "Nora", "password": NEW, "again": PASSWORD}, "the two passwords differ", id="differ"),
        pytest.param({"name": "Nora", "password": NEW, "again": NEW, "role": "god"}, "no such role", id="role"),
        pytest.param({"name": " ", "password": NEW, "again": NEW}, "the name cannot be used", id="nameless"),
        pytest.param({"name": "\u202eN", "password": NEW, "again": NEW}, "the name cannot be used", id="unseen"),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_the_reason(
    desk: Desk, signed_in: Callable[[str], Browser], fields: dict[str, str], words: str
) -> None:
    """The page stays, and nothing was added."""
    before = roles(desk)

    answer = signed_in("admin").send("/accounts/add", **{"role": "viewer", **fields})

    assert answer.status_code == 400
    assert words in answer.text
    assert roles(desk) == before


def test_an_admin_changes_a_role_from_the_next_click_on(desk: Desk, signed_in: Callable[[str], Browser]) -> None:
    """Whoever was signed in signs in again and may what they now may."""
    otto, ada = signed_in("organizer"), signed_in("admin")

    ada.send("/accounts/change", name="otto", way="role", role="admin")

    assert roles(desk)["otto"] == "admin"
    assert otto.get("/account").status_code == 303
    assert signed_in("organizer").get("/accounts").status_code == 200


def test_an_admin_disables_and_enables_an_account(desk: Desk, signed_in: Callable[[str], Browser]) -> None:
    """What it decided stays; only nobody signs in with it."""
    otto, ada = signed_in("organizer"), signed_in("admin")

    ada.send("/accounts/change", name="otto", way="disable")
    while_out = sign_in(a_client(desk), "otto").status_code, otto.get("/account").status_code
    ada.send("/accounts/change", name="otto", way="enable")

    assert while_out == (403, 303)
    assert sign_in(a_client(desk), "otto").status_code == 303


def test_an_admin_sets_a_password(desk: Desk, signed_in: Callable[[str], Browser]) -> None:
    """For somebody who forgot theirs."""
    signed_in("admin").send("/accounts/change", name="otto", way="password", password=NEW, again=NEW)

    assert sign_in(a_client(desk), "otto").status_code == 403
    assert sign_in(a_client(desk), "otto", NEW).status_code == 303


@pytest.mark.parametrize("fields", [{"way": "disable"}, {"way": "role", "role": "viewer"}], ids=["disable", "role"])
def test_the_last_admin_stays(desk: Desk, signed_in: Callable[[str], Browser], fields: dict[str, str]) -> None:
    """Else nobody could let anybody in again."""
    answer = signed_in("admin").send("/accounts/change", name="ada", **fields)

    assert answer.status_code == 400
    assert "no admin would be left" in answer.text
    assert roles(desk)["ada"] == "admin"


@pytest.mark.parametrize("fields", [{"name": "nobody", "way": "disable"}, {"name": "otto", "way": "explode"}, {}])
def test_a_change_that_makes_no_sense_is_refused(signed_in: Callable[[str], Browser], fields: dict[str, str]) -> None:
    """With words, not with a fault."""
    assert signed_in("admin").send("/accounts/change", **fields).status_code == 400


def test_accounts_are_for_admins(signed_in: Callable[[str], Browser]) -> None:
    """Others do not even see them."""
    otto = signed_in("organizer")

    page = otto.get("/accounts")

    assert page.status_code == 403
    assert "ada" not in page.text
    assert 'href="/accounts"' not in otto.get("/account").text


def test_everybody_changes_their_own_password(desk: Desk, signed_in: Callable[[str], Browser]) -> None:
    """It takes the old one; they are then out everywhere and sign in with the new one."""
    vera, elsewhere = signed_in("viewer"), signed_in("viewer")

    done = vera.send("/account", old=PASSWORD, password=NEW, again=NEW)

    assert (done.status_code, done.headers["location"]) == (303, "/sign-in")
    assert [browser.get("/account").status_code for browser in (vera, elsewhere)] == [303, 303]
    assert sign_in(a_client(desk), "vera").status_code == 403
    assert sign_in(a_client(desk), "vera", NEW).status_code == 303


def test_who_sits_down_at_a_desk_left_open_cannot_take_the_account(
    desk: Desk, signed_in: Callable[[str], Browser]
) -> None:
    """A wrong old password changes nothing, and guessing it is counted."""
    vera = signed_in("viewer")
    said = {"old": "not the password", "password": NEW, "again": NEW}

    statuses = [vera.send("/account", **said).status_code for _ in range(11)]

    assert statuses == [*[400] * 10, 429]
    assert sign_in(a_client(desk), "vera", NEW).status_code != 303
