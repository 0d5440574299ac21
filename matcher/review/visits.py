"""One request of one person: who it is, what they sent, and how they are answered.

A page is a plain function from a `Visit` to a response. It runs on a thread of its own, so it may wait for the
database; it never sees a form whose secret was wrong, nor a person who may not do this.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.datastructures import QueryParams
from starlette.responses import HTMLResponse, RedirectResponse, Response

from matcher.errors import InputError
from matcher.review.addresses import local_address
from matcher.review.cookies import leave_word
from matcher.review.desk import Desk
from matcher.review.pages import render
from matcher.storage.decisions.sessions import Session


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Visit:
    """One request; it has no `repr`, since it may hold a password, or a member's link.

    Attributes:
        desk: What pages work with.
        path: By name the parts of the address that the route leaves open.
        query: What follows the question mark.
        form: What was sent, by name, all values of each; empty for a page that is only looked at.
        session: Who is signed in; None on pages that need nobody.
        form_secret: What every form of this session carries in the field `secret`.
        address: Where the request comes from, for counting attempts.
        here: The address that was asked for, with its query, as a form's `next` wants it to come back.
        told: A message from the page before, or empty.
        token: The session's own, for signing out and for nothing else.
    """

    desk: Desk
    path: Mapping[str, str]
    query: QueryParams
    form: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    session: Session | None = None
    form_secret: str = ""
    address: str = ""
    here: str = "/"
    told: str = ""
    token: str = ""

    @property
    def name(self) -> str:
        """Of the account that is signed in; empty: nobody is."""
        return self.session.name if self.session else ""

    @property
    def role(self) -> str:
        """Of the account that is signed in; empty: nobody is."""
        return self.session.role if self.session else ""

    def may(self, role: str) -> bool:
        """Whether whoever is signed in may do what this role may."""
        return self.session is not None and ROLE_ORDER.index(self.session.role) >= ROLE_ORDER.index(role)

    def said(self, name: str) -> str:
        """One value of the form; empty where there is none."""
        values = self.form.get(name, ())
        return values[0] if values else ""

    def show(self, template: str, *, status: int = 200, **facts: object) -> Response:
        """Answer with a page; its template gets the facts and `visit`."""
        return HTMLResponse(render(template, visit=self, **facts), status_code=status)

    def go(self, address: str, *, told: str = "") -> Response:
        """Answer by sending the browser to another page of the desk, to be looked at; it shows what is `told`.

        An address that is not of this desk becomes the front page, so that a field `next` may be given as it came.
        """
        response = RedirectResponse(local_address(address), status_code=303)
        if told:
            leave_word(response, told, self.form_secret, is_secure=self.desk.is_secure)
        return response

    @property
    def run_id(self) -> str:
        """The run that the page is about, or else the live one; empty where there is none."""
        try:
            return self.path.get("run_id") or self.live_id
        except InputError:
            return ""

    @property
    def is_earlier(self) -> bool:
        """Whether the page is about a run that is not the live one any more."""
        try:
            return self.run_id != self.live_id
        except InputError:
            return False

    @property
    def live_id(self) -> str:
        """The run that is live now.

        Raises:
            InputError: There is none.
        """
        return self.desk.nights.live_id()


ROLE_ORDER = ("viewer", "organizer", "admin")


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One address of the desk.

    Attributes:
        path: As Starlette writes it, as in '/runs/{run_id}'.
        answer: What answers it.
        needs: The role that it takes; None: anybody may.
        is_form: Whether it takes a form (POST) rather than being looked at (GET). Forms change things; looking never
            does.
        is_signed_by_address: Whether the address holds a signed token, which is proof enough: its form needs no
            secret, and whoever looks gets no cookie.
        form_bytes: The largest form that it takes.
    """

    path: str
    answer: Callable[[Visit], Response]
    needs: str | None = "viewer"
    is_form: bool = False
    is_signed_by_address: bool = False
    form_bytes: int = 64 * 1024
