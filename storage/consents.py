"""What people answered when asked for consent: every answer is kept, with the words that were shown."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Column, ForeignKey, String, Table, insert, select, update

from storage.schema import Id, Instant, metadata
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Consent:
    """One answer: to which question (``kind``), in which version of its text and in which language it was shown."""

    id: int
    resident_id: int
    kind: str
    answer: bool
    text_version: str
    language: str
    at: datetime


consents = Table(
    "consents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("resident_id", Id, ForeignKey("residents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("answer", Boolean, nullable=False),
    Column("text_version", String, nullable=False),
    Column("language", String, nullable=False),
    Column("at", Instant, nullable=False),
)


class Consents:
    """The answers, oldest first."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, resident_id: int, kind: str, answer: bool, text_version: str, language: str, now: datetime) -> None:
        values = {"resident_id": resident_id, "kind": kind, "answer": answer}
        self._store.run(insert(consents).values(**values, text_version=text_version, language=language, at=now))

    def move(self, resident_id: int, to: int) -> None:
        """Make one resident's answers another's."""
        self._store.run(update(consents).where(consents.c.resident_id == resident_id).values(resident_id=to))

    def of(self, resident_id: int) -> tuple[Consent, ...]:
        chosen = select(consents).where(consents.c.resident_id == resident_id).order_by(consents.c.id)
        return self._store.all(Consent, chosen)
