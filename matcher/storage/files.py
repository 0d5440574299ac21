"""Writing files so that a reader sees the old one or the new one, never half of one."""

import os
from collections.abc import Callable
from pathlib import Path


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary neighbour of `path`, then put it in place in one step.

    A crash at any moment leaves the old file, or none, and at most a `.part` file that the
    next write replaces.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    write(part)
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.replace(path)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text whole."""
    write_whole(path, lambda part: part.write_text(text, encoding="utf-8", newline="\n"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write bytes whole."""
    write_whole(path, lambda part: part.write_bytes(content))


def write_private(path: Path, write: Callable[[Path], object]) -> None:
    """As `write_whole`, for its owner's eyes only, also where others may put files or links beside it."""

    def write_unseen(part: Path) -> None:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        write(part)

    write_whole(path, write_unseen)


def write_private_text(path: Path, text: str) -> None:
    """Write UTF-8 text whole, for its owner's eyes only."""
    write_private(path, lambda part: part.write_text(text, encoding="utf-8", newline="\n"))
