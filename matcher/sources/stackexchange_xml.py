"""The files of a Stack Exchange dump: one root element, and in it one `<row .../>` a line."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from matcher.errors import SourceError
from matcher.sources.lines import numbered_lines


def read_rows(path: Path, *, needed: Sequence[str]) -> Iterator[tuple[int, Mapping[str, str] | None]]:
    """Read a file as a stream.

    Args:
        path: Its name without the ending, in lower case, is the name of its root element.
        needed: Attributes without which a row cannot be read.

    Yields:
        The number of each row's line and its attributes; None where the row cannot be read.

    Raises:
        SourceError: The file is missing, empty, not UTF-8, of another kind or cut off.
    """
    root = path.stem.lower()
    is_open = is_closed = False
    number = 0
    for number, line in numbered_lines(path):
        text = None if line is None else line.strip()
        if text == "" or (text is not None and not is_open and text.startswith("<?xml ")):
            continue
        if not is_open:
            if text != f"<{root}>":
                raise SourceError(
                    f"{path}:{number}: not a dump of {root}; found another beginning; "
                    f"needs <{root}> before the first row"
                )
            is_open = True
        elif text == f"</{root}>":
            is_closed = True
        else:
            row = None if text is None else _attributes(text)
            yield number, None if row is None or any(name not in row for name in needed) else row
    if not is_closed:
        raise SourceError(f"{path}:{number}: cut off; found no </{root}> at the end; download or unpack it again")


def _attributes(text: str) -> Mapping[str, str] | None:
    """The attributes of one row, or None; what begins as a row has no room to declare an entity."""
    if not text.startswith("<row "):
        return None
    try:
        return ET.fromstring(text).attrib  # noqa: S314 - no document type before or inside an element
    except ET.ParseError:
        return None
