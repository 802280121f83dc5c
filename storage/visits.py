"""Which places people have seen, and where they came from: turnout needs those who looked beside those who acted."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, String, Table, delete, func, select, update

from storage.schema import Id, Instant, metadata
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Visit:
    """The first time that a person saw a place; ``source`` is the extra word of the link that led there, or empty."""

    resident_id: int
    address: str
    source: str
    at: datetime


visits = Table(
    "visits",
    metadata,
    Column("resident_id", Id, ForeignKey("residents.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("address", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("at", Instant, nullable=False),
)


class Visits:
    """First visits by person, place and source."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def saw(self, resident_id: int, address: str, source: str | None, now: datetime) -> None:
        """Remember the first visit; safe to run twice."""
        values = {"resident_id": resident_id, "address": address, "source": source or "", "at": now}
        self._store.run(self._store.upsert(visits).on_conflict_do_nothing(), values)

    def move(self, resident_id: int, to: int) -> None:
        """Make one resident's visits another's; of a place that both saw the earlier visit stays."""
        other = visits.alias()
        same = (other.c.address == visits.c.address, other.c.source == visits.c.source)
        for mine, theirs, later in (
            (resident_id, to, visits.c.at >= other.c.at),
            (to, resident_id, visits.c.at > other.c.at),
        ):
            known = select(other.c.at).where(other.c.resident_id == theirs, *same, later).exists()
            self._store.run(delete(visits).where(visits.c.resident_id == mine, known))
        self._store.run(update(visits).where(visits.c.resident_id == resident_id).values(resident_id=to))

    def of(self, resident_id: int) -> tuple[Visit, ...]:
        chosen = select(visits).where(visits.c.resident_id == resident_id)
        return self._store.all(Visit, chosen.order_by(visits.c.at, visits.c.address))

    def count(self, address: str) -> int:
        """How many people saw a place."""
        people = func.count(visits.c.resident_id.distinct())
        return int(self._store.run(select(people).where(visits.c.address == address)).scalar_one())
