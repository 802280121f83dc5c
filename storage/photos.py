"""Photos: of the staff and of residents, their bytes in the database so that one backup holds everything."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table, bindparam, delete, insert, select, update

from storage.schema import Id, Instant, Json, Words, metadata
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo without its bytes. ``description`` says what is on it; ``digest`` is None until the bytes are here.

    A resident's photo arrives as the channel's own file: ``channel`` and ``file_id`` say where its bytes wait.
    ``files``: under which id each channel can send it again without an upload.
    """

    id: int
    description: Words
    digest: str | None
    channel: str | None
    file_id: str | None
    at: datetime
    files: Mapping[str, str]


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

_LIGHT = select(
    *[column for column in photos.c if column.name != "body"], photo_files.c.channel, photo_files.c.file_id
).join_from(photos, photo_files, isouter=True)
_GET = _LIGHT.where(photos.c.id == bindparam("photo_id"))


class Photos:
    """Photos; one that was read in this turn is not read again."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: dict[int, Photo] = {}

    def get(self, photo_id: int) -> Photo | None:
        if photo_id not in self._read:
            rows = self._store.run(_GET, {"photo_id": photo_id}).all()
            if not rows:
                return None
            files = {channel: file_id for *_, channel, file_id in rows if channel is not None}
            self._read[photo_id] = Photo(*rows[0][:-2], files)  # type: ignore[call-arg]
        return self._read[photo_id]

    def body(self, photo_id: int) -> bytes | None:
        """The bytes; None while they wait at the channel that brought the photo."""
        found = self._store.run(select(photos.c.body).where(photos.c.id == photo_id)).first()
        return bytes(found[0]) if found and found[0] is not None else None

    def add_body(self, body: bytes, description: Words, now: datetime) -> int:
        """Keep a photo of the staff; the same bytes with the same description are kept once.

        A resident's photo is never shared: it goes when its owner goes.
        """
        digest = hashlib.sha256(body).hexdigest()
        same = (photos.c.digest == digest, photos.c.channel.is_(None))
        known = select(photos.c.id, photos.c.description).where(*same).order_by(photos.c.id)
        for photo_id, described in self._store.run(known):
            if described == dict(description):
                return int(photo_id)
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
        self._read.pop(photo_id, None)

    def learn(self, photo_id: int, channel: str, file_id: str) -> None:
        """A channel knows this photo by a file id; a photo that is gone meanwhile is left gone."""
        if self.get(photo_id) is None:
            return
        upsert = self._store.upsert(photo_files).values(photo_id=photo_id, channel=channel, file_id=file_id)
        keys = ["photo_id", "channel"]
        self._store.run(upsert.on_conflict_do_update(index_elements=keys, set_={"file_id": file_id}))
        self._read.pop(photo_id, None)

    def remove(self, photo_id: int) -> None:
        self._store.run(delete(photos).where(photos.c.id == photo_id))
        self._read.pop(photo_id, None)

    def _add(self, **values: object) -> int:
        return int(self._store.run(insert(photos).values(**values).returning(photos.c.id)).scalar_one())
