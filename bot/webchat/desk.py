"""One open transaction of the web chat: messages are posted, edited and erased here, updates queued."""

import json
import random
import secrets
from collections.abc import Hashable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.webchat import limits
from bot.webchat.errors import ApiError, BadRequestError
from bot.webchat.pictures import Picture
from bot.webchat.signals import UPDATES
from bot.webchat.strictness import KIND, Strictness
from storage.store import Store
from storage.webchat_tables import Bot, Chat, File, Message, Query, Update

Body = dict[str, Any]

_LANES = {"message": "chat", "edited_message": "chat", "callback_query": "taps", "my_chat_member": "membership"}
"""Updates of one lane keep their order: the two kinds of message share theirs, a tap may overtake a text."""
_UNASKED = ("chat_member", "message_reaction", "message_reaction_count")
"""The kinds that come only when ``allowed_updates`` names them."""


class Desk:
    """What one turn does; ``touched`` names who has to be woken once it is committed."""

    def __init__(self, store: Store, now: datetime, strictness: Strictness = KIND) -> None:
        self.store = store
        self.strictness = strictness
        self.webchats = store.webchats
        self.queue = store.webchat_queue
        self.now = now
        self.touched: set[Hashable] = set()
        self.profile_changed = False

    @property
    def bot(self) -> Bot:
        bot = self.webchats.bot()
        if bot is None:
            raise ApiError(500)
        return bot

    def bot_user(self) -> Body:
        bot = self.bot
        name = bot.profile["name"].get("", bot.profile["username"])
        return {"id": bot.user_id, "is_bot": True, "first_name": name, "username": bot.profile["username"]}

    def chat(self, chat_id: int | str) -> Chat:
        chat = self.webchats.chat(chat_id) if isinstance(chat_id, int) and abs(chat_id) < 2**63 else None
        if chat is None:
            raise BadRequestError("chat not found")
        return chat

    def met_chat(self, chat_id: int, language: str = "en") -> Chat:
        """The chat, made now where it is new."""
        chat = self.webchats.chat(chat_id)
        if chat is None:
            kind = "private" if chat_id > 0 else "group" if chat_id > limits.SUPERGROUPS else "supergroup"
            chat = Chat(chat_id, kind, None, language, 0, self.now)
            self.webchats.add_chat(chat)
        return chat

    def post(self, chat: Chat, content: Mapping[str, Any], *, outgoing: bool, editable: bool = True) -> Body:
        """Put a new message in a chat; its Bot API body."""
        message_id = self.webchats.next_message_id()
        sender = self.bot_user() if outgoing else visitor(chat)
        body = {
            "message_id": message_id,
            "from": sender,
            "chat": chat_object(chat),
            "date": int(self.now.timestamp()),
            **content,
        }
        seq = self._touch(chat.id)
        language = self.store.sessions.language(chat.id) if outgoing else ""
        message = Message(message_id, chat.id, seq, outgoing, editable, False, self.now, body, language)
        self.webchats.add_message(message)
        if shown := file_ids(body):
            self.webchats.attach(message_id, shown)
        if not outgoing and chat.status == "new":
            self.webchats.change_chat(chat.id, status="member")
        return body

    def show_keyboard(self, chat: Chat, keyboard: Mapping[str, Any]) -> None:
        """Put a reply keyboard or a forced reply under the chat; an empty one takes it away."""
        self.webchats.change_chat(chat.id, keyboard=dict(keyboard))
        self._touch(chat.id)

    def revise(self, message: Message, body: Mapping[str, Any]) -> Body:
        """Put other content in a message."""
        edited = {**body, "edit_date": int(self.now.timestamp())}
        values: Body = {"body": edited, "seq": self._touch(message.chat_id)}
        if message.outgoing:
            values["language"] = self.store.sessions.language(message.chat_id)
        self.webchats.change_message(message.message_id, **values)
        if file_ids(edited) or file_ids(message.body):
            self.webchats.attach(message.message_id, file_ids(edited))
        return edited

    def erase(self, message: Message) -> None:
        """Take a message away; its row stays, so that an open page hears of it."""
        values = {"deleted": True, "body": {}, "seq": self._touch(message.chat_id)}
        self.webchats.change_message(message.message_id, **values)
        self.webchats.attach(message.message_id, ())

    def keep(self, picture: Picture) -> list[File]:
        for stored in picture:
            self.webchats.add_file(stored.file, stored.data)
        return [stored.file for stored in picture]

    def enqueue(self, chat_id: int, update: Mapping[str, Any]) -> int:
        """Queue an update for the bot, unless it does not want this kind or its queue is full; its update id."""
        kind = next(iter(update))
        update_id = self._next_update_id()
        if self._is_wanted(kind) and self._has_room(update):
            life = limits.CALLBACK_LIFE if kind == "callback_query" else limits.UPDATE_LIFE
            queued = Update(update_id, f"{_LANES.get(kind, kind)}:{chat_id}", {"update_id": update_id, **update})
            self.queue.add_update(queued, chat_id, self.now, self.now + life)
            self.touched.add(UPDATES)
        return update_id

    def tap(self, chat: Chat, message: Message, data: str) -> int:
        """Somebody tapped a button of a message; the id of the query that the bot is to answer."""
        query_id = secrets.randbelow(2**62)
        self.queue.add_query(Query(query_id, chat.id, 0, self.now, False, "", False))
        query = {
            "id": str(query_id),
            "from": visitor(chat),
            "message": dict(message.body),
            "chat_instance": str(chat.id),
            "data": data,
        }
        self.enqueue(chat.id, {"callback_query": query})
        return query_id

    def answer(self, query_id: int, text: str, alert: bool) -> bool:
        """Answer a tap; False for one that is unknown, answered or too old."""
        query = self.queue.query(query_id)
        if query is None or query.answered or self.now - query.at > limits.QUERY_LIFE:
            return False
        self.queue.answer_query(query_id, self._touch(query.chat_id), text, alert)
        return True

    def redeliver(self, update_id: int) -> None:
        if not self.queue.redeliver(update_id, self.now + timedelta(days=1)):
            raise LookupError(f"no update {update_id}")
        self.touched.add(UPDATES)

    def change_profile(self, **fields: Any) -> None:
        self.webchats.change_profile({**self.bot.profile, **fields})
        self.profile_changed = True

    def _touch(self, chat_id: int) -> int:
        self.touched.add(chat_id)
        return self.webchats.next_seq(chat_id)

    def _next_update_id(self) -> int:
        """One more than the last; after an idle week a random one, which may be lower."""
        if self.strictness.numbering:
            _, last = self.queue.numbering()
            if last is not None and self.now - last >= limits.IDLE_WEEK:
                self.queue.number_updates_from(random.randint(*limits.FIRST_UPDATE_ID))  # noqa: S311
        return self.queue.next_update_id(self.now)

    def _has_room(self, update: Mapping[str, Any]) -> bool:
        if self.strictness is KIND:
            return True
        fits = len(json.dumps(update).encode()) <= limits.UPDATE_BYTES
        return fits and self.queue.count_pending(self.now) < self.strictness.queue

    def _is_wanted(self, kind: str) -> bool:
        allowed = self.bot.allowed_updates
        return kind in allowed if allowed else kind not in _UNASKED


def visitor(chat: Chat) -> Body:
    """The person behind a private chat, or somebody of a group; visitors of the web have no name."""
    return {"id": abs(chat.id), "is_bot": False, "first_name": "", "language_code": chat.language}


def chat_object(chat: Chat) -> Body:
    if chat.kind == "private":
        return {"id": chat.id, "type": "private", "first_name": ""}
    return {"id": chat.id, "type": chat.kind, "title": "Group"}


def quoted(message: Message) -> Body:
    """A message as the one that answers it carries it along."""
    return {"reply_to_message": {k: v for k, v in message.body.items() if k != "reply_to_message"}}


def file_ids(body: Mapping[str, Any]) -> list[str]:
    """Every file that a message shows."""
    shown = [*body.get("photo", ()), *([body["document"]] if "document" in body else [])]
    return [file["file_id"] for file in shown]


def same(first: Any, second: Any) -> bool:
    return json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)
