"""Errors as pages: what is wrong and what to do, never how it came about inside."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from starlette.responses import HTMLResponse, Response

from matcher.errors import (
    AccountError,
    ConflictError,
    EngineMissingError,
    InputError,
    MatcherError,
    MissingError,
    RunError,
    TooManyAttemptsError,
)
from matcher.review.pages import render
from matcher.review.visits import Visit

_STATUSES: tuple[tuple[type[MatcherError], int], ...] = (
    (TooManyAttemptsError, 429),
    (AccountError, 403),
    (ConflictError, 409),
    (MissingError, 404),
    (InputError, 400),
    (RunError, 503),
    (EngineMissingError, 503),
)
"""The first that fits counts."""

_TITLES: Mapping[int, str] = {
    400: "That does not work",
    403: "You may not do this",
    404: "There is no such page",
    405: "That does not work",
    408: "It took too long",
    409: "Somebody decided first",
    413: "That is too much",
    415: "That does not work",
    429: "Too many attempts",
    500: "Something went wrong here",
    503: "Not just now",
}

_SILENT = {
    404: "the address names nothing that is here; it may be a night that was removed",
    405: "this address cannot be used in this way",
    500: "the fault is ours, and the log says where; what you sent may not have been recorded: look, then try again",
}


def show_error(error: MatcherError, visit: Visit) -> Response:
    """The page that says what was wrong with a visit.

    Raises:
        MatcherError: It is a fault of ours, of which nothing is said.
    """
    status = next((code for kind, code in _STATUSES if isinstance(error, kind)), None)
    if status is None:
        raise error
    if status == HTTPStatus.NOT_FOUND:
        visit = replace(visit, path={})  # what it names is not there to be led back to
    response = show_status(status, str(error), visit=visit)
    if isinstance(error, TooManyAttemptsError):
        seconds = (error.retry_at - visit.desk.clock()).total_seconds()
        response.headers["Retry-After"] = str(max(1, round(seconds)))
    return response


def show_status(
    status: int, words: str = "", *, visit: Visit | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """The page for a status, in the given words or in its own."""
    words = words or _SILENT.get(status) or HTTPStatus(status).phrase
    title = _TITLES.get(status, "That does not work")
    page = render("error.html.jinja", visit=visit, status=status, title=title, words=words)
    return HTMLResponse(page, status_code=status, headers=headers)
