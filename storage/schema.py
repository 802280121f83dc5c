"""The column types and the one MetaData that every table shares."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

Words: TypeAlias = Mapping[str, str]
"""A text of the staff in several languages: ``{"nl": "Stationsbuurt", "en": "Station quarter"}``."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

Id: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit id of ours; SQLite numbers only INTEGER keys by itself.

What can be removed and is known by its id elsewhere (a button, a link, a report) is a table with
``sqlite_autoincrement``: SQLite would give the id of what was removed last to what comes next.
"""

Json: TypeEngine[Any] = JSON().with_variant(JSONB(), "postgresql")


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, both ways; a time without a zone is refused, because SQLite would forget that it had none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
