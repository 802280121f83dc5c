"""Ballots of the method `choice`: one option for each resident and activity."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)

from storage.residents import accounts
from storage.schema import Id, Instant, metadata
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one resident chose; ``resident_id`` is None once the person was erased after the activity closed."""

    activity_id: int
    resident_id: int | None
    option_number: int
    channel: str
    cast_at: datetime
    changed_at: datetime


ballots = Table(
    "choice_ballots",
    metadata,
    Column("id", Id, primary_key=True),
    Column("activity_id", Id, nullable=False),
    Column("resident_id", Id, ForeignKey("residents.id", ondelete="SET NULL"), index=True),
    Column("option_number", Integer, nullable=False),
    Column("channel", String, nullable=False),
    Column("cast_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("activity_id", "resident_id"),
    ForeignKeyConstraint(["activity_id", "option_number"], ["options.activity_id", "options.number"]),
    Index("ix_choice_ballots_tally", "activity_id", "option_number"),
)

_BALLOT = [column for column in ballots.c if column.name != "id"]
_GET = select(*_BALLOT).where(
    ballots.c.activity_id == bindparam("activity_id"), ballots.c.resident_id == bindparam("resident_id")
)
_TALLY = (
    select(ballots.c.option_number, func.count())
    .where(ballots.c.activity_id == bindparam("activity_id"))
    .group_by(ballots.c.option_number)
)


class Choices:
    """Ballots; one that was read or written in this turn is not read again."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: dict[tuple[int, int], Ballot | None] = {}

    def get(self, activity_id: int, resident_id: int) -> Ballot | None:
        key = (activity_id, resident_id)
        if key not in self._read:
            found = self._store.one(Ballot, _GET, {"activity_id": activity_id, "resident_id": resident_id})
            self._read[key] = found
        return self._read[key]

    def put(self, activity_id: int, resident_id: int, option_number: int, channel: str, now: datetime) -> None:
        """Cast the ballot, or change it: one for each resident and activity."""
        values = {
            "activity_id": activity_id,
            "resident_id": resident_id,
            "option_number": option_number,
            "channel": channel,
            "cast_at": now,
            "changed_at": now,
        }
        self._read[activity_id, resident_id] = self._store.one(Ballot, _upsert(self._store), values)

    def remove(self, activity_id: int, resident_id: int) -> None:
        chosen = (ballots.c.activity_id == activity_id, ballots.c.resident_id == resident_id)
        self._store.run(delete(ballots).where(*chosen))
        self._read[activity_id, resident_id] = None

    def of(self, resident_id: int) -> tuple[Ballot, ...]:
        """All ballots of a person, the oldest first."""
        chosen = select(*_BALLOT).where(ballots.c.resident_id == resident_id)
        return self._store.all(Ballot, chosen.order_by(ballots.c.id))

    def tally(self, activity_id: int) -> Mapping[int, int]:
        """How many ballots each option number has; an option without ballots is absent."""
        return dict(self._store.run(_TALLY, {"activity_id": activity_id}).all())

    def give(self, activity_id: int, resident_id: int, to: int) -> None:
        """Make a ballot another resident's own, as it was cast; they must have none there."""
        chosen = (ballots.c.activity_id == activity_id, ballots.c.resident_id == resident_id)
        self._store.run(update(ballots).where(*chosen).values(resident_id=to))
        self._read.clear()

    def by_channel(self, activity_id: int) -> Mapping[str, int]:
        """How many ballots came through each channel; whoever is known on another one did not come by the web."""
        other = (accounts.c.resident_id == ballots.c.resident_id, accounts.c.channel != "web")
        known = select(func.min(accounts.c.channel)).where(*other).scalar_subquery()
        channel = case((ballots.c.channel == "web", func.coalesce(known, "web")), else_=ballots.c.channel)
        counted = select(channel.label("by"), func.count()).where(ballots.c.activity_id == activity_id)
        return dict(self._store.run(counted.group_by("by")).all())

    def forget(self, activity_id: int, resident_id: int) -> None:
        """Keep the ballot, without the person."""
        chosen = (ballots.c.activity_id == activity_id, ballots.c.resident_id == resident_id)
        self._store.run(update(ballots).where(*chosen).values(resident_id=None))


_upserts: dict[str, Any] = {}


def _upsert(store: Store) -> Any:
    """The one statement that casts a ballot, built once for each engine: it is the hottest of all."""
    dialect = store.connection.dialect.name
    if dialect not in _upserts:
        cast = store.upsert(ballots)
        changed = {name: cast.excluded[name] for name in ("option_number", "channel", "changed_at")}
        same = ["activity_id", "resident_id"]
        _upserts[dialect] = cast.on_conflict_do_update(index_elements=same, set_=changed).returning(*_BALLOT)
    return _upserts[dialect]
