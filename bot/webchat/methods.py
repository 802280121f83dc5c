"""The one table of Bot API methods, and what a method gets to work with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.webchat import access, keyboards
from bot.webchat.arguments import Arguments
from bot.webchat.desk import Body, Desk, quoted
from bot.webchat.errors import ApiError, BadRequestError
from bot.webchat.pictures import Picture
from bot.webchat.wording import message_caption, message_text
from storage.webchat_tables import Chat


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method, in an open transaction. ``pictures`` are the uploads, by the name that they came under."""

    desk: Desk
    arguments: Arguments
    pictures: Mapping[str, Picture]
    pace: Callable[[Chat, int], None] = lambda chat, count: None
    """Raises ``ApiError`` 429 where so many messages to a chat are too many."""

    def chat(self, right: str = access.WRITE) -> Chat:
        """The chat of the call, if this right reaches it. Raises ``ApiError`` with the real server's words."""
        if not self.arguments.has("chat_id"):
            raise BadRequestError("chat_id is empty")
        try:
            chat_id = int(self.arguments.text("chat_id"))
        except ValueError:
            raise BadRequestError("chat not found") from None
        if chat_id == self.desk.bot.user_id:
            raise ApiError(403, "the bot can't send messages to the bot")
        chat = self.desk.chat(chat_id)
        access.check(chat, right, started=self.desk.strictness.access)
        return chat

    def text(self) -> Body:
        arguments = self.arguments
        entities = arguments.entities("entities")
        return message_text(arguments.text("text"), arguments.text("parse_mode"), entities)

    def caption(self) -> Body:
        arguments = self.arguments
        entities = arguments.entities("caption_entities")
        return message_caption(arguments.text("caption"), arguments.text("parse_mode"), entities)

    def media(self) -> Body:
        """The one InputMedia of a call."""
        if not self.arguments.has("media"):
            raise BadRequestError('parameter "media" is required')
        try:
            media = self.arguments.json("media")
        except BadRequestError as error:
            raise BadRequestError("can't parse input media JSON object") from error
        if not isinstance(media, dict):
            raise BadRequestError("can't parse InputMedia: expected an Object")
        return media

    def markup(self, *, alone: bool = False) -> Body:
        """The message's inline keyboard; ``alone``: no other kind of markup may be given."""
        keyboard = keyboards.inline(self.arguments.json("reply_markup"), alone=alone)
        return {"reply_markup": keyboard} if keyboard else {}

    def reply(self, chat: Chat) -> Body:
        """The message that this one answers, where the call names one that is there."""
        named = self.arguments.json("reply_parameters")
        if named is None:
            return {}
        if not isinstance(named, dict):
            raise BadRequestError("object expected as reply parameters")
        own, message_id = Arguments(named), Arguments(named).integer("message_id")
        if not own.has("message_id"):
            raise BadRequestError('can\'t find field "message_id"')
        found = self.desk.webchats.message(chat.id, message_id) if 0 < message_id < 2**63 else None
        if found is not None and not found.deleted:
            return quoted(found)
        if own.flag("allow_sending_without_reply"):
            return {}
        raise BadRequestError("message to be replied not found")

    def post(self, content: Body) -> Body:
        """Put a message of the bot in the chat of the call."""
        chat = self.chat()
        markup = self.arguments.json("reply_markup")
        below = keyboards.below(markup, chat.kind)
        content = content | self.markup() | self.reply(chat)
        self.pace(chat, 1)
        posted = self.desk.post(chat, content, outgoing=True, editable=below is None)
        if below is not None:
            self.desk.show_keyboard(chat, below | {"message_id": posted["message_id"]} if below else {})
        return posted


Work = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class Method:
    name: str
    parameters: frozenset[str]
    work: Work
    photos: bool
    """Whether the uploads of this method are photos unless its media say otherwise."""


METHODS: dict[str, Method] = {}
"""By name in small letters: method names are case-insensitive."""

SENDING = (
    "chat_id business_connection_id message_thread_id direct_messages_topic_id disable_notification protect_content "
    "allow_paid_broadcast message_effect_id reply_parameters"
)
"""The parameters of everything that is sent; those that a chat of ours has no use for are taken and change nothing."""
WORDS = "text parse_mode entities link_preview_options disable_web_page_preview"
"""Those of a text; the last is of old, and aiogram sends it by itself beside ``link_preview_options``."""
MESSAGE = f"{SENDING} suggested_post_parameters reply_markup"
"""The parameters of a single message."""


def method(name: str, parameters: str = "", *, photos: bool = False) -> Callable[[Work], Work]:
    """Enter a function in the table; ``parameters`` are the names that it knows."""

    def enter(work: Work) -> Work:
        METHODS[name.lower()] = Method(name, frozenset(parameters.split()), work, photos)
        return work

    return enter
