"""The arguments of a call, however they travelled: query, form, multipart or JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.webchat.errors import BadRequestError

_SPOKEN = {"reply_markup": "reply keyboard markup", "scope": "BotCommandScope"}
"""How an error calls a parameter, where not by its own name."""
_FOUND = ("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number")
"""Entities that the server finds by itself: what a caller says of them is not looked at."""
_GIVEN = (
    "bold italic underline strikethrough spoiler code pre blockquote expandable_blockquote text_link text_mention "
    "custom_emoji date_time"
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    name: str
    mime: str
    data: bytes = field(repr=False)


class Arguments:
    """Typed reads of what a caller sent; in forms, nested objects are JSON and numbers are text."""

    def __init__(self, values: Mapping[str, Any], uploads: Mapping[str, Upload] | None = None) -> None:
        self.values = dict(values)
        self.uploads = dict(uploads or {})

    def only(self, names: frozenset[str], *, strict: bool = False) -> "Arguments":
        """Without the parameters that a method does not have; ``strict`` refuses them, for they are typos."""
        unknown = sorted(self.values.keys() - names)
        if strict and unknown:
            raise BadRequestError(f'there is no parameter "{unknown[0]}" in this method')
        return Arguments({name: value for name, value in self.values.items() if name in names}, self.uploads)

    def without(self, name: str) -> "Arguments":
        return Arguments({key: value for key, value in self.values.items() if key != name}, self.uploads)

    def has(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; the default where it is absent or none."""
        try:
            return int(self.text(name) or default)
        except ValueError:
            return default

    def number(self, name: str) -> float | None:
        try:
            return float(self.text(name))
        except ValueError:
            return None

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "1", "yes", "t")

    def json(self, name: str) -> Any:
        """An object or a list; None where it is absent."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value:
            return value or None
        try:
            return json.loads(value)
        except ValueError as error:
            raise BadRequestError(f"can't parse {_spoken(name)} JSON object") from error

    def dictionaries(self, name: str, kind: str) -> list[dict[str, Any]]:
        """A list of objects of a kind, empty where it is absent."""
        value = self.json(name) or []
        if not isinstance(value, list):
            raise BadRequestError(f"expected an Array of {kind}")
        if not all(isinstance(item, dict) for item in value):
            raise BadRequestError(f"can't parse {kind}: expected an Object")
        return value

    def entities(self, name: str) -> list[dict[str, Any]]:
        """A text's entities, as the caller counted them."""
        entities = self.dictionaries(name, "MessageEntity")
        for entity in entities:
            for field_name in ("offset", "length"):
                if not isinstance(entity.get(field_name), int):
                    raise _wrong_entity(f'Can\'t find field "{field_name}"')
            if entity.get("type") not in (*_FOUND, *_GIVEN.split()):
                raise _wrong_entity("Unsupported type specified")
        return [e for e in entities if e["type"] not in _FOUND and e["offset"] >= 0 and e["length"] > 0]


async def read(request: web.Request) -> Arguments:
    """Whatever came with a request, the body over the query."""
    values: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return Arguments(values | _object(await request.text()))
    uploads: dict[str, Upload] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            uploads[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            values[name] = value if isinstance(value, str) else bytes(value).decode("utf-8", "replace")
    return Arguments(values, uploads)


def _spoken(name: str) -> str:
    return _SPOKEN.get(name, name.replace("_", " "))


def _wrong_entity(reason: str) -> BadRequestError:
    return BadRequestError(f"can't parse MessageEntity: {reason}")


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text) if text.strip() else {}
    except ValueError as error:
        raise BadRequestError("can't parse JSON object") from error
    if not isinstance(value, dict):
        raise BadRequestError("JSON object expected")
    return value
