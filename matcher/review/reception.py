"""From a request to a page's answer: who it is, whether they may, and what went wrong."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from matcher.errors import AccountError, MatcherError
from matcher.review.cookies import CookieName, cookie_name, drop_cookie, form_secret, is_same, set_cookie, word_left
from matcher.review.desk import Desk
from matcher.review.door import Door
from matcher.review.errors_shown import show_error
from matcher.review.forms import Form, read_form, refuse_foreign
from matcher.review.visits import Page, Visit
from matcher.storage.decisions.accounts import ROLES


class Reception:
    """Receives requests for pages."""

    def __init__(self, desk: Desk, door: Door) -> None:
        self._desk = desk
        self._door = door

    def endpoint(self, pages: Mapping[str, Page]) -> Callable[[Request], Awaitable[Response]]:
        """What answers at one address, given its pages by method: 'GET' or 'POST'."""

        async def receive(request: Request) -> Response:
            page = pages["POST" if request.method == "POST" else "GET"]
            form: Form = {}
            if page.is_form:
                refuse_foreign(request.headers)
                form = await read_form(request, most_bytes=page.form_bytes, may_be_parts=page.is_signed_by_address)
            return await run_in_threadpool(self._answer, page, request, form)

        return receive

    def _answer(self, page: Page, request: Request, form: Form) -> Response:
        visit = self._visit(page, request, form)
        if page.needs and visit.session is None and not page.is_form:
            return _ask_to_sign_in(request)
        try:
            _refuse(page, visit)
            response = page.answer(visit)
        except MatcherError as error:
            response = show_error(error, visit)
        if visit.told and response.status_code not in _PASSING:
            drop_cookie(response, "told", is_secure=self._desk.is_secure)
        if visit.token and page.needs is None and visit.token != self._cookie(request, "before"):
            set_cookie(response, "before", visit.token, is_secure=self._desk.is_secure)
        return response

    def _visit(self, page: Page, request: Request, form: Form) -> Visit:
        desk = self._desk
        session, token = None, ""
        if page.needs:
            token = self._cookie(request, "session")
            session = desk.accounts.session(token, now=desk.clock()) if token else None
        elif not page.is_signed_by_address:
            # Whoever is not signed in yet gets something to bind the form to, which signing in leaves behind.
            token = self._cookie(request, "before") or secrets.token_urlsafe(32)
        secret = form_secret(token) if token else ""
        return Visit(
            desk=desk,
            path=request.path_params,
            query=request.query_params,
            form=form,
            session=session,
            form_secret=secret,
            address=self._address(request),
            here=_address_of(request),
            told=word_left(request.cookies, secret, is_secure=desk.is_secure),
            token=token,
        )

    def _address(self, request: Request) -> str:
        peer = request.client.host if request.client else ""
        # Some proxies add to the line that came, some a line of their own: the last entry of all is theirs.
        return self._door.comes_from(peer, ",".join(request.headers.getlist("x-forwarded-for")))

    def _cookie(self, request: Request, name: CookieName) -> str:
        return request.cookies.get(cookie_name(name, is_secure=self._desk.is_secure), "")


_PASSING = (303, 304)
"""Answers after which the browser asks for another page, which shows what was told."""


def _refuse(page: Page, visit: Visit) -> None:
    """Refuse who may not do this, and forms that this desk did not make for them.

    Raises:
        AccountError: It says which.
    """
    if page.needs and visit.session is None:
        raise AccountError("you are not signed in any more; nothing was recorded; sign in, then do it again")
    if page.needs and not visit.may(page.needs):
        raise AccountError(
            f"this takes the role {page.needs!r}, who {ROLES[page.needs]}; found {visit.role!r}; ask an admin"
        )
    if page.is_form and not page.is_signed_by_address and not is_same(visit.said("secret"), visit.form_secret):
        raise AccountError(
            "the form is not one that this desk made for you, or you have signed in anew since; nothing was recorded; "
            "load the page again"
        )


def _ask_to_sign_in(request: Request) -> Response:
    wanted = _address_of(request)
    after = {} if wanted == "/" else {"next": wanted}
    return RedirectResponse("/sign-in" + ("?" + urlencode(after) if after else ""), status_code=303)


def _address_of(request: Request) -> str:
    path, query = (request.scope[part].decode("latin-1") for part in ("raw_path", "query_string"))
    return f"{path}?{query}" if query else path
