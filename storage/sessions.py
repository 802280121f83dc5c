"""Sessions of the web chat: which browsers hold the key to which chat."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, String, Table, and_, bindparam, delete, func, insert, or_, select, true, update

from storage.choices import ballots
from storage.questions import questions
from storage.residents import accounts, residents
from storage.schema import Instant, metadata
from storage.staff import staff
from storage.store import Store
from storage.webchat_tables import Chat, bots, chat_column, chats


@dataclass(frozen=True, slots=True)
class Session:
    """One browser. ``digest`` is of its cookie; ``address`` of where it came from, None once that is forgotten."""

    digest: str
    chat_id: int
    address: str | None
    at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Glance:
    """How far a chat has come, the keyboard below it, the language that its person reads, the bot's version."""

    seq: int
    keyboard: Mapping[str, Any]
    language: str
    version: int


@dataclass(frozen=True, slots=True)
class WebVote:
    """A vote from the web: who cast it, in which activity, when, and where their browser came from."""

    activity_id: int
    address: str
    resident_id: int
    cast_at: datetime


sessions = Table(
    "webchat_sessions",
    metadata,
    Column("digest", String, primary_key=True),
    chat_column(index=True),
    Column("address", String),
    Column("at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

_CHAT = select(chats).join(sessions, sessions.c.chat_id == chats.c.id).where(sessions.c.digest == bindparam("digest"))
_LANGUAGE = (
    select(residents.c.language)
    .join(accounts, accounts.c.resident_id == residents.c.id)
    .where(accounts.c.channel == "web", accounts.c.chat_id == bindparam("chat_id"))
    .scalar_subquery()
)
_READS = func.coalesce(_LANGUAGE, chats.c.language)
_GLANCE = (
    select(chats.c.seq, chats.c.keyboard, _READS, bots.c.version)
    .join_from(chats, bots, true())
    .where(chats.c.id == bindparam("chat_id"))
)
_READS_HERE = select(_READS).where(chats.c.id == bindparam("chat_id"))


class Sessions:
    """Sessions by the digest of their cookie; a chat has one for each browser."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, digest: str) -> Session | None:
        return self._store.one(Session, select(sessions).where(sessions.c.digest == digest))

    def chat(self, digest: str) -> Chat | None:
        """The chat behind a cookie's digest."""
        return self._store.one(Chat, _CHAT, {"digest": digest})

    def glance(self, chat_id: int) -> Glance | None:
        """What an open page has to know about its surroundings, in one look; None once the chat is gone."""
        return self._store.one(Glance, _GLANCE, {"chat_id": chat_id})

    def language(self, chat_id: int) -> str:
        """The language that the person of a chat reads: chosen in the conversation, else their browser's."""
        return str(self._store.run(_READS_HERE, {"chat_id": chat_id}).scalar_one())

    def add(self, session: Session) -> None:
        values = {name: getattr(session, name) for name in Session.__slots__}
        self._store.run(insert(sessions).values(**values))

    def seen(self, digest: str, now: datetime) -> None:
        self._store.run(update(sessions).where(sessions.c.digest == digest).values(seen_at=now))

    def remove(self, digest: str) -> None:
        self._store.run(delete(sessions).where(sessions.c.digest == digest))

    def of(self, chat_ids: Collection[int]) -> tuple[Session, ...]:
        """The sessions of these chats, the oldest first."""
        chosen = select(sessions).where(sessions.c.chat_id.in_(chat_ids))
        return self._store.all(Session, chosen.order_by(sessions.c.at, sessions.c.digest))

    def forget_addresses(self, before: datetime) -> int:
        """Forget where the browsers came from that were last seen before a moment; how many."""
        chosen = (sessions.c.seen_at < before, sessions.c.address.is_not(None))
        return self._store.changed(update(sessions).where(*chosen).values(address=None))

    def idle(self, before: datetime, limit: int) -> tuple[tuple[int, int | None], ...]:
        """Chats whose person never took part, is nothing but a visitor of the web, and has not come since a moment:
        (chat id, resident id). The resident is None for somebody who opened the page and never wrote."""
        visited = select(sessions.c.chat_id).where(sessions.c.seen_at >= before)
        other = accounts.alias()
        elsewhere = select(other.c.id).where(
            other.c.resident_id == residents.c.id,
            or_(other.c.channel != "web", other.c.chat_id.in_(visited)),
        )
        asked = select(questions.c.id).where(questions.c.resident_id == residents.c.id)
        own = and_(accounts.c.chat_id == chats.c.id, accounts.c.channel == "web")
        works = select(staff.c.role).where(staff.c.resident_id == residents.c.id)
        chosen: Any = (
            select(chats.c.id, residents.c.id)
            .join_from(chats, accounts, own, isouter=True)
            .outerjoin(residents, residents.c.id == accounts.c.resident_id)
            .where(chats.c.kind == "private", chats.c.at < before, chats.c.id.not_in(visited))
            .where(residents.c.took_part_at.is_(None), ~elsewhere.exists(), ~works.exists(), ~asked.exists())
        )
        return tuple((row[0], row[1]) for row in self._store.run(chosen.order_by(chats.c.id).limit(limit)))

    def votes(self, since: datetime) -> tuple[WebVote, ...]:
        """The votes from the web since a moment by people who are known by nothing else, in order of casting."""
        other = accounts.alias()
        known = select(other.c.id).where(other.c.resident_id == ballots.c.resident_id, other.c.channel != "web")
        chosen = (
            select(ballots.c.activity_id, sessions.c.address, ballots.c.resident_id, ballots.c.cast_at)
            .join_from(ballots, accounts, accounts.c.resident_id == ballots.c.resident_id)
            .join(sessions, sessions.c.chat_id == accounts.c.chat_id)
            .where(accounts.c.channel == "web", ballots.c.cast_at >= since, sessions.c.address.is_not(None))
            .where(~known.exists())
            .order_by(ballots.c.cast_at, ballots.c.resident_id)
            .distinct()
        )
        return self._store.all(WebVote, chosen)
