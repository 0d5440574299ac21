"""Signing in and out."""

from starlette.responses import Response

from matcher.errors import AccountError, TooManyAttemptsError
from matcher.review.addresses import local_address
from matcher.review.cookies import drop_cookie, set_cookie
from matcher.review.visits import Page, Visit

_FORM = "sign_in.html.jinja"


def ask(visit: Visit) -> Response:
    """Ask for a name and a password."""
    return visit.show(_FORM, wanted=local_address(visit.query.get("next", "/")), name="", wrong="")


def sign_in(visit: Visit) -> Response:
    """Begin a session, always with a token that nobody had before: one that a browser brought is never taken over."""
    wanted, name = local_address(visit.said("next")), visit.said("name")
    try:
        done = visit.desk.accounts.sign_in(name, visit.said("password"), address=visit.address, now=visit.desk.clock())
    except TooManyAttemptsError:
        raise
    except AccountError as wrong:
        return visit.show(_FORM, wanted=wanted, name=name, wrong=str(wrong), status=403)
    response = visit.go(wanted)
    set_cookie(response, "session", done.token, is_secure=visit.desk.is_secure)
    return response


def sign_out(visit: Visit) -> Response:
    """End the session for good: a cookie that somebody kept is worthless."""
    visit.desk.accounts.sign_out(visit.token)
    response = visit.go("/sign-in")
    drop_cookie(response, "session", is_secure=visit.desk.is_secure)
    return response


PAGES = (
    Page(path="/sign-in", answer=ask, needs=None),
    Page(path="/sign-in", answer=sign_in, needs=None, is_form=True),
    Page(path="/sign-out", answer=sign_out, is_form=True),
)
