"""Texts as they are stored: cleaned, trimmed, measured; and as the page shows them: safe HTML."""

import html
import re
from collections.abc import Mapping
from typing import Any

from bot.webchat import limits
from bot.webchat.entities import Entity, checked_link, detect, parse_html, units
from bot.webchat.errors import BadRequestError

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_UNWANTED = re.compile("[\r\u2028-\u202e]")
_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "text_link": "a",
    "url": "a",
}


def clean(text: str) -> str:
    """Without control characters, embedded directions and halves of characters, as the real server stores it."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROL.sub(" ", _UNWANTED.sub("", whole))


def formatted(text: str, parse_mode: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """A text and its entities, trimmed. Raises ``BadRequestError`` for markup that cannot be read."""
    if len(text.encode("utf-8", "surrogatepass")) > limits.TEXT_BYTES:
        raise BadRequestError("text is too long")
    text = clean(text)
    if parse_mode.lower() == "html":
        text, entities = parse_html(text)
    elif parse_mode:
        raise BadRequestError("unsupported parse_mode")
    text, entities = _trimmed(text, entities)
    return text, detect(text, entities)[: limits.ENTITIES]


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    lead = units(text) - units(text.lstrip())
    text = text.strip()
    end = units(text)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        stop = min(entity["offset"] - lead + entity["length"], end)
        if stop > start:
            kept.append(entity | {"offset": start, "length": stop - start})
    return text, kept


def message_text(text: str, parse_mode: str, entities: list[Entity]) -> dict[str, Any]:
    """The fields of a text message. Raises ``BadRequestError`` for one that is empty or too long."""
    if not text:
        raise BadRequestError("message text is empty")
    text, entities = formatted(text, parse_mode, entities)
    if not text:
        raise BadRequestError("text must be non-empty")
    if len(text) > limits.TEXT:
        raise BadRequestError("message is too long")
    return {"text": text} | ({"entities": entities} if entities else {})


def message_caption(text: str, parse_mode: str, entities: list[Entity]) -> dict[str, Any]:
    """The fields of a caption; none for an empty one."""
    text, entities = formatted(text, parse_mode, entities)
    if len(text) > limits.CAPTION:
        raise BadRequestError("message caption is too long")
    if not text:
        return {}
    return {"caption": text} | ({"caption_entities": entities} if entities else {})


def split(text: str) -> list[str]:
    """A text in parts that fit in a message, cut at a line or a word where there is one."""
    parts = []
    text = text.strip()
    while len(text) > limits.TEXT:
        cut = max(text.rfind("\n", limits.TEXT // 2, limits.TEXT), 0) or text.rfind(" ", limits.TEXT // 2, limits.TEXT)
        cut = cut if cut > 0 else limits.TEXT
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*parts, text] if text else parts


def safe_html(message: Mapping[str, Any]) -> str:
    """What the page shows of a message's words: escaped, with no tags but b i u s code pre a br."""
    text = message.get("text") or message.get("caption") or ""
    entities = message.get("entities") or message.get("caption_entities") or []
    return _Renderer(text, [entity for entity in entities if entity["type"] in _TAGS]).render()


class _Renderer:
    def __init__(self, text: str, entities: list[Entity]) -> None:
        self.raw = text.encode("utf-16-le")
        self.entities = sorted(entities, key=lambda e: (e["offset"], -e["length"]))
        self.open: list[Entity] = []
        self.output: list[str] = []

    def render(self) -> str:
        ends = {e["offset"] for e in self.entities} | {e["offset"] + e["length"] for e in self.entities}
        marks = sorted(ends | {0, len(self.raw) // 2})
        for here, after in zip(marks, [*marks[1:], marks[-1]], strict=True):
            self._close(here)
            for entity in self.entities:
                if entity["offset"] == here and not self._is_nested_link(entity):
                    self._push(entity)
            self.output.append(_escaped(self._text(here, after)))
        return "".join(self.output)

    def _is_nested_link(self, entity: Entity) -> bool:
        return _TAGS[entity["type"]] == "a" and any(_TAGS[e["type"]] == "a" for e in self.open)

    def _text(self, start: int, end: int) -> str:
        return self.raw[2 * start : 2 * end].decode("utf-16-le", "replace")

    def _push(self, entity: Entity) -> None:
        self.open.append(entity)
        self.output.append(self._opening(entity))

    def _close(self, here: int) -> None:
        """Close what ends here; what overlaps and goes on is closed and opened again."""
        going_on = []
        while any(e["offset"] + e["length"] <= here for e in self.open):
            last = self.open.pop()
            self.output.append(f"</{_TAGS[last['type']]}>")
            if last["offset"] + last["length"] > here:
                going_on.append(last)
        for entity in reversed(going_on):
            self._push(entity)

    def _opening(self, entity: Entity) -> str:
        tag = _TAGS[entity["type"]]
        if tag != "a":
            return f"<{tag}>"
        written = self._text(entity["offset"], entity["offset"] + entity["length"])
        url = checked_link(entity.get("url") or written) or ""
        if not url.startswith(("http://", "https://")):
            return "<a>"
        return f'<a href="{html.escape(url)}" target="_blank" rel="noopener noreferrer">'


def _escaped(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
