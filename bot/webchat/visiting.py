"""What a visitor does on the page, at the desk: write, send a file or a place, edit, tap, read."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.webchat import limits
from bot.webchat.arguments import Arguments
from bot.webchat.desk import Body, Desk, quoted
from bot.webchat.errors import BadRequestError
from bot.webchat.pictures import Picture
from bot.webchat.sending import document_of, location, photo_sizes
from bot.webchat.wording import clean, message_caption, message_text, safe_html, split
from storage.webchat_tables import Chat, Message

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]*")


def once(desk: Desk, chat: Chat, client_id: str, work: Callable[[], Body]) -> Body:
    """Do the work, or answer as before when the same request comes again."""
    if not 1 <= len(client_id) <= limits.CLIENT_ID:
        raise BadRequestError("client_id must have 1 to 64 characters")
    known = desk.queue.answer_to(chat.id, client_id)
    if known is not None:
        return dict(known)
    answer = {"ok": True, **work()}
    desk.queue.remember_answer(chat.id, client_id, answer, desk.now)
    return answer


def send(desk: Desk, chat: Chat, given: Arguments) -> Body:
    """Write something; ``alone`` says that it does not answer what the bot asked for."""
    parts = split(clean(given.text("text")))
    if not parts:
        raise BadRequestError("message text is empty")
    contents = [message_text(part, "", []) for part in parts]
    if given.flag("alone") or parts[0].startswith("/"):
        return _tell(desk, chat, contents)
    return _answer(desk, chat, contents)


def start(desk: Desk, chat: Chat, given: Arguments) -> Body:
    payload = given.text("payload")
    if len(payload) > limits.PAYLOAD or not _PAYLOAD.fullmatch(payload):
        raise BadRequestError("invalid start payload")
    return _tell(desk, chat, [message_text(f"/start {payload}", "", [])])


def place(desk: Desk, chat: Chat, given: Arguments) -> Body:
    return _answer(desk, chat, [{"location": location(given)}])


def album(desk: Desk, chat: Chat, pictures: Sequence[Picture], caption: str) -> Body:
    """One photo or document, or several that belong together; the caption goes with the first."""
    kept = [desk.keep(picture) for picture in pictures]
    contents = [{"photo": photo_sizes(f)} if f[0].width else {"document": document_of(f[0])} for f in kept]
    contents[0] |= message_caption(caption, "", [])
    together = {"media_group_id": kept[0][0].photo_id} if len(kept) > 1 else {}
    return _answer(desk, chat, [content | together for content in contents])


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


def read(desk: Desk, chat: Chat, given: Arguments) -> Body:
    """The visitor has read everything up to a message; what was read once stays read."""
    message_id = given.integer("message_id")
    if not 0 < message_id < 2**62 or desk.webchats.message(chat.id, message_id) is None:
        raise BadRequestError("message not found")
    if message_id > chat.read_id:
        desk.webchats.change_chat(chat.id, read_id=message_id)
    return {"ok": True}


def shown(message: Message) -> Body:
    """A message as the page gets it."""
    body = dict(message.body)
    edited = "edit_date" in body
    told = {"html": safe_html(body), "mine": not message.outgoing, "edited": edited, "language": message.language}
    return body | told


def city_in(desk: Desk, language: str) -> Body | None:
    """What the page shows of the city, in a language; None while there is no city."""
    city = desk.store.cities.get()
    if city is None:
        return None
    words = {"name": city.name, "summary": city.summary, "notice": city.notice}
    said = {name: in_language(text, language, city.default_language) for name, text in words.items()}
    logo = f"/api/logo?v={city.logo_id}" if city.logo_id is not None else None
    return {**said, "colour": city.colour, "logo": logo}


def in_language(words: Mapping[str, str], language: str, default: str) -> str:
    """Staff's words for a visitor: in their language, else in the city's."""
    short = language.split("-")[0].lower()
    return words.get(short) or words.get(default) or next(iter(words.values()), "")


def _answer(desk: Desk, chat: Chat, contents: Sequence[Body]) -> Body:
    """Post messages as the answer to what the bot asked for, if it did; a keyboard that is good for once goes."""
    keyboard, first = chat.keyboard, contents[0]
    if keyboard.get("force_reply"):
        asked = desk.webchats.message(chat.id, int(keyboard.get("message_id") or 0))
        if asked is not None and not asked.deleted:
            first = first | quoted(asked)
    if keyboard.get("force_reply") or keyboard.get("one_time_keyboard"):
        desk.show_keyboard(chat, {})
    return _tell(desk, chat, [first, *contents[1:]])


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
