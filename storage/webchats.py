"""The web chat: its bot, chats, messages, files and the updates that wait for the bot."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, func, insert, literal, select, update

from storage.store import Store
from storage.webchat_tables import (
    Bot,
    Chat,
    File,
    Message,
    Query,
    Update,
    attachments,
    bots,
    chats,
    files,
    messages,
    queries,
    sent,
    updates,
)

_BOT = select(bots.c.user_id, bots.c.token, bots.c.profile, bots.c.webhook, bots.c.allowed_updates, bots.c.version)
_FILE = select(*[column for column in files.c if column.name != "data"])
_UPDATE = select(updates.c.update_id, updates.c.lane, updates.c.body)


class Webchats:
    """Everything the web chat remembers; forgetting a chat forgets its messages, updates and taps."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._bot: Bot | None = None

    # the bot

    def bot(self) -> Bot | None:
        """The bot, read once in a turn; None in a database where no web chat ever ran."""
        self._bot = self._bot or self._store.one(Bot, _BOT)
        return self._bot

    def found_bot(self, bot: Bot, last_update_id: int) -> None:
        """Keep the first bot; one that is there already stays."""
        values = {name: getattr(bot, name) for name in Bot.__slots__}
        values |= {"id": 1, "last_message_id": 0, "last_update_id": last_update_id}
        self._store.run(self._store.upsert(bots).values(**values).on_conflict_do_nothing())

    def change_bot(self, **values: Any) -> None:
        self._bot = None
        self._store.run(update(bots).values(**values))

    def change_profile(self, profile: Mapping[str, Any]) -> None:
        self._bot = None
        self._store.run(update(bots).values(profile=dict(profile), version=bots.c.version + 1))

    def next_message_id(self) -> int:
        """One more than the last; holds the bot's row until the turn ends, so that no number shows out of order."""
        return self._next(bots, "last_message_id")

    # chats

    def chat(self, chat_id: int) -> Chat | None:
        return self._store.one(Chat, select(chats).where(chats.c.id == chat_id))

    def chat_of_recovery(self, digest: str) -> Chat | None:
        """The chat that a recovery code opens."""
        return self._store.one(Chat, select(chats).where(chats.c.recovery == digest))

    def add_chat(self, chat: Chat) -> None:
        self._store.run(insert(chats).values(**{name: getattr(chat, name) for name in Chat.__slots__}))

    def change_chat(self, chat_id: int, **values: Any) -> None:
        self._store.run(update(chats).where(chats.c.id == chat_id).values(**values))

    def remove_chat(self, chat_id: int) -> None:
        self._store.run(delete(chats).where(chats.c.id == chat_id))

    def seqs(self, chat_ids: Collection[int]) -> dict[int, int]:
        """How far each of these chats has come."""
        chosen = select(chats.c.id, chats.c.seq).where(chats.c.id.in_(chat_ids))
        return {row[0]: row[1] for row in self._store.run(chosen)}

    # messages

    def message(self, chat_id: int, message_id: int) -> Message | None:
        """A message of this chat, a deleted one too."""
        chosen = (messages.c.message_id == message_id, messages.c.chat_id == chat_id)
        return self._store.one(Message, select(messages).where(*chosen))

    def add_message(self, message: Message) -> None:
        self._store.run(insert(messages).values(**{name: getattr(message, name) for name in Message.__slots__}))

    def change_message(self, message_id: int, **values: Any) -> None:
        self._store.run(update(messages).where(messages.c.message_id == message_id).values(**values))

    def next_seq(self, chat_id: int) -> int:
        """Number one more change of a chat; holds the chat's row until the turn ends."""
        return self._next(chats, "seq", chats.c.id == chat_id)

    def history(self, chat_id: int, before: int | None, limit: int) -> tuple[Message, ...]:
        """The messages before a message id, the oldest first."""
        chosen = select(messages).where(messages.c.chat_id == chat_id, messages.c.deleted.is_(False))
        if before is not None:
            chosen = chosen.where(messages.c.message_id < before)
        newest = self._store.all(Message, chosen.order_by(messages.c.message_id.desc()).limit(limit))
        return newest[::-1]

    def count_unread(self, chat_id: int, after: int) -> int:
        """How many messages of the bot came after one that was read."""
        chosen = (messages.c.chat_id == chat_id, messages.c.message_id > after)
        theirs = (messages.c.outgoing.is_(True), messages.c.deleted.is_(False))
        return int(self._store.run(select(func.count()).select_from(messages).where(*chosen, *theirs)).scalar_one())

    def changed_messages(self, chat_id: int, after: int) -> tuple[Message, ...]:
        """What was sent, edited or deleted after a ``seq``, in that order."""
        chosen = select(messages).where(messages.c.chat_id == chat_id, messages.c.seq > after)
        return self._store.all(Message, chosen.order_by(messages.c.seq))

    # files

    def file(self, file_id: str) -> File | None:
        return self._store.one(File, _FILE.where(files.c.file_id == file_id))

    def sizes(self, photo_id: str) -> tuple[File, ...]:
        """The sizes of one photo, the smallest first."""
        return self._store.all(File, _FILE.where(files.c.photo_id == photo_id).order_by(files.c.width))

    def data(self, file_id: str) -> bytes | None:
        found = self._store.run(select(files.c.data).where(files.c.file_id == file_id)).first()
        return bytes(found[0]) if found else None

    def add_file(self, file: File, data: bytes) -> None:
        self._store.run(insert(files).values(data=data, **{name: getattr(file, name) for name in File.__slots__}))

    def attach(self, message_id: int, file_ids: Iterable[str]) -> None:
        """Say which files a message shows, in place of those that it showed before."""
        self._store.run(delete(attachments).where(attachments.c.message_id == message_id))
        known = select(literal(message_id), files.c.file_id).where(files.c.file_id.in_(list(file_ids)))
        self._store.run(insert(attachments).from_select(["message_id", "file_id"], known))

    def shown(self, chat_id: int, file_id: str) -> File | None:
        """A file, if a message of this chat shows it."""
        held = select(attachments.c.file_id).join(messages, messages.c.message_id == attachments.c.message_id)
        held = held.where(messages.c.chat_id == chat_id, attachments.c.file_id == file_id)
        return self._store.one(File, _FILE.where(files.c.file_id.in_(held)))

    # updates

    def next_update_id(self, now: datetime) -> int:
        """One more than the last."""
        return self._next(bots, "last_update_id", last_update_at=now)

    def numbering(self) -> tuple[int, datetime | None]:
        """The newest update's id and when it was made; None before the first."""
        last, at = self._store.run(select(bots.c.last_update_id, bots.c.last_update_at)).one()
        return int(last), at

    def number_updates_from(self, last: int) -> None:
        """Begin to number anew."""
        self._store.run(update(bots).values(last_update_id=last))

    def add_update(self, update_: Update, chat_id: int, now: datetime, expires_at: datetime) -> None:
        values = {name: getattr(update_, name) for name in Update.__slots__}
        values |= {"chat_id": chat_id, "at": now, "expires_at": expires_at, "confirmed": False, "again": False}
        self._store.run(insert(updates).values(**values))

    def pending(self, now: datetime, limit: int, *, not_in: Collection[str] = ()) -> tuple[Update, ...]:
        """The oldest updates that still wait, without those of some lanes."""
        chosen = _UPDATE.where(updates.c.confirmed.is_(False), updates.c.expires_at > now)
        if not_in:
            chosen = chosen.where(updates.c.lane.not_in(not_in))
        return self._store.all(Update, chosen.order_by(updates.c.update_id).limit(limit))

    def count_pending(self, now: datetime) -> int:
        waiting = (updates.c.confirmed.is_(False), updates.c.expires_at > now)
        return int(self._store.run(select(func.count()).select_from(updates).where(*waiting)).scalar_one())

    def confirm(self, update_id: int) -> None:
        self._store.run(update(updates).where(updates.c.update_id == update_id).values(confirmed=True))

    def confirm_below(self, offset: int) -> None:
        """Confirm what came before ``offset``, but for what has to be handed out again first.

        An offset beyond the next update confirms nothing: ids have begun anew since it was right.
        """
        chosen = (updates.c.update_id < offset, updates.c.confirmed.is_(False), updates.c.again.is_(False))
        known = select(bots.c.last_update_id).scalar_subquery() >= offset - 1
        self._store.run(update(updates).where(*chosen, known).values(confirmed=True))

    def handed_out(self, update_ids: Collection[int]) -> None:
        chosen = (updates.c.update_id.in_(update_ids), updates.c.again.is_(True))
        self._store.run(update(updates).where(*chosen).values(again=False))

    def keep_last(self, count: int) -> None:
        """Confirm all that wait but the newest few."""
        waiting = select(updates.c.update_id).where(updates.c.confirmed.is_(False))
        newest = waiting.order_by(updates.c.update_id.desc()).limit(count)
        chosen = (updates.c.confirmed.is_(False), updates.c.update_id.not_in(newest))
        self._store.run(update(updates).where(*chosen).values(confirmed=True))

    def redeliver(self, update_id: int, expires_at: datetime) -> int:
        """Put an update back in the queue; the number of updates that were there to put back: 0 or 1."""
        values = {"confirmed": False, "again": True, "expires_at": expires_at}
        return self._store.changed(update(updates).where(updates.c.update_id == update_id).values(**values))

    def purge(self, before: datetime) -> None:
        """Forget updates, taps and answers of long ago."""
        for table, moment in ((updates, updates.c.expires_at), (queries, queries.c.at), (sent, sent.c.at)):
            self._store.run(delete(table).where(moment < before))

    # taps, and what was sent once

    def query(self, query_id: int) -> Query | None:
        return self._store.one(Query, select(queries).where(queries.c.query_id == query_id))

    def add_query(self, query: Query) -> None:
        self._store.run(insert(queries).values(**{name: getattr(query, name) for name in Query.__slots__}))

    def answer_query(self, query_id: int, seq: int, text: str, alert: bool) -> None:
        values = {"seq": seq, "answered": True, "text": text, "alert": alert}
        self._store.run(update(queries).where(queries.c.query_id == query_id).values(**values))

    def answered_queries(self, chat_id: int, after: int) -> tuple[Query, ...]:
        """The taps that were answered after a ``seq``."""
        chosen = (queries.c.chat_id == chat_id, queries.c.answered.is_(True), queries.c.seq > after)
        return self._store.all(Query, select(queries).where(*chosen).order_by(queries.c.seq))

    def answer_to(self, chat_id: int, client_id: str) -> Mapping[str, Any] | None:
        """What was answered to a request that came before; None for a new one."""
        chosen = (sent.c.chat_id == chat_id, sent.c.client_id == client_id)
        found = self._store.run(select(sent.c.answer).where(*chosen)).first()
        return found[0] if found else None

    def remember_answer(self, chat_id: int, client_id: str, answer: Mapping[str, Any], now: datetime) -> None:
        self._store.run(insert(sent).values(chat_id=chat_id, client_id=client_id, answer=dict(answer), at=now))

    def forget(self, chat_id: int) -> None:
        """Empty a person's chat: their words and files go, open pages are told. Nothing happens in an unknown chat."""
        if self.chat(chat_id) is None:
            return
        theirs = select(messages.c.message_id).where(messages.c.chat_id == chat_id, messages.c.outgoing.is_(False))
        brought = select(files.c.photo_id).join(attachments).where(attachments.c.message_id.in_(theirs))
        self._store.run(delete(files).where(files.c.photo_id.in_(brought)))
        self.change_chat(chat_id, recovery=None, keyboard={})
        emptied = {"deleted": True, "body": {}, "seq": self.next_seq(chat_id)}
        self._store.run(update(messages).where(messages.c.chat_id == chat_id).values(**emptied))
        self._store.run(delete(updates).where(updates.c.chat_id == chat_id))

    def _next(self, table: Table, column: str, *chosen: Any, **values: Any) -> int:
        counter = table.c[column]
        statement = update(table).where(*chosen).values({column: counter + 1, **values}).returning(counter)
        return int(self._store.run(statement).scalar_one())
