"""Pairing: the short codes by which two chats become one person's, and the wrong ones that were tried."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, String, Table, delete, func, insert, select

from storage.schema import Id, Instant, metadata
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Pairing:
    """A one-time code that waits to be typed in another chat; only its digest is kept."""

    digest: str
    resident_id: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Try:
    """A wrong code that somebody typed, and when; not which one."""

    id: int
    resident_id: int
    at: datetime


def _resident_id() -> Column[int]:
    return Column("resident_id", Id, ForeignKey("residents.id", ondelete="CASCADE"), nullable=False, index=True)


pairings = Table(
    "pairings",
    metadata,
    Column("digest", String, primary_key=True),
    _resident_id(),
    Column("expires_at", Instant, nullable=False),
)

tries = Table(
    "pairing_tries",
    metadata,
    Column("id", Id, primary_key=True),
    _resident_id(),
    Column("at", Instant, nullable=False),
)


class Pairings:
    """Codes by digest; a person has one at most. Wrong codes are counted by who typed them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, digest: str) -> Pairing | None:
        """The pairing of a code, held until the turn ends."""
        return self._store.one(Pairing, select(pairings).where(pairings.c.digest == digest).with_for_update())

    def of(self, resident_id: int) -> tuple[Pairing, ...]:
        """A person's code, or nothing."""
        return self._store.all(Pairing, select(pairings).where(pairings.c.resident_id == resident_id))

    def tries_of(self, resident_id: int) -> tuple[Try, ...]:
        """The wrong codes that a person typed, the oldest first."""
        return self._store.all(Try, select(tries).where(tries.c.resident_id == resident_id).order_by(tries.c.id))

    def put(self, pairing: Pairing) -> None:
        """Keep a code in place of the person's former one."""
        self.remove_of(pairing.resident_id)
        values = {name: getattr(pairing, name) for name in Pairing.__slots__}
        self._store.run(insert(pairings).values(**values))

    def remove_of(self, resident_id: int) -> None:
        self._store.run(delete(pairings).where(pairings.c.resident_id == resident_id))

    def add_try(self, resident_id: int, now: datetime) -> None:
        self._store.run(insert(tries).values(resident_id=resident_id, at=now))

    def count_tries(self, resident_id: int, since: datetime) -> int:
        """How many wrong codes a person typed since a moment."""
        chosen = (tries.c.resident_id == resident_id, tries.c.at >= since)
        return int(self._store.run(select(func.count()).select_from(tries).where(*chosen)).scalar_one())

    def forget_before(self, before: datetime, now: datetime) -> int:
        """Drop codes that are over and wrong ones of long ago; how many rows."""
        over = self._store.changed(delete(pairings).where(pairings.c.expires_at <= now))
        return over + self._store.changed(delete(tries).where(tries.c.at < before))
