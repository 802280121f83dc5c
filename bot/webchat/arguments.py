"""The arguments of a call, however they travelled: query, form, multipart or JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.webchat.errors import BadRequestError


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

    def only(self, names: frozenset[str]) -> "Arguments":
        """Without the parameters that a method does not know; the one place to be stricter about them."""
        return Arguments({name: value for name, value in self.values.items() if name in names}, self.uploads)

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
            raise BadRequestError(f"can't parse {name.replace('_', ' ')} JSON object") from error

    def dictionaries(self, name: str) -> list[dict[str, Any]]:
        """A list of objects, empty where it is absent."""
        value = self.json(name) or []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise BadRequestError(f"can't parse {name.replace('_', ' ')}: expected an Array of Objects")
        return value

    def entities(self, name: str) -> list[dict[str, Any]]:
        """A text's entities, as the caller counted them."""
        entities = self.dictionaries(name)
        for entity in entities:
            numbers = (entity.get("offset"), entity.get("length"))
            if not isinstance(entity.get("type"), str) or not all(isinstance(n, int) and n >= 0 for n in numbers):
                raise BadRequestError("can't parse MessageEntity")
        return entities

    def upload(self, reference: str) -> Upload | None:
        """The file that came as ``attach://<name>``, or in the field of that name itself."""
        return self.uploads.get(reference.removeprefix("attach://"))


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


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text) if text.strip() else {}
    except ValueError as error:
        raise BadRequestError("can't parse JSON object") from error
    if not isinstance(value, dict):
        raise BadRequestError("expected an Object")
    return value
