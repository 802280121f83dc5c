"""Inline keyboards, checked as the real server checks them."""

from typing import Any

from bot.webchat import limits
from bot.webchat.entities import checked_link
from bot.webchat.errors import BadRequestError
from bot.webchat.wording import clean

Markup = dict[str, Any]

_OTHER = ("keyboard", "remove_keyboard", "force_reply")
_STYLES = ("danger", "success", "primary")


def inline(value: Any) -> Markup | None:
    """The inline keyboard that a message shows; None for none and for every other kind of markup."""
    if not value:
        return None
    if not isinstance(value, dict):
        raise BadRequestError("object expected as reply markup")
    if any(name in value for name in _OTHER):
        return None
    rows = value.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise BadRequestError('field "inline_keyboard" must be of type Array')
    if sum(map(len, rows)) > limits.BUTTONS:
        raise BadRequestError("reply markup is too long")
    kept = [[_button(button) for button in row] for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def freezes(value: Any) -> bool:
    """Whether a message with this markup can never be edited."""
    return isinstance(value, dict) and any(name in value for name in _OTHER)


def _button(raw: Any) -> Markup:
    if not isinstance(raw, dict):
        raise BadRequestError("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = raw.get("text")
    if not isinstance(text, str) or not text.strip():
        raise BadRequestError('can\'t parse inline keyboard button: field "text" must be of type String and non-empty')
    actions = [name for name in _ACTIONS if raw.get(name) is not None]
    if len(actions) != 1:
        raise BadRequestError("Text buttons are unallowed in the inline keyboard")
    button = {"text": clean(text), actions[0]: _ACTIONS[actions[0]](raw[actions[0]])}
    if style := raw.get("style"):
        if style not in _STYLES:
            raise BadRequestError("invalid button style specified")
        button["style"] = style
    return button


def _callback_data(data: Any) -> str:
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= limits.CALLBACK_DATA:
        raise BadRequestError("BUTTON_DATA_INVALID")
    return data


def _url(url: Any) -> str:
    checked = checked_link(url) if isinstance(url, str) else None
    if checked is None:
        raise BadRequestError(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return checked


def _copy_text(value: Any) -> Markup:
    text = value.get("text") if isinstance(value, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= limits.COPY_TEXT:
        raise BadRequestError("BUTTON_COPY_TEXT_INVALID")
    return {"text": text}


_ACTIONS = {"callback_data": _callback_data, "url": _url, "copy_text": _copy_text}
