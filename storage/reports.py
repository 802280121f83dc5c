"""Reports: a resident finds a contribution unsuitable."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, String, Table, delete, func, select, update

from storage.schema import Id, Instant, metadata
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Report:
    """One person's report of one contribution, named by its address (``idea-3``, ``comment-7``)."""

    address: str
    resident_id: int
    at: datetime


reports = Table(
    "reports",
    metadata,
    Column("address", String, primary_key=True),
    Column(
        "resident_id",
        Id,
        ForeignKey("residents.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    ),
    Column("at", Instant, nullable=False),
)


class Reports:
    """Reports: one for each person and contribution."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, address: str, resident_id: int, now: datetime) -> None:
        """Keep a report; safe to run twice."""
        upsert = self._store.upsert(reports).values(address=address, resident_id=resident_id, at=now)
        self._store.run(upsert.on_conflict_do_nothing())

    def move(self, resident_id: int, to: int) -> None:
        """Make one resident's reports another's; what both reported is reported once."""
        both = select(reports.c.address).where(reports.c.resident_id == to)
        chosen = reports.c.resident_id == resident_id
        self._store.run(delete(reports).where(chosen, reports.c.address.in_(both)))
        self._store.run(update(reports).where(chosen).values(resident_id=to))

    def count(self, address: str) -> int:
        """How many people reported a contribution."""
        chosen = select(func.count()).select_from(reports).where(reports.c.address == address)
        return int(self._store.run(chosen).scalar_one())

    def of(self, resident_id: int) -> tuple[Report, ...]:
        chosen = select(reports).where(reports.c.resident_id == resident_id).order_by(reports.c.at)
        return self._store.all(Report, chosen)
