"""Questions to the city, kept for the staff who answer them in the chat."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Float, ForeignKey, String, Table, Text, delete, insert, select, update

from storage.schema import Id, Instant, metadata
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Question:
    """What a resident asks the city; no other resident sees it. ``status``: open, answered (then with ``answer``)."""

    id: int
    resident_id: int | None
    text: str
    language: str
    photo_id: int | None
    latitude: float | None
    longitude: float | None
    status: str
    at: datetime
    answer: str | None = None
    answered_at: datetime | None = None


questions = Table(
    "questions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("resident_id", Id, ForeignKey("residents.id", ondelete="SET NULL"), index=True),
    Column("text", Text, nullable=False),
    Column("language", String, nullable=False),
    Column("photo_id", Id, ForeignKey("photos.id", ondelete="SET NULL"), index=True),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("status", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("answer", Text),
    Column("answered_at", Instant),
    sqlite_autoincrement=True,
)


class Questions:
    """Questions by person and by status."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, **values: Any) -> int:
        """Keep a new question: every field of the record but id."""
        return int(self._store.run(insert(questions).values(**values).returning(questions.c.id)).scalar_one())

    def get(self, question_id: int) -> Question | None:
        return self._store.one(Question, select(questions).where(questions.c.id == question_id))

    def of(self, resident_id: int) -> tuple[Question, ...]:
        chosen = select(questions).where(questions.c.resident_id == resident_id).order_by(questions.c.id)
        return self._store.all(Question, chosen)

    def open(self) -> tuple[Question, ...]:
        """What waits for an answer, the oldest first."""
        chosen = select(questions).where(questions.c.status == "open").order_by(questions.c.id)
        return self._store.all(Question, chosen)

    def change(self, question_id: int, **values: Any) -> None:
        self._store.run(update(questions).where(questions.c.id == question_id).values(**values))

    def move(self, resident_id: int, to: int) -> None:
        """Make one resident's questions another's."""
        self._store.run(update(questions).where(questions.c.resident_id == resident_id).values(resident_id=to))

    def remove_of(self, resident_id: int) -> None:
        self._store.run(delete(questions).where(questions.c.resident_id == resident_id))
