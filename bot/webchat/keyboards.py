"""Keyboards in messages and below the chat, checked as the real server checks them."""

from typing import Any

from bot.webchat import limits
from bot.webchat.entities import checked_link
from bot.webchat.errors import BadRequestError
from bot.webchat.wording import clean

Markup = dict[str, Any]

_OTHER = ("keyboard", "remove_keyboard", "force_reply")
_OPTIONS = ("is_persistent", "resize_keyboard", "one_time_keyboard", "input_field_placeholder")
_KEY, _BUTTON = "keyboard", "inline keyboard"
_PRIVATE = {"request_contact": "Phone number", "request_location": "Location", "request_poll": "Poll"}
"""What a key can ask for, in a private chat only."""
_STYLES = ("danger", "success", "primary")


def inline(value: Any, *, alone: bool = False) -> Markup | None:
    """The inline keyboard that a message shows; None for none. ``alone``: another kind of markup is refused."""
    if not value:
        return None
    if not isinstance(value, dict):
        raise BadRequestError("object expected as reply markup")
    rows = value.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise BadRequestError('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    if value.get("keyboard") or (not rows and any(value.get(name) for name in _OTHER)):
        if alone:
            raise BadRequestError("inline keyboard expected")
        return None
    _check_size(rows)
    kept = [[_button(button) for button in row] for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def below(value: Any, kind: str) -> Markup | None:
    """What a markup puts below a chat of this kind: a reply keyboard, a forced reply, or ``{}`` to take it away.

    None for a markup that concerns the message alone. A message with such a markup can never be edited.
    """
    if not isinstance(value, dict) or not any(value.get(name) for name in _OTHER):
        return None
    if value.get("inline_keyboard") and not value.get("keyboard"):
        return None
    options = {name: value[name] for name in _OPTIONS if value.get(name)}
    if rows := value.get("keyboard"):
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            raise BadRequestError('field "keyboard" must be an Array of Arrays')
        _check_size(rows)
        return {"keyboard": [[_key(key, kind) for key in row] for row in rows if row], **options}
    return {} if value.get("remove_keyboard") else {"force_reply": True, **options}


def _check_size(rows: list[list[Any]]) -> None:
    if sum(map(len, rows)) > limits.BUTTONS or max(map(len, rows), default=0) > limits.BUTTONS_IN_ROW:
        raise BadRequestError("reply markup is too long")


def _key(raw: Any, kind: str) -> Markup:
    if isinstance(raw, str):
        raw = {"text": raw}
    if not isinstance(raw, dict):
        raise _wrong(_KEY, "KeyboardButton must be a String or an Object")
    key = {"text": _text(raw, _KEY)} | _styled(raw, _KEY)
    for name, trouble in _PRIVATE.items():
        if raw.get(name):
            if kind != "private":
                raise BadRequestError(f"{trouble} can be requested in private chats only")
            key[name] = raw[name]
    return key


def _button(raw: Any) -> Markup:
    if not isinstance(raw, dict):
        raise _wrong(_BUTTON, "InlineKeyboardButton must be an Object")
    text, style = _text(raw, _BUTTON), _styled(raw, _BUTTON)
    actions = [name for name in _ACTIONS if raw.get(name)]
    if len(actions) != 1:
        raise _wrong(_BUTTON, "Text buttons are unallowed in the inline keyboard")
    return {"text": text, actions[0]: _ACTIONS[actions[0]](raw[actions[0]])} | style


def _text(raw: Markup, where: str) -> str:
    """What a button says. The real server leaves out a button without words; here it is a mistake."""
    if "text" not in raw:
        raise _wrong(where, 'Can\'t find field "text"')
    if not isinstance(raw["text"], str):
        raise _wrong(where, 'Field "text" must be of type String')
    if not raw["text"].strip():
        raise BadRequestError(f"{where} button text must be non-empty")
    return clean(raw["text"])


def _styled(raw: Markup, where: str) -> Markup:
    style = raw.get("style")
    if style and style not in _STYLES:
        raise _wrong(where, "invalid button style specified")
    return {"style": style} if style else {}


def _wrong(where: str, reason: str) -> BadRequestError:
    return BadRequestError(f"can't parse {where} button: {reason}")


def _callback_data(data: Any) -> str:
    if not isinstance(data, str) or len(data.encode()) > limits.CALLBACK_DATA:
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
