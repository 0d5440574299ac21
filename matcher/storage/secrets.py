"""The secret of a workspace, made once: with it links are signed, and whoever has it can make them up."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from matcher.errors import InputError

N_BYTES = 32


def keep_secret(path: Path) -> bytes:
    """The secret kept at `path`; made where there is none, for its owner's eyes only.

    Whoever comes first makes it, however many come at once. Remove the file to make every link worthless.

    Raises:
        InputError: It is damaged, or others may read it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _make(path)
    mode = path.stat().st_mode & 0o777
    if os.name == "posix" and mode & 0o077:
        raise InputError(f"others may read the secret in {path}; found mode {mode:o}; say chmod 600, or remove it")
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        secret = b""
    if len(secret) != N_BYTES:
        raise InputError(
            f"the secret in {path} is damaged; needs {2 * N_BYTES} hexadecimal digits; bring it back, or remove the "
            "file: links that were sent become worthless"
        )
    return secret


def _make(path: Path) -> None:
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as written:
        written.write(secrets.token_hex(N_BYTES) + "\n")
        written.flush()
        os.fsync(written.fileno())
    try:
        # A hard link is refused where somebody was first: the first secret stays.
        with suppress(FileExistsError):
            os.link(part, path)
    finally:
        part.unlink()
