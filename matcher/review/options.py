"""What an operator may say about the desk in `matcher.toml`, section `review`."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskOptions:
    """Where the desk remembers, and who may reach it.

    Attributes:
        database: `postgresql://USER@HOST/NAME`, or the path of a SQLite file; empty: `desk.sqlite` in the workspace.
            A password belongs into the environment (`MATCHER_DATABASE` replaces this), not into a file.
        address: The `https://…` under which browsers reach the desk through a proxy; empty: only this machine does.
    """

    database: str = ""
    address: str = ""
