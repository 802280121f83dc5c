"""From aiogram's objects to plain events."""

import re

from aiogram.enums import ChatType, ContentType
from aiogram.types import CallbackQuery, ChatMemberUpdated, InaccessibleMessage, Message, User

from dialogs.commands import COMMANDS, UNLISTED
from dialogs.events import Content, Event, Linked, Membership, Odd, Tap
from participation.drafts import Content as Brought

ODD = {
    ContentType.STICKER: "sticker",
    ContentType.VOICE: "voice",
    ContentType.AUDIO: "voice",
    ContentType.VIDEO: "video",
    ContentType.VIDEO_NOTE: "video",
    ContentType.ANIMATION: "video",
    ContentType.CONTACT: "contact",
    ContentType.POLL: "poll",
    ContentType.DOCUMENT: "document",
    ContentType.DICE: "other",
    ContentType.STORY: "other",
    ContentType.GAME: "other",
    ContentType.PAID_MEDIA: "other",
    ContentType.CHECKLIST: "other",
    ContentType.UNKNOWN: "other",
}
"""What people can send that is not understood; anything else without words is the channel's own service message."""


def is_private(message: Message) -> bool:
    return message.chat.type == ChatType.PRIVATE


def event_of(message: Message, *, edited: bool = False) -> Event | None:
    """What a private message is; None for a service message and for an edited one that brings no words."""
    if edited:
        text = message.text or message.caption
        return Content(Brought(message.message_id, text), edited=True) if text else None
    if message.forward_origin is not None:
        return Odd("forwarded")
    if message.text is not None:
        return _command(message.text) or Content(Brought(message.message_id, message.text))
    if message.photo:
        album = message.media_group_id
        return Content(Brought(message.message_id, message.caption, message.photo[-1].file_id, album=album))
    if message.location is not None:
        place = (message.location.latitude, message.location.longitude)
        return Content(Brought(message.message_id, place=place))
    kind = ODD.get(ContentType(message.content_type))
    return Odd(kind) if kind else None


def tapped(query: CallbackQuery) -> Tap:
    """A button, and the message that carries it; an inaccessible message has no kind: it cannot become a screen."""
    message = query.message
    if message is None:
        return Tap(query.data or "", None, None)
    if isinstance(message, InaccessibleMessage):
        return Tap(query.data or "", message.message_id, None)
    return Tap(query.data or "", message.message_id, _kind(message))


def membership(changed: ChatMemberUpdated) -> Membership | None:
    """Blocked or let in again; None in a group."""
    if changed.chat.type != ChatType.PRIVATE:
        return None
    return Membership(changed.new_chat_member.status != "kicked")


def addresses_bot(message: Message, username: str) -> bool:
    """Whether a group's message is for the bot: a command to it, a mention, or a reply to what it said."""
    text = (message.text or message.caption or "").lower()
    if text.startswith("/"):
        target = text.split()[0].partition("@")[2]
        return not target or target == username.lower()
    return f"@{username.lower()}" in text


def full_name(user: User | None) -> str:
    return " ".join(filter(None, (user.first_name, user.last_name))) if user else ""


def _command(text: str) -> Linked | Odd | None:
    """A command with its payload, or one that nobody knows; a text that only begins with a slash is a text."""
    if not text.startswith("/"):
        return None
    word, _, payload = text[1:].partition(" ")
    name = word.partition("@")[0].lower()
    if name == "start":
        return Linked(payload.strip(), is_command=False)
    if name in COMMANDS:
        return Linked(COMMANDS[name].address, is_command=True)
    if name in UNLISTED:
        return Linked(UNLISTED[name], is_command=True)
    return Odd("command") if re.fullmatch("[a-z0-9_]{1,32}", name) and not payload else None


def _kind(message: Message) -> str:
    if message.photo:
        return "photo"
    if message.text is not None:
        return "text"
    return "document" if message.document else "place"
