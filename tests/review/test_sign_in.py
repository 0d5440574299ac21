"""Signing in and out: who is who, and for how long."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import pytest
from starlette.testclient import TestClient

from matcher.review.addresses import local_address
from matcher.review.app import make_app
from matcher.review.desk import Desk
from matcher.review.door import Door
from tests.review.conftest import PASSWORD, Browser, Clock, a_client, secret_of, sign_in


def test_a_right_password_signs_in(client: TestClient) -> None:
    """And leads to the front page."""
    done = sign_in(client, "otto")

    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert client.get("/account").status_code == 200


def test_whoever_looks_first_signs_in_first_and_then_sees_it(client: TestClient) -> None:
    """The page asked for, with its query, is where signing in leads."""
    asked = client.get("/account?a=1&b=2")

    wanted = asked.headers["location"]
    form = client.get(wanted)
    done = sign_in(client, "otto", next="/account?a=1&b=2")

    assert (asked.status_code, wanted) == (303, "/sign-in?next=%2Faccount%3Fa%3D1%26b%3D2")
    assert 'name="next" value="/account?a=1&amp;b=2"' in form.text
    assert done.headers["location"] == "/account?a=1&b=2"


ELSEWHERE = (
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    "account",
    "",
)


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_signing_in_never_leads_to_another_host(client: TestClient, wanted: str) -> None:
    """Browsers read two slashes of either kind as another host, and drop tabs before they look."""
    done = sign_in(client, "otto", next=wanted)

    assert local_address(wanted) == "/"
    assert done.headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client: TestClient) -> None:
    """Nobody learns by trying which accounts there are."""
    wrong = sign_in(client, "otto", "not the password")
    unknown = sign_in(client, "nobody", "not the password")

    assert (wrong.status_code, unknown.status_code) == (403, 403)
    assert wrong.text.replace("otto", "nobody") == unknown.text
    assert client.get("/account").status_code == 303


def test_a_token_that_the_browser_brought_is_never_taken_over(desk: Desk) -> None:
    """Whoever plants a cookie before somebody signs in is not signed in with them."""
    client = a_client(desk)
    client.cookies.set("matcher-session", "planted", domain="127.0.0.1", path="/")

    done = sign_in(client, "otto")

    fresh = done.cookies["matcher-session"]
    assert fresh != "planted"
    assert len(fresh) >= 43
    planted = a_client(desk)
    planted.cookies.set("matcher-session", "planted")
    assert planted.get("/account").status_code == 303


def test_every_sign_in_gets_a_token_of_its_own(desk: Desk) -> None:
    """The second does not end the first: people have two devices."""
    one, other = a_client(desk), a_client(desk)

    tokens = {sign_in(client, "otto").cookies["matcher-session"] for client in (one, other)}

    assert len(tokens) == 2
    assert [client.get("/account").status_code for client in (one, other)] == [200, 200]


def test_cookies_are_for_the_desk_alone(client: TestClient) -> None:
    """No script reads them, no other site sends them along with a form."""
    done = sign_in(client, "otto")

    cookie = done.headers["set-cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Max-Age" not in cookie
    assert "Secure" not in cookie


def test_behind_https_no_other_host_can_have_set_the_cookie(desk: Desk) -> None:
    """`__Host-` says so to the browser, and the cookie never goes unencrypted."""
    app = make_app(replace(desk, is_secure=True), Door(host="desk.example"))
    client = TestClient(app, base_url="https://desk.example", follow_redirects=False)

    done = sign_in(client, "otto")

    assert done.headers["set-cookie"].startswith("__Host-matcher-session=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(done.headers["set-cookie"].split("; "))
    assert "Domain" not in done.headers["set-cookie"]
    assert done.headers["strict-transport-security"] == "max-age=31536000"


def test_signing_out_ends_the_session_itself(desk: Desk, signed_in: Callable[[str], Browser]) -> None:
    """A cookie that somebody kept is worthless."""
    browser = signed_in("organizer")
    kept = browser.client.cookies["matcher-session"]

    done = browser.send("/sign-out")

    assert (done.status_code, done.headers["location"]) == (303, "/sign-in")
    thief = a_client(desk)
    thief.cookies.set("matcher-session", kept)
    assert thief.get("/account").status_code == 303


def test_signing_out_takes_a_form(signed_in: Callable[[str], Browser]) -> None:
    """A picture on another site must not sign anybody out."""
    browser = signed_in("organizer")

    assert browser.get("/sign-out").status_code == 405
    assert browser.client.post("/sign-out", data={"secret": "made up"}).status_code == 403
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize(("waits", "is_known"), [(59, True), (61, False)])
def test_a_session_ends_after_an_hour_of_doing_nothing(
    clock: Clock, signed_in: Callable[[str], Browser], waits: float, is_known: bool
) -> None:
    """Somebody left the desk."""
    browser = signed_in("organizer")

    clock.now += timedelta(minutes=waits)

    assert (browser.get("/account").status_code == 200) is is_known


def test_a_session_ends_after_half_a_day_whatever_one_does(clock: Clock, signed_in: Callable[[str], Browser]) -> None:
    """A stolen cookie is not for ever."""
    browser = signed_in("organizer")

    statuses = []
    for _ in range(25):
        clock.now += timedelta(minutes=30)
        statuses.append(browser.get("/account").status_code)

    assert statuses == [*[200] * 23, 303, 303]


def test_an_account_that_is_disabled_is_out_at_once(desk: Desk, signed_in: Callable[[str], Browser]) -> None:
    """Not only from the next sign-in on."""
    browser = signed_in("organizer")

    desk.accounts.disable("otto")

    assert browser.get("/account").status_code == 303
    assert sign_in(a_client(desk), "otto").status_code == 403


def test_too_many_wrong_passwords_must_wait(clock: Clock, client: TestClient) -> None:
    """429, and the answer says for how long; then the right one works."""
    statuses = [sign_in(client, "otto", "not the password").status_code for _ in range(11)]

    refused = sign_in(client, "otto")
    waits = int(refused.headers["retry-after"])
    clock.now += timedelta(seconds=waits)
    done = sign_in(client, "otto")

    assert statuses == [*[403] * 10, 429]
    assert refused.status_code == 429
    assert 0 < waits <= 15 * 60
    assert done.status_code == 303


def test_attempts_are_counted_by_what_the_proxy_says_and_nobody_else(desk: Desk) -> None:
    """Whoever makes up `X-Forwarded-For` gets no more tries by it: the last entry is the proxy's own."""
    door = Door(proxies=(ip_network("10.0.0.5"),))
    behind = TestClient(
        make_app(desk, door), base_url="http://127.0.0.1", client=("10.0.0.5", 1), follow_redirects=False
    )
    beside = TestClient(
        make_app(desk, door), base_url="http://127.0.0.1", client=("10.0.0.6", 1), follow_redirects=False
    )

    for client, at in ((behind, "198.51.100.7"), (beside, "10.0.0.6")):
        for number in range(50):
            client.headers["x-forwarded-for"] = f"203.0.113.{number}, {at}"
            assert sign_in(client, f"somebody {at} {number}", "not the password").status_code == 403
        assert sign_in(client, "otto").status_code == 429
    lines = [("x-forwarded-for", "198.51.100.8"), ("x-forwarded-for", "198.51.100.7")]
    assert behind.post("/sign-in", headers=lines, data=with_secret(behind)).status_code == 429
    behind.headers["x-forwarded-for"] = "198.51.100.8"
    assert sign_in(behind, "otto").status_code == 303


def with_secret(client: TestClient) -> dict[str, str]:
    """A right password in a form of the desk's."""
    return {"secret": secret_of(client.get("/sign-in")), "name": "otto", "password": PASSWORD}


def test_nobody_is_signed_in_by_another_sites_form(desk: Desk) -> None:
    """Else somebody would work at the desk in another's name without knowing."""
    victim, attacker = a_client(desk), a_client(desk)
    secret = secret_of(attacker.get("/sign-in"))
    said = {"name": "otto", "password": PASSWORD, "secret": secret}
    victim.get("/sign-in")

    assert victim.post("/sign-in", data=said).status_code == 403
    assert a_client(desk).post("/sign-in", data=said).status_code == 403
    assert a_client(desk).post("/sign-in", data={**said, "secret": ""}).status_code == 403
    assert attacker.post("/sign-in", data=said, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert attacker.post("/sign-in", data=said).status_code == 303
