"""The one table of Bot API methods, and what a method gets to work with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.webchat import keyboards
from bot.webchat.arguments import Arguments
from bot.webchat.desk import Body, Desk
from bot.webchat.errors import BadRequestError
from bot.webchat.pictures import Picture
from bot.webchat.wording import message_caption, message_text
from storage.webchat_tables import Chat


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method, in an open transaction. ``pictures`` are the uploads, by the name that they came under."""

    desk: Desk
    arguments: Arguments
    pictures: Mapping[str, Picture]

    def chat(self) -> Chat:
        if not self.arguments.has("chat_id"):
            raise BadRequestError("chat_id is empty")
        try:
            return self.desk.chat(int(self.arguments.text("chat_id")))
        except ValueError:
            raise BadRequestError("chat not found") from None

    def text(self) -> Body:
        arguments = self.arguments
        entities = arguments.entities("entities")
        return message_text(arguments.text("text"), arguments.text("parse_mode"), entities)

    def caption(self) -> Body:
        arguments = self.arguments
        entities = arguments.entities("caption_entities")
        return message_caption(arguments.text("caption"), arguments.text("parse_mode"), entities)

    def markup(self) -> Body:
        keyboard = keyboards.inline(self.arguments.json("reply_markup"))
        return {"reply_markup": keyboard} if keyboard else {}

    def post(self, content: Body) -> Body:
        """Put a message of the bot in the chat of the call."""
        chat = self.chat()
        editable = not keyboards.freezes(self.arguments.json("reply_markup"))
        return self.desk.post(chat, content | self.markup(), outgoing=True, editable=editable)


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

MESSAGE = "chat_id reply_markup"
"""The parameters of everything that is sent."""


def method(name: str, parameters: str = "", *, photos: bool = False) -> Callable[[Work], Work]:
    """Enter a function in the table; ``parameters`` are the names that it knows."""

    def enter(work: Work) -> Work:
        METHODS[name.lower()] = Method(name, frozenset(parameters.split()), work, photos)
        return work

    return enter
