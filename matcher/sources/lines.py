"""Text files as numbered lines, read as a stream, whatever is in them."""

import codecs
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO

from matcher.errors import SourceError

LONGEST_LINE = 64 * 2**20
"""Bytes of a line that are held in memory; a longer line is passed over."""


def numbered_lines(path: Path) -> Iterator[tuple[int, str | None]]:
    """Read UTF-8 text, with or without a byte order mark.

    Yields:
        The line's number, from 1, and its text with its line end; None where it is too long to be held.

    Raises:
        SourceError: The file is missing, closed to us, empty or not UTF-8.
    """
    with _opened(path) as file:
        for number in count(1):
            raw = file.readline(LONGEST_LINE)
            if not raw:
                break
            if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
                _pass_over(file)
                yield number, None
            else:
                yield number, _decoded(raw, path, number)
    if number == 1:
        raise SourceError(f"{path} is empty; found 0 bytes; export it again")


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError as missing:
        raise SourceError(f"{path} is missing; found no such file; check the path, or export it again") from missing
    except OSError as closed:
        raise SourceError(
            f"{path} cannot be opened; found {type(closed).__name__}; give a file that you may read"
        ) from closed


def _pass_over(file: BinaryIO) -> None:
    rest = file.readline(LONGEST_LINE)
    while rest and not rest.endswith(b"\n"):
        rest = file.readline(LONGEST_LINE)


def _decoded(raw: bytes, path: Path, number: int) -> str:
    if number == 1:
        raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as other:
        raise SourceError(
            f"{path}:{number}: not UTF-8; found byte 0x{raw[other.start]:02x}; save or export the file as UTF-8"
        ) from other
