"""How an instant is kept: the same on every database, and readable by a person with a plain database tool."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An instant in UTC as text of one width, `2024-05-01T03:00:00.000000Z`: its order is the order of time."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:  # noqa: ANN401 - SQLAlchemy's own
        """To text."""
        del dialect
        return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").zfill(27)

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:  # noqa: ANN401 - SQLAlchemy's own
        """From text."""
        del dialect
        return None if value is None else datetime.fromisoformat(value)
