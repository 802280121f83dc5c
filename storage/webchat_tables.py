"""The tables and records of the web chat; ``storage.webchats`` reads and writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from storage.schema import Id, Instant, Json, metadata


@dataclass(frozen=True, slots=True)
class Bot:
    """The one bot. ``profile``: names, descriptions, commands; ``webhook`` is empty while updates are polled.

    ``version`` grows when the profile changes. ``allowed_updates`` is empty while the usual kinds are wanted.
    """

    user_id: int
    token: str
    profile: Mapping[str, Any]
    webhook: Mapping[str, Any]
    allowed_updates: Sequence[str]
    version: int


@dataclass(frozen=True, slots=True)
class Chat:
    """A visitor (id > 0, the same number as the person's) or a group.

    ``recovery`` is the digest of the code that opens the chat in another browser, None until one was asked for.
    ``seq`` counts the changes that the page of this chat can have seen. ``status``: new (never wrote), member, kicked
    (blocked the bot, or a group that threw it out), left, deleted, deactivated, migrated (to ``moved_to``).
    ``keyboard`` is the reply keyboard or forced reply that the chat shows, empty without one; ``read_id`` the last
    message that was read.
    """

    id: int
    kind: str
    recovery: str | None
    language: str
    seq: int
    at: datetime
    status: str = "new"
    moved_to: int | None = None
    keyboard: Mapping[str, Any] = field(default_factory=dict)
    read_id: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """A message as both sides know it. ``body`` is the Bot API's Message; ``outgoing`` ones are the bot's.

    ``editable`` is False under a reply keyboard. A deleted message stays as a row without a body, so that pages hear.
    ``language`` is the one in which the bot wrote it, empty for others' words.
    """

    message_id: int
    chat_id: int
    seq: int
    outgoing: bool
    editable: bool
    deleted: bool
    at: datetime
    body: Mapping[str, Any]
    language: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """One stored file without its bytes: a size of a photo (``width`` > 0) or a document."""

    file_id: str
    unique_id: str
    photo_id: str
    """The same for every size of one photo."""
    name: str
    mime: str
    width: int
    height: int
    size: int


@dataclass(frozen=True, slots=True)
class Update:
    """An update in the bot's queue; those of one ``lane`` are delivered one after the other."""

    update_id: int
    lane: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """A tap; ``text`` and ``alert`` are what the page shows once the bot answered."""

    query_id: int
    chat_id: int
    seq: int
    at: datetime
    answered: bool
    text: str
    alert: bool


def chat_column(**options: Any) -> Column[Any]:
    """The column of what belongs to a chat and goes with it."""
    return Column("chat_id", Id, ForeignKey("webchat_chats.id", ondelete="CASCADE"), nullable=False, **options)


bots = Table(
    "webchat_bots",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    Column("token", String, nullable=False),
    Column("profile", Json, nullable=False),
    Column("webhook", Json, nullable=False),
    Column("allowed_updates", Json, nullable=False),
    Column("version", Integer, nullable=False),
    Column("last_message_id", BigInteger, nullable=False),
    Column("last_update_id", BigInteger, nullable=False),
    Column("last_update_at", Instant),
)

chats = Table(
    "webchat_chats",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("recovery", String),
    Column("language", String, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("status", String, nullable=False),
    Column("moved_to", BigInteger),
    Column("keyboard", Json, nullable=False),
    Column("read_id", BigInteger, nullable=False),
    UniqueConstraint("recovery", name="uq_webchat_chats_session"),  # SQLite cannot give a constraint another name
)

messages = Table(
    "webchat_messages",
    metadata,
    Column("message_id", Id, primary_key=True, autoincrement=False),
    chat_column(),
    Column("seq", BigInteger, nullable=False),
    Column("outgoing", Boolean, nullable=False),
    Column("editable", Boolean, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Column("body", Json, nullable=False),
    Column("language", String, nullable=False),
    Index(None, "chat_id", "seq"),
    Index("ix_webchat_messages_history", "chat_id", "message_id"),
)

files = Table(
    "webchat_files",
    metadata,
    Column("file_id", String, primary_key=True),
    Column("unique_id", String, nullable=False),
    Column("photo_id", String, nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("mime", String, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

attachments = Table(
    "webchat_attachments",
    metadata,
    Column(
        "message_id",
        Id,
        ForeignKey("webchat_messages.message_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("file_id", String, ForeignKey("webchat_files.file_id", ondelete="CASCADE"), primary_key=True, index=True),
)

updates = Table(
    "webchat_updates",
    metadata,
    Column("update_id", Id, primary_key=True, autoincrement=False),
    chat_column(index=True),
    Column("lane", String, nullable=False),
    Column("body", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("again", Boolean, nullable=False),
    Index(None, "confirmed", "update_id"),
)

queries = Table(
    "webchat_queries",
    metadata,
    Column("query_id", Id, primary_key=True, autoincrement=False),
    chat_column(index=True),
    Column("seq", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("text", String, nullable=False),
    Column("alert", Boolean, nullable=False),
)

sent = Table(
    "webchat_sent",
    metadata,
    chat_column(primary_key=True, autoincrement=False),
    Column("client_id", String, primary_key=True),
    Column("answer", Json, nullable=False),
    Column("at", Instant, nullable=False),
)
