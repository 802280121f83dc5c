"""Staff: which residents work for the city, and the invitations that made them so."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, String, Table, insert, select, update

from storage.schema import Id, Instant, metadata
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Role:
    """What a resident may do for the city, and since when."""

    resident_id: int
    role: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time invitation; only the token's digest is kept. ``used_at`` is None until somebody accepts."""

    digest: str
    role: str
    expires_at: datetime
    used_at: datetime | None


staff = Table(
    "staff",
    metadata,
    Column("resident_id", Id, ForeignKey("residents.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("role", String, nullable=False),
    Column("since", Instant, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("digest", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)


class Staff:
    """Roles by resident, and invitations by the digest of their token."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def role(self, resident_id: int) -> str | None:
        """owner, editor, moderator or viewer; None for everybody else."""
        found: str | None = self._store.run(select(staff.c.role).where(staff.c.resident_id == resident_id)).scalar()
        return found

    def of(self, resident_id: int) -> tuple[Role, ...]:
        """A person's role, or nothing."""
        return self._store.all(Role, select(staff).where(staff.c.resident_id == resident_id))

    def put(self, resident_id: int, role: str, now: datetime) -> None:
        """Give a role; one that was held before is replaced."""
        upsert = self._store.upsert(staff).values(resident_id=resident_id, role=role, since=now)
        self._store.run(upsert.on_conflict_do_update(index_elements=["resident_id"], set_={"role": role}))

    def invite(self, digest: str, role: str, expires_at: datetime) -> None:
        self._store.run(insert(invitations).values(digest=digest, role=role, expires_at=expires_at))

    def invitation(self, digest: str) -> Invitation | None:
        return self._store.one(Invitation, select(invitations).where(invitations.c.digest == digest).with_for_update())

    def use(self, digest: str, now: datetime) -> None:
        self._store.run(update(invitations).where(invitations.c.digest == digest).values(used_at=now))
