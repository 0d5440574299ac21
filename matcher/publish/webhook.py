"""A published suggestion as a message to another program, signed as Standard Webhooks says."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from matcher.errors import SettingsError
from matcher.publish.invitations import Invitation

SECRET_START = "whsec_"  # noqa: S105 -- how every such secret begins
SECRET_BYTES = range(24, 65)


class WebPost(Protocol):
    """Posts to one address."""

    def post(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Post, and hear that it was taken.

        Raises:
            NotSentError: For certain it was not taken. Anything else that is raised leaves that open.
        """
        ...


def webhook_body(invitation: Invitation, *, now: datetime) -> str:
    """Write the message: ids, names, town, time, reasons; no address, no home, no score."""
    town = invitation.town
    data = {
        "run_id": invitation.run_id,
        "suggestion": invitation.suggestion,
        "version": invitation.version,
        "kind": invitation.kind,
        "members": [{"id": member, "name": invitation.names[member]} for member in invitation.members],
        "town": town.name if town else None,
        "begins": invitation.when.isoformat() if invitation.when else None,
        "topics": list(invitation.topics),
        "reasons": list(invitation.reasons),
        "starter": invitation.starter,
        "notice": invitation.notice,
    }
    return json.dumps({"type": "suggestion.published", "timestamp": now.isoformat(), "data": data}, ensure_ascii=False)


def signed_headers(secret: bytes, *, key: str, body: bytes, now: datetime) -> Mapping[str, str]:
    """The headers by which the receiver knows whom it is from, and a message that it had already.

    Args:
        secret: Shared with the receiver.
        key: Of the parcel: however often it is tried, the id is the same.
        body: What is posted.
        now: When it is.
    """
    message, seconds = f"msg_{key}", str(int(now.timestamp()))
    signature = hmac.digest(secret, f"{message}.{seconds}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": message,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }


def read_secret(said: str) -> bytes:
    """Read the secret that is shared with the receiver.

    Raises:
        SettingsError: It is none.
    """
    try:
        secret = base64.b64decode(said.removeprefix(SECRET_START), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if not said.startswith(SECRET_START) or len(secret) not in SECRET_BYTES:
        raise SettingsError(
            "MATCHER_WEBHOOK_SECRET cannot be used; needs whsec_ and then 24 to 64 bytes of chance in base64, as the "
            "receiver shows it"
        )
    return secret
