"""Residents, and the accounts through which they write: one person may have several."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from storage.arrivals import landed_at
from storage.cities import cities
from storage.schema import Id, Instant, metadata
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Resident:
    """A person. ``awaiting`` is the address of what they are composing; ``may_write`` is their answer to the
    question whether the bot may write unasked (None: never answered)."""

    id: int
    name: str
    language: str
    came_from: str | None
    awaiting: str | None
    took_part_at: datetime | None
    may_write: bool | None
    invented: bool
    joined_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """One channel's chat of a resident. ``living_message_id`` is the message that screens edit."""

    id: int
    channel: str
    chat_id: int
    resident_id: int
    living_message_id: int | None
    reachable: bool


@dataclass(frozen=True, slots=True)
class Entrance:
    """Who is at the door, all that one update needs to know, read in one statement."""

    resident: Resident
    account: Account
    city_version: int | None
    landed: str | None
    """Where this very update landed before; None for one that was never seen."""


residents = Table(
    "residents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String, nullable=False),
    Column("language", String, nullable=False),
    Column("came_from", String),
    Column("awaiting", String),
    Column("took_part_at", Instant),
    Column("may_write", Boolean),
    Column("invented", Boolean, nullable=False),
    Column("joined_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    sqlite_autoincrement=True,
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("resident_id", Id, ForeignKey("residents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("living_message_id", BigInteger),
    Column("reachable", Boolean, nullable=False),
    UniqueConstraint("channel", "chat_id"),
)

_RESIDENT = len(residents.c)
_ACCOUNT = len(accounts.c)
_ENTER = (
    select(
        *residents.c,
        *accounts.c,
        select(cities.c.version).scalar_subquery(),
        landed_at(bindparam("channel"), bindparam("update_id")).scalar_subquery(),
    )
    .join_from(accounts, residents)
    .where(accounts.c.channel == bindparam("channel"), accounts.c.chat_id == bindparam("chat_id"))
    .with_for_update(of=residents)
)
_GET = select(residents).where(residents.c.id == bindparam("id"))


class Residents:
    """People and their accounts."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: dict[int, Resident] = {}

    def enter(self, channel: str, chat_id: int, update_id: int) -> Entrance | None:
        """The person behind a chat, their row held until the turn ends; None for somebody never met."""
        values = {"channel": channel, "chat_id": chat_id, "update_id": update_id}
        row = self._store.run(_ENTER, values).first()
        if row is None:
            return None
        resident, account = row[:_RESIDENT], row[_RESIDENT : _RESIDENT + _ACCOUNT]
        entrance = Entrance(Resident(*resident), Account(*account), row[-2], row[-1])
        self._read[entrance.resident.id] = entrance.resident
        return entrance

    def get(self, resident_id: int) -> Resident | None:
        """A resident; one who was read or changed in this turn is not read again."""
        known = self._read.get(resident_id)
        return known or self._store.one(Resident, _GET, {"id": resident_id})

    def add(
        self, name: str, language: str, came_from: str | None, now: datetime, *, invented: bool = False
    ) -> Resident:
        values = {
            "name": name,
            "language": language,
            "came_from": came_from,
            "invented": invented,
            "joined_at": now,
            "seen_at": now,
        }
        return Resident(*self._store.run(insert(residents).returning(*residents.c), values).one())

    def change(self, resident_id: int, **values: Any) -> Resident:
        """Write the named fields of one resident; returns them as they are now."""
        statement = update(residents).where(residents.c.id == resident_id).values(**values).returning(*residents.c)
        self._read[resident_id] = Resident(*self._store.run(statement).one())
        return self._read[resident_id]

    def remove(self, resident_id: int) -> None:
        """Forget a person and their accounts, drafts and consents (foreign keys cascade)."""
        self._store.run(delete(residents).where(residents.c.id == resident_id))
        self._read.pop(resident_id, None)

    def open_account(self, resident_id: int, channel: str, chat_id: int) -> Account:
        values = {"resident_id": resident_id, "channel": channel, "chat_id": chat_id, "reachable": True}
        return Account(*self._store.run(insert(accounts).returning(*accounts.c), values).one())

    def hold(self, resident_id: int) -> Resident | None:
        """A resident as they are now, held until the turn ends."""
        return self._store.one(Resident, _GET.with_for_update(), {"id": resident_id})

    def move_accounts(self, resident_id: int, to: int) -> None:
        """Make one resident's chats another's."""
        self._store.run(update(accounts).where(accounts.c.resident_id == resident_id).values(resident_id=to))

    def accounts_of(self, resident_id: int) -> tuple[Account, ...]:
        statement = select(accounts).where(accounts.c.resident_id == resident_id).order_by(accounts.c.id)
        return self._store.all(Account, statement)

    def change_account(self, channel: str, chat_id: int, **values: Any) -> int:
        """Write the named fields of one account; the number of accounts that were there to change: 0 or 1."""
        chosen = (accounts.c.channel == channel, accounts.c.chat_id == chat_id)
        return self._store.changed(update(accounts).where(*chosen).values(**values))
