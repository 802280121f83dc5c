"""Activities: each one thing to do, in a project or on its own; what all methods share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from storage.projects import projects
from storage.schema import Id, Instant, Json, Words, metadata
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen; ``number`` counts from 1 within its activity and never changes."""

    number: int
    name: Words
    text: Words
    photo_id: int | None


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing to do. It is open from ``opens_at`` until just before ``closes_at`` (None: for ever).

    ``settings`` belong to the method. Of a choice: ``results`` (always, after_voting, after_closing), ``shuffled``, and
    ``web_votes`` (whether visitors of the web count who are known by nothing else). Of ideas: ``moderation`` (after,
    before publication). ``label`` is a short title for buttons, by language.
    ``project_status`` is None for one that stands alone.
    """

    id: int
    key: str
    project_id: int | None
    method: str
    title: Words
    text: Words
    opens_at: datetime
    closes_at: datetime | None
    settings: Mapping[str, Any]
    project_status: str | None
    options: Sequence[Option]


activities = Table(
    "activities",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String, nullable=False),
    Column("project_id", Id, ForeignKey("projects.id", ondelete="CASCADE"), index=True),
    Column("method", String, nullable=False),
    Column("title", Json, nullable=False),
    Column("text", Json, nullable=False),
    Column("opens_at", Instant, nullable=False),
    Column("closes_at", Instant),
    Column("settings", Json, nullable=False),
    UniqueConstraint("project_id", "key"),
)

options = Table(
    "options",
    metadata,
    Column("activity_id", Id, ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", Json, nullable=False),
    Column("text", Json, nullable=False),
    Column("photo_id", Id, ForeignKey("photos.id", ondelete="SET NULL")),
)

_OWN = len(activities.c) + 1
_WITH_OPTIONS = (
    select(*activities.c, projects.c.status, options.c.number, options.c.name, options.c.text, options.c.photo_id)
    .join_from(activities, options, isouter=True)
    .outerjoin(projects, projects.c.id == activities.c.project_id)
    .order_by(activities.c.opens_at, activities.c.id, options.c.number)
)
_GET = _WITH_OPTIONS.where(activities.c.id == bindparam("activity_id"))
_HELD = _GET.with_for_update(read=True, of=activities)
_OF_PROJECT = _WITH_OPTIONS.where(activities.c.project_id == bindparam("project_id"))


class Activities:
    """Activities with their options; one that was read in this turn is not read again."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: dict[int, Activity] = {}
        self._held: set[int] = set()

    def get(self, activity_id: int, *, held: bool = False) -> Activity | None:
        """One activity; ``held``: nobody closes or changes it until this turn ends, so that closing is a clean cut."""
        if activity_id not in self._read or (held and activity_id not in self._held):
            found = self._gather(self._store.run(_HELD if held else _GET, {"activity_id": activity_id}))
            if not found:
                return None
            self._read[activity_id] = found[0]
            if held:
                self._held.add(activity_id)
        return self._read[activity_id]

    def of(self, project_id: int) -> tuple[Activity, ...]:
        """The activities of a project in order of opening."""
        return self._gather(self._store.run(_OF_PROJECT, {"project_id": project_id}))

    def standing_alone(self) -> tuple[Activity, ...]:
        """The activities that belong to no project."""
        return self._gather(self._store.run(_WITH_OPTIONS.where(activities.c.project_id.is_(None))))

    def put(self, activity: Activity) -> int:
        """Write the activity with this key of its project; its id stays what it was."""
        values = {name: getattr(activity, name) for name in Activity.__slots__ if name in activities.c and name != "id"}
        values |= {name: dict(values[name]) for name in ("title", "text", "settings")}
        same = (activities.c.project_id.is_not_distinct_from(activity.project_id), activities.c.key == activity.key)
        known = self._store.run(select(activities.c.id).where(*same)).scalar()
        if known is None:
            known = self._store.run(insert(activities).values(**values).returning(activities.c.id)).scalar_one()
        else:
            self._store.run(update(activities).where(activities.c.id == known).values(**values))
        self._put_options(known, activity.options)
        self._read.pop(known, None)
        return int(known)

    def _put_options(self, activity_id: int, chosen: Sequence[Option]) -> None:
        for option in chosen:
            values = {"name": dict(option.name), "text": dict(option.text), "photo_id": option.photo_id}
            keys = {"activity_id": activity_id, "number": option.number}
            upsert = self._store.upsert(options).values(**keys, **values)
            self._store.run(upsert.on_conflict_do_update(index_elements=list(keys), set_=values))
        gone = options.c.number.not_in([option.number for option in chosen])
        self._store.run(delete(options).where(options.c.activity_id == activity_id, gone))

    @staticmethod
    def _gather(rows: Any) -> tuple[Activity, ...]:
        """One Activity for the rows of each id; a row's tail is an option, or nothing but None."""
        gathered: dict[int, tuple[Any, list[Option]]] = {}
        for row in rows:
            _, found = gathered.setdefault(row[0], (row[:_OWN], []))
            if row[_OWN] is not None:
                found.append(Option(*row[_OWN:]))
        return tuple(Activity(*own, tuple(found)) for own, found in gathered.values())  # type: ignore[call-arg]
