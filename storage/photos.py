"""Photos: of the staff and of residents, their bytes in the database so that one backup holds everything."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table, delete, insert, select, update

from storage.schema import Id, Instant, Json, Words, metadata
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo without its bytes. ``description`` says what is on it; ``digest`` is None until the bytes are here.

    A resident's photo arrives as the channel's own file: ``channel`` and ``file_id`` say where its bytes wait.
    """

    id: int
    description: Words
    digest: str | None
    channel: str | None
    file_id: str | None
    at: datetime


photos = Table(
    "photos",
    metadata,
    Column("id", Id, primary_key=True),
    Column("description", Json, nullable=False),
    Column("digest", String, index=True),
    Column("channel", String),
    Column("file_id", String),
    Column("at", Instant, nullable=False),
    Column("body", LargeBinary),
    sqlite_autoincrement=True,
)

photo_files = Table(
    "photo_files",
    metadata,
    Column("photo_id", Id, ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("channel", String, primary_key=True),
    Column("file_id", String, nullable=False),
)

_LIGHT = select(*[column for column in photos.c if column.name != "body"])


class Photos:
    """Photos, and under which file id each channel already knows them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, photo_id: int) -> Photo | None:
        return self._store.one(Photo, _LIGHT.where(photos.c.id == photo_id))

    def body(self, photo_id: int) -> bytes | None:
        """The bytes; None while they wait at the channel that brought the photo."""
        found = self._store.run(select(photos.c.body).where(photos.c.id == photo_id)).first()
        return bytes(found[0]) if found and found[0] is not None else None

    def add_body(self, body: bytes, description: Words, now: datetime) -> int:
        """Keep a photo of the staff; the same bytes with the same description are kept once.

        A resident's photo is never shared: it goes when its owner goes.
        """
        digest = hashlib.sha256(body).hexdigest()
        for known in self._store.all(Photo, _LIGHT.where(photos.c.digest == digest, photos.c.channel.is_(None))):
            if dict(known.description) == dict(description):
                return known.id
        return self._add(description=dict(description), digest=digest, body=body, at=now)

    def add_file(self, channel: str, file_id: str, now: datetime) -> int:
        """Keep a resident's photo, known so far by the channel's file id alone."""
        photo_id = self._add(description={}, channel=channel, file_id=file_id, at=now)
        self.learn(photo_id, channel, file_id)
        return photo_id

    def fill(self, photo_id: int, body: bytes) -> None:
        """The bytes of a photo have come."""
        digest = hashlib.sha256(body).hexdigest()
        self._store.run(update(photos).where(photos.c.id == photo_id).values(body=body, digest=digest))

    def learn(self, photo_id: int, channel: str, file_id: str) -> None:
        """A channel knows this photo by a file id; a photo that is gone meanwhile is left gone."""
        if self.get(photo_id) is None:
            return
        upsert = self._store.upsert(photo_files).values(photo_id=photo_id, channel=channel, file_id=file_id)
        keys = ["photo_id", "channel"]
        self._store.run(upsert.on_conflict_do_update(index_elements=keys, set_={"file_id": file_id}))

    def file_id(self, photo_id: int, channel: str) -> str | None:
        """Under which id a channel can send the photo again without an upload."""
        chosen = (photo_files.c.photo_id == photo_id, photo_files.c.channel == channel)
        found = self._store.run(select(photo_files.c.file_id).where(*chosen)).first()
        return found[0] if found else None

    def remove(self, photo_id: int) -> None:
        self._store.run(delete(photos).where(photos.c.id == photo_id))

    def _add(self, **values: object) -> int:
        return int(self._store.run(insert(photos).values(**values).returning(photos.c.id)).scalar_one())
