"""Ideas of residents, and who supports them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Float, ForeignKey, String, Table, Text, delete, func, insert, select, update

from storage.schema import Id, Instant, metadata
from storage.store import Store

PUBLIC = ("published", "under_review", "accepted", "in_progress", "done", "declined", "merged")
"""The statuses in which everybody can read an idea."""


@dataclass(frozen=True, slots=True)
class Idea:
    """What a resident proposes, in the words and the language of its author.

    ``resident_id`` is None once the author was erased. ``anonymous`` hides the name from the public alone.
    ``status``: submitted, published, under_review, accepted, in_progress, done, declined, merged, hidden.
    ``support`` counts the people who support it.
    """

    id: int
    activity_id: int
    resident_id: int | None
    anonymous: bool
    text: str
    language: str
    photo_id: int | None
    latitude: float | None
    longitude: float | None
    status: str
    at: datetime
    author: str | None
    support: int


@dataclass(frozen=True, slots=True)
class Support:
    """One person's support of one idea."""

    idea_id: int
    resident_id: int
    at: datetime


ideas = Table(
    "ideas",
    metadata,
    Column("id", Id, primary_key=True),
    Column("activity_id", Id, ForeignKey("activities.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("resident_id", Id, ForeignKey("residents.id", ondelete="SET NULL"), index=True),
    Column("anonymous", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String, nullable=False),
    Column("photo_id", Id, ForeignKey("photos.id", ondelete="SET NULL"), index=True),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("status", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("seed_key", String, unique=True),
    sqlite_autoincrement=True,
)

supports = Table(
    "supports",
    metadata,
    Column("idea_id", Id, ForeignKey("ideas.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
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


def _with_support() -> Any:
    from storage.residents import residents

    support = select(func.count()).where(supports.c.idea_id == ideas.c.id).scalar_subquery()
    own = [column for column in ideas.c if column.name != "seed_key"]
    return select(*own, residents.c.name, support.label("support")).join_from(ideas, residents, isouter=True)


_IDEA = _with_support()


class Ideas:
    """Ideas with their support."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, idea_id: int) -> Idea | None:
        return self._store.one(Idea, _IDEA.where(ideas.c.id == idea_id))

    def public(self, activity_id: int) -> tuple[Idea, ...]:
        """What everybody can read of one activity, the newest first."""
        chosen = _IDEA.where(ideas.c.activity_id == activity_id, ideas.c.status.in_(PUBLIC))
        return self._store.all(Idea, chosen.order_by(ideas.c.at.desc(), ideas.c.id.desc()))

    def count_public(self, activity_id: int) -> int:
        chosen = (ideas.c.activity_id == activity_id, ideas.c.status.in_(PUBLIC))
        return int(self._store.run(select(func.count()).select_from(ideas).where(*chosen)).scalar_one())

    def submitted(self) -> tuple[Idea, ...]:
        """What waits to be published, the oldest first."""
        return self._store.all(Idea, _IDEA.where(ideas.c.status == "submitted").order_by(ideas.c.at, ideas.c.id))

    def of(self, resident_id: int) -> tuple[Idea, ...]:
        """A person's own ideas in every status, the newest first."""
        chosen = _IDEA.where(ideas.c.resident_id == resident_id)
        return self._store.all(Idea, chosen.order_by(ideas.c.at.desc(), ideas.c.id.desc()))

    def add(self, **values: Any) -> int:
        """Keep a new idea: every field of the record but id, author and support; ``seed_key`` for a seeded one."""
        return int(self._store.run(insert(ideas).values(**values).returning(ideas.c.id)).scalar_one())

    def seeded(self, seed_key: str) -> int | None:
        found: int | None = self._store.run(select(ideas.c.id).where(ideas.c.seed_key == seed_key)).scalar()
        return found

    def change(self, idea_id: int, **values: Any) -> None:
        self._store.run(update(ideas).where(ideas.c.id == idea_id).values(**values))

    def remove(self, idea_id: int) -> None:
        self._store.run(delete(ideas).where(ideas.c.id == idea_id))

    def move(self, resident_id: int, to: int) -> None:
        """Make one resident's ideas and support another's: nobody supports twice, or their own idea."""
        self._store.run(update(ideas).where(ideas.c.resident_id == resident_id).values(resident_id=to))
        both = select(supports.c.idea_id).where(supports.c.resident_id == to)
        own = select(ideas.c.id).where(ideas.c.resident_id == to)
        chosen = supports.c.resident_id == resident_id
        self._store.run(delete(supports).where(chosen, supports.c.idea_id.in_(both.union(own))))
        self._store.run(delete(supports).where(supports.c.resident_id == to, supports.c.idea_id.in_(own)))
        self._store.run(update(supports).where(chosen).values(resident_id=to))

    def support(self, idea_id: int, resident_id: int, now: datetime) -> None:
        """Count one person's support; safe to run twice."""
        upsert = self._store.upsert(supports).values(idea_id=idea_id, resident_id=resident_id, at=now)
        self._store.run(upsert.on_conflict_do_nothing())

    def take_back(self, idea_id: int, resident_id: int) -> None:
        chosen = (supports.c.idea_id == idea_id, supports.c.resident_id == resident_id)
        self._store.run(delete(supports).where(*chosen))

    def supports(self, idea_id: int, resident_id: int) -> bool:
        chosen = (supports.c.idea_id == idea_id, supports.c.resident_id == resident_id)
        return self._store.run(select(supports.c.at).where(*chosen)).first() is not None

    def supported_by(self, resident_id: int) -> tuple[int, ...]:
        """The ids of the ideas that a person supports."""
        return tuple(support.idea_id for support in self.supports_of(resident_id))

    def supports_of(self, resident_id: int) -> tuple[Support, ...]:
        """A person's support, in the order of the ideas."""
        chosen = select(supports).where(supports.c.resident_id == resident_id).order_by(supports.c.idea_id)
        return self._store.all(Support, chosen)
