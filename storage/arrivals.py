"""Which updates arrived, where each landed, and those that were put aside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, Select, String, Table, Text, bindparam, delete, func, insert, select

from storage.schema import Id, Instant, metadata
from storage.store import Store


@dataclass(frozen=True, slots=True)
class PutAside:
    """An update that could not be taken, kept as it came so that it can be looked at and taken again."""

    id: int
    channel: str
    update_id: int | None
    chat_id: int | None
    body: str
    error: str
    at: datetime


arrivals = Table(
    "arrivals",
    metadata,
    Column("channel", String, primary_key=True),
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("landed", String, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

put_aside = Table(
    "put_aside",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String, nullable=False),
    Column("update_id", BigInteger),
    Column("chat_id", BigInteger),
    Column("body", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

_ADD = insert(arrivals)


def landed_at(channel: Any, update_id: Any) -> Select[tuple[str]]:
    """The query for where an update landed; the channel's entrance reads it along."""
    return select(arrivals.c.landed).where(arrivals.c.channel == channel, arrivals.c.update_id == update_id)


_LANDED = landed_at(bindparam("channel"), bindparam("update_id"))


class Arrivals:
    """The set of updates seen in the last 48 hours: ids can restart lower, so never 'greater than the last'."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, channel: str, update_id: int, landed: str, now: datetime) -> None:
        """Record where an update landed; a second record of the same update breaks the unique key, and so its turn."""
        self._store.run(_ADD, {"channel": channel, "update_id": update_id, "landed": landed, "at": now})

    def landed(self, channel: str, update_id: int) -> str | None:
        found = self._store.run(_LANDED, {"channel": channel, "update_id": update_id}).first()
        return found[0] if found else None

    def forget_before(self, moment: datetime) -> int:
        """Drop what arrived before a moment; the number dropped."""
        return self._store.changed(delete(arrivals).where(arrivals.c.at < moment))

    def put_aside(self, values: dict[str, Any]) -> None:
        """Keep an update that could not be taken: channel, update_id, chat_id, body, error, at."""
        self._store.run(insert(put_aside).values(**values))

    def aside(self) -> tuple[PutAside, ...]:
        """All that was put aside, the oldest first."""
        return self._store.all(PutAside, select(put_aside).order_by(put_aside.c.id))

    def aside_of(self, channel: str, chat_id: int) -> tuple[PutAside, ...]:
        """What came from one chat and was put aside, the oldest first."""
        chosen = select(put_aside).where(put_aside.c.channel == channel, put_aside.c.chat_id == chat_id)
        return self._store.all(PutAside, chosen.order_by(put_aside.c.id))

    def count_aside(self) -> int:
        return int(self._store.run(select(func.count(Column("id", Integer))).select_from(put_aside)).scalar_one())

    def forget_aside(self, *, before: datetime | None = None, account: tuple[str, int] | None = None) -> int:
        """Drop what was put aside before a moment, or what came from one chat; the number dropped."""
        statement = delete(put_aside)
        if before is not None:
            statement = statement.where(put_aside.c.at < before)
        if account is not None:
            statement = statement.where(put_aside.c.channel == account[0], put_aside.c.chat_id == account[1])
        return self._store.changed(statement)
