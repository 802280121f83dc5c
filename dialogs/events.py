"""What can come in, as plain data: a channel decodes its updates into these."""

from dataclasses import dataclass
from typing import TypeAlias

from participation.drafts import Content as Brought


@dataclass(frozen=True, slots=True)
class Tap:
    """A button: its address, and the message that carries it with its ``kind`` (text, photo, document, place; None
    where the channel does not tell)."""

    address: str
    message_id: int | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class Linked:
    """A command or a deep link; an empty address is the plain /start."""

    address: str
    is_command: bool


@dataclass(frozen=True, slots=True)
class Content:
    """What a message brought; ``edited``: it was sent before, and changed."""

    content: Brought
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Odd:
    """What is not understood: sticker, voice, video, contact, poll, forwarded, other."""

    kind: str


@dataclass(frozen=True, slots=True)
class Membership:
    """The person blocked the bot, or let it in again."""

    reachable: bool


Event: TypeAlias = Tap | Linked | Content | Odd | Membership


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update: from which chat, of whom, and what it is. ``chat_id`` is the person's private chat.

    ``message_id`` is that of the message which the person wrote; None for a tap.
    """

    channel: str
    update_id: int
    chat_id: int
    name: str
    language: str | None
    event: Event
    message_id: int | None = None
