"""What people are composing: one draft for each thing that a person began, kept until it is sent or dropped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Column, Float, ForeignKey, String, Table, delete, select

from storage.schema import Id, Instant, Json, metadata
from storage.store import Store


class Part(NamedTuple):
    """One text, with the message that brought it; ``channel`` is empty in drafts of older versions."""

    message_id: int
    text: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A half-written contribution at the address where it is composed.

    ``parts`` are the texts in order of arrival, each with the message that brought it, so that an edited message edits
    its part. ``photo_message_id``, ``photo_channel`` and ``album`` tell which message brought the photo,
    ``place_message_id`` and ``place_channel`` which one the place: one draft may grow on two channels, and the ids of
    one say nothing about the other. ``replacing``: the next text takes the place of all parts.
    """

    resident_id: int
    address: str
    parts: Sequence[Part]
    photo_id: int | None
    photo_message_id: int | None
    album: str | None
    latitude: float | None
    longitude: float | None
    place_message_id: int | None
    anonymous: bool
    replacing: bool
    changed_at: datetime
    photo_channel: str | None = None
    place_channel: str | None = None

    @property
    def text(self) -> str:
        """All parts, a blank line between them."""
        return "\n\n".join(part.text for part in self.parts)

    @property
    def is_empty(self) -> bool:
        return not self.parts and self.photo_id is None and self.latitude is None


drafts = Table(
    "drafts",
    metadata,
    Column("resident_id", Id, ForeignKey("residents.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("address", String, primary_key=True),
    Column("parts", Json, nullable=False),
    Column("photo_id", Id, ForeignKey("photos.id", ondelete="SET NULL"), index=True),
    Column("photo_message_id", Id),
    Column("album", String),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("place_message_id", Id),
    Column("anonymous", Boolean, nullable=False),
    Column("replacing", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("photo_channel", String),
    Column("place_channel", String),
)


class Drafts:
    """Drafts by person and address."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, resident_id: int, address: str) -> Draft | None:
        chosen = select(drafts).where(drafts.c.resident_id == resident_id, drafts.c.address == address)
        row = self._store.run(chosen).first()
        return _read(row) if row is not None else None

    def of(self, resident_id: int) -> tuple[Draft, ...]:
        """All drafts of a person, the latest first."""
        chosen = select(drafts).where(drafts.c.resident_id == resident_id)
        return tuple(map(_read, self._store.run(chosen.order_by(drafts.c.changed_at.desc(), drafts.c.address))))

    def put(self, draft: Draft) -> None:
        values = {name: getattr(draft, name) for name in Draft.__slots__}
        values["parts"] = [list(part) for part in draft.parts]
        upsert = self._store.upsert(drafts).values(**values)
        self._store.run(upsert.on_conflict_do_update(index_elements=["resident_id", "address"], set_=values))

    def remove(self, resident_id: int, address: str) -> None:
        self._store.run(delete(drafts).where(drafts.c.resident_id == resident_id, drafts.c.address == address))


def _read(row: Any) -> Draft:
    draft = Draft(*row)
    return replace(draft, parts=tuple(Part(*part) for part in draft.parts))
