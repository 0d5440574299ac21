"""Accounts: admins add and change them, everybody changes their own password."""

from collections.abc import Callable
from http import HTTPStatus

from starlette.responses import Response

from matcher.errors import AccountError, TooManyAttemptsError
from matcher.review.visits import Page, Visit
from matcher.storage.decisions.accounts import ROLES

_WAYS = ("role", "password", "disable", "enable")


def look(visit: Visit, wrong: str = "") -> Response:
    """Show all accounts."""
    status = HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK
    return visit.show(
        "accounts.html.jinja", accounts=visit.desk.accounts.accounts(), roles=ROLES, wrong=wrong, status=status
    )


def look_own(visit: Visit, wrong: str = "") -> Response:
    """Show the own account."""
    return visit.show("own_account.html.jinja", roles=ROLES, wrong=wrong, status=400 if wrong else 200)


def add(visit: Visit) -> Response:
    """Add an account with a first password, which its owner should change."""
    name, password = visit.said("name"), _new_password(visit)
    visit.desk.accounts.add(name, password, visit.said("role"), now=visit.desk.clock())
    return visit.go("/accounts", told=f"Added: {name}")


def change(visit: Visit) -> Response:
    """Change an account: its role, its password, or whether anybody may sign in with it."""
    store, name = visit.desk.accounts, visit.said("name")
    match visit.said("way"):
        case "role":
            store.change_role(name, visit.said("role"))
        case "password":
            store.change_password(name, _new_password(visit))
        case "disable":
            store.disable(name)
        case "enable":
            store.enable(name)
        case way:
            raise AccountError(f"an account cannot be changed so; found {way!r}; needs one of {', '.join(_WAYS)}")
    return visit.go("/accounts", told=f"Changed: {name}. Whoever was signed in with it signs in again.")


def change_own(visit: Visit) -> Response:
    """Change one's own password; it takes the old one, and all one's sessions end."""
    _check_own(visit)
    visit.desk.accounts.change_password(visit.name, _new_password(visit))
    return visit.go("/sign-in")


def _new_password(visit: Visit) -> str:
    password = visit.said("password")
    if password != visit.said("again"):
        raise AccountError("the two passwords differ; nothing was changed; type the same one twice")
    return password


def _check_own(visit: Visit) -> None:
    """Look at the old password as signing in does: wrong ones are counted."""
    done = visit.desk.accounts.sign_in(visit.name, visit.said("old"), address=visit.address, now=visit.desk.clock())
    visit.desk.accounts.sign_out(done.token)


def _or_say(answer: Callable[[Visit], Response], page: Callable[[Visit, str], Response]) -> Callable[[Visit], Response]:
    """Answer, or show the page again with what was wrong."""

    def answered(visit: Visit) -> Response:
        try:
            return answer(visit)
        except TooManyAttemptsError:
            raise
        except AccountError as wrong:
            return page(visit, str(wrong))

    return answered


PAGES = (
    Page(path="/accounts", answer=look, needs="admin"),
    Page(path="/accounts/add", answer=_or_say(add, look), needs="admin", is_form=True),
    Page(path="/accounts/change", answer=_or_say(change, look), needs="admin", is_form=True),
    Page(path="/account", answer=look_own),
    Page(path="/account", answer=_or_say(change_own, look_own), is_form=True),
)
