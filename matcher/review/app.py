"""The app: all pages at their addresses, and what stands around them."""

from collections.abc import Sequence
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from matcher.review import (
    accounts,
    answering,
    card_page,
    changing,
    deciding,
    history,
    list_page,
    member_page,
    outbox,
    outcomes,
    publishing,
    resolving,
    signing_in,
)
from matcher.review.desk import Desk
from matcher.review.door import Door
from matcher.review.errors_shown import show_status
from matcher.review.reception import Reception
from matcher.review.security import Guard
from matcher.review.visits import Page, Visit


def front(visit: Visit) -> Response:
    """Send whoever comes to the night that is live."""
    return visit.go(f"/runs/{visit.live_id}")


PAGES: tuple[Page, ...] = (
    Page(path="/", answer=front),
    *signing_in.PAGES,
    *accounts.PAGES,
    *list_page.PAGES,
    *card_page.PAGES,
    *member_page.PAGES,
    *resolving.PAGES,
    *changing.PAGES,
    *deciding.PAGES,
    *history.PAGES,
    *publishing.PAGES,
    *outbox.PAGES,
    *outcomes.PAGES,
    *answering.PAGES,
)
"""All pages of the desk."""


def make_app(desk: Desk, door: Door | None = None, pages: Sequence[Page] = PAGES) -> Starlette:
    """The desk as a web application; without a `door` only this machine reaches it."""
    door = door or Door()
    app = Starlette(
        routes=[
            *_routes(pages, Reception(desk, door)),
            Mount("/static", StaticFiles(packages=[("matcher.review", "static")])),
        ],
        middleware=[Middleware(Guard, door=door, is_secure=desk.is_secure)],
        exception_handlers={HTTPException: _show_refusal},
    )
    app.router.redirect_slashes = False
    return app


def _routes(pages: Sequence[Page], reception: Reception) -> list[BaseRoute]:
    by_path: dict[str, dict[str, Page]] = {}
    for page in pages:
        by_path.setdefault(page.path, {})["POST" if page.is_form else "GET"] = page
    return [Route(path, reception.endpoint(ways), methods=list(ways)) for path, ways in by_path.items()]


def _show_refusal(_: Request, refused: Exception) -> Response:
    """The page for what Starlette or the reading of forms refused."""
    if not isinstance(refused, HTTPException):
        raise refused
    is_bare = refused.detail == HTTPStatus(refused.status_code).phrase
    return show_status(refused.status_code, "" if is_bare else refused.detail, headers=refused.headers)
