"""Reading a form: small, of few fields, sent by a page of ours."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

Form = Mapping[str, tuple[str, ...]]

MOST_FIELDS = 5_000
MOST_DIGITS = 12
"""Of the size that a form says it has."""
PATIENCE_S = 20
"""How long a form may take to arrive."""

_PLAIN = "application/x-www-form-urlencoded"
_PARTS = "multipart/form-data"


def refuse_foreign(headers: Headers) -> None:
    """Refuse a form that another site's page sends.

    Our pages say `no-referrer`, so that browsers call their origin 'null'; then only `Sec-Fetch-Site` tells, and the
    form's secret.

    Raises:
        HTTPException: Another site sent it.
    """
    site, origin = headers.get("sec-fetch-site", "none"), headers.get("origin", "null")
    is_ours = origin == "null" or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
    if site not in {"same-origin", "none"} or not is_ours:
        raise HTTPException(403, "the form was sent by a page of another site; nothing was recorded")


async def read_form(request: Request, *, most_bytes: int, may_be_parts: bool = False) -> Form:
    """All values of each field.

    Args:
        request: With the form as its body.
        most_bytes: Of the body.
        may_be_parts: Whether it may come as multipart/form-data, without files: mail programs send so (RFC 8058).

    Raises:
        HTTPException: It is too large, too slow, of another kind, or cannot be read.
    """
    kind = request.headers.get("content-type", _PLAIN).partition(";")[0].strip().lower()
    if kind != _PLAIN and not (may_be_parts and kind == _PARTS):
        raise HTTPException(415, f"the form is of another kind; needs {_PLAIN}")
    try:
        async with asyncio.timeout(PATIENCE_S):
            body = await _read_body(request, most_bytes)
    except TimeoutError:
        raise HTTPException(408, f"the form did not arrive; waited {PATIENCE_S} seconds; send it again") from None
    except ClientDisconnect:
        raise HTTPException(400, "the form did not arrive; send it again") from None
    try:
        fields = await _read_parts(request.headers, body) if kind == _PARTS else _read_plain(body)
    except (ValueError, MultiPartException):
        raise HTTPException(400, "the form cannot be read; needs UTF-8, and not so many fields") from None
    form: dict[str, tuple[str, ...]] = {}
    for name, value in fields:
        form[name] = (*form.get(name, ()), value)
    return form


def _read_plain(body: bytes) -> list[tuple[str, str]]:
    return parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)


async def _read_parts(headers: Headers, body: bytes) -> list[tuple[str, str]]:
    async def whole() -> AsyncGenerator[bytes]:
        yield body

    parts = await MultiPartParser(headers, whole(), max_files=0, max_fields=MOST_FIELDS).parse()
    return [(name, value) for name, value in parts.multi_items() if isinstance(value, str)]


async def _read_body(request: Request, most_bytes: int) -> bytes:
    body = bytearray()
    too_large = HTTPException(413, f"the form is too large; needs at most {most_bytes // 1024} KiB")
    said = request.headers.get("content-length", "0")
    if not said.isascii() or not said.isdigit() or len(said) > MOST_DIGITS or int(said) > most_bytes:
        raise too_large
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise too_large
    return bytes(body)
