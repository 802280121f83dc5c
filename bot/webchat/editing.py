"""The methods that change or delete what was sent, and that answer a tap."""

from typing import Any

from bot.webchat import access, limits
from bot.webchat.desk import Body, same
from bot.webchat.errors import BadRequestError
from bot.webchat.methods import WORDS, Call, method
from bot.webchat.sending import media_content
from storage.webchat_tables import Message

_TARGET = "business_connection_id chat_id message_id inline_message_id reply_markup"
_CONTENT = ("text", "entities", "caption", "caption_entities", "photo", "document", "reply_markup")
"""The fields of a message that an edit can replace."""
_UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


@method("editMessageText", f"{_TARGET} {WORDS}")
def edit_text(call: Call) -> Body:
    message = _target(call)
    content = call.text()
    if "text" not in message.body:
        raise BadRequestError("there is no text in the message to edit")
    return _replace(call, message, content | call.markup(alone=True))


@method("editMessageCaption", f"{_TARGET} caption parse_mode caption_entities show_caption_above_media")
def edit_caption(call: Call) -> Body:
    message = _target(call)
    media = _media(message)
    if not media:
        raise BadRequestError("there is no caption in the message to edit")
    return _replace(call, message, media | call.caption() | call.markup(alone=True))


@method("editMessageMedia", f"{_TARGET} media", photos=True)
def edit_media(call: Call) -> Body:
    message = _target(call)
    if "text" not in message.body and not _media(message):
        raise BadRequestError("message can't be edited")
    return _replace(call, message, media_content(call, call.media()) | call.markup(alone=True))


@method("editMessageReplyMarkup", _TARGET)
def edit_markup(call: Call) -> Body:
    message = _target(call)
    kept = {name: message.body[name] for name in _CONTENT if name in message.body and name != "reply_markup"}
    return _replace(call, message, kept | call.markup(alone=True))


@method("deleteMessage", "chat_id message_id")
def delete_message(call: Call) -> bool:
    if not call.arguments.has("chat_id"):
        raise BadRequestError("chat identifier is not specified")
    if not call.arguments.integer("message_id"):
        raise BadRequestError("message identifier is not specified")
    message = _message(call, access.WRITE)
    if message is None:
        raise BadRequestError("message to delete not found")
    if call.chat().kind != "supergroup" and call.desk.now - message.at > limits.DELETABLE:
        raise BadRequestError("message can't be deleted for everyone")
    call.desk.erase(message)
    return True


@method("answerCallbackQuery", "callback_query_id text show_alert url cache_time")
def answer_callback_query(call: Call) -> bool:
    text = call.arguments.text("text")
    if len(text) > limits.ANSWER:
        raise BadRequestError("MESSAGE_TOO_LONG")
    query_id = call.arguments.integer("callback_query_id", -1)
    known = abs(query_id) < 2**63 and call.desk.answer(query_id, text, call.arguments.flag("show_alert"))
    if not known:
        raise BadRequestError("query is too old and response timeout expired or query ID is invalid")
    return True


def _message(call: Call, right: str) -> Message | None:
    """The message that a call names; None for one that is not or no longer there."""
    chat = call.chat(right)
    message_id = call.arguments.integer("message_id")
    message = call.desk.webchats.message(chat.id, message_id) if 0 < message_id < 2**63 else None
    return message if message and not message.deleted else None


def _target(call: Call) -> Message:
    if not call.arguments.has("chat_id") and not call.arguments.integer("message_id"):
        raise BadRequestError("message identifier is not specified")
    message = _message(call, access.EDIT)
    if message is None:
        raise BadRequestError("message to edit not found")
    if not (message.outgoing and message.editable):
        raise BadRequestError("message can't be edited")
    return message


def _media(message: Message) -> Body:
    return {name: message.body[name] for name in ("photo", "document") if name in message.body}


def _replace(call: Call, message: Message, content: dict[str, Any]) -> Body:
    before = {name: message.body[name] for name in _CONTENT if name in message.body}
    if same(before, content):
        raise BadRequestError(_UNCHANGED)
    kept = {name: value for name, value in message.body.items() if name not in _CONTENT}
    return call.desk.revise(message, kept | content)
