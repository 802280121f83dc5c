"""Projects of the city, and the milestones of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    delete,
    insert,
    select,
    update,
)

from storage.schema import Id, Instant, Json, Words, metadata
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Project:
    """Something that the city works on. ``status``: draft, published, archived; ``budget_euros`` in whole euros."""

    id: int
    key: str
    number: int
    status: str
    title: Words
    summary: Words
    body: Words
    photo_id: int | None
    latitude: float | None
    longitude: float | None
    address: str | None
    budget_euros: int | None
    partners: Sequence[str]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A moment of a project that is nothing to take part in: 'ground broken', 'the council decides'."""

    id: int
    project_id: int
    number: int
    at: datetime
    title: Words
    text: Words


projects = Table(
    "projects",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("number", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("title", Json, nullable=False),
    Column("summary", Json, nullable=False),
    Column("body", Json, nullable=False),
    Column("photo_id", Id, ForeignKey("photos.id", ondelete="SET NULL"), index=True),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("address", String),
    Column("budget_euros", BigInteger),
    Column("partners", Json, nullable=False),
)

milestones = Table(
    "milestones",
    metadata,
    Column("id", Id, primary_key=True),
    Column("project_id", Id, ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("title", Json, nullable=False),
    Column("text", Json, nullable=False),
    UniqueConstraint("project_id", "number"),
)


class Projects:
    """Projects and their milestones."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, project_id: int) -> Project | None:
        return self._store.one(Project, select(projects).where(projects.c.id == project_id))

    def by_key(self, key: str) -> Project | None:
        return self._store.one(Project, select(projects).where(projects.c.key == key))

    def published(self) -> tuple[Project, ...]:
        """What residents see, in the city's order."""
        chosen = select(projects).where(projects.c.status == "published")
        return self._store.all(Project, chosen.order_by(projects.c.number, projects.c.id))

    def put(self, project: Project) -> int:
        """Write the project with this key; its id stays what it was (the record's own id is not looked at)."""
        values = {name: getattr(project, name) for name in Project.__slots__ if name != "id"}
        values |= {name: dict(values[name]) for name in ("title", "summary", "body")}
        values["partners"] = list(project.partners)
        if known := self.by_key(project.key):
            self._store.run(update(projects).where(projects.c.id == known.id).values(**values))
            return known.id
        return int(self._store.run(insert(projects).values(**values).returning(projects.c.id)).scalar_one())

    def milestones_of(self, project_id: int) -> tuple[Milestone, ...]:
        chosen = select(milestones).where(milestones.c.project_id == project_id)
        return self._store.all(Milestone, chosen.order_by(milestones.c.at, milestones.c.id))

    def put_milestone(self, milestone: Milestone) -> None:
        """Write the milestone with this number of its project."""
        values = {"at": milestone.at, "title": dict(milestone.title), "text": dict(milestone.text)}
        keys = {"project_id": milestone.project_id, "number": milestone.number}
        upsert = self._store.upsert(milestones).values(**keys, **values)
        self._store.run(upsert.on_conflict_do_update(index_elements=list(keys), set_=values))

    def remove_milestones_from(self, project_id: int, number: int) -> None:
        """Drop the milestones of a project from this number on."""
        chosen = (milestones.c.project_id == project_id, milestones.c.number >= number)
        self._store.run(delete(milestones).where(*chosen))
