"""What a browser keeps for the desk: who is signed in, and a word from one page to the next.

Cookies are `SameSite=Lax`: an organizer who follows a colleague's link to a suggestion stays signed in, and a form sent
from elsewhere comes without them. Looking at a page changes nothing, so that links cannot do harm.
"""

import hmac
from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote, unquote

from starlette.responses import Response

CookieName = Literal["session", "before", "told"]
"""Who is signed in; whoever is not yet; what the page before had to say."""


def cookie_name(name: CookieName, *, is_secure: bool) -> str:
    """As the browser knows it: with `__Host-` no other host can have set it, and it never goes unencrypted."""
    return f"__Host-matcher-{name}" if is_secure else f"matcher-{name}"


def set_cookie(response: Response, name: CookieName, value: str, *, is_secure: bool) -> None:
    """Have the browser keep a value until it is closed."""
    response.set_cookie(
        cookie_name(name, is_secure=is_secure), value, path="/", secure=is_secure, httponly=True, samesite="lax"
    )


def drop_cookie(response: Response, name: CookieName, *, is_secure: bool) -> None:
    """Have the browser forget a value."""
    response.delete_cookie(
        cookie_name(name, is_secure=is_secure), path="/", secure=is_secure, httponly=True, samesite="lax"
    )


def form_secret(token: str) -> str:
    """What forms carry to prove that this desk made them for whoever holds this token; it does not betray the token."""
    return _signed("form", token)


def is_same(said: str, wanted: str) -> bool:
    """Whether two secrets are the same; it takes as long whether they are or not. No secret is never the same."""
    return bool(wanted) and hmac.compare_digest(said.encode(), wanted.encode())


def leave_word(response: Response, words: str, secret: str, *, is_secure: bool) -> None:
    """Have the next page say something."""
    kept = quote(words[:MOST_WORDS], safe=" ").replace(" ", "+")
    set_cookie(response, "told", f"{_signed(kept, secret)}.{kept}", is_secure=is_secure)


def word_left(cookies: Mapping[str, str], secret: str, *, is_secure: bool) -> str:
    """What the page before left to be said; empty where it did not, or where somebody else made it up.

    Without a secret nothing is believed: everybody could sign with none.
    """
    signature, _, kept = cookies.get(cookie_name("told", is_secure=is_secure), "").partition(".")
    is_ours = bool(secret) and is_same(signature, _signed(kept, secret))
    return unquote(kept.replace("+", " ")) if is_ours else ""


def _signed(words: str, key: str) -> str:
    return hmac.new(key.encode(), words.encode(), "sha256").hexdigest()


MOST_WORDS = 600
"""Characters; a cookie holds 4,000 bytes."""
