"""Messages to other programs: signed as Standard Webhooks says, and with no more in them than must be."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from matcher.errors import SettingsError
from matcher.publish.invitations import invitation_of
from matcher.publish.webhook import read_secret, signed_headers, webhook_body
from tests.unit.publish.evening import ADDRESSES, HOME, NOW, edition, suggestion


def test_the_signature_is_that_of_the_standard() -> None:
    """Its own example, so that any receiver's library agrees."""
    secret = read_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'

    at = NOW.fromtimestamp(1614265330, tz=NOW.tzinfo)
    headers = signed_headers(secret, key="p5jXN8AQM9LWM0D4loKWxJek", body=body, now=at)

    assert headers["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_second_attempt_has_the_same_id_and_another_signature() -> None:
    """The receiver knows what it had already, and nobody can replay an old message."""
    first, second = (
        signed_headers(b"k" * 32, key="1", body=b"x", now=NOW + timedelta(minutes=wait)) for wait in (0, 1)
    )

    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-signature"] != second["webhook-signature"]
    by_hand = hmac.new(b"k" * 32, f"msg_1.{int(NOW.timestamp())}.x".encode(), hashlib.sha256).digest()
    assert first["webhook-signature"] == f"v1,{base64.b64encode(by_hand).decode()}"


def test_the_message_names_who_where_and_why_and_nothing_else() -> None:
    """No address, no home, no score, nothing that organizers were told."""
    night = edition()
    body = webhook_body(invitation_of(night, suggestion(), night.town_of(suggestion()), None), now=NOW)

    said = json.loads(body)
    assert said["type"] == "suggestion.published"
    assert set(said["data"]) == {
        "run_id", "suggestion", "version", "kind", "members", "town", "begins", "topics", "reasons", "starter",
        "notice",
    }  # fmt: skip
    assert said["data"]["members"][0] == {"id": "a", "name": "Ana"}
    assert not [hidden for hidden in (HOME, "Eve", "0.43", *ADDRESSES.values()) if hidden in body]


@pytest.mark.parametrize(
    "said", ["", "secret", "whsec_", "whsec_abc", "whsec_" + "A" * 8, "whsec_ä", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
)
def test_a_secret_that_cannot_be_is_refused_and_not_repeated(said: str) -> None:
    """It is one all the same, perhaps with a letter missing."""
    with pytest.raises(SettingsError, match="whsec_") as refused:
        read_secret(said)

    assert len(said) < 7 or said not in str(refused.value)
