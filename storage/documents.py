"""Documents of the staff that residents can open, their bytes in the database."""

from dataclasses import dataclass

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, UniqueConstraint, delete, select

from storage.schema import Id, Json, Words, metadata
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Document:
    """A file of a project, or a link where ``url`` is set (then it has no bytes)."""

    id: int
    project_id: int
    number: int
    title: Words
    file_name: str
    url: str | None


documents = Table(
    "documents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("project_id", Id, ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Json, nullable=False),
    Column("file_name", String, nullable=False),
    Column("url", String),
    Column("body", LargeBinary),
    UniqueConstraint("project_id", "number"),
    sqlite_autoincrement=True,
)

_LIGHT = select(*[column for column in documents.c if column.name != "body"])


class Documents:
    """Documents by project."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, document_id: int) -> Document | None:
        return self._store.one(Document, _LIGHT.where(documents.c.id == document_id))

    def of(self, project_id: int) -> tuple[Document, ...]:
        chosen = _LIGHT.where(documents.c.project_id == project_id).order_by(documents.c.number)
        return self._store.all(Document, chosen)

    def body(self, document_id: int) -> bytes | None:
        found = self._store.run(select(documents.c.body).where(documents.c.id == document_id)).first()
        return bytes(found[0]) if found and found[0] is not None else None

    def put(self, document: Document, body: bytes | None) -> None:
        """Write the document with this number of its project; its id stays what it was."""
        values = {"title": dict(document.title), "file_name": document.file_name, "url": document.url, "body": body}
        keys = {"project_id": document.project_id, "number": document.number}
        upsert = self._store.upsert(documents).values(**keys, **values)
        self._store.run(upsert.on_conflict_do_update(index_elements=list(keys), set_=values))

    def remove_from(self, project_id: int, number: int) -> None:
        """Drop the documents of a project from this number on."""
        self._store.run(delete(documents).where(documents.c.project_id == project_id, documents.c.number >= number))
