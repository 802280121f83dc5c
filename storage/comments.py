"""Comments under ideas, and replies to them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, String, Table, Text, func, insert, select, update

from storage.residents import residents
from storage.schema import Id, Instant, metadata
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, or a reply where ``parent_id`` is set. ``status``: published, hidden, removed by its author."""

    id: int
    idea_id: int
    parent_id: int | None
    resident_id: int | None
    anonymous: bool
    text: str
    language: str
    status: str
    at: datetime
    author: str | None


comments = Table(
    "comments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("idea_id", Id, ForeignKey("ideas.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("parent_id", Id, ForeignKey("comments.id", ondelete="CASCADE"), index=True),
    Column("resident_id", Id, ForeignKey("residents.id", ondelete="SET NULL"), index=True),
    Column("anonymous", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String, nullable=False),
    Column("status", String, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_autoincrement=True,
)

_COMMENT = select(*comments.c, residents.c.name).join_from(comments, residents, isouter=True)


class Comments:
    """Comments by idea and by author."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, comment_id: int) -> Comment | None:
        return self._store.one(Comment, _COMMENT.where(comments.c.id == comment_id))

    def of_idea(self, idea_id: int) -> tuple[Comment, ...]:
        """What everybody can read under an idea, the oldest first."""
        chosen = _COMMENT.where(comments.c.idea_id == idea_id, comments.c.status == "published")
        return self._store.all(Comment, chosen.order_by(comments.c.at, comments.c.id))

    def count(self, idea_id: int) -> int:
        chosen = (comments.c.idea_id == idea_id, comments.c.status == "published")
        return int(self._store.run(select(func.count()).select_from(comments).where(*chosen)).scalar_one())

    def of(self, resident_id: int) -> tuple[Comment, ...]:
        """A person's own comments, the oldest first."""
        return self._store.all(Comment, _COMMENT.where(comments.c.resident_id == resident_id).order_by(comments.c.id))

    def add(self, **values: Any) -> int:
        """Keep a new comment: every field of the record but id and author."""
        return int(self._store.run(insert(comments).values(**values).returning(comments.c.id)).scalar_one())

    def change(self, comment_id: int, **values: Any) -> None:
        self._store.run(update(comments).where(comments.c.id == comment_id).values(**values))

    def move(self, resident_id: int, to: int) -> None:
        """Make one resident's comments another's."""
        self._store.run(update(comments).where(comments.c.resident_id == resident_id).values(resident_id=to))
