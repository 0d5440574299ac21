"""Who had themselves forgotten: fingerprints only, so that an import does not bring them back unnoticed.

The salt lies beside them: whoever has the file and a list of ids can tell which of these were forgotten; whoever has
only the file learns how many.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from matcher.errors import InputError
from matcher.storage.files import write_private_text


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgotten:
    """The fingerprints of everyone who was forgotten, in one file; missing: nobody was."""

    path: Path

    def __contains__(self, member: str) -> bool:
        return bool(self.among([member]))

    def among(self, members: Iterable[str]) -> set[str]:
        """Those of the members who were forgotten; so is, for ever, whoever stands under a pseudonym.

        Raises:
            InputError: The file is damaged.
        """
        salt, known = self._read()
        return {one for one in members if _PSEUDONYM.fullmatch(one) or (known and _fingerprint(salt, one) in known)}

    def add(self, member: str) -> str:
        """From now on somebody is forgotten.

        Returns:
            The pseudonym that stands in their place: always the same for one member of this workspace.

        Raises:
            InputError: The file is damaged.
        """
        salt, known = self._read()
        mark = _fingerprint(salt, member)
        self._write(salt, known | {mark})
        return _pseudonym(mark)

    def discard(self, member: str) -> str:
        """Somebody may come back.

        Returns:
            The pseudonym that stood in their place.

        Raises:
            InputError: The file is damaged, or they were not forgotten.
        """
        salt, known = self._read()
        mark = _fingerprint(salt, member)
        if mark not in known:
            raise InputError(f"{member!r} was not forgotten here; found {len(known)} others; give the id as it was")
        self._write(salt, known - {mark})
        return _pseudonym(mark)

    def _read(self) -> tuple[bytes, frozenset[str]]:
        try:
            read = json.loads(self.path.read_text(encoding="utf-8"))
            return bytes.fromhex(read["salt"]), frozenset(read["members"])
        except FileNotFoundError:
            return secrets.token_bytes(32), frozenset()
        except (OSError, ValueError, TypeError, KeyError) as damage:
            raise InputError(
                f"{self.path} cannot be read; found {type(damage).__name__}; bring it back from a copy: without it an "
                "import would bring back whoever was forgotten"
            ) from None

    def _write(self, salt: bytes, known: frozenset[str]) -> None:
        write_private_text(self.path, json.dumps({"salt": salt.hex(), "members": sorted(known)}, indent=2) + "\n")


def _fingerprint(salt: bytes, member: str) -> str:
    return hmac.new(salt, member.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _pseudonym(mark: str) -> str:
    return f"forgotten-{mark[:8]}"


_PSEUDONYM = re.compile("forgotten-[0-9a-f]{8}")
"""Who is called so is nobody any more, even if the one who was comes back."""
