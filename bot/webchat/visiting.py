"""What a visitor does on the page, at the desk: write, send a photo or a place, edit, tap."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.webchat import limits
from bot.webchat.arguments import Arguments
from bot.webchat.desk import Body, Desk
from bot.webchat.errors import BadRequestError
from bot.webchat.pictures import Picture
from bot.webchat.sending import location, photo_sizes
from bot.webchat.wording import clean, message_caption, message_text, safe_html, split
from storage.webchat_tables import Chat, Message

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]*")


def once(desk: Desk, chat: Chat, client_id: str, work: Callable[[], Body]) -> Body:
    """Do the work, or answer as before when the same request comes again."""
    if not 1 <= len(client_id) <= limits.CLIENT_ID:
        raise BadRequestError("client_id must have 1 to 64 characters")
    known = desk.webchats.answer_to(chat.id, client_id)
    if known is not None:
        return dict(known)
    answer = {"ok": True, **work()}
    desk.webchats.remember_answer(chat.id, client_id, answer, desk.now)
    return answer


def send(desk: Desk, chat: Chat, given: Arguments) -> Body:
    parts = split(clean(given.text("text")))
    if not parts:
        raise BadRequestError("message text is empty")
    return _tell(desk, chat, [message_text(part, "", []) for part in parts])


def start(desk: Desk, chat: Chat, given: Arguments) -> Body:
    payload = given.text("payload")
    if len(payload) > limits.PAYLOAD or not _PAYLOAD.fullmatch(payload):
        raise BadRequestError("invalid start payload")
    return _tell(desk, chat, [message_text(f"/start {payload}", "", [])])


def place(desk: Desk, chat: Chat, given: Arguments) -> Body:
    return _tell(desk, chat, [{"location": location(given)}])


def album(desk: Desk, chat: Chat, photos: Sequence[Picture], caption: str) -> Body:
    """One photo, or several that belong together; the caption goes with the first."""
    contents = [{"photo": photo_sizes(desk.keep(photo))} for photo in photos]
    contents[0] |= message_caption(caption, "", [])
    together = {"media_group_id": photos[0][0].file.photo_id} if len(photos) > 1 else {}
    return _tell(desk, chat, [content | together for content in contents])


def edit(desk: Desk, chat: Chat, given: Arguments) -> Body:
    """Change the words of an own text message; the same words again change nothing."""
    message = _message(desk, chat, given)
    if message.outgoing or "text" not in message.body:
        raise BadRequestError("message can't be edited")
    content = message_text(given.text("text"), "", [])
    if content["text"] != message.body["text"]:
        kept = {name: value for name, value in message.body.items() if name not in ("text", "entities")}
        desk.enqueue(chat.id, {"edited_message": desk.revise(message, kept | content)})
    return {"ok": True, "message_id": message.message_id}


def tap(desk: Desk, chat: Chat, given: Arguments) -> Body:
    """Tap a button; which data is good is the bot's business, for a forged one could come from any client."""
    message = _message(desk, chat, given)
    data = clean(given.text("data"))
    if not message.outgoing or not 1 <= len(data.encode()) <= limits.CALLBACK_DATA:
        raise BadRequestError("BUTTON_DATA_INVALID")
    return {"query_id": str(desk.tap(chat, message, data))}


def shown(message: Message) -> Body:
    """A message as the page gets it."""
    body = dict(message.body)
    return {**body, "html": safe_html(body), "mine": not message.outgoing, "edited": "edit_date" in body}


def in_language(words: Mapping[str, str], language: str, default: str) -> str:
    """Staff's words for a visitor: in their language, else in the city's."""
    short = language.split("-")[0].lower()
    return words.get(short) or words.get(default) or next(iter(words.values()), "")


def _tell(desk: Desk, chat: Chat, contents: Sequence[Mapping[str, Any]]) -> Body:
    """Post messages of the visitor and queue them for the bot."""
    bodies = [desk.post(chat, content, outgoing=False) for content in contents]
    for body in bodies:
        desk.enqueue(chat.id, {"message": body})
    return {"message_id": bodies[-1]["message_id"]}


def _message(desk: Desk, chat: Chat, given: Arguments) -> Message:
    message_id = given.integer("message_id")
    message = desk.webchats.message(chat.id, message_id) if 0 < message_id < 2**62 else None
    if message is None or message.deleted:
        raise BadRequestError("message not found")
    return message
