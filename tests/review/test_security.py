"""The desk is safe to open: who may do what, and whose forms are taken."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from matcher.review.app import PAGES
from matcher.review.cookies import form_secret
from matcher.review.desk import Desk
from matcher.review.visits import ROLE_ORDER, Page, Visit
from tests.review.conftest import ADDRESS, WHO, Browser

LOOKED_AT = [page for page in PAGES if not page.is_form and page.needs]
FORMS = [page for page in PAGES if page.is_form and page.needs]


def named(page: Page) -> str:
    """A page, in the name of a test."""
    return f"{'POST' if page.is_form else 'GET'} {page.path}"


def address_of(page: Page, desk: Desk) -> str:
    """An address of a page: of the live run, and of things that are not there."""
    return page.path.replace("{run_id}", desk.nights.live_id()).replace("{", "").replace("}", "")


def state(desk: Desk) -> tuple[object, ...]:
    """Everything that forms may change."""
    run_id = desk.nights.live_id()
    return tuple(desk.decisions.events(run_id)), tuple(desk.accounts.accounts()), tuple(desk.answers.answers())


@pytest.mark.parametrize("page", LOOKED_AT, ids=named)
def test_nobody_looks_without_signing_in(desk: Desk, client: TestClient, page: Page) -> None:
    """They are asked to, and led back afterwards."""
    answer = client.get(address_of(page, desk))

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
    assert not answer.text


@pytest.mark.parametrize("page", FORMS, ids=named)
def test_nobody_decides_without_signing_in(desk: Desk, client: TestClient, page: Page) -> None:
    """Not with the secret of the sign-in form either."""
    client.get("/sign-in")
    before = state(desk)

    answer = client.post(address_of(page, desk), data={"secret": form_secret(client.cookies["matcher-before"])})

    assert answer.status_code == 403
    assert "you are not signed in any more" in answer.text
    assert state(desk) == before


@pytest.mark.parametrize("page", [page for page in PAGES if page.needs not in {None, "viewer"}], ids=named)
def test_everybody_may_only_what_their_role_may(desk: Desk, signed_in: Callable[[str], Browser], page: Page) -> None:
    """The role below the one that a page needs is refused, whatever it sends."""
    assert page.needs is not None
    browser = signed_in(ROLE_ORDER[ROLE_ORDER.index(page.needs) - 1])
    address, before = address_of(page, desk), state(desk)

    answer = browser.send(address) if page.is_form else browser.get(address)

    assert answer.status_code == 403
    assert f"this takes the role {page.needs!r}" in answer.text.replace("&#39;", "'")
    assert state(desk) == before


def test_what_changes_something_is_not_for_viewers() -> None:
    """But for what is their own: their password, and signing out."""
    theirs = {page.path for page in FORMS if page.needs == "viewer"}

    assert theirs == {"/account", "/sign-out"}


@pytest.mark.parametrize("page", FORMS, ids=named)
def test_a_form_without_the_secret_of_its_session_is_refused(
    desk: Desk, signed_in: Callable[[str], Browser], page: Page
) -> None:
    """None, a made-up one, another's, the token itself: nothing is recorded."""
    browser, other = signed_in("admin"), signed_in("organizer")
    token = browser.client.cookies["matcher-session"]
    address, before = address_of(page, desk), state(desk)

    answers = [
        browser.client.post(address, data={} if secret is None else {"secret": secret})
        for secret in (None, "", "0" * 64, "ä", other.secret, token)
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert all("the form is not one that this desk made for you" in answer.text for answer in answers)
    assert state(desk) == before
    assert browser.get("/account").status_code == 200


FOREIGN = (
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example"},
    {"origin": "http://127.0.0.1:9999"},
    {"origin": "http://127.0.0.1:8765.evil.example"},
    {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
)


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_form_from_another_site_is_refused_even_with_its_secret(
    signed_in: Callable[[str], Browser], headers: dict[str, str]
) -> None:
    """Another port of this machine is another site, too."""
    browser = signed_in("admin")

    answer = browser.client.post("/sign-out", data={"secret": browser.secret}, headers=headers)

    assert answer.status_code == 403
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": ADDRESS, "sec-fetch-site": "same-origin"},
        {"origin": "null", "sec-fetch-site": "same-origin"},
        {"origin": "null"},
        {},
    ],
    ids=str,
)
def test_our_own_forms_are_taken(signed_in: Callable[[str], Browser], headers: dict[str, str]) -> None:
    """Since our pages send no referrer, browsers call their origin 'null'; old ones say nothing."""
    browser = signed_in("admin")

    assert browser.client.post("/sign-out", data={"secret": browser.secret}, headers=headers).status_code == 303


def test_the_secret_of_forms_does_not_betray_the_token(signed_in: Callable[[str], Browser]) -> None:
    """A page that somebody saves or prints must not sign anybody in."""
    browser = signed_in("admin")
    token = browser.client.cookies["matcher-session"]

    pages = [browser.get(address).text for address in ("/account", "/accounts")]

    assert browser.secret != token
    assert not any(token in page for page in pages)
    assert token not in repr(Visit(desk=None, path={}, query=None, token=token))  # type: ignore[arg-type]


def test_members_who_answer_get_no_cookie(client: TestClient) -> None:
    """Their link is all it takes, and all that we keep of them."""
    answer = client.get("/answer/made-up")

    assert answer.status_code in {400, 404, 410}
    assert "set-cookie" not in answer.headers


def test_everybody_has_a_role_that_some_page_needs() -> None:
    """No page needs a role that there is not: it would be open to nobody, or to all."""
    assert {page.needs for page in PAGES} <= {*WHO, None}
    assert {page.path for page in PAGES if page.needs is None} == {"/sign-in", "/answer/{token}"}
