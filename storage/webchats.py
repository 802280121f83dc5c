"""The web chat: its bot, chats, messages and files."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, literal, select, update

from storage.store import Store
from storage.webchat_tables import (
    Bot,
    Chat,
    File,
    Message,
    attachments,
    bots,
    chats,
    files,
    messages,
    updates,
)

_BOT = select(bots.c.user_id, bots.c.token, bots.c.profile, bots.c.webhook, bots.c.allowed_updates, bots.c.version)
_FILE = select(*[column for column in files.c if column.name != "data"])
_CHAT = select(chats).where(chats.c.id == bindparam("chat_id"))
_CHANGE_CHAT = update(chats).where(chats.c.id == bindparam("known"))
_NEXT_SEQ = update(chats).where(chats.c.id == bindparam("chat_id")).values(seq=chats.c.seq + 1).returning(chats.c.seq)
_MESSAGE = select(messages).where(
    messages.c.message_id == bindparam("message_id"), messages.c.chat_id == bindparam("chat_id")
)
_CHANGE_MESSAGE = update(messages).where(messages.c.message_id == bindparam("known"))
_CHANGED = (
    select(messages)
    .where(messages.c.chat_id == bindparam("chat_id"), messages.c.seq > bindparam("after"))
    .order_by(messages.c.seq)
)
_NEXT_MESSAGE = update(bots).values(last_message_id=bots.c.last_message_id + 1).returning(bots.c.last_message_id)


class Webchats:
    """What is in the chats; forgetting one forgets its messages, updates and taps."""

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
        return int(self._store.run(_NEXT_MESSAGE).scalar_one())

    # chats

    def chat(self, chat_id: int) -> Chat | None:
        return self._store.one(Chat, _CHAT, {"chat_id": chat_id})

    def chat_of_recovery(self, digest: str) -> Chat | None:
        """The chat that a recovery code opens."""
        return self._store.one(Chat, select(chats).where(chats.c.recovery == digest))

    def add_chat(self, chat: Chat) -> None:
        self._store.run(insert(chats).values(**{name: getattr(chat, name) for name in Chat.__slots__}))

    def change_chat(self, chat_id: int, **values: Any) -> None:
        self._store.run(_CHANGE_CHAT, {"known": chat_id, **values})

    def remove_chat(self, chat_id: int) -> None:
        self._store.run(delete(chats).where(chats.c.id == chat_id))

    def seqs(self, chat_ids: Collection[int]) -> dict[int, int]:
        """How far each of these chats has come."""
        chosen = select(chats.c.id, chats.c.seq).where(chats.c.id.in_(chat_ids))
        return {row[0]: row[1] for row in self._store.run(chosen)}

    # messages

    def message(self, chat_id: int, message_id: int) -> Message | None:
        """A message of this chat, a deleted one too."""
        return self._store.one(Message, _MESSAGE, {"message_id": message_id, "chat_id": chat_id})

    def add_message(self, message: Message) -> None:
        self._store.run(insert(messages), {name: getattr(message, name) for name in Message.__slots__})

    def change_message(self, message_id: int, **values: Any) -> None:
        self._store.run(_CHANGE_MESSAGE, {"known": message_id, **values})

    def next_seq(self, chat_id: int) -> int:
        """Number one more change of a chat; holds the chat's row until the turn ends."""
        return int(self._store.run(_NEXT_SEQ, {"chat_id": chat_id}).scalar_one())

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
        return self._store.all(Message, _CHANGED, {"chat_id": chat_id, "after": after})

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
