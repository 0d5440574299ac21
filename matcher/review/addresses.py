"""Which addresses a browser may be sent to: those of this desk and no others."""

import re

_LOCAL = re.compile(r"/(?!/)[^\x00-\x20\x7f\\]{0,4100}")


def local_address(said: str) -> str:
    """An address of this desk as it was said; the front page for anything else.

    Browsers read two slashes, of either kind, as another host, and drop tabs and line ends before they look.
    """
    return said if _LOCAL.fullmatch(said) else "/"
